import { describe, expect, it } from 'vitest';
import {
  decideSpeech,
  defaultSpeakConfig,
  initialSpeakHistory,
  type SpeakReason,
} from '../../../daemon/llm/speakPolicy.ts';

/** Plays [presentation time, probability of silence] pairs and compares the reasons. */
function check(frames: readonly [number, number][], expected: readonly SpeakReason[]): void {
  let history = initialSpeakHistory;
  const reasons = frames.map(([ptsMs, silenceProbability]) => {
    const decision = decideSpeech({ ptsMs, silenceProbability }, history, {
      ...defaultSpeakConfig,
      hysteresis: 0.2,
      refractoryMs: 1000,
    });
    history = decision.history;
    expect(decision.shouldSpeak).toBe(decision.reason === 'belowThreshold');
    return decision.reason;
  });
  expect(reasons).toEqual(expected);
}

describe('decideSpeech', () => {
  it('is silent at the threshold and above', () => {
    check(
      [
        [0, 1],
        [500, 0.5],
        [1000, 0.499],
      ],
      ['silent', 'silent', 'belowThreshold'],
    );
  });
  it('pauses after a reply', () => {
    check(
      [
        [0, 0.1],
        [500, 0.1],
        [999, 0.9],
        [999, 0.1],
        [1000, 0.1],
      ],
      ['belowThreshold', 'refractory', 'silent', 'refractory', 'belowThreshold'],
    );
  });
  it('needs more to go on speaking than to begin', () => {
    check(
      [
        [0, 0.4],
        [1000, 0.4],
        [2000, 0.3],
        [3000, 0.29],
        [4000, 0.8],
        [5000, 0.4],
      ],
      ['belowThreshold', 'notRearmed', 'notRearmed', 'belowThreshold', 'silent', 'belowThreshold'],
    );
  });
  it('starts anew when the video jumps back', () => {
    check(
      [
        [9000, 0.1],
        [3000, 0.1],
      ],
      ['belowThreshold', 'belowThreshold'],
    );
  });
});
