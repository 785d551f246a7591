/** The lines of text on one video's screen: one row each, with the stretches in which it was visible and where it stood. */
import type {
  MediaMs,
  PixelRectangle,
  ScreenRegion,
  ScreenTextRow,
  TextProvenance,
  VisibleWindow,
} from '../../protocol/index.ts';
import type { Database, SqlRecord } from './database.ts';
import { fromRecord, piecesOf, rowColumns } from './rows.ts';
import type { SearchIndex } from './searchIndex.ts';
import { windowAt } from './windows.ts';

/** A line that appears again. */
export interface ReturningLine {
  readonly text: string;
  readonly region: ScreenRegion;
  readonly indentColumns: number;
  readonly box: PixelRectangle;
  /** First sighting. */
  readonly startMs: MediaMs;
}

/** A better reading of a line. */
export interface Revision {
  readonly text: string;
  readonly confidence: number;
  readonly provenance: TextProvenance;
}

/** A line as it stood on screen at a moment. */
export interface LineAt {
  readonly row: ScreenTextRow;
  /** The window that the moment lies in. */
  readonly window: VisibleWindow;
  /** Where it stood then. */
  readonly box: PixelRectangle;
}

/** The pieces of a row that is open end with this one. */
const lastPiece = '(SELECT max(id) FROM windows WHERE row = ?)';

export class ScreenLines {
  readonly #database: Database;
  readonly #index: SearchIndex;
  readonly #video: number;

  constructor(database: Database, index: SearchIndex, video: number) {
    this.#database = database;
    this.#index = index;
    this.#video = video;
  }

  /** Stores the windows of a row that was just stored; the last one is open. */
  begin(rowId: number, windows: readonly VisibleWindow[]): void {
    for (const window of windows) this.#addPiece(rowId, window, null);
  }

  /** Lines that stand on screen at the last frame that was watched, each where it stands there, in the order in which they were stored. */
  open(): ScreenTextRow[] {
    return this.#records('rows.is_open = 1 ORDER BY rows.id', []).map((record) => {
      const row = fromRecord(record) as ScreenTextRow;
      return { ...row, box: piecesOf(record, row.box).at(-1)!.box };
    });
  }

  /** Rows by their ids, in the order of these, as they are known at a frame. */
  rows(rowIds: readonly number[], nowMs: MediaMs): ScreenTextRow[] {
    return rowIds
      .flatMap((id) => this.#records('rows.id = ?', [id]))
      .map((record) => fromRecord(record, nowMs) as ScreenTextRow);
  }

  close(rowId: number, endMs: MediaMs, provenance?: TextProvenance): void {
    if (!this.#isOpen(rowId)) return;
    this.#endLastPiece(rowId, endMs);
    this.#database.run('UPDATE rows SET is_open = 0 WHERE id = ?', rowId);
    if (provenance) {
      this.#database.run(
        `UPDATE rows SET fields = json_set(fields, '$.provenance', json(?)) WHERE id = ?`,
        ...[JSON.stringify(provenance), rowId],
      );
    }
  }

  /** Every line that is open ends. */
  closeAll(endMs: MediaMs): void {
    for (const { id } of this.open()) this.close(id, endMs);
  }

  /**
   * The row of a line that is not on screen: the same text with the same indentation in the same region; of several the one that was
   * nearest. @param mayTake rows that it refuses are left alone
   */
  findClosed(
    { text, region, indentColumns, box }: ReturningLine,
    mayTake: (rowId: number) => boolean,
  ): number | undefined {
    const [nearest] = this.#database
      .all(
        `SELECT id, coalesce((SELECT box FROM windows WHERE row = rows.id AND box IS NOT NULL
                               ORDER BY id DESC LIMIT 1), fields -> 'box') AS box
           FROM rows
          WHERE video = ? AND kind = 'screenText' AND fields ->> 'text' = ? AND is_open = 0
            AND fields ->> 'region' = ? AND fields ->> 'indentColumns' = ?`,
        ...[this.#video, text, region, indentColumns],
      )
      .map((record) => ({
        rowId: Number(record['id']),
        farness: distance(box, JSON.parse(String(record['box'])) as PixelRectangle),
      }))
      .filter(({ rowId }) => mayTake(rowId))
      .sort((a, b) => a.farness - b.farness || a.rowId - b.rowId);
    return nearest?.rowId;
  }

  /** A line is on screen again: its row gets another window, which is open. */
  reopen(rowId: number, { startMs, box }: Pick<ReturningLine, 'startMs' | 'box'>): void {
    this.#database.run('UPDATE rows SET is_open = 1 WHERE id = ?', rowId);
    this.#addPiece(rowId, [startMs, startMs], box);
  }

  /** A line that is on screen stands elsewhere from now on. */
  move(rowId: number, { startMs, box }: Pick<ReturningLine, 'startMs' | 'box'>): void {
    if (!this.#isOpen(rowId)) return;
    this.#endLastPiece(rowId, startMs);
    this.#addPiece(rowId, [startMs, startMs], box);
  }

  /** More sightings have settled what a line says. */
  revise(rowId: number, { text, confidence, provenance }: Revision): void {
    this.#database.run(
      `UPDATE rows SET fields = json_set(fields, '$.text', ?, '$.confidence', ?,
                                         '$.provenance', json(?)) WHERE id = ? AND video = ?`,
      ...[text, confidence, JSON.stringify(provenance), rowId, this.#video],
    );
    this.#index.replace(rowId, 'screenText', text);
  }

  /** What stood on screen at a moment, in the order in which the rows were stored. */
  at(atMs: MediaMs): LineAt[] {
    return this.#records(
      'rows.start_ms <= ? AND (rows.end_ms >= ? OR rows.is_open = 1) ORDER BY rows.id',
      [atMs, atMs],
    ).flatMap((record) => {
      const row = fromRecord(record) as ScreenTextRow;
      const window = windowAt(row.windows, atMs);
      // Of pieces that touch at the moment, the one that begins there.
      const piece = piecesOf(record, row.box).findLast(({ startMs }) => startMs <= atMs);
      return window && piece ? [{ row, window, box: piece.box }] : [];
    });
  }

  #records(where: string, values: readonly (number | string)[]): SqlRecord[] {
    return this.#database.all(
      `SELECT ${rowColumns} FROM rows
        WHERE rows.video = ? AND rows.kind = 'screenText' AND ${where}`,
      ...[this.#video, ...values],
    );
  }

  #isOpen(rowId: number): boolean {
    return (
      this.#database.get(
        'SELECT 1 FROM rows WHERE id = ? AND video = ? AND is_open = 1',
        ...[rowId, this.#video],
      ) !== undefined
    );
  }

  #endLastPiece(rowId: number, endMs: MediaMs): void {
    this.#database.run(
      `UPDATE windows SET end_ms = max(start_ms, ?) WHERE id = ${lastPiece}`,
      ...[endMs, rowId],
    );
    this.#database.run(
      `UPDATE rows SET end_ms = (SELECT end_ms FROM windows WHERE id = ${lastPiece}) WHERE id = ?`,
      ...[rowId, rowId],
    );
  }

  #addPiece(rowId: number, [startMs, endMs]: VisibleWindow, box: PixelRectangle | null): void {
    this.#database.run(
      'INSERT INTO windows (row, start_ms, end_ms, box) VALUES (?, ?, ?, ?)',
      ...[rowId, startMs, endMs, box && JSON.stringify(box)],
    );
    this.#database.run('UPDATE rows SET end_ms = max(end_ms, ?) WHERE id = ?', endMs, rowId);
  }
}

function distance(a: PixelRectangle, b: PixelRectangle): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
