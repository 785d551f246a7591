/** Arithmetic on the model's raw output. Pure. */
import type { SequenceReading, TokenId } from './backend.ts';

/** Index of the largest logit; the lowest index when several are equal, as llama.cpp's greedy sampler does. */
export function mostLikely(logits: Float32Array): TokenId {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  return best;
}

/** Softmax over the whole vocabulary, evaluated at some ids by log-sum-exp. Ids outside the vocabulary get 0. */
export function readLogits(logits: Float32Array, ids: readonly TokenId[]): SequenceReading {
  const best = mostLikely(logits);
  const highest = logits[best]!;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  const probabilities = new Map(
    ids.map((id) => [id, Math.exp((logits[id] ?? -Infinity) - highest) / sum] as const),
  );
  return { mostLikely: best, probabilities };
}

/** False when the numbers have left the range of floats: one NaN in the last layer makes every logit NaN. */
export function isFiniteOutput(logits: Float32Array): boolean {
  return !Number.isNaN(logits[0]);
}
