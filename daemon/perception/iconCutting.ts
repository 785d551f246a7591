/** Takes icons off the ends of lines: taller than the text beside them, they would shrink it in the recogniser's input. */
import type { InkMask, PixelBox } from './runs.ts';

/** Pieces of a line are further apart than this, in line heights. */
const pieceGapHeights = 0.2;
/** An icon is at least this much taller than the rest of its line … */
const tallerThanText = 1.25;
/** … and neither as narrow as a bracket nor as wide as a word, in its heights. */
const narrowestIcon = 0.7;
const widestIcon = 1.7;

/** Hollow icons show as several strokes. */
const mostStrokes = 3;

/** @returns the line without the icons at its ends, then those icons; the line as it is when there are none. */
export function cutIcons(mask: InkMask, line: PixelBox): PixelBox[] {
  let pieces = piecesOf(mask, line);
  const icons: PixelBox[] = [];
  for (;;) {
    const found = iconAtEnd(pieces, 'left') ?? iconAtEnd(pieces, 'right');
    if (!found) break;
    icons.push(found.icon);
    pieces = found.rest;
  }
  return icons.length === 0 ? [line] : [around(pieces), ...icons];
}

function iconAtEnd(
  pieces: readonly PixelBox[],
  end: 'left' | 'right',
): { icon: PixelBox; rest: PixelBox[] } | undefined {
  for (let strokes = 1; strokes <= mostStrokes && strokes < pieces.length; strokes++) {
    const at = end === 'left' ? strokes : pieces.length - strokes;
    const [left, right] = [pieces.slice(0, at), pieces.slice(at)];
    const [outer, rest] = end === 'left' ? [left, right] : [right, left];
    const icon = around(outer);
    if (isIcon(icon, around(rest))) return { icon, rest };
  }
  return undefined;
}

function isIcon(piece: PixelBox, text: PixelBox): boolean {
  const height = piece.bottom - piece.top;
  const shape = (piece.right - piece.left) / height;
  return (
    text.right - text.left >= height &&
    height > tallerThanText * (text.bottom - text.top) &&
    shape >= narrowestIcon &&
    shape <= widestIcon
  );
}

function around(pieces: readonly PixelBox[]): PixelBox {
  return {
    left: Math.min(...pieces.map(({ left }) => left)),
    top: Math.min(...pieces.map(({ top }) => top)),
    right: Math.max(...pieces.map(({ right }) => right)),
    bottom: Math.max(...pieces.map(({ bottom }) => bottom)),
  };
}

/** Columns with ink, grouped where the gaps between them are small, from the left; each with its own top and bottom. */
function piecesOf(mask: InkMask, line: PixelBox): PixelBox[] {
  const gap = Math.max(2, pieceGapHeights * (line.bottom - line.top));
  const pieces: PixelBox[] = [];
  for (let x = line.left; x < line.right; x++) {
    const column = inkOfColumn(mask, line, x);
    if (!column) continue;
    const last = pieces.at(-1);
    if (last && x - last.right < gap) {
      last.right = x + 1;
      last.top = Math.min(last.top, column.top);
      last.bottom = Math.max(last.bottom, column.bottom);
    } else pieces.push({ left: x, right: x + 1, ...column });
  }
  return pieces;
}

function inkOfColumn(
  mask: InkMask,
  line: PixelBox,
  x: number,
): { top: number; bottom: number } | undefined {
  let top = line.bottom;
  let bottom = line.top;
  for (let y = line.top; y < line.bottom; y++) {
    if (mask.data[(y - mask.top) * mask.width + x] === 0) continue;
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return bottom > top ? { top, bottom } : undefined;
}
