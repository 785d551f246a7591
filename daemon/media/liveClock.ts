/** Pure: where the pictures of a live source stand in media time, which is the user's clock since the first of them. */
import { mediaMs, type MediaMs } from '../../protocol/index.ts';
import type { SourceGap } from './frameSource.ts';

export interface LiveClockOptions {
  readonly frameRateFps: number;
  /** A source that falls behind the clock by more, by itself, is taken to be at what is live again, and the stretch is a gap. */
  readonly maxLagMs: number;
  /** A source that runs ahead of the clock by more has set its own times anew. */
  readonly maxAheadMs: number;
  /** Two pictures that are further apart have a gap between them. */
  readonly gapToleranceMs: number;
}

/** Where a picture stands. */
export interface Placement {
  readonly ptsMs: MediaMs;
  /** How long until its moment has come: a stream that arrives in pieces is ahead of its own clock. */
  readonly waitMs: number;
  /** What could not be seen before it. */
  readonly gap?: SourceGap;
}

const reasons = {
  behind: 'The source fell behind, and went on at what is live.',
  silent: 'The source gave no pictures.',
};

/** One serves one session, over all the runs of ffmpeg in it. */
export class LiveClock {
  readonly #options: LiveClockOptions;
  readonly #intervalMs: number;
  /** Clock time of media time 0. */
  #beganMs: number | undefined;
  /** Media time of the run's time 0; undefined before its first picture. */
  #anchorMs: number | undefined;
  /** Why the last run ended. */
  #reason: string | undefined;
  /** Number of the last sample of the grid that was given. */
  #last = -1;

  constructor(options: LiveClockOptions) {
    this.#options = options;
    this.#intervalMs = 1000 / options.frameRateFps;
  }

  /** Media time of a moment on the clock; 0 before the first picture. @param nowMs any clock that only grows */
  liveMs(nowMs: number): number {
    return this.#beganMs === undefined ? 0 : nowMs - this.#beganMs;
  }

  /** Media time of the run's time 0; undefined before its first picture. */
  get anchorMs(): number | undefined {
    return this.#anchorMs;
  }

  /** Media time at which the last picture's sample ends. */
  get endMs(): MediaMs {
    return mediaMs((this.#last + 1) * this.#intervalMs);
  }

  /** The run is over; another may follow, whose times have nothing to do with its own. @param reason in one sentence */
  endRun(reason: string): void {
    this.#anchorMs = undefined;
    this.#reason = reason;
  }

  /**
   * @param runMs the picture's own time, counted from anywhere
   * @returns undefined for a picture whose sample was given already
   */
  place(runMs: number, nowMs: number): Placement | undefined {
    this.#beganMs ??= nowMs;
    const liveMs = nowMs - this.#beganMs;
    let reason = this.#reason ?? reasons.silent;
    const aheadMs = this.#anchorMs === undefined ? 0 : runMs + this.#anchorMs - liveMs;
    if (aheadMs < -this.#options.maxLagMs) reason = reasons.behind;
    const isAstray = aheadMs < -this.#options.maxLagMs || aheadMs > this.#options.maxAheadMs;
    if (isAstray) this.#anchorMs = undefined;
    this.#anchorMs ??= this.#snap(liveMs) - runMs;
    const number = Math.round((runMs + this.#anchorMs) / this.#intervalMs);
    if (number <= this.#last) return undefined;
    const ptsMs = mediaMs(number * this.#intervalMs);
    const startMs = this.endMs;
    const isApart = this.#last >= 0 && ptsMs - startMs > this.#options.gapToleranceMs;
    const isFirst = this.#last < 0;
    this.#last = number;
    this.#reason = undefined;
    const waitMs = isFirst ? 0 : Math.max(0, ptsMs - liveMs);
    if (!isApart) return { ptsMs, waitMs };
    return { ptsMs, waitMs, gap: { startMs, endMs: ptsMs, reason, isFailure: false } };
  }

  /** What could not be seen from the last picture to now. @returns undefined before the first picture */
  trailingGap(nowMs: number, reason: string): SourceGap | undefined {
    if (this.#last < 0) return undefined;
    const startMs = this.endMs;
    const endMs = mediaMs(Math.max(startMs, this.liveMs(nowMs)));
    return { startMs, endMs, reason, isFailure: false };
  }

  /** The next sample of the grid, so that the pictures of a run stand on it. */
  #snap(timeMs: number): number {
    return Math.ceil(timeMs / this.#intervalMs) * this.#intervalMs;
  }
}
