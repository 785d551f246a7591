/**
 * From two answers behind a frame, "is there anything new?" and "does it bear on what was asked for?", to a probability of silence. While
 * a request is in force, both together decide at once; otherwise what is new piles up until something is said. Pure.
 * @source MMDuet (arXiv 2411.17991): an informative and a relevance score behind each frame, compared as a sum or as a running sum. Its
 *   scores are trained heads; ours are answers of a model without such training, so each is taken against its own usual (`standardise`).
 */
import { initialProbeHistory, silenceAt, standardise, type ProbeHistory } from './probeScore.ts';

export interface ScoreSumConfig {
  /** With a request in force: the sum of both scores at which silence and speech are equally likely. */
  readonly instantThreshold: number;
  /** Without: the running sum since something was last said. */
  readonly sumThreshold: number;
}

/**
 * What each frame takes off the running sum: without it noise alone would pile up.
 * @source Page (1954), Continuous Inspection Schemes: half of the shift that is looked for, here one standard deviation
 */
const slack = 0.5;

export interface ScoreHistory {
  readonly informative: ProbeHistory;
  readonly relevance: ProbeHistory;
  /** Running sum; to be set to 0 when something is said. */
  readonly sum: number;
}

export const initialScoreHistory: ScoreHistory = {
  ...{ informative: initialProbeHistory, relevance: initialProbeHistory, sum: 0 },
};

/** Probabilities of yes against no, 0 … 1. */
export interface FrameAnswers {
  readonly informative: number;
  /** Left out while no request is in force. */
  readonly relevance?: number;
}

export function scoreFrame(
  answers: FrameAnswers,
  before: ScoreHistory,
  { instantThreshold, sumThreshold }: ScoreSumConfig,
): { readonly silenceProbability: number; readonly history: ScoreHistory } {
  const informative = standardise(answers.informative, before.informative);
  const sum = Math.max(0, before.sum + informative.z - slack);
  const history = { ...before, informative: informative.history, sum };
  if (answers.relevance === undefined) {
    return { silenceProbability: silenceAt(sum - sumThreshold), history };
  }
  const relevance = standardise(answers.relevance, before.relevance);
  return {
    silenceProbability: silenceAt(informative.z + relevance.z - instantThreshold),
    history: { ...history, relevance: relevance.history },
  };
}
