/** Which rows must be segmented anew when some have changed. */
import type { RowRange } from './inkMask.ts';
import type { Box } from './perception.ts';

/**
 * Grows changed rows by a margin and over every line they touch, and joins what then overlaps, so that no line is cut.
 * @returns top to bottom, not touching.
 */
export function widenStrips(
  changed: readonly RowRange[],
  boxes: readonly Box[],
  options: { readonly margin: number; readonly pictureHeight: number },
): RowRange[] {
  let strips = join(
    changed.map(({ top, bottom }) => ({
      top: Math.max(0, top - options.margin),
      bottom: Math.min(options.pictureHeight, bottom + options.margin),
    })),
  );
  let rows = -1;
  while (rows !== rowsOf(strips)) {
    rows = rowsOf(strips);
    strips = join(strips.map((strip) => cover(strip, boxes, options.pictureHeight)));
  }
  return strips;
}

/** True when the middle of the box lies in one of the strips. */
export function isWithin(box: Box, strips: readonly RowRange[]): boolean {
  const centre = box.y + box.height / 2;
  return strips.some(({ top, bottom }) => centre >= top && centre < bottom);
}

function rowsOf(strips: readonly RowRange[]): number {
  return strips.reduce((sum, { top, bottom }) => sum + bottom - top, 0);
}

function cover(strip: RowRange, boxes: readonly Box[], limit: number): RowRange {
  let { top, bottom } = strip;
  for (const box of boxes) {
    if (box.y >= strip.bottom || box.y + box.height <= strip.top) continue;
    top = Math.min(top, Math.max(0, Math.floor(box.y)));
    bottom = Math.max(bottom, Math.min(limit, Math.ceil(box.y + box.height)));
  }
  return { top, bottom };
}

function join(strips: readonly RowRange[]): RowRange[] {
  const joined: RowRange[] = [];
  for (const strip of strips) {
    const last = joined.at(-1);
    if (last && strip.top <= last.bottom) {
      joined[joined.length - 1] = { top: last.top, bottom: Math.max(last.bottom, strip.bottom) };
    } else joined.push(strip);
  }
  return joined;
}
