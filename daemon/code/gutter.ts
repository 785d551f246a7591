/** Line numbers: which pieces are some, and which number stands beside which row. */
import type { CodeConfig } from './codeConfig.ts';
import { usualCell, type Piece } from './pieces.ts';

/** A number, with the mark of a changed line that may stand beside it. */
const loneNumber = /^(\d{1,6})\s*[|¦│]?$/;

/** A number at the start of a row, and the marks and indentation guides between it and the text. */
const numberPrefix = /^(\d{1,6})(?:(?:\s*[|¦│])*\s+(?=\S)|\s*[|¦│]?$)/;

/** The number that a piece is; undefined when it is another text. */
export function numberIn({ text }: Piece): number | undefined {
  const found = loneNumber.exec(text);
  return found ? Number(found[1]) : undefined;
}

/** Numbers that stand below one another. */
export interface NumberColumn {
  readonly numbers: readonly Piece[];
  readonly left: number;
  readonly right: number;
}

/**
 * Columns of lone numbers, from the left. Numbers of a table or a list of results are no line numbers: those grow downwards, or
 * count the distance to one row.
 */
export function findNumberColumns(pieces: readonly Piece[], config: CodeConfig): NumberColumn[] {
  const tolerance = config.numberEdgeCells * usualCell(pieces, config);
  const columns: Piece[][] = [];
  const numbers = pieces.filter((piece) => numberIn(piece) !== undefined);
  for (const piece of numbers.sort((a, b) => a.right - b.right)) {
    const column = columns.at(-1);
    if (column && piece.right - column[0]!.right <= tolerance) column.push(piece);
    else columns.push([piece]);
  }
  const counting = columns.filter(
    (column) => column.length >= config.leastNumbers && isCounting(column),
  );
  return counting.map((column) => {
    const left = Math.min(...column.map((piece) => piece.left));
    const right = Math.max(...column.map((piece) => piece.right));
    // A mark beside a number belongs to its box.
    const marked = numbers.filter(
      (piece) =>
        piece.left < right &&
        piece.right > left &&
        !counting.some((other) => other.includes(piece)),
    );
    return {
      numbers: [...column, ...marked].sort((a, b) => a.middle - b.middle),
      ...{ left, right },
    };
  });
}

/** A text so short, and where it stands, that it can only be a misread number or a mark. */
export function isInColumn({ left, right }: Piece, column: NumberColumn, cell: number): boolean {
  return left > column.left - cell && right < column.right + cell;
}

/**
 * A text that runs across the column, as the titles above an editor and a terminal below it do: the numbered text ends there.
 * Only a number read together with its line also crosses it.
 */
export function isAcross(piece: Piece, column: NumberColumn, cell: number): boolean {
  const { left, right, middle, text, line } = piece;
  if (left >= column.right || right <= column.left) return false;
  if (isInColumn(piece, column, cell) || numberPrefix.test(text)) return false;
  const [first, last] = [column.numbers[0]!, column.numbers.at(-1)!];
  if (middle < first.middle || middle > last.middle) return true;
  // Between the numbers, a popup hides some of them.
  return left < column.left - cell && line.region !== 'popup' && line.region !== 'dialog';
}

/** Most neighbours grow downwards, or shrink and then grow. One misread number spoils two pairs. */
function isCounting(column: readonly Piece[]): boolean {
  const values = column.toSorted((a, b) => a.middle - b.middle).map((piece) => numberIn(piece)!);
  const pairs = values.slice(1).map((value, index) => value - values[index]!);
  const growing = pairs.filter((step) => step > 0).length;
  const lowest = values.indexOf(Math.min(...values));
  const isRelative = pairs.every((step, index) => (index < lowest ? step < 0 : step > 0));
  return growing * 3 >= pairs.length * 2 || isRelative;
}

/**
 * The number beside each row. Numbers that do not fit their neighbours were misread and are left out; a row between two that
 * agree has the number between theirs, read or not.
 * @param read what was read beside rows of the grid
 * @returns row → number; empty when the numbers do not count rows
 */
