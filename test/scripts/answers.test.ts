/** The rules by which searches, answers and summaries of annotated recordings count. */
import { describe, expect, it } from 'vitest';
import { mediaMs } from '../../protocol/index.ts';
import {
  isHit,
  keywordsIn,
  scoreAnswer,
  type ClipQuestion,
} from '../../scripts/bench/answers/rules.ts';

describe('a search on an annotated recording', () => {
  const text = { text: 'Rename Symbol', windows: [[2, 3] as const, [8, 9] as const] };
  const hit = (startMs: number, endMs: number, found = 'Rename Symbol  F2') => ({
    ...{ text: found, startMs: mediaMs(startMs), endMs: mediaMs(endMs) },
  });

  it('has found it when one of the first hits says it in one of its windows', () => {
    expect(isHit(text, [hit(2000, 3000)])).toBe(true);
    expect(isHit(text, [hit(9900, 10_000)])).toBe(true);
    expect(isHit(text, [hit(5000, 6000)])).toBe(false);
    expect(isHit(text, [hit(2000, 3000, 'another line')])).toBe(false);
    const others = Array.from({ length: 5 }, () => hit(2000, 3000, 'another line'));
    expect(isHit(text, [...others, hit(2000, 3000)])).toBe(false);
  });

  it('has found nothing by a hit that lasts for ever', () => {
    expect(isHit(text, [hit(0, 6000)])).toBe(true);
    expect(isHit(text, [hit(0, 60_000)])).toBe(false);
  });
});

describe('an answer about an annotated recording', () => {
  const question = { text: 'What?', keywords: ['rename symbol'], evidence: [2, 3] as const };
  const cited = (...times: number[]) =>
    times.map((seconds) => ({ startMs: seconds * 1000, endMs: seconds * 1000 + 500 }));
  const score = (asked: ClipQuestion, text: string, ...times: number[]) =>
    scoreAnswer(asked, { text, citations: cited(...times) }, { durationSeconds: 10 });

  it('is right by its words and grounded by its first citations', () => {
    expect(score(question, 'They chose  Rename Symbol.', 2)).toEqual({
      ...{ isRight: true, isGrounded: true },
    });
    expect(score(question, `${'x'.repeat(240)} rename symbol`, 9)).toEqual({
      ...{ isRight: false, isGrounded: false },
    });
    expect(score(question, '', 7, 8, 9, 2).isGrounded).toBe(false);
  });

  it('tells a time by the start of its first citation alone', () => {
    const timed = { ...question, timeSeconds: 7 };
    expect(score(timed, 'rename symbol', 2, 7).isRight).toBe(false);
    expect(score(timed, '', 8.4).isRight).toBe(true);
  });

  it('cannot cite the whole recording', () => {
    const whole = [{ startMs: 0, endMs: 10_000 }];
    expect(
      scoreAnswer(question, { text: '', citations: whole }, { durationSeconds: 10 }).isGrounded,
    ).toBe(false);
  });
});

it('a summary has its keywords in as many words as it may use', () => {
  const duration = { durationSeconds: 60 };
  expect(keywordsIn('They **Rename**\nit.', ['rename', 'rename it', 'go'], duration)).toBe(1 / 3);
  const long = `${'word '.repeat(160)}rename`;
  expect(keywordsIn(long, ['rename'], duration)).toBe(0);
});
