/** Many videos, one model: which are being watched, who follows each, and what a question about one needs first. */
import { randomUUID } from 'node:crypto';
import type {
  AdjustSessionParams,
  AnswerRow,
  AskParams,
  CodeAtMoment,
  FileSource,
  KeptSession,
  MediaMs,
  ReadCodeParams,
  ReadScreenParams,
  ReadTimelineParams,
  ScreenLineAt,
  SearchHit,
  SearchParams,
  SessionOptions,
  SessionState,
  SourceSpec,
  StartSessionParams,
  StartSessionResult,
  StoredSource,
  SummarizeParams,
  SummaryRow,
  TimelineRow,
  WireError,
} from '../../protocol/index.ts';
import { isLive } from '../../protocol/index.ts';
import type { Stretch } from '../timeline/nameSearch.ts';
import { systemClock } from '../base/clock.ts';
import { AppError, isCancellation } from '../base/errors.ts';
import type { CodeReader } from '../code/codeReader.ts';
import { childController } from '../base/lifetime.ts';
import { liveName } from '../media/liveName.ts';
import {
  watchedWith,
  type PackFinder,
  type StoredVideo,
  type Subject,
  type VideoLibrary,
} from './collaborators.ts';
import { answerQuestion, type AskedQuestion, type Proposal } from './questionAnswering.ts';
import { neededUntil, scopeOf } from './questionScope.ts';
import type { RecallOptions } from './recall.ts';
import { readCodeScreen } from './codeAt.ts';
import { readScreenAt, settledAt } from './screenAt.ts';
import type { ClientEvents, DaemonService } from './service.ts';
import { summarize } from './summarizer.ts';
import { readThread } from './thread.ts';
import { LiveWatchings } from './liveWatchings.ts';
import { Watching, type OwnedSession, type WatchListener } from './watching.ts';

export interface SessionManagerParts {
  readonly packs: PackFinder;
  readonly library: VideoLibrary;
  readonly createSession: (
    subject: Subject,
    listener: WatchListener,
    options: { signal: AbortSignal },
  ) => Promise<OwnedSession>;
  readonly doctor: DaemonService['doctor'];
  readonly listScreens: DaemonService['listScreens'];
  /** What was on screen at a moment; undefined where that cannot be shown again. */
  readonly pictureAt: (
    source: StoredSource,
    atMs: MediaMs,
    options: { signal: AbortSignal },
  ) => Promise<Buffer | undefined>;
  readonly listSounds: DaemonService['listSounds'];
  /** Finds the code among the lines of a screen. */
  readonly code: Pick<CodeReader, 'read'>;
  /** Takes what only someone who looks for a fault wants to know. */
  readonly debug?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Logs bugs; gives what may travel to a client. */
  readonly reportFailure: (error: unknown) => WireError;
  /** What all of this rests on; freed after the last session. */
  readonly resources: AsyncDisposable;
}

/** Ended sessions that are known as such. A client asks for one within seconds of its end, if at all. */
const mostEnded = 1000;
/** Stored rows that are told before the client is waited for. */
const replayPage = 1000;

/** A window that is reloaded is back within seconds; on a busy machine it takes half a minute. */
const liveLingerMs = 45_000;

/** Moments that a search tells when it is not said how many are wanted. */
const usualHits = 20;

/** Someone who is told the rows of a video. */
interface Follower extends WatchListener {
  /** Resolves when what was told so far has been taken. */
  drained(): Promise<void>;
  /** The stored rows have been told. */
  replayed(): void;
}

const silent = {
  row: () => undefined,
  replayed: () => undefined,
  drained: () => Promise.resolve(),
};

export class SessionManager implements DaemonService {
  readonly #parts: SessionManagerParts;
  /** What is being watched, by the key of its stored video. */
  readonly #watching = new Map<string, Watching>();
  readonly #live = new LiveWatchings();
  readonly #sessions = new Map<
    string,
    { readonly controller: AbortController; readonly key: string }
  >();
  /** Ids of sessions that have ended, newest last. */
  readonly #ended = new Set<string>();

