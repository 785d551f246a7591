import { describe, expect, it } from 'vitest';
import { LiveClock } from '../../../daemon/media/liveClock.ts';

const options = { frameRateFps: 2, maxLagMs: 3000, maxAheadMs: 5000, gapToleranceMs: 700 };

/** @param pictures own time and clock time of each, or why a run ended. @returns media times, `+wait`, gaps as `[from–to reason]` */
function check(pictures: readonly (readonly [number, number] | string)[], expected: string): void {
  const clock = new LiveClock(options);
  const told = pictures.flatMap((picture) => {
    if (typeof picture === 'string') {
      clock.endRun(picture);
      return [];
    }
    const place = clock.place(...picture);
    if (!place) return ['–'];
    const { ptsMs, waitMs, gap } = place;
    const missed = gap ? [`[${gap.startMs}–${gap.endMs} ${gap.reason}]`] : [];
    return [...missed, waitMs > 0 ? `${ptsMs}+${waitMs}` : String(ptsMs)];
  });
  expect(told.join(' ')).toBe(expected);
}

describe('media time of what is live', () => {
  it('is counted from the first picture, wherever its own time begins', () => {
    check(
      [
        [77_000, 9000],
        [77_500, 9500],
        [78_000, 10_000],
      ],
      '0 500 1000',
    );
  });

  it('waits for the moment of a picture that comes in a bundle', () => {
    check(
      [
        [0, 100],
        [500, 100],
        [1000, 120],
      ],
      '0 500+500 1000+980',
    );
  });

  it('takes a picture that comes a little late as it is', () => {
    check(
      [
        [0, 0],
        [500, 2500],
        [1000, 2500],
      ],
      '0 500 1000',
    );
  });

  it('goes on at what is live when the source falls too far behind', () => {
    const behind = 'The source fell behind, and went on at what is live.';
    check(
      [
        [0, 0],
        [500, 4600],
        [1000, 5000],
      ],
      `0 [500–5000 ${behind}] 5000+400 5500+500`,
    );
  });

  it('goes on by the clock over a restart, on the grid', () => {
    const pictures = [[0, 0], [500, 500], 'It broke.', [0, 4300], [500, 4800]] as const;
    check(pictures, '0 500 [1000–4500 It broke.] 4500+200 5000+200');
  });

  it('has no gap when a restart was quick', () => {
    check([[0, 0], 'resized', [0, 900], [500, 1400]], '0 1000+100 1500+100');
  });

  it('gives no sample twice', () => {
    check(
      [
        [0, 0],
        [100, 100],
        [500, 500],
        [200, 600],
      ],
      '0 – 500 –',
    );
  });

  it('starts anew when the source has set its own times anew', () => {
    check(
      [
        [0, 0],
        [3_600_000, 500],
        [3_600_500, 1000],
      ],
      '0 500 1000',
    );
  });

  it('tells what is missing at the end', () => {
    const clock = new LiveClock(options);
    expect(clock.trailingGap(9000, 'It broke.')).toBeUndefined();
    clock.place(0, 1000);
    const gap = { startMs: 500, endMs: 8000, reason: 'It broke.', isFailure: false };
    expect(clock.trailingGap(9000, 'It broke.')).toEqual(gap);
  });
});
