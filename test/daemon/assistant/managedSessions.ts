/** A session manager with doubles around it: a video in memory, sessions that the test drives, clients that remember. */
import { setImmediate } from 'node:timers/promises';
import type {
  LoadedPack,
  Pack,
  StoredVideo,
  VideoLibrary,
} from '../../../daemon/assistant/collaborators.ts';
import { defaultPrompts } from '../../../daemon/assistant/prompts.ts';
import type { ClientEvents } from '../../../daemon/assistant/service.ts';
import type { Session, SessionEnd, SessionListener } from '../../../daemon/assistant/session.ts';
import { SessionManager } from '../../../daemon/assistant/sessionManager.ts';
import { toWireError } from '../../../daemon/base/errors.ts';
import { CodeReader } from '../../../daemon/code/codeReader.ts';
import type { RecallRequest } from '../../../daemon/llm/recall.ts';
import type { FindRequest, FoundMoment } from '../../../daemon/timeline/momentSearch.ts';
import type { LineAt } from '../../../daemon/timeline/screenLines.ts';
import type {
  CueRow,
  Manner,
  NewRow,
  SessionStats,
  FileSource,
  LiveFacts,
  StartSessionResult,
  TimelineKind,
} from '../../../protocol/index.ts';
import { mediaMs } from '../../../protocol/index.ts';
import { MemoryTimeline } from '../../helpers/scriptedSession.ts';

export const source: FileSource = { kind: 'file', path: '/talk.mp4' };
/** Never aborted. */
export const running: AbortSignal = new AbortController().signal;

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
  addCaptions(cues: readonly NewRow<CueRow>[]): void {
    if (this.rows.every(({ kind }) => kind !== 'cue')) this.appendAll(cues);
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
  changeChapter(): never {
    throw new Error('no chapters are made here');
  }
  linesAt(): LineAt[] {
    return this.standing;
  }
  /** What stands on screen at every moment. */
  standing: LineAt[] = [];
  find({ query }: FindRequest): FoundMoment[] {
    return this.rows.flatMap((row) => {
      if (!('text' in row) || !row.text.includes(query)) return [];
      const { id: rowId, kind, text, startMs, endMs } = row;
      const parts = { words: 1, coverage: 1, literal: 1 };
      const video = { videoId: this.videoId, ...(this.path ? { path: this.path } : {}) };
      return [{ rowId, kind, text, startMs, endMs, score: 3, parts, video }];
    });
  }
  live: LiveFacts | undefined;
  beginLive(facts: LiveFacts): void {
    this.live = facts;
  }
  settle(): void {
    if (this.watchedMs !== undefined) this.isComplete = true;
    this.isOwned = false;
  }
  path: string | undefined;
  rememberPath(path: string): void {
    this.path = path;
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
  /** Every change of manner, in order. */
  readonly manners: Manner[] = [];
  adjust(manner: Manner): void {
    this.manners.push(manner);
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
  async [Symbol.asyncDispose](): Promise<void> {
    await this.freed;
    this.isFreed = true;
  }
}

/** @returns the manager, and what it was given */
export function setUp() {
  const video = new MemoryVideo();
  const sessions: SteppedSession[] = [];
  const asked: string[] = [];
  const loads = { count: 0 };
  const pack = {
    name: 'pack',
    ...{ frameRateFps: 2, silenceThreshold: 0.5 },
    recall: {
      name: 'pack',
      notSeenReply: 'Not seen.',
      limits: { maxRows: 24, order: 'time' },
      prompts: defaultPrompts,
      recall: ({ question }: RecallRequest) => {
        asked.push(question);
        return Promise.resolve({ rows: [0], shares: [1], text: 'Opened app.py.', notSeen: 0 });
      },
    },
    load: () => {
      loads.count++;
      return Promise.resolve({} as LoadedPack);
    },
  } as unknown as Pack;
  const library: VideoLibrary = {
    findName: () => [],
    find: (request) => video.find(request),
    captionsOf: () => Promise.resolve([]),
    identify: () => Promise.resolve(video.videoId),
    openVideo: () => video,
    openKept: () => ({ video, frameRateFps: 2 }),
    listKept: () => [],
    deleteKept: () => Promise.resolve(),
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
    listSounds: () => Promise.resolve({ microphones: [], isMachineHeard: false }),
    listScreens: () => Promise.resolve({ parts: [], notices: [] }),
    pictureAt: () => Promise.resolve(undefined),
    code: new CodeReader({ judge: () => Promise.resolve({ parses: true, errorShare: 0 }) }),
    reportFailure: toWireError,
    resources: { [Symbol.asyncDispose]: () => Promise.resolve() },
  });
  return { manager, video, sessions, asked, loads, pack, library };
}

/** A client that remembers what it was told. */
export function newClient() {
  const events: string[] = [];
  /** How many events there were when the stored rows had been told. */
  const replays: number[] = [];
  const ended = Promise.withResolvers<string>();
  const client: ClientEvents = {
    timelineRow: (_id, row) => {
      events.push('text' in row ? row.text : row.kind);
    },
    sessionReplayed: () => {
      replays.push(events.length);
    },
    sessionStats: () => undefined,
    liveCondition: (_id, { state }) => {
      events.push(state);
    },
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
  return { client, events, replays, ended: ended.promise };
}

export const start = (
  manager: SessionManager,
  client: ClientEvents,
  clientSignal: AbortSignal = running,
): Promise<StartSessionResult> =>
  manager.startSession({ source, options: {} }, client, { signal: running, clientSignal });

/** Two turns of the event loop: the answer to a request, then the events behind it. */
export const settle = async (): Promise<void> => {
  await setImmediate();
  await setImmediate();
};
