/** What stands on the lane, and what is near a moment of it. Pure. */
import type { Exchange } from './conversation.ts';
import { askedAt } from './conversation.ts';
import { firstAfter } from './rows.ts';
import { withoutQuotes, type GapRow, type GuidanceRow } from '../protocol/index.ts';

/** One moment that the lane marks. */
export interface Mark {
  readonly kind: 'guidance' | 'question';
  readonly atMs: number;
  readonly text: string;
}

/** Marks in time order. */
export function marksOf(
  guidance: readonly GuidanceRow[],
  exchanges: readonly Exchange[],
): readonly Mark[] {
  const said = guidance.map(({ atMs, text }): Mark => {
    return { kind: 'guidance', atMs, text: withoutQuotes(text) };
  });
  const asked = exchanges.flatMap((exchange): Mark[] => {
    const atMs = askedAt(exchange);
    return atMs === undefined ? [] : [{ kind: 'question', atMs, text: exchange.question }];
  });
  return asked.length === 0 ? said : [...said, ...asked].sort((a, b) => a.atMs - b.atMs);
}

const timeOf = ({ atMs }: Mark): number => atMs;

/** The mark that is nearest to a moment, not farther than `withinMs`. */
export function nearestMark(
  marks: readonly Mark[],
  atMs: number,
  withinMs: number,
): Mark | undefined {
  const after = firstAfter(marks, atMs, timeOf);
  const [left, right] = [marks[after - 1], marks[after]];
  const distance = (mark: Mark | undefined): number =>
    mark ? Math.abs(mark.atMs - atMs) : Infinity;
  const nearest = distance(left) <= distance(right) ? left : right;
  return distance(nearest) <= withinMs ? nearest : undefined;
}

/** A mark that the player stands on counts as reached when it is no farther than this. */
const reachedMs = 250;

/** The next mark, or the one before. @param direction 1 or -1 */
export function neighbourMark(
  marks: readonly Mark[],
  atMs: number,
  direction: 1 | -1,
): Mark | undefined {
  if (direction === 1) return marks[firstAfter(marks, atMs + reachedMs, timeOf)];
  return marks[firstAfter(marks, atMs - reachedMs, timeOf) - 1];
}

/** What was said last at a moment. */
export const lastMark = (marks: readonly Mark[], atMs: number): Mark | undefined =>
  marks[firstAfter(marks, atMs, timeOf) - 1];

/** Nearer together than this, marks could not be told apart, px. */
const spacingPx = 4;

/** Columns of the lane that carry a mark, in px: one that is too near to the last one is not drawn. */
export function markColumns(
  marks: readonly Mark[],
  kind: Mark['kind'],
  pxPerMs: number,
): readonly number[] {
  const columns: number[] = [];
  for (const mark of marks) {
    if (mark.kind !== kind) continue;
    const column = Math.round(mark.atMs * pxPerMs);
    if (column - (columns.at(-1) ?? -Infinity) >= spacingPx) columns.push(column);
  }
  return columns;
}

/** The gap that a moment lies in. */
export const gapAt = (gaps: readonly GapRow[], atMs: number): GapRow | undefined =>
  gaps.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
