/** Which lines stand in one pane of an editor, and which pane is meant. */
import { median } from '../base/median.ts';
import type { CodeConfig } from './codeConfig.ts';
import { findNumberColumns, isAcross, isInColumn, type NumberColumn } from './gutter.ts';
import { isBeside, isOtherFont, usualCell, type Piece } from './pieces.ts';

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
 * The pane whose text is meant: one with line numbers before others, then the one with the most rows, of several the larger one.
 * @param others lines of other regions: tabs or a terminal between two texts part them
 */
export function choosePane(
  candidates: readonly Piece[],
  others: readonly Piece[],
  config: CodeConfig,
): Pane | undefined {
  const columns = findNumberColumns(candidates, config);
  const numbers = new Set(columns.flatMap((column) => column.numbers));
  const cell = usualCell(candidates, config);
  const text = inOneFont(
    candidates.filter(
      (piece) => !numbers.has(piece) && !columns.some((column) => isInColumn(piece, column, cell)),
    ),
    columns,
    config,
  );
  const panes = sideBySide(text, columns, config)
    .flatMap((part) => oneAboveOther(part, [...candidates, ...others], others, cell))
    .map(paneOf);
  const isNumbered = (pane: Pane): number =>
    (pane.numbers?.numbers.length ?? 0) >= config.leastNumbers ? 1 : 0;
  const size = ({ pieces }: Pane): number => new Set(pieces.map(rowKey)).size;
  const area = ({ left, right, top, bottom }: Pane): number => (right - left) * (bottom - top);
  return panes.sort(
    (a, b) => isNumbered(b) - isNumbered(a) || size(b) - size(a) || area(b) - area(a),
  )[0];
}

/** What stands right of one column of numbers, or of none. */
interface Part {
  readonly pieces: readonly Piece[];
  readonly column?: NumberColumn;
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
    const isNumbered =
      numbers.length === 0 || numbers.some((number) => isBeside(number, piece, config));
    return (isNumbered || !isOtherFont(piece, cell, config)) && piece.height > height / 2;
  });
}

/** Parts pieces at columns of line numbers, and where whole rows begin that have nothing to their left. */
function sideBySide(
  pieces: readonly Piece[],
  columns: readonly NumberColumn[],
  config: CodeConfig,
): Part[] {
  const cuts = columns.length > 0 ? columns.map(({ left }) => left) : paneEdges(pieces, config);
  const parts = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const key = cuts.findLastIndex((cut) => piece.left >= cut);
    parts.set(key, [...(parts.get(key) ?? []), piece]);
  }
  return [...parts].map(([key, part]) => {
    const column = columns[key];
    return column ? { pieces: part, column } : { pieces: part };
  });
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

/** What stands above every editor. */
const titles: ReadonlySet<string> = new Set(['tabs', 'breadcrumbs']);
/** What lies over a text and does not part it. */
const above: ReadonlySet<string> = new Set(['popup', 'dialog']);

/**
 * Parts pieces where a line of another region stands between them, as tabs do between two editors. Line numbers tell it better
 * than regions: there, what runs across their column parts the texts, whatever it was taken for.
 */
function oneAboveOther(
  { pieces, column }: Part,
  all: readonly Piece[],
  others: readonly Piece[],
  cell: number,
): Part[] {
  const left = column?.left ?? Math.min(...pieces.map((piece) => piece.left));
  const right = Math.max(...pieces.map((piece) => piece.right));
  const isWall = (piece: Piece): boolean =>
    piece.left < right &&
    piece.right > left &&
    (column
      ? titles.has(piece.line.region) || isAcross(piece, column, cell)
      : others.includes(piece) && !above.has(piece.line.region));
  const walls = all.filter(isWall);
  const keyOf = ({ middle }: Piece): number => walls.filter((wall) => wall.middle < middle).length;
  // What stands beside a wall belongs to it: a terminal's second column is no code.
  const inside = column
    ? pieces.filter((piece) => !walls.some((wall) => isSameRow(wall, piece)))
    : pieces;
  return [...new Set(inside.map(keyOf))].map((key) => {
    const part = inside.filter((piece) => keyOf(piece) === key);
    if (!column) return { pieces: part };
    const numbers = column.numbers.filter((piece) => keyOf(piece) === key);
    return numbers.length === 0
      ? { pieces: part }
      : { pieces: part, column: { ...column, numbers } };
  });
}

const isSameRow = (a: Piece, b: Piece): boolean =>
  Math.abs(a.middle - b.middle) < Math.min(a.height, b.height) / 2;

function paneOf({ pieces, column }: Part): Pane {
  const edges = {
    left: Math.min(...pieces.map((piece) => piece.left)),
    right: Math.max(...pieces.map((piece) => piece.right)),
    top: Math.min(...pieces.map(({ middle, height }) => middle - height / 2)),
    bottom: Math.max(...pieces.map(({ middle, height }) => middle + height / 2)),
  };
  if (!column) return { pieces, ...edges };
  const numbers = column.numbers.filter(
    // Beside the text, an empty last line or two included.
    ({ middle, height }) => middle > edges.top - 2 * height && middle < edges.bottom + 2 * height,
  );
  return { pieces, numbers: { ...column, numbers }, ...edges };
}
