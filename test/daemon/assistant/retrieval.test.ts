import { describe, expect, it } from 'vitest';
import type { EvidenceRow } from '../../../daemon/assistant/evidence.ts';
import {
  byRank,
  retrieve,
  windowOf,
  type RetrievalRequest,
} from '../../../daemon/assistant/retrieval.ts';
import { mediaMs, type NewRow, type ScreenRegion } from '../../../protocol/index.ts';
import { guidance, screenText } from '../timeline/rowSamples.ts';

const { signal } = new AbortController();
const all = { fromMs: mediaMs(0), untilMs: mediaMs(100_000) };

const stored = (rows: readonly NewRow[]): EvidenceRow[] =>
  rows.map((row, index) => ({ ...row, id: index + 1 }) as EvidenceRow);
const hit = (row: EvidenceRow, words: number) => ({
  ...{ row, video: 1, score: words },
  parts: { words, coverage: 0, literal: 0 },
});
const inRegion = (text: string, region: ScreenRegion, startMs: number): NewRow => ({
  ...screenText(text, startMs, startMs + 1000),
  region,
});

async function textsOf(rows: readonly EvidenceRow[], request: Partial<RetrievalRequest>) {
  const found = await retrieve(rows, { scope: all, hits: [], maxRows: 24, ...request }, { signal });
  return found.map(({ row }) => row.text);
}

describe('retrieve', () => {
  it('prefers what the words find, and fills the rest with a sample over time', async () => {
    const rows = stored(
      Array.from({ length: 90 }, (_, i) => screenText(`line ${i}`, i * 1000, i * 1000 + 900)),
    );
    const hits = [hit(rows[50]!, 1), hit(rows[51]!, 0.9)];
    const texts = await textsOf(rows, { hits, maxRows: 6 });
    expect(texts).toEqual(expect.arrayContaining(['line 50', 'line 51', 'line 0', 'line 89']));
    expect(texts).toHaveLength(6);
    const times = texts.map((text) => Number(text.split(' ')[1]));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('leaves some room for what no word has found', async () => {
    const rows = stored([
      ...Array.from({ length: 40 }, (_, i) => screenText(`port ${i}`, i * 100, i * 100 + 90)),
      screenText('Hello, world', 90_000, 91_000),
    ]);
    const hits = rows.slice(0, 40).map((row) => hit(row, 1));
    expect(await textsOf(rows, { hits })).toContain('Hello, world');
  });

  it('samples parts of the screen that are not there yet, and what was said', async () => {
    const rows = stored([
      ...Array.from({ length: 30 }, (_, i) => inRegion(`code ${i}`, 'editor', i * 10)),
      inRegion('$ ls', 'terminal', 150),
      guidance('Ran ls.', 160),
    ]);
    const texts = await textsOf(rows, { maxRows: 4, hits: [hit(rows[0]!, 1)] });
    expect(texts).toEqual(expect.arrayContaining(['$ ls', 'Ran ls.']));
  });

  it('proposes what the retriever speaks for, and what it speaks against last', async () => {
    const rows = stored(['alpha', 'beta', 'gamma'].map((text, i) => screenText(text, i * 1000)));
    const relevance = new Map([
      [1, -0.9],
      [3, 0.8],
    ]);
    const hits = [hit(rows[0]!, 0.5)];
    const found = await retrieve(rows, { scope: all, hits, relevance, maxRows: 3 }, { signal });
    expect(found.toSorted(byRank).map(({ row }) => row.text)).toEqual(['gamma', 'beta', 'alpha']);
    expect(found.map(({ parts }) => parts.relevance)).toEqual([-0.9, 0, 0.8]);
  });

  it('finds a line by what stands beside its text', async () => {
    const rows = stored([screenText('GRPC', 0), screenText('Protocol', 0), screenText('other', 0)]);
    const request = { scope: all, hits: [hit(rows[1]!, 1)], beside: new Map([[1, [2]]]) };
    const found = await retrieve(rows, { ...request, maxRows: 3 }, { signal });
    expect(found.map(({ score }) => score)).toEqual([1, 1, 0]);
  });

  it('does not propose scraps that nobody looked for', async () => {
    const rows = stored(['}', '12', 'P', 'ok'].map((text) => screenText(text, 0)));
    expect(await textsOf(rows, { hits: [hit(rows[2]!, 1)] })).toEqual(['P', 'ok']);
  });

  it('has each text once: where it fits best', async () => {
    const rows = stored([screenText('main.py', 0, 1000), screenText('main.py', 50_000, 60_000)]);
    const first = await retrieve(rows, { scope: all, hits: [], maxRows: 9 }, { signal });
    expect(first.map(({ row }) => row.id)).toEqual([1]);
    const scope = { ...all, atMs: mediaMs(55_000) };
    const near = await retrieve(rows, { scope, hits: [], maxRows: 9 }, { signal });
    expect(near.map(({ row }) => row.id)).toEqual([2]);
  });

  it('prefers what is visible at the moment, then what was so shortly before', async () => {
    const rows = stored(
      Array.from({ length: 60 }, (_, i) => screenText(`line ${i}`, i * 1000, i * 1000 + 900)),
    );
    const scope = { ...all, untilMs: mediaMs(40_500), atMs: mediaMs(40_500) };
    const found = await retrieve(rows, { scope, hits: [], maxRows: 6 }, { signal });
    const scores = new Map(found.map(({ row, score }) => [row.text, score]));
    expect(scores.get('line 40')).toBeGreaterThan(scores.get('line 39')!);
    expect(scores.get('line 39')).toBeGreaterThan(scores.get('line 38')!);
    expect([...scores.keys()]).not.toContain('line 41');
  });

  it('keeps what answers before cite, half as dear with each turn back', async () => {
    const rows = stored(Array.from({ length: 60 }, (_, i) => screenText(`line ${i}`, i * 10)));
    const cited = new Map([
      [rows[33]!.id, 0],
      [rows[35]!.id, 4],
    ]);
    const found = await retrieve(rows, { scope: all, hits: [], maxRows: 3, cited }, { signal });
    const scores = new Map(found.map(({ row, score }) => [row.text, score]));
    expect([scores.get('line 33'), scores.get('line 35')]).toEqual([1, 1 / 16]);
  });
});

describe('windowOf', () => {
  const ms = mediaMs;
  const [row] = stored([
    {
      ...screenText('a', 1000, 9000),
      windows: [
        [ms(1000), ms(2000)],
        [ms(5000), ms(9000)],
      ],
    },
  ]);
  it.each([
    ['the first', { fromMs: 0, untilMs: 10_000 }, [1000, 2000]],
    ['inside the stretch', { fromMs: 3000, untilMs: 6000 }, [5000, 6000]],
    ['at the moment', { fromMs: 0, untilMs: 10_000, atMs: 6000 }, [5000, 9000]],
    ['nearest to the moment', { fromMs: 0, untilMs: 4000, atMs: 4000 }, [1000, 2000]],
    ['none', { fromMs: 3000, untilMs: 4000 }, undefined],
  ])('%s', (_, { fromMs, untilMs, ...at }, expected) => {
    const moment = 'atMs' in at ? { atMs: ms(at.atMs) } : {};
    const scope = { fromMs: ms(fromMs), untilMs: ms(untilMs), ...moment };
    expect(windowOf(row!, scope)).toEqual(expected);
  });
});
