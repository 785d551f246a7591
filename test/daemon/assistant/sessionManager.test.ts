import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type {
  LoadedPack,
  Pack,
  StoredVideo,
  VideoLibrary,
} from '../../../daemon/assistant/collaborators.ts';
import type { ClientEvents } from '../../../daemon/assistant/service.ts';
import type { Session, SessionEnd, SessionListener } from '../../../daemon/assistant/session.ts';
import { SessionManager } from '../../../daemon/assistant/sessionManager.ts';
import { AppError, toWireError } from '../../../daemon/base/errors.ts';
import type { AskParams, SessionStats, SourceSpec, TimelineKind } from '../../../protocol/index.ts';
import { mediaMs } from '../../../protocol/index.ts';
import { MemoryTimeline } from '../../helpers/scriptedSession.ts';

const source: SourceSpec = { kind: 'file', path: '/talk.mp4' };
const running = new AbortController().signal;

class MemoryVideo extends MemoryTimeline implements StoredVideo {
  readonly durationMs = undefined;
  readonly videoId = 'content';
  readonly key = 'content/pack/2';
  isComplete = false;
  beginIndexing(): void {
    this.isOwned = true;
  }
  openLines() {
    return [];
  }
  markComplete(): void {
    this.isComplete = true;
  }
  isOwned = false;
  endIndexing(): void {
    this.isOwned = false;
  }
  read({ kinds }: { kinds?: readonly TimelineKind[] }) {
    return this.rows.filter(({ kind }) => kinds?.includes(kind) ?? true);
  }
  search() {
    return [];
  }
}

/** A session that stores one sentence each time `step` is called and ends when told to. */
class SteppedSession {
  readonly #listener: SessionListener;
  readonly #video: MemoryVideo;
  readonly #end = Promise.withResolvers<SessionEnd>();
  isFreed = false;
  /** What freeing waits for. */
  freed: Promise<unknown> = Promise.resolve();
  liveText: string | undefined;

  constructor(listener: SessionListener, video: MemoryVideo, signal: AbortSignal) {
    this.#listener = listener;
    this.#video = video;
    signal.addEventListener('abort', () => {
      this.#end.reject(signal.reason as Error);
    });
  }
  step(text: string): void {
    const atMs = mediaMs(this.#video.rows.length * 1000);
    this.#listener.row(
      this.#video.append({
        kind: 'guidance',
        startMs: atMs,
        endMs: atMs,
        atMs,
        text,
        silenceProbability: 0.1,
        evidence: [],
        model: 'pack',
      }),
    );
  }
  /** The video has been seen up to here. */
  see(positionMs: number): void {
    this.#video.watchedMs = mediaMs(positionMs);
    this.#listener.stats({ positionMs: mediaMs(positionMs) } as SessionStats);
  }
  end(isWhole = true): void {
    this.#end.resolve({ durationMs: mediaMs(9000), isWhole });
  }
  fail(error: Error): void {
    this.#end.reject(error);
  }
  run(): Promise<SessionEnd> {
    return this.#end.promise;
  }
  ask() {
    const { liveText } = this;
    return Promise.resolve(
      liveText === undefined ? undefined : { text: liveText, atMs: mediaMs(1000) },
    );
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.freed;
    this.isFreed = true;
  }
}

function setUp() {
  const video = new MemoryVideo();
  const sessions: SteppedSession[] = [];
  const asked: string[] = [];
  const loads = { count: 0 };
  const pack = {
    name: 'pack',
    frameRateFps: 2,
    recall: {
      name: 'pack',
      notSeenReply: 'Not seen.',
      recall: ({ question }: { question: string }) => {
        asked.push(question);
        return Promise.resolve({ text: 'app.py' });
      },
    },
    load: () => {
      loads.count++;
      return Promise.resolve({} as LoadedPack);
    },
  } as unknown as Pack;
  const library: VideoLibrary = {
    findName: () => [],
    identify: () => Promise.resolve(video.videoId),
    openVideo: () => video,
  };
  const manager = new SessionManager({
    packs: { find: () => Promise.resolve(pack) },
    library,
    createSession: (_subject, listener, { signal }) => {
      const session = new SteppedSession(listener, video, signal);
      sessions.push(session);
      return Promise.resolve(session as unknown as Session & AsyncDisposable);
    },
    doctor: () => Promise.resolve({ version: '1', checks: [] }),
    reportFailure: toWireError,
    resources: { [Symbol.asyncDispose]: () => Promise.resolve() },
  });
  return { manager, video, sessions, asked, loads, pack, library };
}

/** A client that remembers what it was told. */
function newClient() {
  const events: string[] = [];
  const ended = Promise.withResolvers<string>();
  const client: ClientEvents = {
    timelineRow: (_id, row) => {
      events.push('text' in row ? row.text : row.kind);
    },
    sessionStats: () => undefined,
    sessionState: (_id, state, error) => {
      ended.resolve(error ? `${state} ${error.code}` : state);
    },
    answerDelta: () => undefined,
    drained: () => Promise.resolve(),
    watchProgress: () => undefined,
    workProgress: (_source, { message, done }) => {
      events.push(`${message} ${Math.round(100 * done)}%`);
    },
  };
  return { client, events, ended: ended.promise };
}

const start = (manager: SessionManager, client: ClientEvents, clientSignal = running) =>
  manager.startSession({ source, options: {} }, client, { signal: running, clientSignal });

/** Two turns of the event loop: the answer to a request, then the events behind it. */
const settle = async () => {
  await setImmediate();
  await setImmediate();
};

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
    expect(row).toMatchObject({ text: 'app.py', abstained: false });
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
    expect(answer.text).toBe('app.py');
    expect(video.isComplete).toBe(false);
    expect(sessions).toHaveLength(1);
  });
});

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
    await expect(answer).resolves.toMatchObject({ text: 'app.py', abstained: false });
    expect(asked).toEqual([question]);
  });

  it('asks inside the stream while it runs', async () => {
    const { manager, sessions, asked } = setUp();
    const { client } = newClient();
    await start(manager, client);
    await settle();
    sessions[0]?.step('one');
    sessions[0]?.step('two');
    sessions[0]!.liveText = 'two';
    const now = { source, question: 'What is there now?' };
    const live = await manager.ask(now, client, { signal: running });
    expect(live).toMatchObject({ text: 'two', atMs: 1000 });
    expect(asked).toEqual([]);
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

  it('tells a question and its answer to all who follow the video', async () => {
    const { manager, sessions } = setUp();
    const [first, second] = [newClient(), newClient()];
    await start(manager, first.client);
    await start(manager, second.client);
    await settle();
    sessions[0]?.step('Opened app.py.');
    sessions[0]!.liveText = 'app.py';
    const asked = { source, question: 'Which file is open?' };
    await manager.ask(asked, newClient().client, { signal: running });
    const told = ['Opened app.py.', 'Which file is open?', 'app.py'];
    expect(first.events).toEqual(told);
    expect(second.events).toEqual(told);
  });

  it('tells how far a summary has come', async () => {
    const { manager, video } = setUp();
    video.isComplete = true;
    const { client, events } = newClient();
    await manager.summarize({ source }, client, { signal: running });
    expect(events).toEqual(['Summarizing 0%', 'Summarizing 100%']);
  });
});
