/** What one client is told: in order, not before the answer that announces it, and no more often than a person can see. */
import type {
  GpuLibraryProgress,
  LeavingReason,
  LiveCondition,
  MediaInfo,
  MediaMs,
  ModelProgress,
  NotificationMethod,
  SessionState,
  SessionStats,
  StoredSource,
  TimelineRow,
  WireError,
} from '../protocol/index.ts';
import {
  answerDelta,
  gpuLibraryProgress,
  leaving,
  liveCondition,
  mediaChanged,
  modelProgress,
  sessionReplayed,
  sessionState,
  sessionStats,
  sourceKey,
  timelineRow,
  watchProgress,
} from '../protocol/index.ts';
import type { ClientEvents } from './assistant/service.ts';
import type { Clock } from './base/clock.ts';
import { Throttle, type Pace } from './throttle.ts';
import { WorkDone, type WorkDoneToken } from './workDone.ts';

/** Newest only, four times a second. */
const newestOnly = <Value>(): Pace<Value> => ({
  intervalMs: 250,
  join: (_before, newest) => newest,
});
/** Words of an answer are joined to twenty messages a second. */
const deltaIntervalMs = 50;
/** A client that does not read what it is sent is let go when this many messages wait for it. */
const maxUnsentMessages = 100_000;

export interface OutboxOptions {
  /** Sends one notification and resolves when it is written; must keep the order of calls and must not throw. */
  readonly send: <Params>(method: NotificationMethod<Params>, params: Params) => Promise<void>;
  /** Called when too many messages wait for a client that does not read; the caller lets it go. */
  readonly onUnread: () => void;
  readonly clock: Clock;
  /** Aborted when the client has left; nothing is sent afterwards. */
  readonly signal: AbortSignal;
}

