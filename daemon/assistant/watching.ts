/** A session that several clients may follow: events fan out, and it stops when the last follower leaves. */
import type { MediaMs, SessionStats, TimelineRow } from '../../protocol/index.ts';
import { toError } from '../base/errors.ts';
import type { Session, SessionEnd, SessionListener } from './session.ts';

/** @param end undefined when the session did not come to its end. */
type EndListener = (end: SessionEnd | undefined) => void;

export class Watching implements SessionListener {
  readonly #followers = new Set<SessionListener>();
  readonly #controller = new AbortController();
  readonly #session: Promise<Session & AsyncDisposable>;
  readonly #done: Promise<void>;
  #positionMs: MediaMs | undefined;

  /**
   * Begins. @param createSession gets this object as the session's listener.
   * @param onEnd hears of the end before any follower does.
   */
  constructor(
    createSession: (
      listener: SessionListener,
      options: { signal: AbortSignal },
    ) => Promise<Session & AsyncDisposable>,
    onEnd: EndListener,
  ) {
    const { signal } = this.#controller;
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

  /** Resolves when the video was watched to its end. Leaves when the signal is aborted; the last one to leave stops it. */
  async follow(listener: SessionListener, { signal }: { signal: AbortSignal }): Promise<void> {
    this.#followers.add(listener);
    const left = Promise.withResolvers<never>();
    const onAbort = (): void => {
      left.reject(toError(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await Promise.race([this.#done, left.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#followers.delete(listener);
      if (this.#followers.size === 0) await this.stop();
    }
  }

  /** Stops watching and waits until everything is let go. */
  async stop(): Promise<void> {
    this.#controller.abort();
    await this.ended();
  }

  row(row: TimelineRow): void {
    for (const follower of this.#followers) follower.row(row);
  }

  stats(stats: SessionStats): void {
    this.#positionMs = stats.positionMs;
    for (const follower of this.#followers) follower.stats(stats);
  }

  async #run(onEnd: EndListener): Promise<void> {
    let end: SessionEnd | undefined;
    try {
      await using session = await this.#session;
      end = await session.run({ signal: this.#controller.signal });
    } finally {
      onEnd(end);
    }
  }
}
