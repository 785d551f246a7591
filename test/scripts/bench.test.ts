/** The benchmark's arithmetic and its table. */
import { describe, expect, it } from 'vitest';
import { untold } from '../../scripts/bench/live/faults.ts';
import { processorSeconds, residentBytes } from '../../scripts/bench/memory.ts';
import { costPerStep, countOnTime, mean, percentile } from '../../scripts/bench/statistics.ts';
import { formatValue, toMarkdown } from '../../scripts/bench/table.ts';
import { parentOf } from '../../scripts/processes.ts';
import { mediaMs, type TimelineRow } from '../../protocol/index.ts';

describe('statistics', () => {
  it('interpolate between neighbours', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(percentile([10, 20, 30], 0.95)).toBeCloseTo(29);
    expect(percentile([7], 0.95)).toBe(7);
    expect(mean([1, 2, 6])).toBe(3);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  it('read the cost of a step off between the sightings of a counter', () => {
    const points = [
      { atMs: 0, count: 1 },
      { atMs: 100, count: 11 },
      { atMs: 400, count: 21 },
    ];
    expect(costPerStep(points, { from: 1, to: 11 })).toBe(10);
    expect(costPerStep(points, { from: 6, to: 16 })).toBe(20);
    expect(costPerStep(points, { from: 11, to: 22 })).toBeUndefined();
    expect(costPerStep(points, { from: 0, to: 11 })).toBeUndefined();
  });

  it('count what was on time while something else went on', () => {
    const frames = [
      { dueMs: 0, doneMs: 10 },
      { dueMs: 500, doneMs: 1000 },
      { dueMs: 1000, doneMs: 1501 },
      { dueMs: 1500, doneMs: Infinity },
      { dueMs: 2000, doneMs: 2001 },
    ];
    expect(countOnTime(frames, [], 500)).toEqual({ due: 0, onTime: 0 });
    expect(countOnTime(frames, [{ fromMs: 600, toMs: 1600 }], 500)).toEqual({ due: 3, onTime: 1 });
    expect(countOnTime(frames, [{ fromMs: 0, toMs: 9000 }], 500)).toEqual({ due: 5, onTime: 3 });
  });
});

describe('the table', () => {
  it('tells what was not measured from what cannot be', () => {
    expect(formatValue(undefined, 'ms')).toBe('–');
    expect(formatValue(null, 'megabytes')).toBe('n/a');
    expect(formatValue(NaN, 'ratio')).toBe('n/a');
  });

  it('gives as many digits as are worth reading', () => {
    expect(formatValue(123.456, 'framesPerSecond')).toBe('123 fps');
    expect(formatValue(12.345, 'ms')).toBe('12.3 ms');
    expect(formatValue(1.234, 'ratio')).toBe('1.23 ×');
    expect(formatValue(0.9876, 'share')).toBe('98.8 %');
    expect(formatValue(812.6, 'megabytes')).toBe('813 MB');
  });

  it('has columns of equal width', () => {
    const rows = [
      { key: 'a', name: 'Decoding', unit: 'framesPerSecond', sample: 250, note: 'alone' },
      { key: 'b', name: 'Growth', unit: 'ratio', longRun: 1 },
    ] as const;
    expect(toMarkdown(rows, { sample: 'a.mp4', longRun: 'long' })).toBe(
      [
        '| Measured | a.mp4   | long   | Notes |',
        '| -------- | ------- | ------ | ----- |',
        '| Decoding | 250 fps | –      | alone |',
        '| Growth   | –       | 1.00 × |       |',
      ].join('\n'),
    );
  });
});

describe('/proc', () => {
  it('says how much processor time was taken', () => {
    const stat = '7 (a (b) c) S 1 7 7 0 -1 4194560 900 80 0 0 150 50 25 75 20 0 11 0 99 1000 200';
    expect(processorSeconds(stat)).toBe(3);
    expect(processorSeconds('')).toBe(0);
  });

  it('says how much memory is resident', () => {
    expect(residentBytes('Name:\tnode\nVmHWM:\t  9 kB\nVmRSS:\t    2048 kB\nThreads:\t9\n')).toBe(
      2048 * 1024,
    );
    expect(residentBytes('')).toBe(0);
  });

  it('names the parent, whatever the program is called', () => {
    expect(parentOf('42 (odd) name) 3) S 7 42 42 0 -1')).toBe(7);
  });
});

describe('stretches that were not seen', () => {
  const gap = (startMs: number, endMs: number): TimelineRow => ({
    ...{ kind: 'gap', id: 1, reason: 'silence' },
    ...{ startMs: mediaMs(startMs), endMs: mediaMs(endMs) },
  });

  it('count where no gap tells of them', () => {
    const seen = (positions: readonly number[]) =>
      positions.map((atMs, index) => ({ atMs, frames: index + 1 }));
    expect(untold(seen([0, 500, 1000, 3500]), [])).toBe(0);
    expect(untold(seen([0, 500, 9500, 10_000, 20_000]), [])).toBe(2);
    expect(untold(seen([0, 500, 9500, 10_000, 20_000]), [gap(1000, 9500)])).toBe(1);
    expect(untold(seen([0, 500, 9500]), [gap(1000, 4000)])).toBe(1);
    // Behind a fault, frames that have waited are seen faster than their counters are told.
    const told = [
      { atMs: 500, frames: 2 },
      { atMs: 9500, frames: 20 },
    ];
    expect(untold(told, [])).toBe(0);
    expect(untold(seen([0, 500, 9500]), [gap(1000, 4000), gap(5000, 9000)])).toBe(0);
  });
});
