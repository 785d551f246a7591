import { describe, expect, it } from 'vitest';
import { RowBudget } from '../../../daemon/llm/rowBudget.ts';
import type { RowBudgetManifest } from '../../../daemon/weights/streamManifest.ts';

const usual: RowBudgetManifest = {
  ...{ rowChange: 0.1, ticks: 1, wholeEveryFrames: 100, keep: 'frames' },
};

/** A frame of three rows, each one number wide; `!` behind it: with new text, `*`: the decoder must see it whole. */
type Shown = readonly [readonly number[], mark?: '!' | '*'];

/** @returns the rows that each frame is given as */
function check(policy: Partial<RowBudgetManifest>, frames: readonly Shown[]): string[] {
  const budget = new RowBudget({ ...usual, ...policy }, 1);
  return frames.map(([rows, mark]) => {
    const facts = { hasText: mark === '!', isWhole: mark === '*' };
    const plan = budget.plan(Float32Array.from(rows), facts);
    return plan.kind === 'skip' ? 'skip' : Array.from(plan.rows).join(' ');
  });
}

const a = [1, 2, 4] as const;
const b = [1, 3, 4] as const;

describe('a budget of rows', () => {
  it('gives one tick, the last row, for what stays, and whole frames for what changes', () => {
    expect(check({}, [[a], [a], [a], [a], [b], [b], [b]])).toEqual([
      ...['1 2 4', '4', 'skip', 'skip', '1 3 4', '4', 'skip'],
    ]);
  });

  it('gives no tick where none is wanted', () => {
    expect(check({ ticks: 0 }, [[a], [a], [b], [b]])).toEqual(['1 2 4', 'skip', '1 3 4', 'skip']);
  });

  it('gives the new rows and the last one to a decoder that was trained so', () => {
    const plans = check({ keep: 'rows' }, [[a], [b], [b], [[9, 3, 8]], [[9, 3, 8], '!']]);
    expect(plans).toEqual(['1 2 4', '3 4', '4', '9 8', '8']);
  });

  it('compares with what was kept, so that what changes slowly adds up', () => {
    const slow = [1, 1.04, 1.08, 1.12, 1.16].map((row): Shown => [[row, 2, 4]]);
    expect(check({ ticks: 0 }, slow)).toEqual(
      ['1 2 4', 'skip', 'skip', '1.12 2 4', 'skip'].map(near),
    );
  });

  it('gives a frame with new text whole, though its picture is the same', () => {
    expect(check({}, [[a], [a], [a, '!'], [a], [a]])).toEqual([
      ...['1 2 4', '4', '1 2 4', '4', 'skip'],
    ]);
  });

  it('gives whole frames at times, and where the decoder needs one', () => {
    expect(check({ ticks: 0, wholeEveryFrames: 3 }, [[a], [a], [a], [a], [a], [a, '*']])).toEqual([
      ...['1 2 4', 'skip', 'skip', '1 2 4', 'skip', '1 2 4'],
    ]);
  });

  it('begins anew with another number of rows', () => {
    expect(check({ ticks: 0 }, [[a], [[1, 2]], [[1, 2]]])).toEqual(['1 2 4', '1 2', 'skip']);
  });
});

/** As numbers of 32 bits read. */
const near = (plan: string): string => plan.replace('1.12', String(Math.fround(1.12)));
