/** How much is said, and what is told because somebody asked: with the shipped model, on the sample. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adjustSession,
  sessionState,
  sessionStats,
  startSession,
  timelineRow,
  type GuidanceRow,
  type SessionOptions,
} from '../../protocol/index.ts';
import { noAbort } from '../helpers/daemonHome.ts';
import { RealDaemon, sample, shippedPack } from '../helpers/realDaemon.ts';

const isThere = existsSync(path.join(shippedPack, 'manifest.json'));
if (!isThere && process.env['CI']) throw new Error('models/live-tiny is missing');

/** What is said of the sample, in a home of its own: how much is said makes no timeline of its own. */
async function guidanceOf(options: SessionOptions): Promise<readonly GuidanceRow[]> {
  await using daemon = new RealDaemon();
  const { rows } = await daemon.watch(sample, () => undefined, options);
  return rows.filter((row) => row.kind === 'guidance');
}

describe.skipIf(!isThere)('the shipped model', () => {
  // Each is one thread's work mostly, so that two of them take little longer than one.
  let usual: readonly GuidanceRow[];
  let whenAsked: readonly GuidanceRow[];
  beforeAll(async () => {
    const requests = ['when the tests pass'];
    [usual, whenAsked] = await Promise.all([guidanceOf({}), guidanceOf({ requests })]);
  });

  it('says more the chattier it is wanted', async () => {
    const [quieter, chattiest] = await Promise.all([
      guidanceOf({ chattiness: 'quieter' }),
      guidanceOf({ chattiness: 'chattiest' }),
    ]);
    expect(usual.length).toBeGreaterThan(quieter.length);
    expect(chattiest.length).toBeGreaterThan(usual.length);
  });

  it('heeds a change while it watches', async () => {
    await using daemon = new RealDaemon();
    using connection = await daemon.connect();
    const said: number[] = [];
    const ended = Promise.withResolvers<unknown>();
    let adjustedMs: number | undefined;
    connection.onNotification(timelineRow, ({ row }) => {
      if (row.kind === 'guidance') said.push(row.atMs);
    });
    connection.onNotification(sessionState, ended.resolve);
    connection.onNotification(sessionStats, ({ sessionId, stats: { positionMs } }) => {
      if (adjustedMs !== undefined || positionMs < 20_000) return;
      adjustedMs = positionMs;
      const params = { sessionId, chattiness: 'chattiest' } as const;
      connection.request(adjustSession, params, { signal: noAbort }).catch(ended.reject);
    });
    const options = { chattiness: 'quietest' } as const;
    await connection.request(startSession, { source: sample, options }, { signal: noAbort });
    await ended.promise;
    // The quietest says nothing of the sample.
    expect(said.length).toBeGreaterThan(0);
    expect(Math.min(...said)).toBeGreaterThan(adjustedMs!);
  });

  it('tells what it was asked for once it happens, and nothing else', () => {
    const told = whenAsked.filter(({ request }) => request === 'when the tests pass');
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toMatch(/\btests pass/);
    // The run behind the mended line: the one before it fails.
    expect(told[0]?.atMs).toBeGreaterThan(39_000);
    expect(told[0]?.atMs).toBeLessThan(45_000);
  });

  it('says the same unasked, whatever it listens for beside that', () => {
    const texts = (rows: readonly GuidanceRow[]) => rows.map(({ atMs, text }) => [atMs, text]);
    const unasked = whenAsked.filter((row) => row.request === undefined);
    expect(texts(usual)).toEqual(expect.arrayContaining(texts(unasked)));
  });
});