export function settleNumbers(read: ReadonlyMap<number, number>): Map<number, number> {
  const entries = [...read].sort(([a], [b]) => a - b);
  // Both are one apart for each row, unless something is folded or wrapped in between.
  const offset = ([row, number]: readonly [number, number]): number => number - row;
  const isSure = entries.map((entry, index) =>
    [entries[index - 1], entries[index + 1]].some(
      (other) => other !== undefined && offset(other) === offset(entry),
    ),
  );
  // A hint between two lines moves all numbers below it by a row.
  const agrees = entries.filter((entry, index) => {
    const [before, after] = [entries[index - 1], entries[index + 1]];
    return (
      isSure[index] ||
      (isSure[index - 1] && isMoved(before!, entry)) ||
      (isSure[index + 1] && isMoved(entry, after!))
    );
  });
  const isAscending = agrees.every(
    ([, number], index) => index === 0 || number > agrees[index - 1]![1],
  );
  if (!isAscending) return new Map();
  const settled = new Map<number, number>();
  agrees.forEach(([row, number], index) => {
    settled.set(row, number);
    const next = agrees[index + 1];
    if (!next || offset(next) !== number - row) return;
    for (let between = row + 1; between < next[0]; between++) {
      settled.set(between, number + between - row);
    }
  });
  return settled;
}

/** Whether the numbers count no more lines than there are rows. */
function isMoved(
  [row, number]: readonly [number, number],
  [nextRow, nextNumber]: readonly [number, number],
): boolean {
  return nextNumber > number && nextNumber - number <= nextRow - row;
}

/**
 * Takes off line numbers that were read together with their lines: where several rows begin with numbers that count the rows.
 * @param read numbers that stand alone, by row
 * @returns the rows without them, and all numbers
 */
export function withoutPrefixes(
  rows: ReadonlyMap<number, readonly Piece[]>,
  read: ReadonlyMap<number, number>,
  { cell, config }: { readonly cell: number; readonly config: CodeConfig },
): {
  readonly code: ReadonlyMap<number, readonly Piece[]>;
  readonly numbers: ReadonlyMap<number, number>;
} {
  const found = [...rows].flatMap(([row, [first]]) => {
    const prefix = read.has(row) ? null : numberPrefix.exec(first?.text ?? '');
    return prefix ? [{ row, number: Number(prefix[1]), length: prefix[0].length }] : [];
  });
  const offsets = new Set([...read].map(([row, number]) => number - row));
  const code = new Map(rows);
  const numbers = new Map(read);
  for (const { row, number, length } of found) {
    const alike = found.filter((other) => other.number - other.row === number - row);
    // A line of code may begin with a number, but not with that of its row.
    if (!offsets.has(number - row) && alike.length < config.leastNumbers) continue;
    const [first, ...rest] = rows.get(row)!;
    numbers.set(row, number);
    const text = first!.text.slice(length);
    if (text === '' && rest.length === 0) {
      code.delete(row);
      continue;
    }
    // What stands between number and text is not as wide as it was read; the right edge is the text's own.
    const left = first!.right - (text.length - config.bearingCells) * cell;
    code.set(
      row,
      [{ ...first!, text, left }, ...rest].filter((piece) => piece.text !== ''),
    );
  }
  return { code, numbers };
}

/** Indentation guides at the start of a line, which the reader took for characters. */
const guides = /^(?:[|¦│]\s+)+(?=\S)/;

/**
 * Takes off indentation guides: they are drawn on the edge of a column, a bar that is a character in the middle of one.
 * @param rows pieces of each row, from the left
 */
export function withoutGuides(
  rows: ReadonlyMap<number, readonly Piece[]>,
  { cell, config }: { readonly cell: number; readonly config: CodeConfig },
): ReadonlyMap<number, readonly Piece[]> {
  const firsts = [...rows.values()].flatMap((row) => row[0] ?? []);
  const edges = firsts.filter(({ text }) => !guides.test(text)).map(({ left }) => left);
  const edge = Math.min(...edges);
  const isGuide = ({ text, left }: Piece): boolean => {
    const column = (left - edge) / cell;
    return guides.test(text) && Math.abs(column - Math.round(column)) < config.guideEdgeCells;
  };
  return new Map(
    [...rows].map(([row, [first, ...rest]]) => {
      if (!first || !isGuide(first)) return [row, first ? [first, ...rest] : []];
      const text = first.text.replace(guides, '');
      const left = first.right - (text.length - config.bearingCells) * cell;
      return [row, [{ ...first, text, left }, ...rest]];
    }),
  );
}
