/** The lane by keyboard. */
import type { RefObject } from 'preact';
import { mediaMs } from '../protocol/index.ts';
import { neighbourMark } from './laneMarks.ts';
import { shownMarks } from './laneState.ts';
import type { Page } from './page.ts';
import { durationOf } from './selectors.ts';
import type { TimeRange } from './state.ts';

const stepMs = 5000;

/** A stretch between two moments, whichever came first, inside the video. */
export function rangeBetween(oneMs: number, otherMs: number, durationMs: number): TimeRange {
  const inside = (ms: number): number => Math.min(Math.max(0, ms), durationMs);
  const [fromMs, toMs] = [inside(oneMs), inside(otherMs)].sort((a, b) => a - b) as [number, number];
  return { fromMs: mediaMs(fromMs), toMs: mediaMs(toMs) };
}

/**
 * What a key does on the lane: arrows step, PageUp and PageDown go from mark to mark, Shift with an arrow selects.
 * @param anchor where the selection began; the other end of it moves
 * @returns false for keys that mean nothing here
 */
export function pressLaneKey(
  page: Page,
  { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent,
  anchor: RefObject<number>,
): boolean {
  // Those are the editor's own.
  if (ctrlKey || metaKey || altKey) return false;
  const { store, playback } = page;
  const { range } = store.state;
  const durationMs = durationOf(store.state);
  const select = (byMs: number): void => {
    // A selection may also come from elsewhere: its end moves then.
    const start =
      range?.toMs === anchor.current ? range.toMs : (range?.fromMs ?? mediaMs(playback.positionMs));
    const end = range?.fromMs === start ? range.toMs : (range?.fromMs ?? start);
    anchor.current = start;
    const next = rangeBetween(start, end + byMs, durationMs);
    const isEmpty = next.fromMs === next.toMs;
    store.dispatch({ kind: 'selected', body: { range: isEmpty ? undefined : next } });
  };
  const toMark = (direction: 1 | -1): void => {
    const mark = neighbourMark(shownMarks(store.state), playback.positionMs, direction);
    if (mark) page.seek(mark.atMs);
  };
  const direction = key === 'ArrowLeft' || key === 'ArrowDown' ? -1 : 1;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
    case 'ArrowUp':
    case 'ArrowDown':
      if (shiftKey) select(direction * stepMs);
      else page.step(direction * stepMs);
      return true;
    case 'PageUp':
      toMark(-1);
      return true;
    case 'PageDown':
      toMark(1);
      return true;
    case 'Home':
      page.seek(0);
      return true;
    case 'End':
      page.seek(durationMs);
      return true;
    case 'Escape':
      if (!range) return false;
      store.dispatch({ kind: 'selected', body: { range: undefined } });
      return true;
    default:
      return false;
  }
}
