/** Which lines stand in one pane of an editor, and which pane is meant. */
import type { CodeConfig } from './codeConfig.ts';
import { findNumberColumns, type NumberColumn } from './gutter.ts';
import { cellOf, isBeside, median, usualCell, type Piece } from './pieces.ts';

/** A part of the screen with one text in it. */
export interface Pane {
  readonly pieces: readonly Piece[];
  readonly numbers?: NumberColumn;
  /** Edges of its text, px. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The pane whose text is meant: the one with the most rows, of several the larger one.
 * @param others lines of other regions: tabs or a terminal between two texts part them
 */
export function choosePane(
  candidates: readonly Piece[],
  others: readonly Piece[],
  config: CodeConfig,
): Pane | undefined {
  const columns = findNumberColumns(candidates, config);
  const numbers = new Set(columns.flatMap((column) => column.numbers));
  const text = inOneFont(
    candidates.filter((piece) => !numbers.has(piece)),
    columns,
    config,
  );
  const panes = sideBySide(text, columns, config)
    .flatMap((pieces) => oneAboveOther(pieces, others))
    .map((pieces) => paneOf(pieces, columns));
  const size = ({ pieces }: Pane): number => new Set(pieces.map(rowKey)).size;
  const area = ({ left, right, top, bottom }: Pane): number => (right - left) * (bottom - top);
  return panes.sort((a, b) => size(b) - size(a) || area(b) - area(a))[0];
}

const rowKey = ({ middle, height }: Piece): number => Math.round(middle / height);

/**
 * Without minimaps, whose lines are smaller than code, and without hints between lines: no number stands beside those, and
 * their letters are not in the code's cells.
 */
function inOneFont(
  pieces: readonly Piece[],
  columns: readonly NumberColumn[],
  config: CodeConfig,
): Piece[] {
  const cell = usualCell(pieces, config);
  const height = median(pieces.map((piece) => piece.height)) ?? 0;
  const numbers = columns.flatMap((column) => column.numbers);
  return pieces.filter((piece) => {
    const own = cellOf(piece, config) ?? cell;
    const isOtherFont = Math.abs(own / cell - 1) > config.otherFontShare;
    const isNumbered =
      numbers.length === 0 || numbers.some((number) => isBeside(number, piece, config));
    return (isNumbered || !isOtherFont) && piece.height > height / 2;
  });
}

/** Parts pieces at columns of line numbers, and where whole rows begin that have nothing to their left. */
function sideBySide(
  pieces: readonly Piece[],
  columns: readonly NumberColumn[],
  config: CodeConfig,
): Piece[][] {
  const cuts = columns.length > 0 ? columns.map(({ left }) => left) : paneEdges(pieces, config);
  const parts = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const key = cuts.findLast((cut) => piece.left >= cut) ?? -1;
    parts.set(key, [...(parts.get(key) ?? []), piece]);
  }
  return [...parts.values()];
}

/** Left edges of panes without line numbers that stand right of another one. */
function paneEdges(pieces: readonly Piece[], config: CodeConfig): number[] {
  const lefts = [...new Set(pieces.map(({ left }) => left))].sort((a, b) => a - b);
  const least = config.leastPaneCells * usualCell(pieces, config);
  return lefts.filter((edge) => {
    if (pieces.some(({ left, right }) => left < edge && right > edge)) return false;
    const before = pieces.filter(({ left }) => left < edge - least);
    const behind = pieces.filter(({ left }) => left >= edge);
    // Comments at the ends of lines stand beside those lines.
    const alone = behind.filter((piece) => !before.some((other) => isBeside(piece, other, config)));
    return (
      before.length >= config.leastRowsOfPane &&
      alone.length >= config.leastRowsOfPane &&
      alone.length * 3 >= behind.length
    );
  });
}

/** Parts pieces where a line of another region stands between them, as tabs do between two editors. */
function oneAboveOther(pieces: readonly Piece[], others: readonly Piece[]): Piece[][] {
  const left = Math.min(...pieces.map((piece) => piece.left));
  const right = Math.max(...pieces.map((piece) => piece.right));
  const walls = others
    .filter(({ line }) => line.region !== 'popup' && line.region !== 'dialog')
    .filter((other) => other.left < right && other.right > left)
    .map(({ middle }) => middle);
  const parts = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const key = walls.filter((wall) => wall < piece.middle).length;
    parts.set(key, [...(parts.get(key) ?? []), piece]);
  }
  return [...parts.values()];
}

function paneOf(pieces: readonly Piece[], columns: readonly NumberColumn[]): Pane {
  const edges = {
    left: Math.min(...pieces.map((piece) => piece.left)),
    right: Math.max(...pieces.map((piece) => piece.right)),
    top: Math.min(...pieces.map(({ middle, height }) => middle - height / 2)),
    bottom: Math.max(...pieces.map(({ middle, height }) => middle + height / 2)),
  };
  const column = columns.findLast(({ left }) => left <= edges.left);
  if (!column) return { pieces, ...edges };
  const numbers = column.numbers.filter(
    // Beside the text, an empty last line or two included.
    ({ middle, height }) => middle > edges.top - 2 * height && middle < edges.bottom + 2 * height,
  );
  return { pieces, numbers: { ...column, numbers }, ...edges };
}