  constructor(parts: SessionManagerParts) {
    this.#parts = parts;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  async startSession(
    { source, options }: StartSessionParams,
    client: ClientEvents,
    { signal, clientSignal }: { signal: AbortSignal; clientSignal: AbortSignal },
  ): Promise<StartSessionResult> {
    const subject = await this.#open(source, options, signal);
    const { videoId, isComplete, live } = subject.video;
    // What is wrong with the model is told as the answer. A replay needs none.
    if (!isComplete && source.kind !== 'kept') await subject.pack.load({ signal });
    const sessionId = randomUUID();
    // The answer to this request must reach the client before the first event does.
    setImmediate(() => void this.#serve(sessionId, subject, client, clientSignal));
    const name = isLive(source) ? liveName(source) : live?.name;
    const started = {
      ...(live ? { startedMs: live.startedMs } : {}),
      ...(name === undefined ? {} : { name }),
    };
    const { silenceThreshold } = watchedWith(options, subject.pack);
    return { sessionId, videoId, isIndexed: isComplete, silenceThreshold, ...started };
  }

  stopSession(sessionId: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (!session && !this.#ended.has(sessionId)) {
      return Promise.reject(new AppError('session.notFound'));
    }
    session?.controller.abort();
    return Promise.resolve();
  }

  pauseSession(sessionId: string, isPaused: boolean): void {
    this.#watchingOf(sessionId)?.setPaused(isPaused);
  }

  adjustSession({ sessionId, ...manner }: AdjustSessionParams): void {
    this.#watchingOf(sessionId)?.adjust(manner);
  }

  /** What watches for a session, if anything does any more. @throws AppError session.notFound */
  #watchingOf(sessionId: string): Watching | undefined {
    const session = this.#sessions.get(sessionId);
    if (!session && !this.#ended.has(sessionId)) throw new AppError('session.notFound');
    return session && this.#watching.get(session.key);
  }

  async ask(
    params: AskParams,
    client: ClientEvents,
    { signal }: { signal: AbortSignal },
  ): Promise<AnswerRow> {
    const { source, question: text, requestId, options = {} } = params;
    const subject = await this.#open(source, options, signal);
    const watching = this.#watching.get(subject.video.key);
    const scope = scopeOf(params);
    const streaming = {
      signal,
      onText: (words: string) => {
        if (requestId !== undefined) client.answerDelta(requestId, words);
      },
    };
    if (Object.keys(scope).length === 0 && watching?.positionMs !== undefined) {
      // What was seen so far is all there is, and the stream goes on meanwhile.
      return this.#recall(subject, { text, atMs: watching.positionMs }, streaming);
    }
    // Nobody should wait for a whole video to hear that.
    if (scope.followUpOf !== undefined) readThread(subject.video, scope.followUpOf);
    const untilMs = neededUntil(scope, { isWatched: watching !== undefined });
    await this.#watchFirst(subject, client, untilMs, signal);
    return this.#recall(subject, { text, ...scope }, streaming);
  }

  async summarize(
    { source, fromMs, toMs, options = {} }: SummarizeParams,
    client: ClientEvents,
    { signal }: { signal: AbortSignal },
  ): Promise<SummaryRow> {
    const subject = await this.#open(source, options, signal);
    await this.#watchFirst(subject, client, toMs, signal);
    const range = {
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(toMs === undefined ? {} : { toMs }),
    };
    const { video, pack } = subject;
    const summary = await summarize(
      range,
      {
        timeline: video,
        model: pack.recall,
        isDemonstration: pack.isDemonstration,
      },
      {
        signal,
        onProgress: (done, total) => {
          client.workProgress(source, { message: 'Summarizing', done: done / total });
        },
      },
    );
    this.#tellFollowers(video, summary);
    return summary;
  }

  async readTimeline(
    { source, kinds, fromMs, toMs, options = {} }: ReadTimelineParams,
    { signal }: { signal: AbortSignal },
  ): Promise<readonly TimelineRow[]> {
    const { video } = await this.#open(source, options, signal);
    return video.read({
      ...(kinds ? { kinds } : {}),
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(toMs === undefined ? {} : { toMs }),
    });
  }

  async readScreen(
    { source, atMs, region, options = {} }: ReadScreenParams,
    client: ClientEvents,
    { signal }: { signal: AbortSignal },
  ): Promise<readonly ScreenLineAt[]> {
    const subject = await this.#open(source, options, signal);
    const { frameRateFps } = watchedWith(options, subject.pack);
    await this.#watchFirst(subject, client, settledAt(atMs, frameRateFps), signal);
    return readScreenAt(subject.video, { atMs, region }, { frameRateFps });
  }

  async readCode(
    { source, atMs, region = 'editor', options = {} }: ReadCodeParams,
    client: ClientEvents,
    { signal }: { signal: AbortSignal },
  ): Promise<CodeAtMoment> {
    const subject = await this.#open(source, options, signal);
    const { frameRateFps } = watchedWith(options, subject.pack);
    await this.#watchFirst(subject, client, settledAt(atMs, frameRateFps), signal);
    const screen = readCodeScreen(subject.video, atMs, { frameRateFps });
    return this.#parts.code.read(screen, region, { signal });
  }

  async search(
    { query, source, kinds, limit = usualHits, options = {} }: SearchParams,
    client: ClientEvents,
    { signal }: { signal: AbortSignal },
  ): Promise<readonly SearchHit[]> {
    const request = { query, limit, ...(kinds ? { kinds } : {}) };
    if (!source) return this.#parts.library.find(request);
    const subject = await this.#open(source, options, signal);
    // What is being watched is searched as far as it was seen.
    const isWatched = this.#watching.has(subject.video.key);
    if (!isWatched) await this.#watchFirst(subject, client, undefined, signal);
    return subject.video.find(request);
  }

  listKept(): readonly KeptSession[] {
    return this.#parts.library.listKept();
  }

  deleteKept(videoId: string): Promise<void> {
    return this.#parts.library.deleteKept(videoId);
  }

  readonly listScreens: DaemonService['listScreens'] = (display, options) =>
    this.#parts.listScreens(display, options);

  readonly listSounds: DaemonService['listSounds'] = (options) => this.#parts.listSounds(options);

  findName(videoId: string, name: string): readonly Stretch[] {
    return this.#parts.library.findName(videoId, name);
  }

  readonly doctor: DaemonService['doctor'] = (params, options) =>
    this.#parts.doctor(params, options);

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#watching.values()].map((watching) => watching.stop()));
    await this.#parts.resources[Symbol.asyncDispose]();
  }

