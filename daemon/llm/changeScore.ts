/**
 * How far what has changed in a frame stands out: a robust z-score against the last two minutes, and from that a probability of silence.
 * What goes on, such as scrolling, is one event: its beginning. Pure.
 * @source TimeChat-Online (arXiv 2504.17343) takes the frames that keep most tokens as triggers; a stream cannot rank them, since the
 *   rest of the video is not there yet
 */
import { silenceAt } from './probeScore.ts';

export interface ChangeScoreConfig {
  /** z-score at which silence and speech are equally likely. */
  readonly centre: number;
  /** As in `ProbeScoreConfig`. */
  readonly steepness: number;
  /** What counts as usual: so much media time, s. */
  readonly windowSeconds: number;
  /** What changes again within so much media time belongs to the event before, s. */
  readonly burstSeconds: number;
  /** Smallest deviation, as a share of the frame's rows; one row at least. A caret that blinks in a still window must not be an event. */
  readonly minDeviation: number;
}

/**
 * @source Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers, for the z-score. All else is chosen, not
 *   measured: on a screen that stands still 3.5 % of the rows have to change, and 3.5 rows at least.
 */
export const defaultChangeScoreConfig: ChangeScoreConfig = {
  ...{ centre: 3.5, steepness: 1.5, windowSeconds: 120 },
  ...{ burstSeconds: 2, minDeviation: 0.01 },
};

/** The standard deviation of a normal distribution against its median absolute deviation. */
const perMad = 1.4826;

/** Which shares of their rows the frames before had changed, 0 … 1, newest last. */
export type ChangeHistory = readonly number[];

/** A frame of which `changed` of its `rows` have changed. */
export interface FrameChange {
  readonly changed: number;
  readonly rows: number;
}

export interface ChangeScore {
  /** Far more than usual has changed, whether that has just begun or goes on. */
  readonly isUnusual: boolean;
  readonly silenceProbability: number;
  readonly history: ChangeHistory;
}

/** @param frameRateFps of the frames that are scored */
export function scoreChange(
  { changed, rows }: FrameChange,
  history: ChangeHistory,
  frameRateFps: number,
  config: ChangeScoreConfig = defaultChangeScoreConfig,
): ChangeScore {
  const { centre, windowSeconds, burstSeconds, minDeviation } = config;
  const framesIn = (seconds: number): number => Math.max(1, Math.round(seconds * frameRateFps));
  const usual = median(history);
  const deviation = perMad * median(history.map((value) => Math.abs(value - usual)));
  const share = changed / rows;
  const zAbove = (level: number): number =>
    (share - level) / Math.max(deviation, minDeviation, 1 / rows);
  const recent = Math.max(usual, ...history.slice(-framesIn(burstSeconds)));
  return {
    isUnusual: zAbove(usual) > centre,
    silenceProbability: silenceAt(zAbove(recent) - centre, config),
    history: [...history, share].slice(-framesIn(windowSeconds)),
  };
}

/** 0 of nothing. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}
