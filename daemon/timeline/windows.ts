/** When a line of screen text was visible: pieces as they are stored, windows as they are told. Pure. */
import type { MediaMs, PixelRectangle, VisibleWindow } from '../../protocol/index.ts';

/** A stretch in which a line stood at one place. A line that moves begins another piece where the one before ends. */
export interface Piece {
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  readonly box: PixelRectangle;
}

/** Pieces that touch are one window. @param pieces in time order */
export function joinPieces(pieces: readonly Piece[]): VisibleWindow[] {
  const windows: [MediaMs, MediaMs][] = [];
  for (const { startMs, endMs } of pieces) {
    const last = windows.at(-1);
    if (last && startMs <= last[1]) last[1] = later(last[1], endMs);
    else windows.push([startMs, endMs]);
  }
  return windows;
}

/** The windows as they were known at a moment: those that had begun, the last one cut there. */
export function windowsUntil(
  windows: readonly VisibleWindow[],
  untilMs: MediaMs,
): readonly VisibleWindow[] {
  return windows
    .filter(([startMs]) => startMs <= untilMs)
    .map(([startMs, endMs]) => (endMs > untilMs ? [startMs, untilMs] : [startMs, endMs]));
}

/** The window that holds a moment. */
export function windowAt(
  windows: readonly VisibleWindow[],
  atMs: MediaMs,
): VisibleWindow | undefined {
  return windows.find(([startMs, endMs]) => startMs <= atMs && atMs <= endMs);
}

/**
 * The window that speaks best for a line: the one that holds the moment or is nearest to it; without a moment the longest, of
 * several the first. @param windows at least one
 */
export function bestWindow(windows: readonly VisibleWindow[], atMs?: MediaMs): VisibleWindow {
  const badness = ([startMs, endMs]: VisibleWindow): number =>
    atMs === undefined ? startMs - endMs : Math.max(startMs - atMs, atMs - endMs, 0);
  return windows.reduce((best, window) => (badness(window) < badness(best) ? window : best));
}

/** Whether a line could be seen in a stretch. */
export function isVisibleIn(
  windows: readonly VisibleWindow[],
  fromMs: number,
  toMs: number,
): boolean {
  return windows.some(([startMs, endMs]) => startMs <= toMs && endMs >= fromMs);
}

const later = (a: MediaMs, b: MediaMs): MediaMs => (a > b ? a : b);
