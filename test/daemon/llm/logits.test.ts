import { expect, it } from 'vitest';
import { isFiniteOutput, mostLikely, readLogits } from '../../../daemon/llm/logits.ts';

it('reads probabilities without overflow', () => {
  const { mostLikely: best, probabilities } = readLogits(
    Float32Array.of(1000, 1001, 999),
    [0, 1, 9],
  );
  expect(best).toBe(1);
  const sum = Math.exp(-1) + 1 + Math.exp(-2);
  expect(probabilities.get(0)).toBeCloseTo(Math.exp(-1) / sum, 12);
  expect(probabilities.get(1)).toBeCloseTo(1 / sum, 12);
  expect(probabilities.get(9)).toBe(0);
});

it('takes the first of equals', () => {
  expect(mostLikely(Float32Array.of(1, 3, 3))).toBe(1);
});

it('notices a poisoned output', () => {
  expect(isFiniteOutput(Float32Array.of(NaN, NaN))).toBe(false);
  expect(isFiniteOutput(Float32Array.of(1, 2))).toBe(true);
});
