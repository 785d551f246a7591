/** The whole daemon with a model on a server: what leaves the machine, what is stored, what happens when the server goes away. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, doctor, type SessionOptions } from '../../protocol/index.ts';
import { startChatServer, type Heard } from '../helpers/chatServer.ts';
import { noAbort } from '../helpers/daemonHome.ts';
import { RealDaemon, sample } from '../helpers/realDaemon.ts';
import { createTemporaryFolder, runFfmpeg } from '../helpers/fixtures.ts';

const key = 'sk-never-written-anywhere';
const picturesIn = ({ parts }: Heard) => parts.filter((part) => typeof part === 'object').length;

/** The first seconds of the sample. */
async function shortSample(folder: { path(name: string): string }, seconds: number) {
  const file = folder.path('short.mp4');
  await runFfmpeg(['-t', String(seconds), '-i', sample.path, '-c', 'copy', `file:${file}`]);
  return { kind: 'file', path: file } as const;
}

/** All that the daemon has written. */
function writtenBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a model on a server', () => {
  it('watches a video, answers with rows of ours, and its key is written nowhere', async () => {
    await using folder = await createTemporaryFolder();
    const source = await shortSample(folder, 12);
    await using server = await startChatServer({
      key,
      answer: (heard) => {
        const { question, parts } = heard;
        if (question.startsWith('Is this picture')) {
          const { red, blue } = parts[0] as { red: number; blue: number };
          return { yes: red > blue ? 0.9 : 0.1 };
        }
        if (question.includes('yes or no')) return { yes: parts.length > 12 ? 0.9 : 0.05 };
        if (question.startsWith('Rows:')) return 'ROWS: 1\nThat is on the screen.';
        return 'Something was done.';
      },
    });
    await using daemon = new RealDaemon();
    const options: SessionOptions = { model: server.address, modelKey: key };
    const watched = await daemon.watch(source, undefined, options);
    expect(server.problems).toEqual([]);
    expect(watched).toMatchObject({ state: 'finished', silenceThreshold: 0.5 });
    const host = server.origin.slice('http://'.length);
    expect(watched.stats?.server).toMatchObject({ host, model: 'eyes', isLocal: true });
    expect(watched.stats?.server?.pictures).toBeGreaterThan(3);
    const guidance = watched.rows.filter(({ kind }) => kind === 'guidance');
    expect(guidance[0]).toMatchObject({ text: 'Something was done.', model: `eyes at ${host}` });
    // Append-only: each request but the few behind a cut has one picture more than the one before, at most.
    const told = server.heard.map(picturesIn);
    expect(Math.max(...told)).toBeLessThanOrEqual(24);

    using connection = await daemon.connect();
    const answer = await connection.request(
      ask,
      { source, question: 'What is on the screen?', options },
      { signal: noAbort },
    );
    expect(answer).toMatchObject({ abstained: false, model: `eyes at ${host}` });
    expect(answer.citations[0]?.rowId).toBeGreaterThan(0);
    expect(picturesIn(server.heard.at(-1)!)).toBeGreaterThan(0);

    const report = await connection.request(doctor, options, { signal: noAbort });
    expect(report.checks.find(({ name }) => name === 'model server')).toMatchObject({
      status: 'ok',
      detail: `what is watched is sent to ${host}, which is this machine: eyes, 32768 positions, tells how sure it is, sees pictures`,
    });
    expect(writtenBelow(daemon.home)).not.toContain(key);
  });

  it('is waited for while it is away, and nothing is lost', async () => {
    await using folder = await createTemporaryFolder();
    const source = await shortSample(folder, 4);
    await using server = await startChatServer();
    await using daemon = new RealDaemon();
    let away = 0;
    server.options = {
      trouble: (_, index) => (index >= 4 && away++ < 3 ? { status: 503 } : undefined),
    };
    const { state, stats, rows } = await daemon.watch(source, undefined, { model: server.address });
    expect(state).toBe('finished');
    expect(stats).toMatchObject({ framesDropped: 0, server: { isAway: false } });
    expect(away).toBeGreaterThanOrEqual(3);
    expect(rows.filter(({ kind }) => kind === 'gap')).toEqual([]);
  });

  it('that was never there is told at once, with what to do', async () => {
    await using daemon = new RealDaemon();
    await using server = await startChatServer();
    const gone = server.address;
    await server[Symbol.asyncDispose]();
    await expect(daemon.watch(sample, undefined, { model: gone })).rejects.toMatchObject({
      code: 'endpoint.away',
    });
  });
});