/** The `ClientEvents` of one connection. */
export class Outbox implements ClientEvents {
  readonly #options: OutboxOptions;
  /** Sessions whose start is not answered yet, with what waits for it. */
  readonly #held = new Map<string, (() => void)[]>();
  readonly #announced = new Set<string>();
  readonly #stats = new Map<string, Throttle<SessionStats>>();
  readonly #deltas = new Map<string, Throttle<string>>();
  readonly #progress = new Map<string, Throttle<WatchProgress>>();
  readonly #models = new Map<string, Throttle<ModelProgress>>();
  /** Requests whose progress is reported, by the path of the video they wait for. */
  readonly #work = new Map<string, Set<WorkDone>>();
  #unsentMessages = 0;
  readonly #waitForDrain: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => {
      this.#tellDrained();
    });
  }

  /** The client knows this session now; sends what has waited for that. */
  announce(sessionId: string): void {
    this.#announced.add(sessionId);
    const waiting = this.#held.get(sessionId) ?? [];
    this.#held.delete(sessionId);
    for (const deliver of waiting) deliver();
    this.#tellDrained();
  }

  /** Sends what is left of an answer, before the answer itself. */
  finishAnswer(requestId: string): void {
    this.#deltas.get(requestId)?.flush();
    this.#deltas.delete(requestId);
  }

  /** Sends how far watching came, before the answer that waited for it. */
  finishProgress(source: StoredSource): void {
    const key = sourceKey(source);
    this.#progress.get(key)?.flush();
    this.#progress.delete(key);
  }

  /** Reports how far the watching of a video has come as LSP's progress, until disposed. @param title of what waits for it */
  beginWork(token: WorkDoneToken, source: StoredSource, title: string): Disposable {
    const key = sourceKey(source);
    const work = new WorkDone(token, title, {
      ...this.#options,
      send: (method, params) => {
        void this.#send(method, params);
      },
    });
    const reported = this.#work.get(key) ?? new Set();
    this.#work.set(key, reported.add(work));
    return {
      [Symbol.dispose]: () => {
        reported.delete(work);
        if (reported.size === 0) this.#work.delete(key);
        work.end();
      },
    };
  }

  modelProgress(progress: ModelProgress): void {
    this.#throttle(this.#models, progress.from, (newest) => {
      void this.#send(modelProgress, newest);
    }).push(progress);
  }

  /** Sends how far an installing came, before its answer. */
  finishModel(from: string): void {
    this.#models.get(from)?.flush();
    this.#models.delete(from);
  }

  /** Tells how far the installing of a library has come; flushed before its answer. */
  gpuLibraryProgress(): Throttle<GpuLibraryProgress> {
    const send = (newest: GpuLibraryProgress): void => {
      void this.#send(gpuLibraryProgress, newest);
    };
    return new Throttle(send, newestOnly(), this.#options);
  }

  mediaChanged(source: StoredSource, media: MediaInfo): void {
    void this.#send(mediaChanged, { source, media });
  }

  /** The last thing that is told. @returns when it is written */
  leaving(reason: LeavingReason): Promise<void> {
    return this.#send(leaving, { reason });
  }

  timelineRow(sessionId: string, row: TimelineRow): void {
    this.#whenAnnounced(sessionId, () => {
      void this.#send(timelineRow, { sessionId, row });
    });
  }

  sessionReplayed(sessionId: string): void {
    this.#whenAnnounced(sessionId, () => {
      void this.#send(sessionReplayed, { sessionId });
    });
  }

  sessionStats(sessionId: string, stats: SessionStats): void {
    this.#whenAnnounced(sessionId, () => {
      this.#throttle(this.#stats, sessionId, (newest) => {
        void this.#send(sessionStats, { sessionId, stats: newest });
      }).push(stats);
    });
  }

  liveCondition(sessionId: string, condition: LiveCondition): void {
    this.#whenAnnounced(sessionId, () => {
      void this.#send(liveCondition, { sessionId, condition });
    });
  }

  sessionState(sessionId: string, state: SessionState, error?: WireError): void {
    this.#whenAnnounced(sessionId, () => {
      this.#stats.get(sessionId)?.flush();
      void this.#send(sessionState, { sessionId, state, ...(error ? { error } : {}) });
      this.#stats.delete(sessionId);
      this.#announced.delete(sessionId);
    });
  }

  answerDelta(requestId: string, text: string): void {
    const send = (joined: string): void => {
      void this.#send(answerDelta, { requestId, text: joined });
    };
    const join = (before: string, next: string): string => before + next;
    this.#throttle(this.#deltas, requestId, send, { intervalMs: deltaIntervalMs, join }).push(text);
  }

  watchProgress(source: StoredSource, positionMs: MediaMs, durationMs?: MediaMs): void {
    const key = sourceKey(source);
    this.#throttle(this.#progress, key, (newest) => {
      void this.#send(watchProgress, newest);
    }).push({ source, positionMs, ...(durationMs === undefined ? {} : { durationMs }) });
    for (const work of this.#work.get(key) ?? []) work.watched(positionMs, durationMs);
  }

  workProgress(source: StoredSource, progress: { readonly message: string; done: number }): void {
    for (const work of this.#work.get(sourceKey(source)) ?? []) work.report(progress);
  }

  drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waitForDrain.push(() => {
      resolve(undefined);
    });
    this.#tellDrained();
    return promise;
  }

  #tellDrained(): void {
    const isDrained = this.#unsentMessages === 0 && this.#held.size === 0;
    if (!isDrained && !this.#options.signal.aborted) return;
    for (const resolve of this.#waitForDrain.splice(0)) resolve();
  }

  /** @returns when it is written; never fails */
  #send<Params>(method: NotificationMethod<Params>, params: Params): Promise<void> {
    const { send, onUnread, signal } = this.#options;
    if (signal.aborted) return Promise.resolve();
    if (this.#unsentMessages >= maxUnsentMessages) {
      onUnread();
      return Promise.resolve();
    }
    this.#unsentMessages++;
    const isWritten = (): void => {
      this.#unsentMessages--;
      this.#tellDrained();
    };
    // Nothing may be awaited before this call: the order of calls is the order on the wire.
    return send(method, params).then(isWritten, isWritten);
  }

  #whenAnnounced(sessionId: string, deliver: () => void): void {
    if (this.#announced.has(sessionId)) {
      deliver();
      return;
    }
    const waiting = this.#held.get(sessionId) ?? [];
    waiting.push(deliver);
    this.#held.set(sessionId, waiting);
  }

  #throttle<Value>(
    known: Map<string, Throttle<Value>>,
    key: string,
    send: (value: Value) => void,
    pace: Pace<Value> = newestOnly(),
  ): Throttle<Value> {
    const throttle = known.get(key) ?? new Throttle(send, pace, this.#options);
    known.set(key, throttle);
    return throttle;
  }
}

interface WatchProgress {
  readonly source: StoredSource;
  readonly positionMs: MediaMs;
  readonly durationMs?: MediaMs;
}
