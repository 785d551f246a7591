/** Pieces of one row → its text: columns come from where the pieces stand. */
import { median } from '../base/median.ts';
import type { CodeConfig } from './codeConfig.ts';
import type { Piece } from './pieces.ts';

/** Columns of a pane. */
export interface ColumnGrid {
  /** Width of a column, px. */
  readonly cell: number;
  /** Left edge of column 0, px. */
  readonly left: number;
  /** What the reader's columns have more than those from the edges of the ink. */
  readonly readerOffset: number;
}

/**
 * @param firsts the first piece of every row
 * @param freeFrom nothing but this pane's text stands right of here, px
 */
export function layColumns(
  firsts: readonly Piece[],
  { cell, freeFrom }: { readonly cell: number; readonly freeFrom: number },
  config: CodeConfig,
): ColumnGrid {
  const edge = gridEdge(
    firsts.map(({ left }) => left),
    cell,
  );
  const offsets = firsts.map(
    ({ line, left }) => line.indentColumns - Math.round((left - edge) / cell),
  );
  const readerOffset = median(offsets) ?? 0;
  // The reader remembers the pane's edge from before: everything visible may be indented.
  const hidden = edge - readerOffset * cell;
  const isHidden =
    readerOffset > 0 &&
    readerOffset <= config.mostHiddenColumns &&
    hidden > freeFrom &&
    offsets.filter((offset) => Math.abs(offset - readerOffset) <= 1).length * 2 > offsets.length;
  return { cell, left: isHidden ? hidden : edge, readerOffset: isHidden ? 0 : readerOffset };
}

/** Left edge of the ink in column 0: letters begin within a cell at different places, and most lines tell it together. */
function gridEdge(lefts: readonly number[], cell: number): number {
  const first = Math.min(...lefts);
  const columns = (left: number, edge: number): number => Math.round((left - edge) / cell);
  const misfit = (edge: number): number =>
    lefts.reduce((sum, left) => sum + Math.abs(left - edge - columns(left, edge) * cell), 0);
  // Each line would have the edge where its own ink begins in some column.
  return lefts
    .map((left) => left - columns(left, first) * cell)
    .reduce((best, edge) => (misfit(edge) < misfit(best) ? edge : best), first);
}

/**
 * The column in which a piece begins. Three measures tell it: the left edge of its ink, which may be an indentation guide's; the
 * right edge and the number of its characters; and the reader's own, where it found one. Two that agree are believed.
 */
function columnOf(
  { line, text, left, right }: Piece,
  grid: ColumnGrid,
  config: CodeConfig,
): number {
  const column = (x: number): number => Math.max(0, Math.round((x - grid.left) / grid.cell));
  const byLeft = column(left);
  const byRight = column(right - (text.length - config.bearingCells) * grid.cell);
  const byReader = Math.max(0, line.indentColumns - grid.readerOffset);
  if (byLeft === byRight || byLeft === byReader) return byLeft;
  // The right edge is no surer than the width of a cell, the whole text away.
  const isFurther = byReader > byLeft && byRight > byLeft;
  return isFurther && Math.abs(byRight - byReader) <= 1 ? byReader : byLeft;
}

/** @param row pieces of one row, from the left */
export function rowText(row: readonly Piece[], grid: ColumnGrid, config: CodeConfig): string {
  return row
    .map((piece, index) => {
      const previous = row[index - 1];
      const spaces = previous
        ? Math.round((piece.left - previous.right) / grid.cell - config.gapBearingCells)
        : columnOf(piece, grid, config);
      return ' '.repeat(Math.max(0, spaces)) + piece.text;
    })
    .join('');
}
