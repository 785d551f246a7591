/**
 * Where one part of a video ends and the next begins: where the lines on screen are others than before. After SceneTilling of
 * VideoLLaMB, with the lines that stand on screen in the place of picture embeddings, and only what was seen so far. Pure.
 */
import type { MediaMs, ScreenRegion } from '../../protocol/index.ts';
import { median } from '../base/median.ts';

export interface SceneCutConfig {
  /** How long the screen before a place is compared with the screen behind it, ms. */
  readonly sideMs: number;
  /** A cut is the greatest change within so long behind it, ms. With `sideMs` this is how late a cut is known. */
  readonly peakMs: number;
  /** Share of the text that is other behind a cut, at least, 0 … 1; after the peak it still is. */
  readonly leastChange: number;
  /**
   * How much of what is left above the usual change of the last `usualMs` a cut takes, 0 … 1: in a log that runs by, nearly
   * everything changes always.
   */
  readonly leastDepth: number;
  readonly usualMs: number;
  /** Nothing shorter is a part, ms. */
  readonly leastPartMs: number;
  /** Weight of a sign in a region, 1 when left out: which file is open says more than its text, a menu less. */
  readonly weights: Readonly<Partial<Record<ScreenRegion, number>>>;
}

/** Chosen on sequences composed of other screens, see the test, and on recordings put one behind the other. */
export const defaultSceneCutConfig: SceneCutConfig = {
  ...{ sideMs: 4000, peakMs: 2000, leastChange: 0.5, leastDepth: 0.4 },
  ...{ usualMs: 60_000, leastPartMs: 12_000 },
  weights: { breadcrumbs: 4, tabs: 2, popup: 0.2, dialog: 0.5, statusBar: 0.5 },
};

/** A line that stands on screen. Lines with the same text in the same region are the same, whenever they come back. */
export interface VisibleLine {
  /** As it was read when it came. */
  readonly text: string;
  readonly region: ScreenRegion;
}

interface SeenFrame {
  readonly ptsMs: MediaMs;
  readonly lines: Presence;
}

interface Change {
  /** First frame behind the place. */
  readonly ptsMs: MediaMs;
  /** Share of the text that is other, 0 … 1. */
  readonly amount: number;
}

export class SceneCuts {
  readonly #config: SceneCutConfig;
  readonly #side: number;
  readonly #peak: number;
  readonly #usual: number;
  #frames: SeenFrame[] = [];
  #changes: Change[] = [];
  #partStartMs: number;

  /** @param partStartMs where the part begins that is being seen */
  constructor(frameRateFps: number, partStartMs: number, config: SceneCutConfig) {
    this.#config = config;
    const frames = (ms: number): number => Math.max(1, Math.round((ms * frameRateFps) / 1000));
    this.#side = frames(config.sideMs);
    this.#peak = frames(config.peakMs);
    this.#usual = frames(config.usualMs);
    this.#partStartMs = partStartMs;
  }

  /**
   * Takes what stands on screen at the next frame.
   * @returns the start of a new part, when one is known to have begun
   */
  see(ptsMs: MediaMs, lines: Iterable<VisibleLine>): MediaMs | undefined {
    this.#frames.push({ ptsMs, lines: this.#weigh(lines) });
    const side = this.#side;
    const newest = this.#frames.length - side;
    if (newest < side) return undefined;
    const before = presence(this.#frames.slice(newest - side, newest));
    const behind = presence(this.#frames.slice(newest));
    this.#changes.push({
      ptsMs: this.#frames[newest]!.ptsMs,
      amount: changeBetween(before, behind),
    });
    if (this.#changes.length > this.#usual) this.#changes.shift();
    const place = newest - this.#peak;
    if (place < side) return undefined;
    const earliest = Math.max(0, place - side - this.#peak);
    const cutMs = this.#cut({
      earlier: presence(this.#frames.slice(earliest, earliest + side)),
      before: presence(this.#frames.slice(place - side, place)),
      behind: presence(this.#frames.slice(place, place + side)),
      later: behind,
    });
    if (this.#frames.length > 2 * (side + this.#peak)) this.#frames.shift();
    return cutMs;
  }

  /** Judges the place so long ago that its peak is over. @param shown around it */
  #cut({ earlier, before, behind, later }: Shown): MediaMs | undefined {
    const { leastChange, leastDepth, leastPartMs } = this.#config;
    const candidate = this.#changes.at(-1 - this.#peak);
    if (!candidate || candidate.ptsMs - this.#partStartMs < leastPartMs) return undefined;
    const amounts = this.#changes.map(({ amount }) => amount);
    const isPeak =
      Math.max(...amounts.slice(-this.#peak)) <= candidate.amount &&
      Math.max(0, ...amounts.slice(-1 - 2 * this.#peak, -1 - this.#peak)) < candidate.amount;
    // What is usual in this part: its beginning is as different from what was before as it can be.
    const settledMs = this.#partStartMs + this.#config.sideMs;
    const settled = this.#changes.filter(({ ptsMs }) => ptsMs > settledMs);
    const usual = median(settled.map(({ amount }) => amount)) ?? 0;
    const isDeep = candidate.amount - usual >= leastDepth * (1 - usual);
    // A short look at something else is no part, neither where it begins nor where it ends.
    const isLasting =
      changeBetween(before, later) >= leastChange && changeBetween(earlier, behind) >= leastChange;
    if (!isPeak || !isDeep || !isLasting || candidate.amount < leastChange) return undefined;
    this.#partStartMs = candidate.ptsMs;
    return candidate.ptsMs;
  }

  #weigh(lines: Iterable<VisibleLine>): Presence {
    const weights = new Map<string, number>();
    for (const { text, region } of lines) {
      const weight = text.length * (this.#config.weights[region] ?? 1);
      const line = `${region} ${text}`;
      weights.set(line, (weights.get(line) ?? 0) + weight);
    }
    return weights;
  }
}

/** Line → its weight, times the share of frames on which it stands. */
type Presence = ReadonlyMap<string, number>;

/** What is shown around a place. */
interface Shown {
  /** A peak's length before `before`. */
  readonly earlier: Presence;
  readonly before: Presence;
  readonly behind: Presence;
  /** A peak's length behind `behind`. */
  readonly later: Presence;
}

function presence(frames: readonly SeenFrame[]): Presence {
  const sums = new Map<string, number>();
  for (const { lines } of frames) {
    for (const [id, weight] of lines) sums.set(id, (sums.get(id) ?? 0) + weight / frames.length);
  }
  return sums;
}

/** Share of the larger side that the other does not have; 0 when there is nothing on either. */
function changeBetween(before: Presence, behind: Presence): number {
  const sum = (weights: Iterable<number>): number => [...weights].reduce((a, b) => a + b, 0);
  const larger = Math.max(sum(before.values()), sum(behind.values()));
  const common = sum([...before].map(([id, weight]) => Math.min(weight, behind.get(id) ?? 0)));
  return larger === 0 ? 0 : 1 - common / larger;
}
