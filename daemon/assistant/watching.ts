/** A session that several clients may follow: events fan out, and it stops when the last follower leaves. */
import type { MediaMs, SessionStats, TimelineRow } from '../../protocol/index.ts';
import { toError } from '../base/errors.ts';
import type { LiveAnswer, Session, SessionListener } from './session.ts';

export class Watching implements SessionListener {
  readonly #followers = new Set<SessionListener>();
  readonly #controller = new AbortController();
  #session: Session | undefined;
  #done: Promise<void> | undefined;

  /**
   * Begins. @param createSession gets this object as the session's listener.
   * @param onEnd hears of the end before any follower does: the video's length when it was seen to its end, else undefined.
   */
  start(
    createSession: (
      listener: SessionListener,
      options: { signal: AbortSignal },
    ) => Promise<Session & AsyncDisposable>,
    onEnd: (durationMs?: MediaMs) => void,
  ): void {
    const { signal } = this.#controller;
    const run = async (): Promise<void> => {
      let durationMs: MediaMs | undefined;
      try {
        await using session = await createSession(this, { signal });
        this.#session = session;
        durationMs = await session.run({ signal });
      } finally {
        onEnd(durationMs);
      }
    };
    this.#done = run();
    // Followers get the failure; without any, nobody is left to tell.
    this.#done.catch(() => undefined);
  }

  /** Resolves when the video was watched to its end. Leaves when the signal is aborted; the last one to leave stops it. */
  async follow(listener: SessionListener, { signal }: { signal: AbortSignal }): Promise<void> {
    signal.throwIfAborted();
    this.#followers.add(listener);
    const left = Promise.withResolvers<never>();
    const onAbort = (): void => {
      left.reject(toError(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
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
    await this.#done?.catch(() => undefined);
  }

  /** Asks in the stream. @returns undefined when there is nothing left to ask: the stored timeline answers then. */
  async ask(
    question: string,
    options: { signal: AbortSignal; onText?: (text: string) => void },
  ): Promise<LiveAnswer | undefined> {
    return this.#session?.ask(question, options);
  }

  row(row: TimelineRow): void {
    for (const follower of this.#followers) follower.row(row);
  }

  stats(stats: SessionStats): void {
    for (const follower of this.#followers) follower.stats(stats);
  }
}
