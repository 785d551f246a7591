/** The built command line as people run it: real processes, signals and pipes, with a fake service in the daemon. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms, fakeDaemonProgram } from '../helpers/builtPrograms.ts';
import { DaemonHome, until } from '../helpers/daemonHome.ts';

let folder = '';
let buildId = '';
let remove = (): void => undefined;

beforeAll(async () => {
  const wanted = ['cli.js', 'bench.js', fakeDaemonProgram];
  ({ folder, buildId, remove } = await buildPrograms('cli-test', wanted));
});
afterAll(() => {
  remove();
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program as a shell does: its own first line says which Node runs it. */
function start(
  home: DaemonHome,
  args: readonly string[],
): ChildProcess & { ended: Promise<Ended> } {
  const child = spawn(path.join(folder, 'cli.js'), args, {
    env: { ...process.env, CODEALONG_HOME: home.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return Object.assign(child, { ended });
}

const run = (home: DaemonHome, ...args: string[]): Promise<Ended> => start(home, args).ended;

async function firstLine(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout! }).once('line', () => {
      resolve();
    });
  });
}

describe('codealong', () => {
  it('starts one daemon for two command lines of the same instant', async () => {
    await using home = new DaemonHome();
    const [one, other] = await Promise.all([
      run(home, 'ask', 'short.mp4', 'which?', '--json'),
      run(home, 'watch', 'short.mp4', '--speed', 'max', '--json'),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(one.stdout)).toMatchObject({ answer: 'It is named add.' });
    expect(other).toMatchObject({ code: 0, stderr: '' });
    expect(home.journal().filter((event) => event === 'born')).toHaveLength(1);
  });

  it('takes --home before CODEALONG_HOME', async () => {
    await using home = new DaemonHome();
    await using other = new DaemonHome();
    const { code } = await run(home, 'doctor', '--home', other.home);
    expect(code).toBe(0);
    expect(home.journal()).toEqual([]);
    expect(other.journal()).toContain('born');
  });

  it('meets only a daemon of its own build', async () => {
    await using home = new DaemonHome();
    using client = await home.connect();
    expect((await run(home, 'doctor')).code).toBe(0);
    expect(home.daemons()).toHaveLength(2);
    expect(home.log()).toContain(`"buildId":"${buildId}"`);
    client.close();
  });

  it('says what went wrong on standard error, and why in its exit code', async () => {
    await using home = new DaemonHome();
    const missing = await run(home, 'watch', 'missing.mp4', '--json');
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(missing.stderr)).toMatchObject({ error: { code: 'source.notFound' } });
    expect(await run(home, 'dance')).toMatchObject({ code: 2, stdout: '' });
    expect((await run(home, 'watch', 'bug.mp4')).code).toBe(3);
  });

  it('runs every verb on the Node that people have', async () => {
    await using home = new DaemonHome();
    const verbs = [
      ['text', 'short.mp4', '--at', '7'],
      ['code', 'short.mp4', '--at', '7'],
      ['search', 'short.mp4', 'function'],
      ['summarize', 'short.mp4'],
    ];
    for (const verb of verbs) {
      expect(await run(home, ...verb)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/./) as unknown,
      });
    }
  });

  it('measures a model in a home of its own', async () => {
    await using home = new DaemonHome();
    const folder = path.join(home.home, 'clips');
    mkdirSync(folder, { recursive: true });
    const sample = {
      format: 1,
      window: {
        earlySeconds: 1,
        lateSeconds: 3,
        requestEarlySeconds: 0.5,
        repeatSeconds: 10,
        whenSeconds: 2,
      },
    };
    const clip = { file: 'short.mp4', seconds: 20, kind: 'session' };
    const step = { atSeconds: 7, kind: 'function', slots: { function: 'add' } };
    const phrasings = [{ kind: 'function', text: 'A function named `{function}` appears.' }];
    const truth = {
      ...sample,
      phrasings,
      notSeenReply: 'No.',
      slotClasses: {},
      clips: [{ ...clip, steps: [step] }],
    };
    writeFileSync(path.join(folder, 'truth.json'), JSON.stringify(truth));
    const { code, stdout, stderr } = await run(home, 'bench', 'quality', folder, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ clips: 1, stepF1: 1, slotExact: 1 });
    // Its daemon was another one.
    expect(home.journal()).toEqual([]);
  });

  it('needs no daemon for its help and version', async () => {
    await using home = new DaemonHome();
    expect((await run(home, '--help')).stdout).toContain('Usage: codealong');
    expect((await run(home, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(home.journal()).toEqual([]);
  });

  it('tells what runs in the background, and ends it', async () => {
    await using home = new DaemonHome();
    expect((await run(home, 'daemon', 'status')).stdout).toContain('No daemon runs');
    expect(home.journal()).toEqual([]);
    const first = JSON.parse((await run(home, 'daemon', 'restart', '--json')).stdout) as object;
    expect(first).toMatchObject({ isRunning: true, buildId, pid: home.daemons()[0] });
    const second = await run(home, 'daemon', 'restart', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ isRunning: true, pid: home.daemons()[1] });
    expect((await run(home, 'daemon', 'stop')).stdout).toContain('No daemon runs');
    expect((await run(home, 'daemon', 'status', '--json')).stdout).toContain('"isRunning":false');
    await home.gone();
    expect(home.daemons()).toHaveLength(2);
  });

  it('stops the session at Ctrl+C', async () => {
    await using home = new DaemonHome();
    const child = start(home, ['watch', 'endless.mp4', '--json']);
    await firstLine(child);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await child.ended;
    expect(code).toBe(130);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').at(-1)).toContain('"state":"stopped"');
    expect(home.journal()).toContain('stopped session-1');
  });

  it('leaves at once at the second Ctrl+C; the daemon stops the session then', async () => {
    await using home = new DaemonHome();
    const child = start(home, ['watch', 'stubborn.mp4', '--json']);
    await firstLine(child);
    child.kill('SIGINT');
    await until('the first Ctrl+C arrives', () => home.journal().includes('asked to stop'));
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect((await child.ended).code).toBe(130);
    await until('the session stops', () => home.journal().includes('stopped session-1'));
  });

  it('stops the session when it is killed', async () => {
    await using home = new DaemonHome();
    const child = start(home, ['watch', 'endless.mp4']);
    await firstLine(child);
    child.kill('SIGKILL');
    await until('the session stops', () => home.journal().includes('stopped session-1'));
  });

  it('is quiet when nobody reads it any more', async () => {
    await using home = new DaemonHome();
    const child = start(home, ['watch', 'chatty.mp4', '--json']);
    await firstLine(child);
    child.stdout?.destroy();
    const { code, stderr } = await child.ended;
    expect(code).toBe(0);
    expect(stderr).toBe('');
    await until('the session stops', () => home.journal().includes('stopped session-1'));
  });
});

describe('the build', () => {
  it('keeps native code and the store out of the command line', () => {
    const text = readFileSync(path.join(folder, 'cli.js'), 'utf8');
    const imported = [...text.matchAll(/(?:from|require\(|import\() ?["']([^"']+)["']/g)].map(
      ([, name]) => name,
    );
    expect(imported).toContain('node:net');
    for (const name of ['node:sqlite', 'koffi', 'onnxruntime-node', 'node-llama-cpp']) {
      expect(imported).not.toContain(name);
    }
  });

  it('writes the same build id into everything', () => {
    expect(buildId).toMatch(/^[0-9a-f]{16}$/);
    expect(readdirSync(folder).sort()).toEqual([
      'bench.js',
      'bench.js.map',
      'build.json',
      'cli.js',
      'cli.js.map',
      'daemon.js',
      'daemon.js.map',
    ]);
  });
});
