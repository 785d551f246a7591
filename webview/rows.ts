/** Rows of the timeline as the page needs them: in time order, without what it does not show. Pure. */
import type {
  AnswerRow,
  ChapterRow,
  CueRow,
  GapRow,
  GuidanceRow,
  QueryRow,
  TimelineRow,
} from '../protocol/index.ts';

/** What the page keeps of a timeline. */
export interface Rows {
  /** By `atMs`. */
  readonly guidance: readonly GuidanceRow[];
  /** By `startMs`, as the rest. */
  readonly gaps: readonly GapRow[];
  readonly cues: readonly CueRow[];
  readonly chapters: readonly ChapterRow[];
  /** Questions by their id: an answer names only that. */
  readonly queries: ReadonlyMap<number, QueryRow>;
}

/** Before any row has come. */
export const noRows: Rows = { guidance: [], gaps: [], cues: [], chapters: [], queries: new Map() };

/** Index of the first entry that is later than `atMs`. */
export function firstAfter<Row>(
  sorted: readonly Row[],
  atMs: number,
  timeOf: (row: Row) => number,
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(sorted[middle]!) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds rows in time order; a row that is there already is replaced, since its id says that it is the same. */
function merge<Row extends { readonly id: number }>(
  sorted: readonly Row[],
  added: readonly Row[],
  timeOf: (row: Row) => number,
): readonly Row[] {
  if (added.length === 0) return sorted;
  const last = sorted.at(-1);
  const byTime = (a: Row, b: Row): number => timeOf(a) - timeOf(b) || a.id - b.id;
  const isInOrder = (row: Row, index: number): boolean => {
    const before = index === 0 ? last : added[index - 1];
    return !before || byTime(before, row) < 0;
  };
  // Nearly always rows come in order, one at a time.
  if (added.every(isInOrder)) return [...sorted, ...added];
  const byId = new Map([...sorted, ...added].map((row) => [row.id, row]));
  return [...byId.values()].sort(byTime);
}

const ofKind = <Kind extends TimelineRow['kind']>(
  rows: readonly TimelineRow[],
  kind: Kind,
): Extract<TimelineRow, { kind: Kind }>[] =>
  rows.filter((row): row is Extract<TimelineRow, { kind: Kind }> => row.kind === kind);

/** When a sentence was said. */
export const saidAt = (row: GuidanceRow): number => row.atMs;
const startOf = (row: TimelineRow): number => row.startMs;

/** Adds what came; lists that nothing was added to stay the same value. */
export function addRows(rows: Rows, added: readonly TimelineRow[]): Rows {
  const queries = ofKind(added, 'query');
  return {
    guidance: merge(rows.guidance, ofKind(added, 'guidance'), saidAt),
    gaps: merge(rows.gaps, ofKind(added, 'gap'), startOf),
    cues: merge(rows.cues, ofKind(added, 'cue'), startOf),
    chapters: merge(rows.chapters, ofKind(added, 'chapter'), startOf),
    queries:
      queries.length === 0
        ? rows.queries
        : new Map([...rows.queries, ...queries.map((row) => [row.id, row] as const)]),
  };
}

/** Answers among rows, in the order of storing. */
export const answersIn = (rows: readonly TimelineRow[]): readonly AnswerRow[] =>
  ofKind(rows, 'answer');
