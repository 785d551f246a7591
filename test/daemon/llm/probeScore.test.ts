import { describe, expect, it } from 'vitest';
import { initialProbeHistory, scoreProbe } from '../../../daemon/llm/probeScore.ts';

/** The probabilities of silence after each of some answers. */
function scores(answers: readonly number[]): number[] {
  let history = initialProbeHistory;
  return answers.map((yes) => {
    const scored = scoreProbe(yes, history);
    history = scored.history;
    return scored.silenceProbability;
  });
}

const many = (count: number, yes: number): number[] => Array.from({ length: count }, () => yes);

describe('scoreProbe', () => {
  it.each([0.02, 0.5, 0.9])('is silent where every answer is the same: %f', (yes) => {
    expect(
      scores(many(200, yes))
        .slice(20)
        .every((silence) => silence > 0.8),
    ).toBe(true);
  });

  it.each([
    [0.02, 0.6],
    [0.5, 0.99],
    [0.9, 0.9999],
  ])('speaks at what stands out, whatever is usual: %f, %f', (usual, now) => {
    expect(scores([...many(60, usual), now]).at(-1)).toBeLessThan(0.5);
  });

  it('takes noise for noise', () => {
    const noisy = many(300, 0).map((_, index) => (index % 2 === 0 ? 0.2 : 0.4));
    expect(Math.min(...scores(noisy).slice(20))).toBeGreaterThan(0.5);
  });

  it('gets used to what lasts', () => {
    const lasting = scores([...many(60, 0.1), ...many(240, 0.9)]);
    expect(lasting[60]).toBeLessThan(0.5);
    expect(lasting.at(-1)).toBeGreaterThan(0.5);
  });

  it('stays finite at certainty', () => {
    expect(scores([0, 1, 0, 1, 1]).every(Number.isFinite)).toBe(true);
  });
});
