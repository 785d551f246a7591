import { expect, it } from 'vitest';
import { planEviction, type CacheSpan } from '../../../daemon/llm/kvBudget.ts';

/** A head of 10, then spans of 10 positions; `p` is a pinned one. */
function layoutOf(spans: string): { length: number; spans: CacheSpan[] } {
  const list = Array.from(spans, (letter, index) => ({
    start: 10 + index * 10,
    end: 20 + index * 10,
    isPinned: letter === 'p',
  }));
  return { length: 10 + spans.length * 10, spans: list };
}

it.each<[string, string, { limit: number; keepRecent?: number }, [number, number][]]>([
  ['everything fits', 'ffff', { limit: 50 }, []],
  ['one position too many drops a quarter of the limit', 'ffffffff', { limit: 80 }, [[10, 30]]],
  ['the need is larger than a quarter', 'ffffffff', { limit: 45 }, [[10, 60]]],
  [
    'pinned spans stay',
    'fpffffff',
    { limit: 80 },
    [
      [10, 20],
      [30, 40],
    ],
  ],
  ['recent ones stay', 'ffff', { limit: 48, keepRecent: 35 }, [[10, 20]]],
  ['recent ones go when there is need', 'ffff', { limit: 25, keepRecent: 40 }, [[10, 40]]],
  ['nothing can go', 'pp', { limit: 5 }, []],
  ['all that can go is not enough', 'fp', { limit: 5 }, [[10, 20]]],
])('%s', (_, spans, { limit, keepRecent = 0 }, expected) => {
  const ranges = planEviction(layoutOf(spans), limit, { chunkFraction: 0.25, keepRecent });
  expect(ranges.map(({ start, end }) => [start, end])).toEqual(expected);
});
