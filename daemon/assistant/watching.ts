/** A session that several clients may follow: events fan out, and it stops when the last follower leaves. */
import type {
  LiveCondition,
  Manner,
  MediaMs,
  SessionStats,
  TimelineRow,
} from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { toError } from '../base/errors.ts';
import type { Session, SessionEnd, SessionListener } from './session.ts';

/** Told what happens in a session, and how its source is when that is live. */
export interface WatchListener extends SessionListener {
  condition?(condition: LiveCondition): void;
}

/** A session with everything it needs. */
export type OwnedSession = Session &
  AsyncDisposable & {
    /** Of a live source: ends its capture for a while, or begins it again. */
    readonly setPaused?: (isPaused: boolean) => void;
  };

/** @param end undefined when the session did not come to its end, with the reason. */
type EndListener = (end: SessionEnd | undefined, error?: unknown) => void;

export interface WatchingOptions {
  /**
   * A watching that its last follower has lost, not left, waits so long for another one, its source paused: a window that is
   * reloaded comes back. 0 for files, which are watched again without loss.
   */
  readonly lingerMs: number;
  readonly clock: Clock;
}

export class Watching implements WatchListener {
  readonly #followers = new Set<WatchListener>();
  readonly #controller = new AbortController();
  readonly #session: Promise<OwnedSession>;
  readonly #done: Promise<void>;
  readonly #options: WatchingOptions;
  #positionMs: MediaMs | undefined;
  #condition: LiveCondition | undefined;
  /** Somebody paused it. */
  #isPaused = false;
  /** Aborted when somebody follows again; set while nobody does. */
  #lingering: AbortController | undefined;

  /**
   * Begins. @param createSession gets this object as the session's listener.
   * @param onEnd hears of the end before any follower does.
   */
  constructor(
    createSession: (
      listener: WatchListener,
      options: { signal: AbortSignal },
    ) => Promise<OwnedSession>,
    onEnd: EndListener,
    options: WatchingOptions,
  ) {
    const { signal } = this.#controller;
    this.#options = options;
    this.#session = createSession(this, { signal });
    this.#done = this.#run(onEnd);
    // Followers get the failure; without any, nobody is left to tell.
    this.#done.catch(() => undefined);
  }

  /** The last moment that was seen; undefined before the first frame of this watching. */
  get positionMs(): MediaMs | undefined {
    return this.#positionMs;
  }

  /** True once it was told to stop: it only lets go of what it holds. */
  get isStopping(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Resolves when everything is let go, however it ended. */
  async ended(): Promise<void> {
    await this.#done.catch(() => undefined);
  }

  /** Of a live source. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#applyPause();
  }

  /** Changes how the session speaks, from its next frame on. */
  adjust(manner: Manner): void {
    this.#session.then(
      (session) => {
        session.adjust(manner);
      },
      () => undefined,
    );
  }

  /**
   * Resolves when the video was watched to its end. Leaves when the signal is aborted; the last one to leave stops it.
   * @param options.isLost whether the follower went without wanting the watching to end
   */
  async follow(
    listener: WatchListener,
    { signal, isLost = () => false }: { signal: AbortSignal; isLost?: () => boolean },
  ): Promise<void> {
    this.#followers.add(listener);
    const left = Promise.withResolvers<never>();
    const onAbort = (): void => {
      left.reject(toError(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      this.#stopLingering();
      if (this.#condition) listener.condition?.(this.#condition);
      await Promise.race([this.#done, left.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#followers.delete(listener);
      const isLast = this.#followers.size === 0;
      if (isLast && this.#options.lingerMs > 0 && isLost()) this.#linger();
      else if (isLast) await this.stop();
    }
  }

  /** Stops watching and waits until everything is let go. */
  async stop(): Promise<void> {
    this.#controller.abort();
    this.#lingering?.abort();
    await this.ended();
  }

  row(row: TimelineRow): void {
    for (const follower of this.#followers) follower.row(row);
  }

  stats(stats: SessionStats): void {
    this.#positionMs = stats.positionMs;
    for (const follower of this.#followers) follower.stats(stats);
  }

  condition(condition: LiveCondition): void {
    this.#condition = condition;
    for (const follower of this.#followers) follower.condition?.(condition);
  }

  /** Nothing is captured that nobody can see being captured. */
  #linger(): void {
    const { clock, lingerMs } = this.#options;
    const lingering = new AbortController();
    this.#lingering = lingering;
    this.#applyPause();
    clock.sleep(lingerMs, { signal: lingering.signal }).then(
      () => this.stop(),
      () => undefined,
    );
  }

  #stopLingering(): void {
    if (!this.#lingering) return;
    this.#lingering.abort();
    this.#lingering = undefined;
    this.#applyPause();
  }

  #applyPause(): void {
    const isPaused = this.#isPaused || this.#lingering !== undefined;
    this.#session.then(
      (session) => session.setPaused?.(isPaused),
      () => undefined,
    );
  }

  async #run(onEnd: EndListener): Promise<void> {
    let end: SessionEnd | undefined;
    let failure: unknown;
    try {
      await using session = await this.#session;
      end = await session.run({ signal: this.#controller.signal });
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      onEnd(end, failure);
    }
  }
}
