/** Between timeline rows and database records, and what of a row belongs to the past of a moment. */
import type {
  CueRow,
  GuidanceRow,
  MediaMs,
  NewRow,
  ScreenTextRow,
  TimelineKind,
  TimelineRow,
} from '../../protocol/index.ts';
import type { SqlRecord } from './database.ts';

/** Rows that tell what was said, shown and captioned: what can be searched, and what an answer can rest on. */
export type SearchedRow = GuidanceRow | ScreenTextRow | CueRow;
export const searchedKinds = ['guidance', 'screenText', 'cue'] as const satisfies TimelineKind[];

/** Whether a row, stored or new, can be searched. */
export function isSearched<Row extends NewRow>(
  row: Row,
): row is Extract<Row, { readonly kind: (typeof searchedKinds)[number] }> {
  return (searchedKinds as readonly TimelineKind[]).includes(row.kind);
}

/** The moment at which everything in the row was known: guidance is said after what it speaks of began to show. */
export function knownAt(row: NewRow): MediaMs {
  switch (row.kind) {
    case 'guidance':
    case 'query':
    case 'answer':
      return row.atMs;
    // Speaks of all it covers, so it was not known before its end.
    case 'summary':
    case 'chapter':
      return row.endMs;
    case 'screenText':
    case 'cue':
    case 'gap':
      return row.startMs;
  }
}

/**
 * The row as it was known at `untilMs`: undefined when it came later, cut when it went on.
 * Nothing seen after that moment may be used in what is said about it.
 */
export function seenUntil<Row extends TimelineRow>(row: Row, untilMs: MediaMs): Row | undefined {
  if (knownAt(row) > untilMs || row.startMs > untilMs) return undefined;
  return row.endMs > untilMs ? { ...row, endMs: untilMs } : row;
}

/** Columns of the table `rows`, without id and video. */
export interface RowColumns {
  readonly kind: TimelineKind;
  readonly startMs: number;
  readonly endMs: number;
  /** JSON of the fields that have no column. */
  readonly fields: string;
}

export function toColumns({ kind, startMs, endMs, ...fields }: NewRow): RowColumns {
  return { kind, startMs, endMs, fields: JSON.stringify(fields) };
}

/** @param record with columns id, kind, startMs, endMs, fields. */
export function fromRecord(record: SqlRecord): TimelineRow {
  const { id, kind, startMs, endMs, fields } = record;
  // Written by `toColumns` only, inside a file that was checked when it was opened.
  return { ...JSON.parse(String(fields)), id, kind, startMs, endMs } as TimelineRow;
}
