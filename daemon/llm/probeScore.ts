/**
 * From what a model answers that was never trained to stay silent, "Did something just happen? yes or no", to a probability of silence. Such
 * an answer has no fixed meaning: what counts is how far it stands out from the answers before. Pure.
 * @source ours: a model without a silence token has no calibrated one (VideoLLM-online, arXiv:2406.11816); what counts is how far it is from its own usual
 */

export interface ProbeScoreConfig {
  /** z-score at which silence and speech are equally likely. */
  readonly centre: number;
  /** How fast the odds of silence fall as the z-score grows: they are halved about every 0.7 / steepness. */
  readonly steepness: number;
  /** Answers that count in mean and deviation: older ones fade. At 2 a second, a minute. */
  readonly window: number;
  /** Smallest deviation, in units of the logit: what hardly ever changes must not make noise an event. */
  readonly minDeviation: number;
}

/**
 * Chosen, not measured: no such model could be had where this was made. With it each stop of chattiness, three times the odds of silence,
 * is worth 0.73 of a standard deviation.
 */
export const defaultProbeScoreConfig: ProbeScoreConfig = {
  ...{ centre: 1.5, steepness: 1.5, window: 120, minDeviation: 0.75 },
};

/** What was answered so far, as logits. */
export interface ProbeHistory {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** As if four answers had been heard of which half was yes: the first real one is nothing to compare with. */
export const initialProbeHistory: ProbeHistory = { count: 4, mean: 0, variance: 1 };

/** Beyond this an answer is certain; more would only stretch the deviation. */
const certain = 0.9999;

/**
 * How far an answer stands out from those before, in standard deviations of its logit.
 * @param yes probability of yes against no, 0 … 1
 */
export function standardise(
  yes: number,
  { count, mean, variance }: ProbeHistory,
  { window, minDeviation }: ProbeScoreConfig = defaultProbeScoreConfig,
): { readonly z: number; readonly history: ProbeHistory } {
  const held = Math.min(certain, Math.max(1 - certain, yes));
  const off = Math.log(held / (1 - held)) - mean;
  const weight = 1 / Math.min(window, count + 1);
  return {
    z: off / Math.max(minDeviation, Math.sqrt(variance)),
    history: {
      count: count + 1,
      mean: mean + weight * off,
      // @source Welford's method, with the weight of a fading mean
      variance: (1 - weight) * (variance + weight * off ** 2),
    },
  };
}

/** @param yes probability of yes against no, 0 … 1 */
export function scoreProbe(
  yes: number,
  before: ProbeHistory,
  config: ProbeScoreConfig = defaultProbeScoreConfig,
): { readonly silenceProbability: number; readonly history: ProbeHistory } {
  const { z, history } = standardise(yes, before, config);
  return { silenceProbability: silenceAt(z - config.centre, config), history };
}

/** @param excess how far what was measured lies above where silence and speech are equally likely */
export function silenceAt(
  excess: number,
  { steepness }: Pick<ProbeScoreConfig, 'steepness'> = defaultProbeScoreConfig,
): number {
  return 1 / (1 + Math.exp(steepness * excess));
}
