/** Lines of a screen as pieces of text with edges, and what can be measured on several of them. */
import type { ScreenLineAt } from '../../protocol/index.ts';
import { median } from '../base/median.ts';
import type { CodeConfig } from './codeConfig.ts';

/** A line of text where it stands, px of the video. */
export interface Piece {
  readonly line: ScreenLineAt;
  /** Without spaces around it. */
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  readonly height: number;
}

export function toPiece(line: ScreenLineAt): Piece {
  const [x, y, width, height] = line.box;
  const text = line.text.trim();
  return { line, text, left: x, right: x + width, middle: y + height / 2, height };
}

/**
 * Without lines in whose place another one stands that came later: the moment may be the very one at which a line was replaced.
 */
export function withoutReplaced(pieces: readonly Piece[], config: CodeConfig): Piece[] {
  return pieces.filter(
    (piece) =>
      !pieces.some((other) => {
        const overlap = Math.min(piece.right, other.right) - Math.max(piece.left, other.left);
        const narrower = Math.min(piece.right - piece.left, other.right - other.left);
        const isSamePlace = overlap > narrower / 2 && isBeside(piece, other, config);
        const [old, next] = [piece.line, other.line];
        return isSamePlace && old.startMs < next.startMs && old.endMs <= next.startMs;
      }),
  );
}

/** Width of a character's cell when all are alike; undefined for a text too short to tell. */
export function cellOf({ text, left, right }: Piece, config: CodeConfig): number | undefined {
  if (text.length < config.leastCellCharacters) return undefined;
  return (right - left) / (text.length - config.bearingCells);
}

/** The cell that most characters of these pieces have; a guess from their height when all are short. */
export function usualCell(pieces: readonly Piece[], config: CodeConfig): number {
  const cells = pieces.flatMap((piece) => {
    const cell = cellOf(piece, config);
    // Long lines tell it better: they count for each of their characters.
    return cell === undefined ? [] : Array.from({ length: piece.text.length }, () => cell);
  });
  return median(cells) ?? (median(pieces.map(({ height }) => height)) ?? 2) / 2;
}

/** Whether the characters of a piece are wider or narrower than a cell. */
export function isOtherFont(piece: Piece, cell: number, config: CodeConfig): boolean {
  const own = cellOf(piece, config) ?? cell;
  return Math.abs(own / cell - 1) > config.otherFontShare;
}

/** Whether one piece stands beside the other. */
export function isBeside(a: Piece, b: Piece, config: CodeConfig): boolean {
  return Math.abs(a.middle - b.middle) < config.sameRowHeights * Math.min(a.height, b.height);
}

/** Groups pieces into rows, top to bottom, each from the left. */
export function rowsOf(pieces: readonly Piece[], config: CodeConfig): Piece[][] {
  const rows: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => a.middle - b.middle)) {
    const row = rows.at(-1);
    if (row && isBeside(row[0]!, piece, config)) row.push(piece);
    else rows.push([piece]);
  }
  for (const row of rows) row.sort((a, b) => a.left - b.left);
  return rows;
}
