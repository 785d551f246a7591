import { describe, expect, it } from 'vitest';
import { chattinessLevels, requestSentence, silenceThresholdOf } from '../../protocol/index.ts';

describe('the silence threshold of a level of chattiness', () => {
  it.each([0.3, 0.5, 0.93])('grows from level to level and has %f in its middle', (own) => {
    const thresholds = chattinessLevels.map((level) => silenceThresholdOf(own, level));
    expect(thresholds).toEqual([...thresholds].sort((a, b) => a - b));
    expect(new Set(thresholds).size).toBe(5);
    expect(thresholds[2]).toBe(own);
    expect(thresholds.every((each) => each > 0 && each < 1)).toBe(true);
  });

  it('moves alike to both sides', () => {
    const [quietest = 0, quieter = 0, , chattier = 0, chattiest = 0] = chattinessLevels.map(
      (level) => silenceThresholdOf(0.5, level),
    );
    expect(quieter + chattier).toBeCloseTo(1);
    expect(quietest + chattiest).toBeCloseTo(1);
  });

  it.each([0, 1])('leaves one that always or never speaks: %d', (own) => {
    expect(chattinessLevels.map((level) => silenceThresholdOf(own, level))).toEqual(
      chattinessLevels.map(() => own),
    );
  });
});

describe('a standing request', () => {
  it.each([
    'when the tests pass',
    ' Tell me when the tests pass. ',
    'please tell me  when the tests pass!',
  ])('is asked as models were trained to be asked: %s', (typed) => {
    expect(requestSentence(typed)).toBe('Tell me when the tests pass.');
  });
});
