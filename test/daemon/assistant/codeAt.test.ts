import { describe, expect, it } from 'vitest';
import { readCodeScreen } from '../../../daemon/assistant/codeAt.ts';
import { mediaMs, type ScreenRegion, type ScreenTextRow } from '../../../protocol/index.ts';

interface Shown {
  readonly id: number;
  readonly region: ScreenRegion;
  readonly from: number;
  readonly to: number;
}

/** A timeline in which these lines stand on screen, one below the other. */
function timelineOf(shown: readonly Shown[]) {
  return {
    isComplete: true,
    durationMs: mediaMs(60_000),
    linesAt: (ptsMs: number) =>
      shown
        .filter(({ from, to }) => from <= ptsMs && ptsMs <= to)
        .map(({ id, region, from, to }) => {
          const window = [mediaMs(from), mediaMs(to)] as const;
          const box = [10, id * 20, 100, 14] as const;
          const row: ScreenTextRow = {
            ...{ kind: 'screenText', id, text: `line ${id}`, box, confidence: 1, region },
            ...{ indentColumns: 0, windows: [window], provenance: { sightings: 2, readings: 1 } },
            ...{ startMs: window[0], endMs: window[1] },
          };
          return { row, window, box };
        }),
  };
}

const read = (shown: readonly Shown[], atMs: number) =>
  readCodeScreen(timelineOf(shown), mediaMs(atMs), { frameRateFps: 2 });
const ids = (lines: readonly { rowId: number }[] = []): number[] => lines.map(({ rowId }) => rowId);

describe('the screen that code is read from', () => {
  it('is the lines at the moment', () => {
    const { lines, earlier } = read(
      [
        { id: 1, region: 'editor', from: 0, to: 9000 },
        { id: 2, region: 'editor', from: 6000, to: 9000 },
      ],
      5000,
    );
    expect([ids(lines), earlier]).toEqual([[1], undefined]);
  });

  it('has what stood there just before a popup came', () => {
    const shown: Shown[] = [
      { id: 1, region: 'editor', from: 0, to: 9000 },
      { id: 2, region: 'editor', from: 0, to: 3500 },
      { id: 3, region: 'editor', from: 0, to: 1000 },
      { id: 4, region: 'popup', from: 4000, to: 9000 },
      { id: 5, region: 'popup', from: 4500, to: 9000 },
    ];
    const { lines, earlier } = read(shown, 5000);
    expect([ids(lines), ids(earlier)]).toEqual([[1, 4, 5], [2]]);
  });

  it('has nothing before the beginning', () => {
    const { lines, earlier } = read([{ id: 1, region: 'dialog', from: 0, to: 9000 }], 5000);
    expect([ids(lines), earlier]).toEqual([[1], undefined]);
  });

  it('is not there when the video is over', () => {
    expect(() => read([], 70_000)).toThrow('it ends at 1:00');
  });
});
