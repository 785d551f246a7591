/** `codealong mcp` as an agent starts it: the built program over its pipes, with a fake service in the daemon. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quotedNotice } from '../../protocol/index.ts';
import { buildPrograms, fakeDaemonProgram } from '../helpers/builtPrograms.ts';
import { DaemonHome, until } from '../helpers/daemonHome.ts';

let folder = '';
let remove = (): void => undefined;
beforeAll(async () => {
  ({ folder, remove } = await buildPrograms('mcp-test', ['cli.js', 'mcp.js', fakeDaemonProgram]));
});
afterAll(() => {
  remove();
});

const environment = (home: DaemonHome): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  CODEALONG_HOME: home.home,
});

async function agent(home: DaemonHome): Promise<Client & AsyncDisposable> {
  const transport = new StdioClientTransport({
    command: path.join(folder, 'cli.js'),
    args: ['mcp', '--idle-exit', '1'],
    env: environment(home),
    stderr: 'inherit',
  });
  const client = new Client({ name: 'agent', version: '1' });
  await client.connect(transport);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<{ isError: boolean; text: string }> {
  const result = await client.callTool(
    { name, arguments: args },
    undefined,
    signal ? { signal } : {},
  );
  const [first] = result.content as readonly { readonly text?: string }[];
  return { isError: result.isError === true, text: first?.text ?? '' };
}

const open = async (client: Client): Promise<unknown> => {
  const { text } = await call(client, 'open_video', { path: '/videos/short.mp4' });
  return (JSON.parse(text) as { video: unknown }).video;
};

describe('codealong mcp', () => {
  it('starts the daemon with the first call, and answers from it', async () => {
    await using home = new DaemonHome();
    await using client = await agent(home);
    expect((await client.listTools()).tools.length).toBeGreaterThan(5);
    expect(home.journal()).toEqual([]);
    const video = await open(client);
    expect(home.journal()).toEqual(['born']);
    const code = await call(client, 'code_at', { video, at: '0:07' });
    expect(JSON.parse(code.text)).toMatchObject({
      ...{ notice: quotedNotice, text: 'export function add\n  retum 1', fileName: 'add.js' },
      unsure: [{ line: 2, confidence: 0.61 }],
    });
    const answer = await call(client, 'ask', { video, question: 'Which name?' });
    expect(JSON.parse(answer.text)).toMatchObject({
      answer: 'It is named add.',
      isSupported: true,
    });
  });

  it('says in words that a handle is wrong', async () => {
    await using home = new DaemonHome();
    await using client = await agent(home);
    const { isError, text } = await call(client, 'screen_at', { video: 'video-7', at: 1 });
    expect([isError, text]).toEqual([true, expect.stringContaining('no video "video-7"')]);
    expect(home.journal()).toEqual([]);
  });

  it('ends in the daemon what the agent takes back', async () => {
    await using home = new DaemonHome();
    await using client = await agent(home);
    const video = await open(client);
    const controller = new AbortController();
    const asking = call(client, 'ask', { video, question: 'slow' }, controller.signal);
    await until('the question arrives', () => home.journal().includes('asked slow'));
    controller.abort();
    await expect(asking).rejects.toThrow();
    await until('the work ends', () => home.journal().includes('aborted slow'));
    expect((await call(client, 'ask', { video, question: 'fast' })).isError).toBe(false);
  });

  it('goes on with another daemon when one is killed, in the middle of a call too', async () => {
    await using home = new DaemonHome();
    await using client = await agent(home);
    const video = await open(client);
    process.kill(home.daemons()[0]!, 'SIGKILL');
    expect((await call(client, 'ask', { video, question: 'again' })).isError).toBe(false);
    expect(home.daemons()).toHaveLength(2);
    const asking = call(client, 'ask', { video, question: 'slow' });
    await until('the question arrives', () => home.journal().includes('asked slow'));
    process.kill(home.daemons()[1]!, 'SIGKILL');
    const timesAsked = (): number =>
      home.journal().filter((event) => event === 'asked slow').length;
    await until('it is asked again', () => timesAsked() === 2);
    process.kill(home.daemons()[2]!, 'SIGKILL');
    const { isError, text } = await asking;
    expect([isError, text]).toEqual([true, expect.stringContaining('connection to the daemon')]);
  });

  it('writes nothing but messages, and ends with its input', async () => {
    await using home = new DaemonHome();
    const child = spawn(path.join(folder, 'cli.js'), ['mcp', '--idle-exit', '1'], {
      env: environment(home),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    let complained = '';
    child.stdout.on('data', (bytes: Buffer) => void (said += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => void (complained += bytes.toString()));
    const send = (message: object): void => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    };
    const client = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'a', version: '1' },
    };
    send({ id: 1, method: 'initialize', params: client });
    send({ method: 'notifications/initialized' });
    child.stdin.write('this is no message\n');
    send({
      id: 2,
      method: 'tools/call',
      params: { name: 'open_video', arguments: { path: '/a.mp4' } },
    });
    await until('the call is answered', () => said.includes('video-1'));
    const ended = once(child, 'close');
    child.stdin.end();
    expect((await ended)[0]).toBe(0);
    const messages = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(messages).toMatchObject([{ id: 1 }, { id: 2 }]);
    expect(complained).toBe('');
  });

  it('ends at Ctrl+C', async () => {
    await using home = new DaemonHome();
    const child = spawn(path.join(folder, 'cli.js'), ['mcp'], {
      env: environment(home),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const answered = once(child.stdout, 'data');
    const client = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'a', version: '1' },
    };
    child.stdin.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: client })}\n`,
    );
    await answered;
    const ended = once(child, 'close');
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
  });

  it('is no part of the other verbs', () => {
    const text = readFileSync(path.join(folder, 'cli.js'), 'utf8');
    expect(text).toContain('./mcp.js');
    expect(text).not.toContain('modelcontextprotocol');
  });
});
