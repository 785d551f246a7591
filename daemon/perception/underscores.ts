/** Underscores have no vertical edge between their ends: what they connect must not be taken apart. */
import type { Picture } from '../media/frameSource.ts';
import type { PixelBox } from './runs.ts';

/** Longer horizontal strokes, or such that go on beneath the neighbours, are rules; in line heights. */
const longestStroke = 3.2;
/** Strokes lie no further below the neighbours, in line heights. */
const depth = 0.35;

export interface UnderscoreSearch {
  readonly picture: Picture;
  /** Usual line height. */
  readonly height: number;
  /** Of 255. */
  readonly threshold: number;
}

/** True when a short horizontal stroke fills most of the gap between two pieces of a row. */
export function areBridged(a: PixelBox, b: PixelBox, search: UnderscoreSearch): boolean {
  const [left, right] = a.left <= b.left ? [a, b] : [b, a];
  const gap = right.left - left.right;
  if (gap <= 0 || gap > longestStroke * search.height) return false;
  const middle = Math.round((Math.min(a.top, b.top) + Math.max(a.bottom, b.bottom)) / 2);
  const lowest = Math.max(a.bottom, b.bottom) + Math.ceil(depth * search.height);
  const last = Math.min(search.picture.height - 2, lowest);
  for (let y = Math.max(1, middle); y <= last; y++) {
    if (strokeFills(search, y, left.right, right.left)) return true;
  }
  return false;
}

/** Whether row `y` has a horizontal edge along most of the columns `from` … `to`, but not on both sides of them. */
function strokeFills(search: UnderscoreSearch, y: number, from: number, to: number): boolean {
  if (edgeShare(search, y, from, to) < 0.6) return false;
  const reach = Math.round(longestStroke * search.height);
  const before = edgeShare(search, y, Math.max(0, from - reach), from);
  const after = edgeShare(search, y, to, Math.min(search.picture.width, to + reach));
  return before < 0.5 || after < 0.5;
}

function edgeShare(search: UnderscoreSearch, y: number, from: number, to: number): number {
  let edges = 0;
  for (let x = from; x < to; x++) if (isEdge(search, x, y)) edges++;
  return to > from ? edges / (to - from) : 0;
}

function isEdge({ picture, threshold }: UnderscoreSearch, x: number, y: number): boolean {
  const above = ((y - 1) * picture.width + x) * 3;
  const below = ((y + 1) * picture.width + x) * 3;
  for (let channel = 0; channel < 3; channel++) {
    const difference = picture.data[above + channel]! - picture.data[below + channel]!;
    if (Math.abs(difference) > threshold) return true;
  }
  return false;
}
