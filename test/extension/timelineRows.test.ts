import { describe, expect, it } from 'vitest';
import { TimelineRows } from '../../extension/timelineRows.ts';
import { mediaMs, type TimelineRow } from '../../protocol/index.ts';

const line = (id: number, text: string, endMs = 1000): TimelineRow => ({
  kind: 'cue',
  ...{ id, text, startMs: mediaMs(1000), endMs: mediaMs(endMs) },
});

/** Rows known before, and what a replay tells. */
function replay(known: readonly TimelineRow[], told: readonly TimelineRow[]) {
  const rows = new TimelineRows();
  for (const row of known) rows.add(row);
  rows.beginReplay();
  const news = told.filter((row) => rows.add(row) === 'new');
  return { news, isReset: rows.endReplay(), all: rows.all };
}

describe('TimelineRows', () => {
  it('keeps each id once, in the order of coming', () => {
    const rows = new TimelineRows();
    expect([line(2, 'b'), line(1, 'a'), line(2, 'b')].map((row) => rows.add(row))).toEqual([
      ...['new', 'new', 'known'],
    ]);
    expect(rows.all.map(({ id }) => id)).toEqual([2, 1]);
    expect(rows.endReplay()).toBe(false);
  });

  it('takes a replay of what it knows, in any order, as no news', () => {
    const { news, isReset, all } = replay(
      [line(1, 'a'), line(2, 'b')],
      [line(2, 'b'), line(1, 'a')],
    );
    expect({ news, isReset }).toEqual({ news: [], isReset: false });
    expect(all.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('adds what it has missed', () => {
    const { news, isReset } = replay([line(1, 'a')], [line(1, 'a'), line(2, 'b')]);
    expect({ news, isReset }).toEqual({ news: [line(2, 'b')], isReset: false });
  });

  it('puts what is told anew in the place of what it knew', () => {
    const rows = new TimelineRows();
    for (const row of [line(1, 'a'), line(2, 'b')]) rows.add(row);
    expect(rows.add(line(1, 'better'))).toBe('changed');
    expect(rows.all).toEqual([line(1, 'better'), line(2, 'b')]);
    expect(rows.get(1)).toEqual(line(1, 'better'));
  });

  it('takes a line that was read better, or a chapter that grew, for the same timeline', () => {
    const chapter = (title: string, endMs: number): TimelineRow => ({
      ...{ kind: 'chapter', id: 1, startMs: mediaMs(0), endMs: mediaMs(endMs), title },
      ...{ origin: 'model', evidence: [], model: 'fake 1' },
    });
    const { isReset, all } = replay([chapter('Setup', 1000)], [chapter('Tests', 9000)]);
    expect(isReset).toBe(false);
    expect(all).toEqual([chapter('Tests', 9000)]);
  });

  it('learns where a line ended', () => {
    const { isReset, all } = replay([line(1, 'a', 1500)], [line(1, 'a', 9000)]);
    expect(isReset).toBe(false);
    expect(all).toEqual([line(1, 'a', 9000)]);
  });

  it('gives up a timeline that is no more', () => {
    for (const told of [[line(1, 'other')], [line(2, 'b')], []]) {
      const { isReset, all } = replay([line(1, 'a')], told);
      expect(isReset).toBe(true);
      expect(all).toEqual(told);
    }
  });
});
