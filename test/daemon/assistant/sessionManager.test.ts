import { describe, expect, it, vi } from 'vitest';
import { screenText } from '../timeline/rowSamples.ts';
import { AppError } from '../../../daemon/base/errors.ts';
import { mediaMs } from '../../../protocol/index.ts';
import { newClient, running, setUp, settle, source, start } from './managedSessions.ts';

describe('the session manager', () => {
  it('watches a video once for two clients; the later one hears what was said before', async () => {
    const { manager, video, sessions } = setUp();
    const [first, second] = [newClient(), newClient()];
    await start(manager, first.client);
    await settle();
    sessions[0]?.step('one');
    await start(manager, second.client);
    await settle();
    sessions[0]?.step('two');
    sessions[0]?.end();
    expect(await Promise.all([first.ended, second.ended])).toEqual(['finished', 'finished']);
    expect(first.events).toEqual(['one', 'two']);
    expect(second.events).toEqual(['one', 'two']);
    expect(sessions).toHaveLength(1);
    expect(sessions[0]?.isFreed).toBe(true);
    expect(video.isComplete).toBe(true);
  });

  it('replays a complete video without watching it again', async () => {
    const { manager, video, sessions } = setUp();
    const first = newClient();
    await start(manager, first.client);
    await settle();
    sessions[0]?.step('one');
    sessions[0]?.end();
    await first.ended;
    const again = newClient();
    expect(await start(manager, again.client)).toMatchObject({ isIndexed: true });
    expect(await again.ended).toBe('finished');
    expect(again.events).toEqual(['one']);
    expect(sessions).toHaveLength(1);
    expect(video.rows).toHaveLength(1);
  });

  it('stops when the last client has gone, not before, and goes on with the next', async () => {
    const { manager, video, sessions } = setUp();
    const leaving = new AbortController();
    const [first, second] = [newClient(), newClient()];
    const { sessionId } = await start(manager, first.client);
    await start(manager, second.client, leaving.signal);
    await settle();
    sessions[0]?.step('one');
    leaving.abort();
    expect(await second.ended).toBe('stopped');
    expect(sessions[0]?.isFreed).toBe(false);
    await manager.stopSession(sessionId);
    expect(await first.ended).toBe('stopped');
    expect(sessions[0]?.isFreed).toBe(true);
    expect(video).toMatchObject({ isComplete: false, isOwned: false });
    const third = newClient();
    expect(await start(manager, third.client)).toMatchObject({ isIndexed: false });
    await settle();
    expect(sessions).toHaveLength(2);
    sessions[1]?.step('two');
    expect(third.events).toEqual(['one', 'two']);
  });

  it('waits for a watching that is stopping, then begins a new one', async () => {
    const { manager, sessions } = setUp();
    const leaving = new AbortController();
    await start(manager, newClient().client, leaving.signal);
    await settle();
    const freed = Promise.withResolvers<undefined>();
    sessions[0]!.freed = freed.promise;
    leaving.abort();
    await settle();
    const { client, events, ended } = newClient();
    await start(manager, client);
    await settle();
    expect(sessions).toHaveLength(1);
    freed.resolve(undefined);
    await settle();
    expect(sessions).toHaveLength(2);
    sessions[1]?.step('one');
    sessions[1]?.end();
    expect(await ended).toBe('finished');
    expect(events).toEqual(['one']);
  });

  it('begins nothing for a client that has left while the model was loading', async () => {
    const { manager, sessions } = setUp();
    const { client, ended } = newClient();
    const leaving = new AbortController();
    const starting = start(manager, client, leaving.signal);
    leaving.abort();
    await starting;
    expect(await ended).toBe('stopped');
    expect(sessions).toHaveLength(0);
  });

  it('watches again when the end could not be stored, or not everything was seen', async () => {
    const { manager, video, sessions } = setUp();
    vi.spyOn(video, 'markComplete').mockImplementationOnce(() => {
      throw new AppError('store.unavailable');
    });
    const first = newClient();
    await start(manager, first.client);
    await settle();
    sessions[0]?.end();
    expect(await first.ended).toBe('failed store.unavailable');
    const second = newClient();
    await start(manager, second.client);
    await settle();
    sessions[1]?.end(false);
    expect(await second.ended).toBe('finished');
    expect(video.isComplete).toBe(false);
    const third = newClient();
    expect(await start(manager, third.client)).toMatchObject({ isIndexed: false });
    await settle();
    expect(sessions).toHaveLength(3);
  });

  it('says where the stored rows end and the new ones begin', async () => {
    const { manager, sessions } = setUp();
    const first = newClient();
    const second = newClient();
    await start(manager, first.client);
    await settle();
    sessions[0]?.step('one');
    await start(manager, second.client);
    await settle();
    sessions[0]?.step('two');
    sessions[0]?.end();
    await second.ended;
    expect(second.events).toEqual(['one', 'two']);
    expect([first.replays, second.replays]).toEqual([[0], [1]]);
  });

  it('replays a long timeline no faster than the client takes it', async () => {
    const { manager, video, sessions } = setUp();
    const first = newClient();
    await start(manager, first.client);
    await settle();
    for (let n = 0; n < 2500; n++) sessions[0]?.step(String(n));
    sessions[0]?.end();
    await first.ended;
    expect(video.isComplete).toBe(true);
    const { client, events, ended } = newClient();
    const taken: number[] = [];
    await start(manager, {
      ...client,
      drained: () => {
        taken.push(events.length);
        return Promise.resolve();
      },
    });
    expect(await ended).toBe('finished');
    expect(events).toHaveLength(2500);
    expect(taken).toEqual([999, 1999]);
  });

  it('tells a failure in the words of the catalogue', async () => {
    const { manager, sessions } = setUp();
    const { client, ended } = newClient();
    await start(manager, client);
    await settle();
    sessions[0]?.fail(new TypeError('a bug'));
    expect(await ended).toBe('failed internal');
  });

  it('watches first when a question comes before the video was seen', async () => {
    const { manager, sessions, asked } = setUp();
    const { client } = newClient();
    const question = 'Which file was opened?';
    const answer = manager.ask({ source, question }, client, { signal: running });
    await settle();
    sessions[0]?.step('Opened app.py.');
    expect(asked).toEqual([]);
    sessions[0]?.end();
    await expect(answer).resolves.toMatchObject({
      text: 'Opened app.py. (0:00)',
      abstained: false,
    });
    expect(asked).toEqual([question]);
  });

  it('answers from what was seen so far while watching goes on', async () => {
    const { manager, sessions, asked } = setUp();
    const { client } = newClient();
    await start(manager, client);
    await settle();
    sessions[0]?.step('app.py');
    sessions[0]?.see(1000);
    const now = { source, question: 'What is there now?' };
    const live = await manager.ask(now, client, { signal: running });
    expect(live).toMatchObject({ text: 'Opened app.py. (0:00)', atMs: 1000 });
    expect(asked).toEqual(['What is there now?']);
    expect(sessions[0]?.isFreed).toBe(false);
  });

  it('says so when a session is not there, and stops one that has ended without a word', async () => {
    const { manager, video } = setUp();
    await expect(manager.stopSession('none')).rejects.toMatchObject({ code: 'session.notFound' });
    video.isComplete = true;
    const { client, ended } = newClient();
    const { sessionId } = await start(manager, client);
    expect(await ended).toBe('finished');
    await expect(manager.stopSession(sessionId)).resolves.toBeUndefined();
  });

  it('changes how a session speaks, as whoever comes wants it', async () => {
    const { manager, sessions } = setUp();
    const [first, second] = [newClient(), newClient()];
    const options = { chattiness: 'quieter', requests: ['when it builds'] } as const;
    const started = await manager.startSession({ source, options }, first.client, {
      ...{ signal: running, clientSignal: running },
    });
    expect(started.silenceThreshold).toBe(0.5);
    await start(manager, second.client);
    await settle();
    manager.adjustSession({ sessionId: started.sessionId, chattiness: 'chattier' });
    await settle();
    expect(sessions[0]?.manners).toMatchObject([options, {}, { chattiness: 'chattier' }]);

    sessions[0]?.end();
    await first.ended;
    manager.adjustSession({ sessionId: started.sessionId, requests: [] });
    expect(() => {
      manager.adjustSession({ sessionId: 'another', requests: [] });
    }).toThrow();
    expect(sessions[0]?.manners).toHaveLength(3);
  });

  it('loads the model for watching and for what it must say, and for nothing else', async () => {
    const { manager, video, loads, sessions } = setUp();
    const first = newClient();
    await start(manager, first.client);
    await settle();
    expect(loads.count).toBe(1);
    sessions[0]?.step('Opened app.py.');
    sessions[0]?.end();
    await first.ended;
    loads.count = 0;
    const replay = newClient();
    await start(manager, replay.client);
    await replay.ended;
    await manager.readTimeline({ source }, { signal: running });
    expect(video.isComplete).toBe(true);
    expect(loads.count).toBe(0);
  });

  it('tells what is wrong with the model as the answer to who wants to watch', async () => {
    const { manager, pack } = setUp();
    vi.spyOn(pack, 'load').mockRejectedValue(new AppError('engine.modelUnreadable'));
    await expect(start(manager, newClient().client)).rejects.toMatchObject({
      code: 'engine.modelUnreadable',
    });
  });

  it('reads the timeline of the options that are asked about', async () => {
    const { manager, library } = setUp();
    const opened = vi.spyOn(library, 'openVideo');
    const options = { frameRateFps: 4 };
    await manager.readTimeline({ source, options }, { signal: running });
    expect(opened.mock.calls[0]?.[2]).toEqual(options);
  });

  it('tells a question, its answer and a summary to all who follow the video', async () => {
    const { manager, sessions } = setUp();
    const [first, second] = [newClient(), newClient()];
    await start(manager, first.client);
    await start(manager, second.client);
    await settle();
    sessions[0]?.step('Opened app.py.');
    sessions[0]?.see(500);
    const asked = { source, question: 'Which file is open?' };
    await manager.ask(asked, newClient().client, { signal: running });
    const told = ['Opened app.py.', 'Which file is open?', 'Opened app.py. (0:00)'];
    expect(first.events).toEqual(told);
    await manager.summarize({ source, toMs: mediaMs(0) }, newClient().client, { signal: running });
    expect(second.events).toEqual([...told, 'summary']);
  });

  it('watches up to a moment before it tells what stood on screen there', async () => {
    const { manager, sessions, video } = setUp();
    const row = { ...screenText('make', 0, 9000), id: 7 };
    video.standing = [
      { row, window: [mediaMs(0), mediaMs(9000)], box: [0, 50, 9, 9] },
      { row: { ...row, id: 8, text: 'cd src' }, window: row.windows[0]!, box: [0, 10, 9, 9] },
    ];
    const read = manager.readScreen({ source, atMs: mediaMs(2000) }, newClient().client, {
      signal: running,
    });
    await settle();
    sessions[0]?.see(3500);
    await settle();
    await expect(Promise.race([read, settle()])).resolves.toBeUndefined();
    sessions[0]?.see(4000);
    const lines = await read;
    expect(lines.map(({ rowId, box }) => [rowId, box[1]])).toEqual([
      [8, 10],
      [7, 50],
    ]);
    expect(video.isComplete).toBe(false);
    const other = { source, atMs: mediaMs(2000), region: 'terminal' } as const;
    expect(await manager.readScreen(other, newClient().client, { signal: running })).toEqual([]);
  });

  it('watches a video before it is searched, searches what is being watched at once, and a library as it is', async () => {
    const { manager, sessions } = setUp();
    const { client } = newClient();
    const library = await manager.search({ query: 'app' }, client, { signal: running });
    expect([library, sessions.length]).toEqual([[], 0]);
    const first = manager.search({ query: 'app', source }, client, { signal: running });
    await settle();
    sessions[0]?.step('Opened app.py.');
    const early = await manager.search({ query: 'app', source }, client, { signal: running });
    expect(early).toHaveLength(1);
    sessions[0]?.step('Ran app.py.');
    sessions[0]?.end();
    const hits = await first;
    expect(hits.map(({ text }) => text)).toEqual(['Opened app.py.', 'Ran app.py.']);
    expect(hits[0]?.video).toEqual({ videoId: 'content', path: '/talk.mp4' });
  });

  it('tells captions that came after the video was watched, once', async () => {
    const { manager, video, library } = setUp();
    video.isComplete = true;
    const cue = { startMs: mediaMs(500), endMs: mediaMs(900), text: 'hello' };
    vi.spyOn(library, 'captionsOf').mockResolvedValue([cue]);
    for (let round = 0; round < 2; round++) {
      const { client, events, ended } = newClient();
      await start(manager, client);
      await ended;
      expect(events).toEqual(['hello']);
    }
  });

  it('tells how far a summary has come', async () => {
    const { manager, video } = setUp();
    video.isComplete = true;
    const { client, events } = newClient();
    await manager.summarize({ source }, client, { signal: running });
    const sixths = [0, 17, 33, 50, 67, 83, 100];
    expect(events).toEqual(sixths.map((done) => `Summarizing ${done}%`));
  });
});
