/** The whole way once more: a real screencast, the shipped model, the real processes, and what happens when one of them dies. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../daemon/base/processes.ts';
import {
  ask,
  mediaMs,
  readScreen,
  readTimeline,
  search,
  startSession,
  summarize,
  type TimelineRow,
} from '../../protocol/index.ts';
import { noAbort, until } from '../helpers/daemonHome.ts';
import { RealDaemon, sample, shippedPack, type Watched } from '../helpers/realDaemon.ts';

const isThere = existsSync(path.join(shippedPack, 'manifest.json'));
if (!isThere && process.env['CI']) throw new Error('models/live-tiny is missing');

/** What must be the same whatever happened on the way. */
const essence = (rows: readonly TimelineRow[]) =>
  rows.map((row) => [row.id, row.kind, row.startMs, 'text' in row ? row.text : '']);

/** When something was said, in the order of time. */
const moments = (rows: readonly TimelineRow[]): number[] =>
  rows.flatMap((row) => (row.kind === 'guidance' ? [row.atMs] : [])).sort((a, b) => a - b);

/** Lines in which only code stands. */
const code = (rows: readonly TimelineRow[]): string[] =>
  rows.flatMap((row) =>
    row.kind === 'screenText' && /[;{]$|^\./.test(row.text) && row.confidence > 0.9
      ? [row.text]
      : [],
  );

describe.skipIf(!isThere)('a recorded tutorial', () => {
  it('is read exactly, watched once, and answered from its rows', async () => {
    await using daemon = new RealDaemon();
    const first = await daemon.watch(sample);
    expect(first).toMatchObject({ state: 'finished', isIndexed: false });
    expect(first.stats).toMatchObject({ framesSeen: 135, framesDropped: 0, durationMs: 67500 });

    const again = await daemon.watch(sample);
    expect(again).toMatchObject({ state: 'finished', isIndexed: true });
    expect(essence(again.rows).sort()).toEqual(essence(first.rows).sort());

    using connection = await daemon.connect();
    const atMs = mediaMs(20_000);
    const { rows } = await connection.request(
      readTimeline,
      { source: sample, kinds: ['screenText'], fromMs: atMs, toMs: atMs },
      { signal: noAbort },
    );
    const texts = rows.map((row) => (row.kind === 'screenText' ? row.text : ''));
    expect(texts).toContain('export function spoilsWithin(larder, days) {');

    const question = 'When was goesStale on screen?';
    const early = await connection.request(
      ask,
      { source: sample, question, atMs },
      { signal: noAbort },
    );
    expect(early).toMatchObject({ abstained: true, citations: [] });
    const late = await connection.request(ask, { source: sample, question }, { signal: noAbort });
    expect(late.abstained).toBe(false);
    expect(late.citations[0]?.startMs).toBeGreaterThan(40_000);

    const summary = await connection.request(summarize, { source: sample }, { signal: noAbort });
    expect(summary.markdown).toMatch(/^# Summary 0:00–1:07/);
  });

  it('starts no engine for what was kept, and one for the first question', async () => {
    await using daemon = new RealDaemon();
    await daemon.watch(sample);
    const { pid } = daemon;
    process.kill(pid, 'SIGTERM');
    await until('the daemon leaves', () => !isAlive(pid));

    using connection = await daemon.connect();
    expect(await daemon.watch(sample)).toMatchObject({ isIndexed: true, state: 'finished' });
    const about = { source: sample };
    await connection.request(readTimeline, about, { signal: noAbort });
    const screen = { ...about, atMs: mediaMs(20_000) };
    const shown = await connection.request(readScreen, screen, { signal: noAbort });
    expect(shown.lines.length).toBeGreaterThan(5);
    const found = { ...about, query: 'goesStale' };
    expect(await connection.request(search, found, { signal: noAbort })).not.toEqual([]);
    expect(daemon.pid).not.toBe(pid);
    expect(daemon.descendants(/engine/)).toEqual([]);
    const which = { ...about, question: 'Which command was run in the terminal?' };
    await connection.request(ask, which, { signal: noAbort });
    expect(daemon.descendants(/engine/)).toHaveLength(1);
  });

  it('loses no row when the engine is killed while it is watched', async () => {
    await using calm = new RealDaemon();
    const expected = await calm.watch(sample);

    await using daemon = new RealDaemon();
    const killed: number[] = [];
    const disturbed = await daemon.watch(sample, (row) => {
      const isDue = killed.length === 0 ? row.startMs >= 15_000 : row.startMs >= 40_000;
      if (killed.length === 2 || row.kind === 'cue' || !isDue) return;
      for (const pid of daemon.descendants(/engine/)) {
        if (killed.includes(pid)) continue;
        process.kill(pid, 'SIGKILL');
        killed.push(pid);
      }
    });
    expect(killed).toHaveLength(2);
    expect(disturbed).toMatchObject({
      state: 'finished',
      stats: { framesSeen: 135, framesDropped: 0, engineRestarts: 2 },
    });
    // Until the first loss everything is the same. A new reader looks at the screen afresh and may group the words of a status
    // bar otherwise, which the decoder then hears; so what came later is compared by the code that stood still.
    const before = ({ told }: Watched) =>
      essence(
        told.slice(
          0,
          told.findIndex((row) => row.startMs >= 15_000),
        ),
      );
    expect(before(disturbed).length).toBeGreaterThan(20);
    expect(before(disturbed)).toEqual(before(expected));
    const texts = new Set(disturbed.rows.map((row) => ('text' in row ? row.text : '')));
    const lost = code(expected.rows).filter((text) => !texts.has(text));
    expect(lost).toEqual([]);
  });

  it.each([
    ['embeddingWidth', 'rows of'],
    ['vocabularySize', 'tokens'],
    ['contextTokens', 'a context of'],
  ])('refuses a pack whose decoder has another %s than its manifest', async (field, words) => {
    await using daemon = new RealDaemon();
    const model = path.join(daemon.home, 'pack');
    cpSync(shippedPack, model, { recursive: true });
    const file = path.join(model, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
      decoder: Record<string, number>;
    };
    manifest.decoder[field] = 4096;
    writeFileSync(file, JSON.stringify(manifest));
    using connection = await daemon.connect();
    const started = connection.request(
      startSession,
      { source: sample, options: { model } },
      { signal: noAbort },
    );
    await expect(started).rejects.toMatchObject({
      code: 'model.fileMismatch',
      message: expect.stringContaining(words) as string,
    });
  });

  it('goes on where it was when the daemon itself was killed, and ends as if nothing had been', async () => {
    await using calm = new RealDaemon();
    const expected = await calm.watch(sample);

    await using daemon = new RealDaemon();
    const before: TimelineRow[] = [];
    const killed = daemon.watch(sample, (row) => {
      before.push(row);
      if (row.startMs >= 34_000) process.kill(daemon.pid, 'SIGKILL');
    });
    await expect(killed).rejects.toThrow('the connection broke');
    const resumed = await daemon.watch(sample);
    expect(resumed).toMatchObject({ state: 'finished', isIndexed: false });
    expect(resumed.stats?.framesSeen).toBeLessThan(75);
    expect(resumed.stats).toMatchObject({ durationMs: 67_500, framesDropped: 0 });
    const again = await daemon.watch(sample);
    expect(again).toMatchObject({ isIndexed: true });
    // What was told before the kill is there under the same ids, though more sightings may have settled its text since.
    const places = (rows: readonly TimelineRow[]) =>
      rows.map((row) => [row.id, row.kind, row.startMs]);
    expect(places(again.rows)).toEqual(expect.arrayContaining(places(before)));
    const untilKill = (rows: readonly TimelineRow[]) =>
      moments(rows).filter((atMs) => atMs < 34_000);
    expect(untilKill(again.rows)).toEqual(untilKill(expected.rows));
    // A line of code that stood there through the kill is one row, as if nothing had been.
    expect(code(again.rows).sort()).toEqual(code(expected.rows).sort());
    // The decoder has forgotten what was longer ago than the stretch that it is shown again, so its words may differ: two thirds of
    // the moments at which it speaks are the same to a second.
    const later = moments(expected.rows).filter((atMs) => atMs >= 34_000);
    const met = later.filter((atMs) =>
      moments(again.rows).some((other) => Math.abs(other - atMs) <= 1000),
    );
    expect(met.length / later.length).toBeGreaterThanOrEqual(2 / 3);
  });

  it('leaves no process behind when the daemon itself is killed', async () => {
    await using daemon = new RealDaemon();
    let children: number[] = [];
    const watching = daemon.watch(sample, (row) => {
      if (row.kind !== 'screenText' || children.length > 0) return;
      children = daemon.descendants(/engine|ffmpeg/);
      process.kill(daemon.pid, 'SIGKILL');
    });
    // Nobody will tell how the session ended.
    await expect(watching).rejects.toThrow('the connection broke');
    expect(children.length).toBeGreaterThanOrEqual(2);
    await until('its children end', () => !children.some(isAlive));
  });
});
