/** Many videos, one model: which are being watched, who follows each, and what a question about one needs first. */
import { randomUUID } from 'node:crypto';
import type {
  AnswerRow,
  AskParams,
  DoctorReport,
  MediaMs,
  ReadTimelineParams,
  SessionOptions,
  SessionState,
  SourceSpec,
  StartSessionParams,
  StartSessionResult,
  SummarizeParams,
  SummaryRow,
  TimelineRow,
  WireError,
} from '../../protocol/index.ts';
import type { Stretch } from '../timeline/nameSearch.ts';
import { AppError, isCancellation } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import type { LoadedPack, PackLoader, StoredVideo, VideoLibrary } from './collaborators.ts';
import { answerQuestion, type AskedQuestion, type RecallOptions } from './questionAnswering.ts';
import type { ClientEvents, DaemonService } from './service.ts';
import type { Session, SessionListener } from './session.ts';
import { defaultPrompts } from './prompts.ts';
import { summarize } from './summarizer.ts';
import { Watching } from './watching.ts';

/** A video together with the pack that watches it: what a request is about. */
export interface Subject {
  readonly source: SourceSpec;
  readonly options: SessionOptions;
  readonly pack: LoadedPack;
  readonly video: StoredVideo;
}

export interface SessionManagerParts {
  readonly packs: PackLoader;
  readonly library: VideoLibrary;
  readonly createSession: (
    subject: Subject,
    listener: SessionListener,
    options: { signal: AbortSignal },
  ) => Promise<Session & AsyncDisposable>;
  readonly doctor: (options: { signal: AbortSignal }) => Promise<DoctorReport>;
  /** Logs bugs; gives what may travel to a client. */
  readonly reportFailure: (error: unknown) => WireError;
  /** What all of this rests on; freed after the last session. */
  readonly resources: AsyncDisposable;
}

/** Stored rows that are told before the client is waited for. */
const replayPage = 1000;

/** Someone who is told the rows of a video. */
interface Follower extends SessionListener {
  /** Resolves when what was told so far has been taken. */
  drained(): Promise<void>;
}

const silent = { row: () => undefined, drained: () => Promise.resolve() };

export class SessionManager implements DaemonService {
  readonly #parts: SessionManagerParts;
  /** What is being watched, by the key of its stored video. */
  readonly #watching = new Map<string, Watching>();
  readonly #sessions = new Map<string, AbortController>();

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
    const { videoId, isComplete } = subject.video;
    const sessionId = randomUUID();
    // The answer to this request must reach the client before the first event does.
    setImmediate(() => void this.#serve(sessionId, subject, client, clientSignal));
    return { sessionId, videoId, isIndexed: isComplete };
  }

  stopSession(sessionId: string): Promise<void> {
    const controller = this.#sessions.get(sessionId);
    if (!controller) return Promise.reject(new AppError('session.notFound'));
    controller.abort();
    return Promise.resolve();
  }

  async ask(
    { source, question, atMs, requestId, options = {} }: AskParams,
    client: ClientEvents,
    { signal }: { signal: AbortSignal },
  ): Promise<AnswerRow> {
    const subject = await this.#open(source, options, signal);
    const streaming = {
      signal,
      onText: (text: string) => {
        if (requestId !== undefined) client.answerDelta(requestId, text);
      },
    };
    if (atMs === undefined) {
      const live = await this.#watching.get(subject.video.key)?.ask(question, streaming);
      if (live) {
        const { atMs: seenMs, text } = live;
        return recall(subject, { text: question, atMs: seenMs, liveText: text }, { signal });
      }
    }
    await this.#watchFirst(subject, client, atMs, signal);
    const asked = { text: question, ...(atMs === undefined ? {} : { atMs }) };
    return recall(subject, asked, streaming);
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
    return summarize(
      range,
      {
        timeline: video,
        model: pack.recall,
        summaryPrompt: pack.summaryPrompt ?? defaultPrompts.summary,
        isDemonstration: pack.isDemonstration,
      },
      { signal },
    );
  }

