/** Which stretches of something live the model has not looked at, and why: each becomes a gap of the timeline. */
import { mediaMs, type MediaMs } from '../../protocol/index.ts';
import type { SourceGap } from '../media/frameSource.ts';

/** A stretch that was not looked at is told from this length on; a shorter one hides no line that is worth a row. */
const unseenMs = 2500;
const fellBehind = 'Watching fell behind, and went on at what is live.';

export class UnseenStretches {
  readonly #frameMs: number;
  /** Up to here frames were seen, or told as missing. */
  #toldUntilMs: MediaMs | undefined;
  #passedOver = 0;
  /** Where the frames begin that were passed over last; undefined once the model is at what is live. */
  #passedOverFromMs: MediaMs | undefined;
  /** Why, unless because watching fell behind. */
  #absence: string | undefined;

  constructor(frameRateFps: number) {
    this.#frameMs = 1000 / frameRateFps;
  }

  /** Frames that were read, and that the model was not shown. */
  get passedOver(): number {
    return this.#passedOver;
  }

  /** What is missing up to a moment was told. */
  told(untilMs: MediaMs): void {
    this.#toldUntilMs = untilMs;
  }

  /** @returns the stretch before a frame in which none came, for instance while the engine was started anew */
  before(ptsMs: MediaMs): SourceGap | undefined {
    const untilMs = this.#toldUntilMs;
    this.#toldUntilMs = mediaMs(ptsMs + this.#frameMs);
    if (untilMs === undefined || ptsMs - untilMs < unseenMs) return undefined;
    return gapOf(untilMs, ptsMs, fellBehind);
  }

  /** @param absence why the model was not there; left out when it is only late */
  passOver(ptsMs: MediaMs, absence: string | undefined): void {
    this.#passedOver++;
    this.#passedOverFromMs ??= ptsMs;
    this.#absence = absence;
  }

  /** The model looks again. @returns the stretch that it was not shown, if there is one */
  seen(ptsMs: MediaMs): SourceGap | undefined {
    const startMs = this.#passedOverFromMs;
    if (startMs === undefined) return undefined;
    this.#passedOverFromMs = undefined;
    return gapOf(startMs, ptsMs, this.#absence ?? fellBehind);
  }
}

const gapOf = (startMs: MediaMs, endMs: MediaMs, reason: string): SourceGap => ({
  ...{ startMs, endMs, reason, isFailure: false },
});
