import { describe, expect, it } from 'vitest';
import type { DenseTensor } from '../../../daemon/perception/ortSession.ts';
import { RegionClassifier } from '../../../daemon/perception/regionClassifier.ts';
import {
  looksOfLine,
  regionFeatures,
  signsOfLine,
  type ReadScreen,
} from '../../../daemon/perception/regionFeatures.ts';
import { RegionMemory } from '../../../daemon/perception/regionMemory.ts';
import type { ScreenRegion } from '../../../protocol/index.ts';
import { Drawing, editor, height, themes, width } from '../../helpers/drawnScreens.ts';

const rowLength = looksOfLine + signsOfLine;

/** Features of the line that says so. */
function featuresOf(read: ReadScreen, text: string): number[] {
  const line = read.lines.findIndex((each) => each.text.trim() === text);
  return [...regionFeatures(read).subarray(line * rowLength, (line + 1) * rowLength)];
}

describe('regionFeatures', () => {
  const [paper, side, bar] = themes['dark']!;
  const { read } = editor(paper, side, bar);

  it('tells places as shares of the screen, and sizes in usual heights', () => {
    const [left, top, right, bottom, tall, long, usual] = featuresOf(read, 'store.py');
    expect([left, top]).toEqual([20 / width, 80 / height].map(Math.fround));
    expect([right, bottom]).toEqual([(20 + 64) / width, 92 / height].map(Math.fround));
    expect([tall, long, usual]).toEqual(
      [1, 64 / (12 * signsOfLine), (12 / height) * 20].map(Math.fround),
    );
  });

  it('tells fonts and line numbers', () => {
    expect(featuresOf(read, 'result = 0').slice(7, 10)).toEqual([1, Math.fround(8 / 12), 1]);
    expect(featuresOf(read, 'EXPLORER').slice(7, 10)).toEqual([0, 0, 0]);
    expect(featuresOf(read, '$ npm test').slice(7, 10)).toEqual([1, Math.fround(8 / 12), 0]);
  });

  it('measures the paper around a line, whatever is written on it', () => {
    const shares = (colour: readonly number[]) =>
      colour.map((channel) => Math.fround(channel / 255));
    expect(featuresOf(read, 'EXPLORER').slice(10, 13)).toEqual(shares(side));
    expect(featuresOf(read, 'UTF-8').slice(10, 13)).toEqual(shares(bar));
    expect(featuresOf(read, 'result = 0')[15]).toBe(0);
    expect(featuresOf(read, 'UTF-8')[15]).toBeGreaterThan(0.1);
  });

  it('tells how near the next lines are', () => {
    const column = new Drawing([0, 0, 0]).rows('other', ['first', 'second', 'third'], 8, 8);
    expect(featuresOf(column.read, 'first').slice(13, 15)).toEqual([1, Math.fround(20 / 144)]);
    expect(featuresOf(column.read, 'second').slice(13, 15)).toEqual(
      [20 / 144, 20 / 144].map(Math.fround),
    );
    expect(featuresOf(column.read, 'third').slice(13, 15)).toEqual([Math.fround(20 / 144), 1]);
  });

  it('gives the first signs as code points, one for all beyond ASCII', () => {
    const { read: signs } = new Drawing([0, 0, 0]).write('other', `é✓ ${'x'.repeat(60)}`, 8, 8);
    const codes = [...regionFeatures(signs).subarray(looksOfLine)];
    expect(codes.slice(0, 4)).toEqual([127, 127, 32, 120]);
    expect(codes).toHaveLength(signsOfLine);
    expect(featuresOf(read, 'UTF-8').slice(looksOfLine + 5)).toEqual(
      new Array(signsOfLine - 5).fill(0),
    );
  });
});

describe('RegionClassifier', () => {
  const { read } = editor(...themes['light']!);

  it('takes the likeliest region of each line', async () => {
    const asked: DenseTensor[] = [];
    const run = (input: DenseTensor): Promise<DenseTensor> => {
      asked.push(input);
      const data = Float32Array.from(
        read.lines.flatMap((_, line) => (line === 2 ? [-2, -1] : [3, 1])),
      );
      return Promise.resolve({ data, dims: [read.lines.length, 2] });
    };
    const classifier = new RegionClassifier({ run }, { labels: ['tree', 'popup'] });
    const regions = await classifier.classify(read);
    expect(regions).toEqual(read.lines.map((_, line) => (line === 2 ? 'popup' : 'tree')));
    expect(asked.map(({ dims }) => dims)).toEqual([[read.lines.length, rowLength]]);
  });

  it('does not ask about an empty screen', async () => {
    const run = () => Promise.reject(new Error('asked'));
    const classifier = new RegionClassifier({ run }, { labels: ['tree'] });
    expect(await classifier.classify({ ...read, lines: [] })).toEqual([]);
  });
});

describe('RegionMemory', () => {
  const { read } = editor(...themes['dark']!);
  const told = (region: ScreenRegion): ScreenRegion[] => read.lines.map(() => region);

  /** A memory whose classifier says these regions in turn, of all lines. */
  function setUp(...regions: readonly ScreenRegion[]) {
    const left = [...regions];
    const classify = () => Promise.resolve(told(left.shift()!));
    return { memory: new RegionMemory({ classify }), left };
  }

  it('keeps a line where it was while only letters change', async () => {
    const { memory, left } = setUp('editor', 'terminal');
    expect(await memory.regionsOf(read, true)).toEqual(told('editor'));
    expect(await memory.regionsOf(read, false)).toEqual(told('editor'));
    expect(left).toEqual(['terminal']);
  });

  it('follows a new view at the third look', async () => {
    const { memory } = setUp('editor', 'terminal', 'terminal', 'terminal');
    const looks = [];
    for (let look = 0; look < 4; look++) looks.push(await memory.regionsOf(read, true));
    expect(looks).toEqual(
      ['editor', 'editor', 'editor', 'terminal'].map((name) => told(name as ScreenRegion)),
    );
  });

  it('follows at once where something else is written, or a line belonged nowhere', async () => {
    const { memory } = setUp('editor', 'terminal', 'other', 'tabs');
    await memory.regionsOf(read, true);
    const other = {
      ...read,
      lines: read.lines.map((line) => ({ ...line, text: `${line.text}!` })),
    };
    expect(await memory.regionsOf(other, true)).toEqual(told('terminal'));
    expect(await memory.regionsOf(read, true)).toEqual(told('other'));
    expect(await memory.regionsOf(read, true)).toEqual(told('tabs'));
  });
});
