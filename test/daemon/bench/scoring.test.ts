/** The figures are those that models/evaluation/scoring.py gives: test/golden/scoring.json is written by it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { match } from '../../../daemon/bench/matching.ts';
import { Scoring, timesIn, type WatchedClip } from '../../../daemon/bench/scoring.ts';
import { hasName, KindClassifier } from '../../../daemon/bench/sentences.ts';
import type { Rules } from '../../../daemon/bench/truth.ts';

interface Golden {
  readonly truth: Rules;
  readonly matching: readonly {
    readonly name: string;
    readonly due: readonly number[];
    readonly said: readonly number[];
    readonly pairs: readonly (readonly [number, number])[];
  }[];
  readonly kinds: readonly { readonly text: string; readonly kinds: readonly string[] }[];
  readonly slots: readonly {
    readonly text: string;
    readonly value: string;
    readonly isRight: boolean;
  }[];
  readonly cases: readonly {
    readonly name: string;
    readonly clips: readonly WatchedClip[];
    readonly expected: Readonly<Record<string, unknown>>;
  }[];
}

const file = new URL('../../golden/scoring.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
const { window, phrasings } = golden.truth;

/** Every number rounded to what both sides promise. */
function roughly(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 3) as unknown;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, roughly(part)]));
}

describe('matching', () => {
  it.each(golden.matching)('$name', ({ due, said, pairs }) => {
    expect(match(due, said, { early: window.earlySeconds, late: window.lateSeconds })).toEqual(
      pairs,
    );
  });

  it('finds as many pairs as trying everything', () => {
    const early = { early: 1, late: 3 };
    const count = (due: readonly number[], said: readonly number[]): number => {
      const [first, ...others] = due;
      if (first === undefined) return 0;
      const taken = said
        .filter((time) => time - first >= -1 && time - first <= 3)
        .map((time) => 1 + count(others, said.toSpliced(said.indexOf(time), 1)));
      return Math.max(count(others, said), ...taken);
    };
    for (let seed = 1; seed <= 60; seed++) {
      const times = (length: number, salt: number): number[] =>
        Array.from({ length }, (_, i) => ((seed * 37 + i * 53 + salt * 17) % 24) / 2).sort(
          (one, other) => one - other,
        );
      const [due, said] = [times(seed % 6, 1), times((seed * 3) % 7, 2)];
      expect(match(due, said, early)).toHaveLength(count(due, said));
    }
  });
});

describe('sentences', () => {
  const classifier = new KindClassifier(phrasings);

  it.each(golden.kinds)('the kinds of "$text"', ({ text, kinds }) => {
    expect([...classifier.kinds(text)].sort()).toEqual(kinds);
  });

  it.each(golden.slots)('whether "$text" names $value', ({ text, value, isRight }) => {
    expect(hasName(text, value)).toBe(isRight);
  });

  it('tell times', () => {
    expect(timesIn('From 0:12 to 1:02:03, 7.5 s or 1 second; not 12 steps.')).toEqual([
      12, 3723, 7.5, 1,
    ]);
  });
});

describe('figures', () => {
  it.each(golden.cases)('$name', ({ clips, expected }) => {
    const scoring = new Scoring(golden.truth);
    for (const clip of clips) scoring.add(clip);
    expect(scoring.summary).toEqual(roughly(expected));
  });
});
