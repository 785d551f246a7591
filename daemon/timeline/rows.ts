/** Between timeline rows and database records, and what of a row belongs to the past of a moment. */
import type {
  ChapterRow,
  CueRow,
  GuidanceRow,
  MediaMs,
  NewRow,
  PixelRectangle,
  ScreenTextRow,
  TimelineKind,
  TimelineRow,
} from '../../protocol/index.ts';
import { mediaMs, withoutQuotes } from '../../protocol/index.ts';
import type { SqlRecord } from './database.ts';
import { joinPieces, windowsUntil, type Piece } from './windows.ts';

/** Rows that tell what was said, shown and captioned: what an answer can rest on. */
export type SearchedRow = GuidanceRow | ScreenTextRow | CueRow;
export const searchedKinds = ['guidance', 'screenText', 'cue'] as const satisfies TimelineKind[];

/** Rows that a search can find: chapters too, whose titles nothing rests on. */
export type FoundRow = SearchedRow | ChapterRow;
export const foundKinds = [...searchedKinds, 'chapter'] as const satisfies TimelineKind[];

/** What a row is found by, in the words that people look for; undefined for a kind that cannot be found. */
export function wordsToFind(row: NewRow): string | undefined {
  switch (row.kind) {
    case 'guidance':
      return withoutQuotes(row.text);
    case 'screenText':
    case 'cue':
      return row.text;
    case 'chapter':
      return row.title;
    case 'query':
    case 'answer':
    case 'summary':
    case 'gap':
      return undefined;
  }
}

/** Whether a row can be found by a search. */
export function isFound<Row extends NewRow>(
  row: Row,
): row is Extract<Row, { readonly kind: (typeof foundKinds)[number] }> {
  return (foundKinds as readonly TimelineKind[]).includes(row.kind);
}

/** Whether an answer can rest on a row, stored or new. */
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
  if (row.endMs <= untilMs) return row;
  if (row.kind !== 'screenText') return { ...row, endMs: untilMs };
  const windows = windowsUntil(row.windows, untilMs);
  return { ...row, windows, endMs: windows.at(-1)![1] };
}

/** Columns of the table `rows`, without id and video. */
export interface RowColumns {
  readonly kind: TimelineKind;
  readonly startMs: number;
  readonly endMs: number;
  /** JSON of the fields that have no column. */
  readonly fields: string;
}

export function toColumns(row: NewRow): RowColumns {
  const { kind, startMs, endMs, ...fields } = row;
  // Windows have a table of their own.
  const kept = kind === 'screenText' ? { ...fields, windows: undefined } : fields;
  return { kind, startMs, endMs, fields: JSON.stringify(kept) };
}

/** What is selected from `rows` for `fromRecord`. The pieces of a line, open or not, stand in a table of their own. */
export const rowColumns = `rows.id AS id, rows.kind AS kind, rows.start_ms AS startMs,
  rows.end_ms AS endMs, rows.fields AS fields, rows.is_open AS isOpen,
  CASE rows.is_open WHEN 1 THEN (SELECT watched_ms FROM videos WHERE id = rows.video) END AS nowMs,
  CASE rows.kind WHEN 'screenText' THEN
    (SELECT json_group_array(json_array(windows.id, start_ms, end_ms, json(box)))
       FROM windows WHERE row = rows.id) END AS pieces`;

/**
 * @param record with `rowColumns`
 * @param nowMs a line that is still on screen, or a chapter that grows, reaches up to this moment at least; the last frame that was watched when left out
 */
export function fromRecord(record: SqlRecord, nowMs?: MediaMs): TimelineRow {
  const { id, kind, startMs, endMs, fields } = record;
  // Written by `toColumns` only, inside a file that was checked when it was opened.
  const row = { ...JSON.parse(String(fields)), id, kind, startMs, endMs } as TimelineRow;
  if (row.kind === 'chapter' && record['isOpen'] === 1) {
    const reached = nowMs ?? Number(record['nowMs'] ?? 0);
    return { ...row, endMs: mediaMs(Math.max(row.endMs, reached)) };
  }
  if (row.kind !== 'screenText') return row;
  const windows = joinPieces(piecesOf(record, row.box, nowMs));
  return { ...row, windows, startMs: windows[0]![0], endMs: windows.at(-1)![1] };
}

/**
 * The pieces of a line in time order.
 * @param record with `rowColumns`
 * @param box of the row
 */
export function piecesOf(
  record: SqlRecord,
  box: PixelRectangle,
  nowMs: number = Number(record['nowMs'] ?? 0),
): Piece[] {
  const stored = JSON.parse(String(record['pieces'])) as StoredPiece[];
  stored.sort((a, b) => a[0] - b[0]);
  return stored.map(([, startMs, endMs, place], index) => {
    const isOpen = record['isOpen'] === 1 && index === stored.length - 1;
    return {
      startMs: mediaMs(startMs),
      endMs: mediaMs(isOpen ? Math.max(endMs, nowMs) : endMs),
      box: place ?? box,
    };
  });
}

type StoredPiece = readonly [
  id: number,
  startMs: number,
  endMs: number,
  box: PixelRectangle | null,
];
