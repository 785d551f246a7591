import { describe, expect, it } from 'vitest';
import type { SequencePart } from '../../../daemon/llm/backend.ts';
import { planDecodes } from '../../../daemon/llm/decodePlan.ts';

const rowWidth = 2;
/** Token n has the row [n, -n]. */
const embedding = {
  read(tokens: readonly number[], target: Float32Array, offset: number): void {
    tokens.forEach((token, i) => {
      if (token > 99) throw new RangeError('no such token');
      target.set([token, -token], offset + i * rowWidth);
    });
  },
};
const tokens = (...ids: number[]): SequencePart => ({ kind: 'tokens', tokens: ids });
const rows = (...values: number[]): SequencePart => ({
  kind: 'rows',
  rows: Float32Array.from(values),
});

/** Plans and writes each decode as `kind:numbers`. */
function check(
  parts: SequencePart[],
  expected: string[],
  { table = true, batchSize = 8 } = {},
): void {
  const model = { rowWidth, embedding: table ? embedding : undefined };
  const plan = planDecodes(parts, model, batchSize);
  const written = plan.map((input) =>
    input.kind === 'tokens' ? `tokens:${input.tokens.join()}` : `rows:${input.rows.join()}`,
  );
  expect(written).toEqual(expected);
}

describe('planDecodes', () => {
  it('makes one decode of text and rows', () => {
    check([tokens(1), tokens(2), rows(5, 6)], ['rows:1,-1,2,-2,5,6']);
    check([tokens(1), rows(5, 6), tokens(2)], ['rows:1,-1,5,6,2,-2']);
  });
  it('leaves tokens alone among themselves', () => {
    check([tokens(1), tokens(2, 3)], ['tokens:1,2,3']);
  });
  it('takes turns without a table', () => {
    check([tokens(1), tokens(2), rows(5, 6), tokens(3)], ['tokens:1,2', 'rows:5,6', 'tokens:3'], {
      table: false,
    });
  });
  it('cuts at the batch size', () => {
    check([tokens(1, 2, 3, 4, 5)], ['tokens:1,2', 'tokens:3,4', 'tokens:5'], { batchSize: 2 });
    check([tokens(1), rows(5, 6, 7, 8)], ['rows:1,-1,5,6', 'rows:7,8'], { batchSize: 2 });
  });
  it('plans nothing for nothing', () => {
    check([], []);
    check([tokens(), rows()], []);
  });
  it('refuses rows of another width and unknown tokens', () => {
    expect(() => planDecodes([rows(1)], { rowWidth, embedding }, 8)).toThrow('2 numbers wide');
    expect(() => planDecodes([tokens(100), rows(1, 2)], { rowWidth, embedding }, 8)).toThrow(
      expect.objectContaining({ code: 'engine.decodeFailed' }),
    );
  });
});
