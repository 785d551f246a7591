/** A live session of the built daemon, with all that its client is told. */
import { systemClock } from '../../../daemon/base/clock.ts';
import {
  ask,
  liveCondition,
  readTimeline,
  sessionState,
  sessionStats,
  startSession,
  stopSession,
  timelineRow,
  type KeptSource,
  type LiveState,
  type SessionState,
  type SessionStats,
  type TimelineRow,
} from '../../../protocol/index.ts';
import type { DaemonRun } from '../daemonRun.ts';

const pollMs = 100;

export class LiveWatching implements Disposable {
  readonly #daemon: DaemonRun;
  readonly #sessionId: string;
  readonly #listeners: DisposableStack;
  readonly #told: Told;
  readonly source: KeptSource;

  private constructor(
    daemon: DaemonRun,
    started: { readonly sessionId: string; readonly videoId: string },
    heard: { readonly told: Told; readonly listeners: DisposableStack },
  ) {
    this.#daemon = daemon;
    this.#sessionId = started.sessionId;
    this.source = { kind: 'kept', videoId: started.videoId };
    this.#told = heard.told;
    this.#listeners = heard.listeners;
  }

  static async start(
    daemon: DaemonRun,
    url: string,
    { signal }: { signal: AbortSignal },
  ): Promise<LiveWatching> {
    const told: Told = {
      rows: [],
      positions: [],
      lags: [],
      state: undefined,
      newest: undefined,
      condition: undefined,
    };
    const listeners = new DisposableStack();
    const { connection } = daemon;
    listeners.use(connection.onNotification(timelineRow, ({ row }) => void told.rows.push(row)));
    listeners.use(
      connection.onNotification(sessionStats, ({ stats }) => {
        if (stats.positionMs !== told.newest?.stats.positionMs) {
          const frames = stats.framesSeen + stats.droppedBy.still;
          told.positions.push({ atMs: stats.positionMs, frames });
          told.lags.push(stats.lagMs);
        }
        told.newest = { stats, atMs: systemClock.monotonicMs() };
      }),
    );
    listeners.use(
      connection.onNotification(liveCondition, ({ condition }) => {
        told.condition = condition.state;
      }),
    );
    listeners.use(
      connection.onNotification(sessionState, ({ state }) => {
        told.state = state;
      }),
    );
    const params = { source: { kind: 'stream', url }, options: daemon.options } as const;
    const started = await connection.request(startSession, params, { signal });
    return new LiveWatching(daemon, started, { told, listeners });
  }

  get told(): Readonly<Told> {
    return this.#told;
  }

  /** Resolves with true when a frame was seen that is newer than those up to now, with false when none is in time. */
  async seesMore(
    { frames, withinMs }: { readonly frames: number; readonly withinMs: number },
    { signal }: { signal: AbortSignal },
  ): Promise<boolean> {
    const before = this.#told.positions.length;
    const endMs = systemClock.monotonicMs() + withinMs;
    while (this.#told.positions.length < before + frames) {
      if (this.#told.state !== undefined || systemClock.monotonicMs() > endMs) return false;
      await systemClock.sleep(pollMs, { signal });
    }
    return true;
  }

  /** Resolves with whether the source was told to be so in time. */
  async isToldTo(
    be: LiveState,
    { withinMs }: { readonly withinMs: number },
    { signal }: { signal: AbortSignal },
  ): Promise<boolean> {
    const endMs = systemClock.monotonicMs() + withinMs;
    while (this.#told.condition !== be) {
      if (this.#isOver() || systemClock.monotonicMs() > endMs) return false;
      await systemClock.sleep(pollMs, { signal });
    }
    return true;
  }

  async ask(question: string, { signal }: { signal: AbortSignal }): Promise<void> {
    const params = { source: this.source, question, options: this.#daemon.options };
    await this.#daemon.connection.request(ask, params, { signal });
  }

  async stored({ signal }: { signal: AbortSignal }): Promise<readonly TimelineRow[]> {
    const params = { source: this.source, options: this.#daemon.options };
    return (await this.#daemon.connection.request(readTimeline, params, { signal })).rows;
  }

  async stop({ signal }: { signal: AbortSignal }): Promise<void> {
    if (this.#isOver()) return;
    const params = { sessionId: this.#sessionId };
    await this.#daemon.connection.request(stopSession, params, { signal });
    while (!this.#isOver()) await systemClock.sleep(pollMs, { signal });
  }

  #isOver(): boolean {
    return this.#told.state !== undefined;
  }

  [Symbol.dispose](): void {
    this.#listeners[Symbol.dispose]();
  }
}

/** How far a session had come. */
export interface Position {
  readonly atMs: number;
  /** How many frames were seen by then, or showed nothing new. */
  readonly frames: number;
}

interface Told {
  readonly rows: TimelineRow[];
  /** Of frames that were seen, in order; not of all: counters are told four times a second. */
  readonly positions: Position[];
  /** How old each of them was when it had been seen, ms. */
  readonly lags: number[];
  state: SessionState | undefined;
  /** How the source was told to be last. */
  condition: LiveState | undefined;
  newest: { readonly stats: SessionStats; readonly atMs: number } | undefined;
}
