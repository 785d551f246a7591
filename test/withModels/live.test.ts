/** A screen watched by the whole daemon: asked about meanwhile and afterwards, and after the daemon was killed in the middle. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DaemonConnection } from '../../daemon/client/connection.ts';
import {
  ask,
  listKept,
  readTimeline,
  search,
  sessionState,
  sessionStats,
  startSession,
  stopSession,
  timelineRow,
  type KeptSource,
  type SessionState,
  type SessionStats,
  type TimelineRow,
} from '../../protocol/index.ts';
import { noAbort, until } from '../helpers/daemonHome.ts';
import { RealDaemon } from '../helpers/realDaemon.ts';
import { VirtualDisplay } from '../../scripts/virtualDisplay.ts';

const options = { signal: noAbort };

let display: VirtualDisplay;
beforeAll(async () => {
  display = await VirtualDisplay.start();
  await display.openTerminal('shop', ['const basket = createBasket();', 'import { price }']);
});
afterAll(() => display[Symbol.asyncDispose]());

/** Starts watching the display, and resolves when its text has been read. */
async function watch(connection: DaemonConnection) {
  const rows: TimelineRow[] = [];
  const heard: { stats?: SessionStats; state?: SessionState } = {};
  connection.onNotification(timelineRow, ({ row }) => {
    rows.push(row);
  });
  connection.onNotification(sessionStats, ({ stats }) => {
    heard.stats = stats;
  });
  connection.onNotification(sessionState, ({ state }) => {
    heard.state = state;
  });
  const started = await connection.request(
    startSession,
    { source: { kind: 'screen', display: display.name }, options: {} },
    options,
  );
  const isRead = (): boolean =>
    rows.some((row) => row.kind === 'screenText' && row.text.includes('Basket'));
  await until('the text on screen is read', isRead);
  const kept: KeptSource = { kind: 'kept', videoId: started.videoId };
  return { ...started, rows, heard, kept };
}

describe('a screen that is watched', () => {
  it('is asked about while it is watched, and by its id afterwards', async () => {
    await using daemon = new RealDaemon();
    using connection = await daemon.connect();
    const { sessionId, videoId, kept, heard } = await watch(connection);
    expect(videoId).toMatch(/^live-[0-9a-f]{12}$/);
    const question = 'What is on screen?';
    const meanwhile = await connection.request(ask, { source: kept, question }, options);
    // Counters are told four times a second, and an answer may be faster.
    const isTold = (): boolean => (heard.stats?.positionMs ?? -1) >= meanwhile.atMs;
    await until('the counters have come to what was asked about', isTold);
    expect(heard.state).toBeUndefined();
    const during = await connection.request(listKept, {}, options);
    expect(during.sessions).toMatchObject([{ videoId, isRunning: true }]);
    expect(heard.stats).toMatchObject({ startedMs: during.sessions[0]!.startedMs });

    await connection.request(stopSession, { sessionId }, options);
    await until('the session has stopped', () => heard.state === 'stopped');
    expect(display.captures()).toEqual([]);
    const after = await connection.request(listKept, {}, options);
    expect(after.sessions).toMatchObject([{ videoId, isRunning: false }]);
    const { hits } = await connection.request(search, { source: kept, query: 'basket' }, options);
    expect(hits[0]).toMatchObject({ kind: 'screenText', video: { videoId } });
    const answer = await connection.request(ask, { source: kept, question }, options);
    expect(answer.kind).toBe('answer');
  });

  it('is kept when the daemon is killed in the middle, and leaves no ffmpeg', async () => {
    await using daemon = new RealDaemon();
    const { kept, rows, videoId } = await (async () => {
      using connection = await daemon.connect();
      const watched = await watch(connection);
      process.kill(daemon.pid, 'SIGKILL');
      await connection.closed;
      return watched;
    })();
    await until('ffmpeg has gone', () => display.captures().length === 0);
    using connection = await daemon.connect();
    const { rows: stored } = await connection.request(readTimeline, { source: kept }, options);
    const told = rows.filter(({ kind }) => kind === 'screenText').map(({ id }) => id);
    expect(stored.map(({ id }) => id)).toEqual(expect.arrayContaining(told));
    const { sessions } = await connection.request(listKept, {}, options);
    expect(sessions).toMatchObject([{ videoId, isRunning: false }]);
    const { hits } = await connection.request(search, { source: kept, query: 'basket' }, options);
    expect(hits.length).toBeGreaterThan(0);
    const lost = { kind: 'kept', videoId: 'live-000000000000' } as const;
    await expect(
      connection.request(search, { source: lost, query: 'basket' }, options),
    ).rejects.toMatchObject({ code: 'source.notKept' });
  });
});
