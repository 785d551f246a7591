import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { LoadedPack, Pack, StoredVideo } from '../../../daemon/assistant/collaborators.ts';
import type { ClientEvents } from '../../../daemon/assistant/service.ts';
import type { Session, SessionEnd, SessionListener } from '../../../daemon/assistant/session.ts';
import { SessionManager } from '../../../daemon/assistant/sessionManager.ts';
import { AppError, toWireError } from '../../../daemon/base/errors.ts';
import type { SourceSpec } from '../../../protocol/index.ts';
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
  read() {
    return this.rows;
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
  const manager = new SessionManager({
    packs: { find: () => Promise.resolve(pack) },
    library: {
      findName: () => [],
      identify: () => Promise.resolve(video.videoId),
      openVideo: () => video,
    },
    createSession: (_subject, listener, { signal }) => {
      const session = new SteppedSession(listener, video, signal);
      sessions.push(session);
      return Promise.resolve(session as unknown as Session & AsyncDisposable);
    },
    doctor: () => Promise.resolve({ version: '1', checks: [] }),
    reportFailure: toWireError,
    resources: { [Symbol.asyncDispose]: () => Promise.resolve() },
  });
  return { manager, video, sessions, asked, loads };
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

  it('says so when a session is not there', async () => {
    const { manager } = setUp();
    await expect(manager.stopSession('none')).rejects.toMatchObject({ code: 'session.notFound' });
  });
});
