/** The timelines of all videos, in one file. */
import type { MediaMs, NewRow, TimelineKind, TimelineRow } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { fromRecord, seenUntil, toColumns } from './rows.ts';
import { SearchIndex, searchMigration, type SearchHit, type SearchRequest } from './searchIndex.ts';

/** What makes one timeline: the same content watched by another pack or at another rate is another timeline. */
export interface VideoIdentity {
  /** Hash of the content. */
  readonly videoId: string;
  /** Name and version of the model pack. */
  readonly model: string;
  readonly frameRateFps: number;
}

export interface RowRange {
  /** All kinds when left out. */
  readonly kinds?: readonly TimelineKind[];
  /** Rows that reach into `fromMs` … `toMs`. */
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
  /** Rows as they were known at this moment. */
  readonly untilMs?: MediaMs;
}

const migrations = [
  `CREATE TABLE videos (
     id INTEGER PRIMARY KEY,
     video_id TEXT NOT NULL,
     model TEXT NOT NULL,
     frame_rate_fps REAL NOT NULL,
     duration_ms INTEGER,
     is_complete INTEGER NOT NULL DEFAULT 0,
     UNIQUE (video_id, model, frame_rate_fps)
   ) STRICT;
   -- AUTOINCREMENT: an id that was cited once never names another row.
   CREATE TABLE rows (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     video INTEGER NOT NULL REFERENCES videos(id) ON DELETE CASCADE,
     kind TEXT NOT NULL,
     start_ms INTEGER NOT NULL,
     end_ms INTEGER NOT NULL,
     is_open INTEGER NOT NULL DEFAULT 0,
     fields TEXT NOT NULL
   ) STRICT;
   CREATE INDEX rows_by_time ON rows (video, start_ms, id);
   ${searchMigration}`,
];

export class TimelineStore implements Disposable {
  readonly #database: Database;
  readonly #index: SearchIndex;

  /** @throws AppError store.unavailable */
  constructor(options: Omit<DatabaseOptions, 'migrations'>) {
    this.#database = Database.open({ ...options, migrations });
    this.#index = new SearchIndex(this.#database);
  }

  /** The timeline of a video; an empty one when it was never watched. @throws AppError store.unavailable */
  openVideo({ videoId, model, frameRateFps }: VideoIdentity): VideoTimeline {
    this.#database.run(
      'INSERT OR IGNORE INTO videos (video_id, model, frame_rate_fps) VALUES (?, ?, ?)',
      videoId,
      model,
      frameRateFps,
    );
    const record = this.#database.get(
      'SELECT id FROM videos WHERE video_id = ? AND model = ? AND frame_rate_fps = ?',
      videoId,
      model,
      frameRateFps,
    );
    return new VideoTimeline(this.#database, this.#index, {
      id: Number(record?.['id']),
      videoId,
    });
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

/** One timeline. Every write is committed when the call returns. All methods throw AppError store.unavailable. */
export class VideoTimeline {
  /** Hash of the content. */
  readonly videoId: string;
  /** Unique for content, pack and frame rate. */
  readonly key: string;
  readonly #database: Database;
  readonly #index: SearchIndex;
  readonly #id: number;

  constructor(
    database: Database,
    index: SearchIndex,
    video: { readonly id: number; readonly videoId: string },
  ) {
    this.#database = database;
    this.#index = index;
    this.#id = video.id;
    this.videoId = video.videoId;
    this.key = String(video.id);
  }

  /** Whether the video was watched to its end. */
  get isComplete(): boolean {
    return this.#video()?.['is_complete'] === 1;
  }

  /** Known once the video was watched to its end. */
  get durationMs(): MediaMs | undefined {
    const duration = this.#video()?.['duration_ms'];
    return typeof duration === 'number' ? mediaMs(duration) : undefined;
  }

  /** Forgets the rows of an earlier run that did not come to its end; a complete timeline is left as it is. */
  beginIndexing(): void {
    this.#database.transaction(() => {
      if (this.isComplete) return;
      this.#index.drop(this.#id);
      this.#database.run('DELETE FROM rows WHERE video = ?', this.#id);
    });
  }

  /** Stores a row; it may be told to others when this returns. */
  append<Row extends TimelineRow = TimelineRow>(row: NewRow<Row>): Row {
    // What is stored is what was given, so the kind is the same.
    return this.appendAll([row])[0] as Row;
  }

  /** Stores rows together or not at all. A screen text stays open, its end unknown, until `closeScreenText`. */
  appendAll(rows: readonly NewRow[]): TimelineRow[] {
    return this.#database.transaction(() =>
      rows.map((row) => {
        const { kind, startMs, endMs, fields } = toColumns(row);
        const id = this.#database.run(
          'INSERT INTO rows (video, kind, start_ms, end_ms, is_open, fields) VALUES (?, ?, ?, ?, ?, ?)',
          this.#id,
          kind,
          startMs,
          endMs,
          kind === 'screenText' ? 1 : 0,
          fields,
        );
        this.#index.add(id, row);
        return { ...row, id };
      }),
    );
  }

  /** A line left the screen. */
  closeScreenText(rowId: number, endMs: MediaMs): void {
    this.#database.run(
      'UPDATE rows SET end_ms = max(start_ms, ?), is_open = 0 WHERE id = ? AND video = ?',
      endMs,
      rowId,
      this.#id,
    );
  }

  /** The video was watched to its end: lines still on screen end with it, and the timeline is safe from now on. */
  markComplete(durationMs: MediaMs): void {
    this.#database.transaction(() => {
      this.#database.run(
        'UPDATE rows SET end_ms = max(start_ms, ?), is_open = 0 WHERE video = ? AND is_open = 1',
        durationMs,
        this.#id,
      );
      this.#database.run(
        'UPDATE videos SET is_complete = 1, duration_ms = ? WHERE id = ?',
        durationMs,
        this.#id,
      );
    });
    this.#database.checkpoint();
  }

  /** Rows in the order of their starts. */
  read({ kinds, fromMs, toMs, untilMs }: RowRange): TimelineRow[] {
    // A line that is still on screen reaches up to the moment that is asked about, whatever was stored last.
    const now = untilMs ?? null;
    const records = this.#database.all(
      `SELECT id, kind, start_ms AS startMs, fields,
              CASE WHEN is_open = 1 THEN max(end_ms, coalesce(?, end_ms)) ELSE end_ms END AS endMs
         FROM rows
        WHERE video = ? AND start_ms <= ? AND endMs >= ?
        ORDER BY start_ms, id`,
      now,
      this.#id,
      Math.min(toMs ?? Number.MAX_SAFE_INTEGER, untilMs ?? Number.MAX_SAFE_INTEGER),
      fromMs ?? 0,
    );
    return records
      .map(fromRecord)
      .map((row) => (untilMs === undefined ? row : seenUntil(row, untilMs)))
      .filter((row): row is TimelineRow => row !== undefined)
      .filter((row) => kinds === undefined || kinds.includes(row.kind));
  }

  /** Finds rows by words. */
  search(request: Omit<SearchRequest, 'video'>): SearchHit[] {
    return this.#index.search({ ...request, video: this.#id });
  }

  #video(): Readonly<Record<string, unknown>> | undefined {
    return this.#database.get('SELECT is_complete, duration_ms FROM videos WHERE id = ?', this.#id);
  }
}
