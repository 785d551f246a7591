/** The timelines of all videos, in one file. */
import { randomUUID } from 'node:crypto';
import type {
  CueRow,
  MediaMs,
  NewRow,
  ScreenTextRow,
  TimelineKind,
  TimelineRow,
} from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { isAlive } from '../base/processes.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { findName, type Stretch } from './nameSearch.ts';
import { fromRecord, searchedKinds, seenUntil, toColumns } from './rows.ts';
import { SearchIndex, searchMigration, type SearchHit, type SearchRequest } from './searchIndex.ts';

/** What makes one timeline: the same content watched by another pack, or in another way, is another timeline. */
export interface VideoIdentity {
  /** Hash of the content. */
  readonly videoId: string;
  /** Name and version of the model pack. */
  readonly model: string;
  readonly frameRateFps: number;
  /** Silent at or above this probability of silence, 0 … 1. */
  readonly silenceThreshold: number;
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

/** From nothing to the newest form of the file. */
export const migrations = [
  `CREATE TABLE videos (
     id INTEGER PRIMARY KEY,
     video_id TEXT NOT NULL,
     model TEXT NOT NULL,
     frame_rate_fps REAL NOT NULL,
     silence_threshold REAL NOT NULL,
     duration_ms INTEGER,
     is_complete INTEGER NOT NULL DEFAULT 0,
     -- The store that watches it, or has watched it to its end.
     owner TEXT,
     owner_pid INTEGER,
     -- When it was last heard of, on the user's clock.
     owner_seen_ms INTEGER,
     UNIQUE (video_id, model, frame_rate_fps, silence_threshold)
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
  // How far an unfinished video was watched: the last frame, and the newest row that was stored by then.
  `ALTER TABLE videos ADD COLUMN watched_ms INTEGER;
   ALTER TABLE videos ADD COLUMN watched_row INTEGER NOT NULL DEFAULT 0;`,
];

/** Who indexes: one for each store, as several daemons may have the same file open. */
interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** An owner that was not heard of for so long is gone, even when another process has its process id by now. */
const ownerLimitMs = 600_000;
/** How often an owner says that it is there. */
const ownerPulseMs = 60_000;

export interface TimelineStoreOptions extends Omit<DatabaseOptions, 'migrations'> {
  /** Left out outside tests. */
  readonly owner?: Partial<Owner>;
}

export class TimelineStore implements Disposable {
  readonly #database: Database;
  readonly #index: SearchIndex;
  readonly #owner: Owner;

  /** @throws AppError store.unavailable */
  constructor({ owner, ...options }: TimelineStoreOptions) {
    this.#database = Database.open({ ...options, migrations });
    this.#index = new SearchIndex(this.#database);
    this.#owner = { id: randomUUID(), pid: process.pid, clock: systemClock, ...owner };
  }

  /** The timeline of a video; an empty one when it was never watched. @throws AppError store.unavailable */
  openVideo({ videoId, ...watched }: VideoIdentity): VideoTimeline {
    const key = [videoId, watched.model, watched.frameRateFps, watched.silenceThreshold];
    this.#database.run(
      'INSERT OR IGNORE INTO videos (video_id, model, frame_rate_fps, silence_threshold) VALUES (?, ?, ?, ?)',
      ...key,
    );
    const record = this.#database.get(
      `SELECT id FROM videos
        WHERE video_id = ? AND model = ? AND frame_rate_fps = ? AND silence_threshold = ?`,
      ...key,
    );
    return new VideoTimeline(this.#database, this.#index, {
      id: Number(record?.['id']),
      videoId,
      owner: this.#owner,
    });
  }

  /** Stretches in which a name stood on screen, over all timelines of a content. @throws AppError store.unavailable */
  findName(videoId: string, name: string): readonly Stretch[] {
    return findName(this.#database, videoId, name);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

/** One timeline. Every write is committed when the call returns. All methods throw AppError store.unavailable. */
export class VideoTimeline {
  /** Hash of the content. */
  readonly videoId: string;
  /** Unique for what makes a timeline. */
  readonly key: string;
  readonly #database: Database;
  readonly #index: SearchIndex;
  readonly #id: number;
  readonly #owner: Owner;

  constructor(
    database: Database,
    index: SearchIndex,
    video: { readonly id: number; readonly videoId: string; readonly owner: Owner },
  ) {
    this.#database = database;
    this.#index = index;
    this.#id = video.id;
    this.#owner = video.owner;
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

  /** The last frame of which every row is stored, and every row before it; undefined before the first one. */
  get watchedMs(): MediaMs | undefined {
    const watched = this.#video()?.['watched_ms'];
    return typeof watched === 'number' ? mediaMs(watched) : undefined;
  }

  /**
   * From now on the rows of this video come from this store alone. Rows that an earlier run brought after `watchedMs` are
   * forgotten, all others keep their ids; what people asked stays. A complete timeline is left as it is.
   * @throws AppError store.unavailable also when another store that lives watches the video
   */
  beginIndexing(): void {
    const { id, pid, clock } = this.#owner;
    this.#database.transaction(() => {
      if (this.isComplete) return;
      const { owner, owner_pid, owner_seen_ms, watched_row } = this.#video() ?? {};
      const isRecent = clock.now() - Number(owner_seen_ms) < ownerLimitMs;
      const isTaken = owner !== null && owner !== id && isRecent && isAlive(Number(owner_pid));
      if (isTaken) throw watchedElsewhere();
      this.#database.run(
        'UPDATE videos SET owner = ?, owner_pid = ?, owner_seen_ms = ? WHERE id = ?',
        ...[id, pid, clock.now(), this.#id],
      );
      this.#index.dropAfter(this.#id, Number(watched_row));
      this.#database.run(
        `DELETE FROM rows WHERE video = ? AND id > ? AND kind IN (${listOf(indexedKinds.size)})`,
        ...[this.#id, Number(watched_row), ...indexedKinds],
      );
    });
  }

  /** Watching ended before the video did: another store may begin. */
  endIndexing(): void {
    this.#database.run(
      'UPDATE videos SET owner = NULL WHERE id = ? AND owner = ? AND is_complete = 0',
      this.#id,
      this.#owner.id,
    );
  }

  /** Does what `work` stores as a whole or not at all. */
  transaction<Result>(work: () => Result): Result {
    return this.#database.transaction(work);
  }

  /** Every row up to this frame is stored: watching may go on behind it, whatever happens to this process. */
  markWatched(ptsMs: MediaMs): void {
    this.#database.transaction(() => {
      this.#assertOwned();
      this.#database.run(
        `UPDATE videos SET watched_ms = ?,
                watched_row = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'rows'), 0)
          WHERE id = ?`,
        ...[ptsMs, this.#id],
      );
    });
  }

  /** Lines that stand on screen at the last frame that was watched, in the order in which they were stored. */
  openLines(): ScreenTextRow[] {
    return this.#database
      .all(
        `SELECT id, kind, start_ms AS startMs, end_ms AS endMs, fields FROM rows
          WHERE video = ? AND is_open = 1 ORDER BY id`,
        this.#id,
      )
      .map(fromRecord)
      .filter((row) => row.kind === 'screenText');
  }

  /** Stores a row; it may be told to others when this returns. */
  append<Row extends TimelineRow = TimelineRow>(row: NewRow<Row>): Row {
    // What is stored is what was given, so the kind is the same.
    return this.appendAll([row])[0] as Row;
  }

  /** Stores rows together or not at all. A screen text stays open, its end unknown, until `closeScreenText`. */
  appendAll(rows: readonly NewRow[]): TimelineRow[] {
    return this.#database.transaction(() => {
      // What is asked about a video may come from anybody.
      if (rows.some(({ kind }) => indexedKinds.has(kind))) this.#assertOwned();
      return rows.map((row) => this.#insert(row));
    });
  }

  /** Captions that came beside a video after it was watched to its end. Does nothing for one that has captions already. */
  addCaptions(cues: readonly NewRow<CueRow>[]): void {
    this.#database.transaction(() => {
      const has = this.#database.get(
        "SELECT 1 FROM rows WHERE video = ? AND kind = 'cue' LIMIT 1",
        this.#id,
      );
      if (has || !this.isComplete) return;
      for (const cue of cues) this.#insert(cue);
    });
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
      this.#assertOwned();
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
    // A line that is still on screen reaches up to the moment that is asked about, or to the last frame, whatever was stored.
    const now = untilMs ?? this.watchedMs ?? null;
    const records = this.#database.all(
      `SELECT id, kind, start_ms AS startMs, fields,
              CASE WHEN is_open = 1 THEN max(end_ms, coalesce(?, end_ms)) ELSE end_ms END AS endMs
         FROM rows
        WHERE video = ? AND start_ms <= ? AND endMs >= ?
          ${kinds ? `AND kind IN (${listOf(kinds.length)})` : ''}
        ORDER BY start_ms, id`,
      now,
      this.#id,
      Math.min(toMs ?? Number.MAX_SAFE_INTEGER, untilMs ?? Number.MAX_SAFE_INTEGER),
      fromMs ?? 0,
      ...(kinds ?? []),
    );
    return records
      .map(fromRecord)
      .map((row) => (untilMs === undefined ? row : seenUntil(row, untilMs)))
      .filter((row): row is TimelineRow => row !== undefined);
  }

  /** Finds rows by words. */
  search(request: Omit<SearchRequest, 'video'>): SearchHit[] {
    return this.#index.search({ ...request, video: this.#id });
  }

  #insert(row: NewRow): TimelineRow {
    const { kind, startMs, endMs, fields } = toColumns(row);
    const id = this.#database.run(
      'INSERT INTO rows (video, kind, start_ms, end_ms, is_open, fields) VALUES (?, ?, ?, ?, ?, ?)',
      ...[this.#id, kind, startMs, endMs, kind === 'screenText' ? 1 : 0, fields],
    );
    this.#index.add(id, row);
    return { ...row, id };
  }

  /** A video that nobody began to index, as in tests, is anybody's. */
  #assertOwned(): void {
    const { id, clock } = this.#owner;
    const { owner, owner_seen_ms } = this.#video() ?? {};
    if (owner === null) return;
    if (owner !== id) throw watchedElsewhere();
    if (clock.now() - Number(owner_seen_ms) < ownerPulseMs) return;
    this.#database.run(
      'UPDATE videos SET owner_seen_ms = ? WHERE id = ?',
      ...[clock.now(), this.#id],
    );
  }

  #video(): Readonly<Record<string, unknown>> | undefined {
    return this.#database.get('SELECT * FROM videos WHERE id = ?', this.#id);
  }
}

/** Rows that come from watching. */
const indexedKinds: ReadonlySet<TimelineKind> = new Set([...searchedKinds, 'gap']);

/** As many placeholders. */
const listOf = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

const watchedElsewhere = (): AppError =>
  new AppError(
    'store.unavailable',
    'This video is being watched by another Codealong; wait until that has ended.',
  );
