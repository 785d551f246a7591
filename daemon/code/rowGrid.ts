/** Rows at equal distances: which of them a line stands in, so that empty ones between are known. */
import { median } from '../base/median.ts';
import type { CodeConfig } from './codeConfig.ts';

export interface RowGrid {
  /** Distance of two rows, px. */
  readonly pitch: number;
  /** Number of the row at this height; the first one that was given is row 0. */
  rowAt(middle: number): number;
}

/**
 * Lays a grid through rows.
 * @param middles of rows, top to bottom, px; at least one
 * @param height of a usual line, px
 */
export function layGrid(middles: readonly number[], height: number, config: CodeConfig): RowGrid {
  const gaps = middles.slice(1).map((middle, index) => middle - middles[index]!);
  let pitch = basePitch(gaps, height, config);
  // Each row is placed from the one above it: an error of the pitch does not add up.
  const rows = [0];
  for (const gap of gaps) rows.push(rows.at(-1)! + Math.max(1, Math.round(gap / pitch)));
  if (rows.length > 1) pitch = (middles.at(-1)! - middles[0]!) / rows.at(-1)!;
  const rowAt = (middle: number): number => {
    const nearest = middles.reduce(
      (best, other, index) =>
        Math.abs(other - middle) < Math.abs(middles[best]! - middle) ? index : best,
      0,
    );
    return rows[nearest]! + Math.round((middle - middles[nearest]!) / pitch);
  };
  return { pitch, rowAt };
}

/** The largest distance of which all gaps are multiples; a row never is much higher than its line. */
function basePitch(gaps: readonly number[], height: number, config: CodeConfig): number {
  const limit = config.mostRowHeights * height;
  const misfit = (pitch: number): number =>
    gaps.reduce((sum, gap) => sum + Math.abs(gap / pitch - Math.round(gap / pitch)), 0) /
    gaps.length;
  const fitting = gaps
    .filter((gap) => gap <= limit)
    .sort((a, b) => b - a)
    .find((gap) => misfit(gap) < config.rowMisfit);
  if (fitting !== undefined) {
    // One gap is a pixel off; those that hold one row tell it together.
    return median(gaps.filter((gap) => Math.round(gap / fitting) === 1)) ?? fitting;
  }
  const usual = config.usualRowHeights * height;
  const smallest = Math.min(...gaps);
  if (smallest <= limit) return smallest;
  return Number.isFinite(smallest) ? smallest / Math.round(smallest / usual) : usual;
}
