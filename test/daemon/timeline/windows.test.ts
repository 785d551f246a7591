import { describe, expect, it } from 'vitest';
import {
  bestWindow,
  isVisibleIn,
  joinPieces,
  windowAt,
  windowsUntil,
} from '../../../daemon/timeline/windows.ts';
import { mediaMs, type VisibleWindow } from '../../../protocol/index.ts';

const windows = (...pairs: readonly (readonly [number, number])[]): VisibleWindow[] =>
  pairs.map(([startMs, endMs]) => [mediaMs(startMs), mediaMs(endMs)]);
const three = windows([0, 1000], [3000, 9000], [12_000, 12_500]);

describe('joinPieces', () => {
  it('joins a line that moved, and keeps one that was gone apart', () => {
    const pieces = windows([0, 1000], [1000, 3000], [4000, 4000]).map(([startMs, endMs]) => ({
      ...{ startMs, endMs },
      box: [0, 0, 1, 1] as const,
    }));
    expect(joinPieces(pieces)).toEqual(windows([0, 3000], [4000, 4000]));
  });
});

describe('windowsUntil', () => {
  it.each<[number, VisibleWindow[]]>([
    [20_000, three],
    [12_200, windows([0, 1000], [3000, 9000], [12_000, 12_200])],
    [5000, windows([0, 1000], [3000, 5000])],
    [2000, windows([0, 1000])],
    [0, windows([0, 0])],
  ])('knows at %i what had begun by then', (untilMs, expected) => {
    expect(windowsUntil(three, mediaMs(untilMs))).toEqual(expected);
  });
});

describe('the window for a moment', () => {
  it('holds it, with both ends', () => {
    expect(windowAt(three, mediaMs(3000))).toEqual(three[1]);
    expect(windowAt(three, mediaMs(9000))).toEqual(three[1]);
    expect(windowAt(three, mediaMs(2000))).toBeUndefined();
  });

  it('is the nearest when none holds it', () => {
    expect(bestWindow(three, mediaMs(2600))).toEqual(three[1]);
    expect(bestWindow(three, mediaMs(1200))).toEqual(three[0]);
  });

  it('is the longest, of several the first, when no moment is asked about', () => {
    expect(bestWindow(three)).toEqual(three[1]);
    expect(bestWindow(windows([0, 500], [1000, 1500]))).toEqual(windows([0, 500])[0]);
  });
});

describe('isVisibleIn', () => {
  it.each([
    [0, 100, true],
    [1001, 2999, false],
    [9000, 10_000, true],
    [13_000, 14_000, false],
  ])('a stretch from %i to %i: %s', (fromMs, toMs, expected) => {
    expect(isVisibleIn(three, fromMs, toMs)).toBe(expected);
  });
});