  async readTimeline(
    { source, kinds, fromMs, toMs }: ReadTimelineParams,
    { signal }: { signal: AbortSignal },
  ): Promise<readonly TimelineRow[]> {
    const { video } = await this.#open(source, {}, signal);
    return video.read({
      ...(kinds ? { kinds } : {}),
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(toMs === undefined ? {} : { toMs }),
    });
  }

  findName(videoId: string, name: string): readonly Stretch[] {
    return this.#parts.library.findName(videoId, name);
  }

  doctor(options: { signal: AbortSignal }): Promise<DoctorReport> {
    return this.#parts.doctor(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#watching.values()].map((watching) => watching.stop()));
    await this.#parts.resources[Symbol.asyncDispose]();
  }

  async #open(source: SourceSpec, options: SessionOptions, signal: AbortSignal): Promise<Subject> {
    const { library, packs } = this.#parts;
    const videoId = await library.identify(source, { signal });
    const pack = await packs.load(options.model, { signal });
    const video = library.openVideo(videoId, pack, options);
    return { source, options, pack, video };
  }

  /** Tells a client every row of a video, stored or new, and how it ended. */
  async #serve(
    sessionId: string,
    subject: Subject,
    client: ClientEvents,
    clientSignal: AbortSignal,
  ): Promise<void> {
    using controller = childController(clientSignal);
    this.#sessions.set(sessionId, controller);
    const listener: Follower = {
      row: (row) => {
        client.timelineRow(sessionId, row);
      },
      drained: () => client.drained(),
      stats: (stats) => {
        client.sessionStats(sessionId, stats);
      },
    };
    let state: SessionState = 'finished';
    let failure: WireError | undefined;
    try {
      await this.#follow(subject, listener, controller.signal);
    } catch (error) {
      state = isCancellation(error) ? 'stopped' : 'failed';
      if (state === 'failed') failure = this.#parts.reportFailure(error);
    } finally {
      this.#sessions.delete(sessionId);
    }
    client.sessionState(sessionId, state, failure);
  }

  /** Sees to it that a question up to `untilMs` can be answered from the stored timeline. */
  async #watchFirst(
    subject: Subject,
    client: ClientEvents,
    untilMs: MediaMs | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (subject.video.isComplete) return;
    // Somebody who watches at the video's own pace is not waited for longer than the question needs.
    const enoughMs = this.#watching.has(subject.video.key) ? untilMs : undefined;
    using enough = childController(signal);
    const listener: Follower = {
      ...silent,
      stats: ({ positionMs, durationMs }) => {
        client.watchProgress(subject.source, positionMs, durationMs);
        if (enoughMs !== undefined && positionMs > enoughMs) enough.abort();
      },
    };
    try {
      await this.#follow(subject, listener, enough.signal);
    } catch (error) {
      if (!enough.signal.aborted || signal.aborted) throw error;
    }
  }

  /** Tells the stored rows, then the coming ones until the video was watched to its end. */
  async #follow(subject: Subject, listener: Follower, signal: AbortSignal): Promise<void> {
    const { video } = subject;
    const watching = await this.#watch(subject, signal);
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
      },
      { signal },
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
    await following;
  }

  /** What watches the video now, if it is not complete. */
  async #watch(subject: Subject, signal: AbortSignal): Promise<Watching | undefined> {
    const { video } = subject;
    let running = this.#watching.get(video.key);
    while (running?.isStopping) {
      await running.ended();
      running = this.#watching.get(video.key);
    }
    signal.throwIfAborted();
    if (running || video.isComplete) return running;
    video.beginIndexing();
    const watching = new Watching(
      (listener, options) => this.#parts.createSession(subject, listener, options),
      (end) => {
        this.#watching.delete(video.key);
        if (end?.isWhole) video.markComplete(end.durationMs);
        else video.endIndexing();
      },
    );
    this.#watching.set(video.key, watching);
    return watching;
  }
}

function recall(
  { video, pack }: Subject,
  asked: AskedQuestion,
  options: RecallOptions,
): Promise<AnswerRow> {
  return answerQuestion(asked, { timeline: video, model: pack.recall }, options);
}
