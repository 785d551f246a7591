import { describe, expect, it } from 'vitest';
import { mediaMs, type AskParams } from '../../../protocol/index.ts';
import { newClient, running, setUp, settle, source, start } from './managedSessions.ts';

describe('a question while a video is being watched', () => {
  const question = 'Which file was opened?';
  type About = Pick<AskParams, 'atMs' | 'fromMs' | 'toMs' | 'followUpOf'>;

  /** Asks while the video was seen up to 3 s. @param seen moments that are seen afterwards. @returns after which of them the answer came */
  async function answeredAfter(about: About, seen: readonly number[]): Promise<number> {
    const { manager, sessions } = setUp();
    await start(manager, newClient().client);
    await settle();
    sessions[0]?.step('Opened app.py.');
    sessions[0]?.see(3000);
    let lastSeen = 3000;
    const answer = manager
      .ask({ source, question, ...about }, newClient().client, { signal: running })
      .then((row) => ({ row, after: lastSeen }));
    for (const positionMs of seen) {
      await settle();
      await settle();
      lastSeen = positionMs;
      sessions[0]?.see(positionMs);
    }
    await settle();
    await settle();
    lastSeen = Infinity;
    sessions[0]?.end();
    const { row, after } = await answer;
    expect(row).toMatchObject({ text: 'Opened app.py. (0:00)', abstained: false });
    return after;
  }

  it.each<[string, About, number]>([
    ['about a stretch that was seen', { fromMs: mediaMs(0), toMs: mediaMs(2000) }, 3000],
    ['about a moment that was seen', { atMs: mediaMs(2500) }, 3000],
    ['about a moment to come', { atMs: mediaMs(4000) }, 4500],
    ['about a stretch that goes on', { fromMs: mediaMs(0), toMs: mediaMs(5000) }, 5500],
    ['about all since a moment', { fromMs: mediaMs(0) }, 3000],
  ])('%s is answered as soon as enough was seen', async (_, about, expected) => {
    expect(await answeredAfter(about, [3500, 4000, 4500, 5000, 5500, 6000])).toBe(expected);
  });

  it('that follows another is answered from what was seen so far', async () => {
    const { manager, sessions } = setUp();
    await start(manager, newClient().client);
    await settle();
    sessions[0]?.step('Opened app.py.');
    sessions[0]?.see(3000);
    const { client } = newClient();
    const about = { source, question, toMs: mediaMs(2000) };
    const first = await manager.ask(about, client, { signal: running });
    expect(first).toMatchObject({ startMs: 0, endMs: 2000, atMs: 2000 });
    const next = { source, question: 'And when?', followUpOf: first.id };
    const second = await manager.ask(next, client, { signal: running });
    expect(second.text).toBe('Opened app.py. (0:00)');
    await expect(
      manager.ask({ ...next, followUpOf: 999 }, client, { signal: running }),
    ).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('needs no watching when nobody watches and enough was seen before', async () => {
    const { manager, video, sessions } = setUp();
    const leaving = new AbortController();
    await start(manager, newClient().client, leaving.signal);
    await settle();
    sessions[0]?.step('Opened app.py.');
    sessions[0]?.see(3000);
    leaving.abort();
    await settle();
    const asked = { source, question, atMs: mediaMs(2000) };
    const answer = await manager.ask(asked, newClient().client, { signal: running });
    expect(answer.text).toBe('Opened app.py. (0:00)');
    expect(video.isComplete).toBe(false);
    expect(sessions).toHaveLength(1);
  });

  it('has a video that nobody watches seen only as far as it needs', async () => {
    const { manager, video, sessions } = setUp();
    const asked = { source, question, atMs: mediaMs(2000) };
    const answer = manager.ask(asked, newClient().client, { signal: running });
    await settle();
    sessions[0]?.step('Opened app.py.');
    sessions[0]?.see(2500);
    expect(await answer).toMatchObject({ text: 'Opened app.py. (0:00)' });
    expect(sessions[0]?.isFreed).toBe(true);
    expect(video).toMatchObject({ isComplete: false, isOwned: false, watchedMs: 2500 });
  });
});