  async #open<Source extends SourceSpec>(
    source: Source,
    options: SessionOptions,
    signal: AbortSignal,
  ): Promise<Subject<Source>> {
    const { library, packs } = this.#parts;
    if (source.kind === 'kept') {
      const { videoId } = source;
      const { video, frameRateFps } = this.#live.find(videoId) ?? library.openKept(videoId);
      // The daemon that watched it may have been killed.
      if (!this.#watching.has(video.key)) video.settle();
      const pack = await packs.find(options.model, { key: options.modelKey, signal });
      return { source, options: { ...options, frameRateFps }, pack, video };
    }
    const videoId = await library.identify(source, { signal });
    const pack = await packs.find(options.model, { key: options.modelKey, signal });
    const video = library.openVideo(videoId, pack, options);
    if (source.kind === 'file') {
      video.rememberPath(source.path);
      if (video.isComplete) await this.#joinCaptions(source, video, signal);
    }
    return { source, options, pack, video };
  }

  /** A video that was watched before may have got captions since. */
  async #joinCaptions(source: FileSource, video: StoredVideo, signal: AbortSignal): Promise<void> {
    const cues = await this.#parts.library.captionsOf(source, { signal });
    if (cues.length > 0) video.addCaptions(cues.map((cue) => ({ kind: 'cue', ...cue })));
  }

  /** Tells a client every row of a video, stored or new, and how it ended. */
  async #serve(
    sessionId: string,
    subject: Subject,
    client: ClientEvents,
    clientSignal: AbortSignal,
  ): Promise<void> {
    using controller = childController(clientSignal);
    this.#sessions.set(sessionId, { controller, key: subject.video.key });
    const listener: Follower = {
      row: (row) => {
        client.timelineRow(sessionId, row);
      },
      drained: () => client.drained(),
      replayed: () => {
        client.sessionReplayed(sessionId);
      },
      stats: (stats) => {
        client.sessionStats(sessionId, stats);
      },
      condition: (condition) => {
        client.liveCondition(sessionId, condition);
      },
    };
    let state: SessionState = 'finished';
    let failure: WireError | undefined;
    try {
      await this.#follow(subject, listener, controller.signal, () => clientSignal.aborted);
    } catch (error) {
      state = isCancellation(error) ? 'stopped' : 'failed';
      if (state === 'failed') failure = this.#parts.reportFailure(error);
    } finally {
      this.#sessions.delete(sessionId);
      this.#rememberEnded(sessionId);
    }
    client.sessionState(sessionId, state, failure);
  }

  #rememberEnded(sessionId: string): void {
    this.#ended.add(sessionId);
    if (this.#ended.size <= mostEnded) return;
    const [oldest] = this.#ended;
    if (oldest !== undefined) this.#ended.delete(oldest);
  }

  /** Who follows a video that is being watched hears what others ask about it. A session that has ended tells nothing more. */
  #tellFollowers(video: StoredVideo, row: TimelineRow): void {
    this.#watching.get(video.key)?.row(row);
  }

  /** Answers from stored rows. */
  #recall(
    { source, video, pack }: Subject<StoredSource>,
    asked: AskedQuestion,
    options: RecallOptions,
  ): Promise<AnswerRow> {
    const onRow = (row: TimelineRow): void => {
      this.#tellFollowers(video, row);
    };
    const onProposal = ({ rows, named, notSeen }: Proposal): void => {
      const proposed = rows.map(({ row, score, parts }) => ({ rowId: row.id, score, ...parts }));
      this.#parts.debug?.('rows proposed for a question', { notSeen, named, proposed });
    };
    const pictureAt = (atMs: MediaMs, scope: { signal: AbortSignal }) =>
      this.#parts.pictureAt(source, atMs, scope);
    const parts = { timeline: video, model: pack.recall, pictureAt, onRow, onProposal };
    return answerQuestion(asked, parts, options);
  }

  /** Sees to it that what was seen up to `untilMs`, or to the end, can be answered from the stored timeline. */
  async #watchFirst(
    subject: Subject<StoredSource>,
    client: ClientEvents,
    untilMs: MediaMs | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { isComplete, watchedMs = -1 } = subject.video;
    // What is live was seen as far as it went: nobody waits for more.
    if (
      isComplete ||
      subject.source.kind === 'kept' ||
      (untilMs !== undefined && watchedMs > untilMs)
    )
      return;
    using enough = childController(signal);
    const listener: Follower = {
      ...silent,
      stats: ({ positionMs, durationMs }) => {
        client.watchProgress(subject.source, positionMs, durationMs);
        if (untilMs !== undefined && positionMs > untilMs) enough.abort();
      },
    };
    try {
      await this.#follow(subject, listener, enough.signal);
    } catch (error) {
      if (!enough.signal.aborted || signal.aborted) throw error;
    }
  }

  /** Tells the stored rows, then the coming ones until the video was watched to its end. */
  async #follow(
    subject: Subject,
    listener: Follower,
    signal: AbortSignal,
    isLost: () => boolean = () => false,
  ): Promise<void> {
    const { video } = subject;
    const watching = await this.#watch(subject, signal);
    watching?.adjust(subject.options);
    const waiting: TimelineRow[] = [];
    let isReplaying = true;
    const following = watching?.follow(
      {
        row: (row) => {
          if (isReplaying) waiting.push(row);
          else listener.row(row);
        },
        stats: (stats) => {
          listener.stats(stats);
        },
        condition: (condition) => listener.condition?.(condition),
      },
      { signal, isLost },
    );
    // Its failure is awaited below, after the rows that came before it.
    following?.catch(() => undefined);
    const stored = video.read({});
    for (const [index, row] of stored.entries()) {
      if (index % replayPage === replayPage - 1) await listener.drained();
      signal.throwIfAborted();
      listener.row(row);
    }
    for (const row of waiting) listener.row(row);
    isReplaying = false;
    listener.replayed();
    await following;
  }

  /** What watches the video now, if it is not complete. */
  async #watch(subject: Subject, signal: AbortSignal): Promise<Watching | undefined> {
    const { video, source } = subject;
    let running = this.#watching.get(video.key);
    while (running?.isStopping) {
      await running.ended();
      running = this.#watching.get(video.key);
    }
    signal.throwIfAborted();
    if (running || video.isComplete || source.kind === 'kept') return running;
    video.beginIndexing();
    const { frameRateFps } = watchedWith(subject.options, subject.pack);
    this.#live.begin(source, { video, frameRateFps });
    const watching = new Watching(
      (listener, options) => this.#parts.createSession(subject, listener, options),
      (end, error) => {
        this.#watching.delete(video.key);
        this.#live.end(video, error);
        if (end?.isWhole) video.markComplete(end.durationMs);
        else if (isLive(source)) video.settle();
        else video.endIndexing();
      },
      { lingerMs: isLive(source) ? liveLingerMs : 0, clock: systemClock },
    );
    this.#watching.set(video.key, watching);
    return watching;
  }
}
