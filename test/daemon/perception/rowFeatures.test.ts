import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rowFeatures } from '../../../daemon/perception/rowFeatures.ts';
import { RowScorer } from '../../../daemon/perception/rowScorer.ts';
import type { DenseTensor } from '../../../daemon/perception/ortSession.ts';

interface Golden {
  readonly manifest: { readonly buckets: number; readonly maxFeatures: number };
  readonly texts: readonly {
    readonly text: string;
    readonly place: string;
    readonly features: readonly number[];
  }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/rowFeatures.json', import.meta.url), 'utf8'),
) as Golden;

describe('the features of a text', () => {
  it.each(golden.texts)('are those that the retriever was trained on: $text', (given) => {
    expect(rowFeatures(given.text, given.place, golden.manifest)).toEqual(given.features);
  });

  it('are no more than the manifest allows', () => {
    const { length } = rowFeatures('a b c d e f', 'editor', { buckets: 100, maxFeatures: 5 });
    expect(length).toBe(5);
  });
});

describe('the scores of rows', () => {
  const manifest = golden.manifest;
  const rowsOf = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ text: `line ${index}`, place: 'editor' }));

  it('are asked for with the question in front, padded with 0', async () => {
    const inputs: DenseTensor[] = [];
    const session = {
      run: (input: DenseTensor) => {
        inputs.push(input);
        return Promise.resolve({ data: new Float32Array([0.5, -1]), dims: [2] });
      },
    };
    const rows = [
      { text: 'port: 80', place: 'editor' },
      { text: 'x', place: 'tree' },
    ];
    const scores = await new RowScorer(session, manifest).score('Which port?', rows);
    expect([...scores]).toEqual([0.5, -1]);
    const [{ data, dims }] = inputs as [DenseTensor];
    const short = rowFeatures('x', 'tree', manifest);
    expect(dims[0]).toBe(3);
    expect([...data.subarray(2 * dims[1]!, 3 * dims[1]!)]).toEqual([
      ...short,
      ...new Array<number>(dims[1]! - short.length).fill(0),
    ]);
    expect([...data.subarray(0, 3)]).toEqual(
      rowFeatures('Which port?', 'question', manifest).slice(0, 3),
    );
  });

  it('come in the order of the rows, however many runs they take', async () => {
    const session = {
      run: ({ data, dims }: DenseTensor) =>
        Promise.resolve({
          data: Float32Array.from(
            { length: dims[0]! - 1 },
            (_, row) => data[(row + 1) * dims[1]! + 2]!,
          ),
          dims: [dims[0]! - 1],
        }),
    };
    const rows = rowsOf(1200);
    const scores = await new RowScorer(session, manifest).score('Which?', rows);
    const third = rows.map(({ text, place }) => rowFeatures(text, place, manifest)[2]);
    expect([...scores]).toEqual(third);
  });

  it('of no rows are none', async () => {
    const session = { run: () => Promise.reject(new Error('nothing to run')) };
    expect(await new RowScorer(session, manifest).score('Which?', [])).toHaveLength(0);
  });
});
