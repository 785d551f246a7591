/** Where lines stand to one another. */
import type { Box } from './perception.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function centreOf(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Whether they stand in one row, for the most part at the same columns. */
export function isInPlaceOf(a: Box, b: Box): boolean {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  return isInRowOf(a, b) && across >= 0.5 * Math.min(a.width, b.width);
}

/** Whether they share half of the lower one's rows. */
export function isInRowOf(a: Box, b: Box): boolean {
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return down >= 0.5 * Math.min(a.height, b.height);
}

/** Sorts into rows from the top, each from the left; a row is begun by its topmost item. */
export function inReadingOrder<Item>(
  items: readonly Item[],
  boxOf: (item: Item) => Box,
  rowHeights: number,
): Item[] {
  const rows: { limit: number; items: Item[] }[] = [];
  const y = (item: Item): number => centreOf(boxOf(item)).y;
  for (const item of [...items].sort((a, b) => y(a) - y(b))) {
    const row = rows.at(-1);
    if (row && y(item) < row.limit) row.items.push(item);
    else rows.push({ limit: y(item) + rowHeights * boxOf(item).height, items: [item] });
  }
  return rows.flatMap((row) => row.items.sort((a, b) => boxOf(a).x - boxOf(b).x));
}
