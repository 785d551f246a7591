import { describe, expect, it } from 'vitest';
import {
  initialScoreHistory,
  scoreFrame,
  type FrameAnswers,
  type ScoreHistory,
} from '../../../daemon/llm/scoreSum.ts';

const thresholds = { instantThreshold: 3, sumThreshold: 4 };

/** The probabilities of silence behind some frames; `isSpoken`: something is said wherever that is likelier than not. */
function scores(
  answers: readonly FrameAnswers[],
  { isSpoken = false, start = initialScoreHistory } = {},
): number[] {
  let history: ScoreHistory = start;
  return answers.map((answer) => {
    const scored = scoreFrame(answer, history, thresholds);
    history = scored.history;
    if (isSpoken && scored.silenceProbability < 0.5) history = { ...history, sum: 0 };
    return scored.silenceProbability;
  });
}

const many = (count: number, answer: FrameAnswers): FrameAnswers[] =>
  Array.from({ length: count }, () => answer);
const usual: FrameAnswers = { informative: 0.1 };
const asked: FrameAnswers = { informative: 0.1, relevance: 0.1 };

describe('the running sum, while nothing is asked for', () => {
  it('stays silent where every answer is the same, and takes noise for noise', () => {
    const noisy = Array.from({ length: 400 }, (_, i) => ({ informative: i % 2 ? 0.08 : 0.13 }));
    expect(Math.min(...scores(many(200, usual)))).toBeGreaterThan(0.9);
    expect(Math.min(...scores(noisy))).toBeGreaterThan(0.9);
  });

  it('piles up what is somewhat new, until it is enough', () => {
    const [first, ...later] = scores([...many(60, usual), ...many(4, { informative: 0.35 })]).slice(
      60,
    );
    expect(first).toBeGreaterThan(0.5);
    expect(later.at(-1)).toBeLessThan(0.5);
  });

  it('begins anew where something was said', () => {
    const news = [...many(60, usual), ...many(12, { informative: 0.4 })];
    const spoken = scores(news, { isSpoken: true }).filter((silence) => silence < 0.5);
    const unspoken = scores(news).filter((silence) => silence < 0.5);
    expect(spoken.length).toBeGreaterThan(0);
    expect(spoken.length).toBeLessThan(unspoken.length);
  });

  it('runs dry where nothing more comes', () => {
    const start = { ...initialScoreHistory, sum: 3.9 };
    expect(scores(many(30, { informative: 0.5 }), { start }).at(-1)).toBeGreaterThan(0.99);
  });
});

describe('the instant sum, while a request is in force', () => {
  it('speaks at once where both answers stand out, and is silent on the next frame', () => {
    const silences = scores([...many(60, asked), { informative: 0.6, relevance: 0.6 }, asked]);
    expect(silences[60]).toBeLessThan(0.2);
    expect(silences[61]).toBeGreaterThan(0.9);
  });

  it('needs both where neither stands out alone', () => {
    for (const answer of [
      { informative: 0.4, relevance: 0.1 },
      { informative: 0.1, relevance: 0.4 },
    ]) {
      expect(scores([...many(60, asked), answer]).at(-1)).toBeGreaterThan(0.5);
    }
    const both = { informative: 0.4, relevance: 0.4 };
    expect(scores([...many(60, asked), both]).at(-1)).toBeLessThan(0.5);
  });

  it('does not speak for what has piled up', () => {
    const start = { ...initialScoreHistory, sum: 50 };
    expect(scores([asked], { start })[0]).toBeGreaterThan(0.5);
  });
});

it('stays finite at certainty', () => {
  const certain = [0, 1, 0, 1, 1].map((value) => ({ informative: value, relevance: value }));
  expect(scores(certain).every(Number.isFinite)).toBe(true);
});
