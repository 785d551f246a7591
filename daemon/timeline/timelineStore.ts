/** The timelines of all videos, in one file. */
import { randomUUID } from 'node:crypto';
import type {
  ChapterRow,
  CueRow,
  KeptSession,
  LiveFacts,
  MediaMs,
  NewRow,
  ScreenTextRow,
  TextProvenance,
  TimelineKind,
  TimelineRow,
} from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { findLive, isOwnerAlive, listLive, readLiveFacts, removeLive } from './liveSessions.ts';
import { findMoments, type FindRequest, type FoundMoment } from './momentSearch.ts';
import { GivenFrames, type GivenFrame } from './givenFrames.ts';
import { migrations } from './migrations.ts';
import { findName, type Stretch } from './nameSearch.ts';
import {
  fromRecord,
  rowColumns,
  searchedKinds,
  seenUntil,
  toColumns,
  type SearchedRow,
} from './rows.ts';
import { ScreenLines, type LineAt, type ReturningLine, type Revision } from './screenLines.ts';
import { SearchIndex, type SearchHit, type SearchRequest } from './searchIndex.ts';
import { isVisibleIn } from './windows.ts';

/** What makes one timeline: the same content watched by another pack, or in another way, is another timeline. */
export interface VideoIdentity {
  /** Hash of the content. */
  readonly videoId: string;
  /** Name and version of the model pack, and what else makes it speak in another way. */
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

/** What is changed of a chapter that is stored. */
export interface ChapterChange {
  readonly title?: Pick<ChapterRow, 'title' | 'evidence' | 'model'>;
  /** It ends there; without it, it goes on growing. */
  readonly endMs?: MediaMs;
}

/** Who indexes: one for each store, as several daemons may have the same file open. */
interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly clock: Pick<Clock, 'now'>;
}

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

  /**
   * The timeline of a live session, with what it was watched with; each has one. Undefined when none of this id has begun.
   * @throws AppError store.unavailable
   */
  openLive(videoId: string): { timeline: VideoTimeline; frameRateFps: number } | undefined {
    const found = findLive(this.#database, videoId);
    if (!found) return undefined;
    const video = { id: found.id, videoId, owner: this.#owner };
    const timeline = new VideoTimeline(this.#database, this.#index, video);
    return { timeline, frameRateFps: found.frameRateFps };
  }

  /** Live sessions of which a picture was seen, newest first. @throws AppError store.unavailable */
  listLive(): KeptSession[] {
    return listLive(this.#database, this.#owner.clock);
  }

  /** Removes the timeline of a live session. @throws AppError store.unavailable */
  removeLive(videoId: string): void {
    removeLive(this.#database, this.#index, videoId);
  }

  /** Stretches in which a name stood on screen, over all timelines of a content. @throws AppError store.unavailable */
  findName(videoId: string, name: string): readonly Stretch[] {
    return findName(this.#database, videoId, name);
  }

  /** Finds rows of all videos. @throws AppError store.unavailable */
  find(request: FindRequest): FoundMoment[] {
    return findMoments(this.#database, this.#index, request);
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
  readonly #lines: ScreenLines;
  readonly #frames: GivenFrames;
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
    this.#lines = new ScreenLines(database, index, video.id);
    this.#frames = new GivenFrames(database, video.id);
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
      const video = this.#video() ?? {};
      const { owner, watched_row } = video;
      if (owner !== id && isOwnerAlive(video, clock)) throw watchedElsewhere();
      this.#database.run(
        'UPDATE videos SET owner = ?, owner_pid = ?, owner_seen_ms = ? WHERE id = ?',
        ...[id, pid, clock.now(), this.#id],
      );
      this.#index.dropAfter(this.#id, Number(watched_row));
      this.#frames.dropAfter(this.watchedMs ?? mediaMs(-1));
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

  /** Set when this is a live session that has begun. */
  get live(): LiveFacts | undefined {
    return readLiveFacts(this.#video() ?? {});
  }

  /** The first picture of a live session came. */
  beginLive({ name, startedMs }: LiveFacts): void {
    this.#database.run(
      'UPDATE videos SET live_name = ?, live_started_ms = ? WHERE id = ?',
      ...[name, startedMs, this.#id],
    );
  }

  /**
   * Nobody watches a live session any more, however that ended, and nothing of it can be seen again: it is complete as far as it
   * was watched. Does nothing while another store that lives watches it.
   */
  settle(): void {
    const { id, pid, clock } = this.#owner;
    const watchedMs = this.#database.transaction(() => {
      const video = this.#video() ?? {};
      const isTaken = video['owner'] !== id && isOwnerAlive(video, clock);
      if (isTaken || this.isComplete) return undefined;
      this.#database.run(
        'UPDATE videos SET owner = ?, owner_pid = ?, owner_seen_ms = ? WHERE id = ?',
        ...[id, pid, clock.now(), this.#id],
      );
      return this.watchedMs;
    });
    if (watchedMs === undefined) this.endIndexing();
    else this.markComplete(watchedMs);
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

  /** Whether a row was stored by the last frame that was marked: it stays when watching goes on behind that. */
  isMarked(rowId: number): boolean {
    return rowId <= Number(this.#video()?.['watched_row']);
  }

  /** Lines that stand on screen at the last frame that was watched, each where it stands there, in the order in which they were stored. */
  openLines(): ScreenTextRow[] {
    return this.#lines.open();
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

  /** A line left the screen. Does nothing when it had left before. */
  closeScreenText(rowId: number, endMs: MediaMs, provenance?: TextProvenance): void {
    this.#lines.close(rowId, endMs, provenance);
  }

  /** The row of a line that was on screen before and is not now; of several the nearest. @param mayTake refuses rows */
  findClosedLine(line: ReturningLine, mayTake: (rowId: number) => boolean): number | undefined {
    return this.#lines.findClosed(line, mayTake);
  }

  /** A line is on screen again: its row gets another window, open until `closeScreenText`. */
  reopenScreenText(rowId: number, again: Pick<ReturningLine, 'startMs' | 'box'>): void {
    this.#lines.reopen(rowId, again);
  }

  /** A line that is on screen stands elsewhere from now on. */
  moveScreenText(rowId: number, to: Pick<ReturningLine, 'startMs' | 'box'>): void {
    this.#lines.move(rowId, to);
  }

  /** More sightings have settled what a line says. */
  reviseScreenText(rowId: number, revision: Revision): void {
    this.#database.transaction(() => {
      this.#lines.revise(rowId, revision);
    });
  }

  /** Lines by the ids of their rows, as they are known at a frame that is being stored. */
  screenTexts(rowIds: readonly number[], nowMs: MediaMs): ScreenTextRow[] {
    return this.#lines.rows(rowIds, nowMs);
  }

  /** A chapter of the model is open, and so reaches to the last frame, until it is told to end. @returns the row as it is now */
  changeChapter(rowId: number, { title, endMs }: ChapterChange): ChapterRow {
    return this.#database.transaction(() => {
      if (title) {
        this.#database.run(
          'UPDATE rows SET fields = json_patch(fields, ?) WHERE id = ? AND video = ?',
          ...[JSON.stringify(title), rowId, this.#id],
        );
        this.#index.replace(rowId, 'chapter', title.title);
      }
      if (endMs !== undefined) {
        this.#database.run(
          'UPDATE rows SET end_ms = max(start_ms, ?), is_open = 0 WHERE id = ? AND video = ?',
          ...[endMs, rowId, this.#id],
        );
      }
      const sql = `SELECT ${rowColumns} FROM rows WHERE id = ?`;
      return fromRecord(this.#database.get(sql, rowId)!) as ChapterRow;
    });
  }

  /** Keeps a frame as the decoder was given it. */
  keepFrame(frame: GivenFrame): void {
    this.#frames.keep(frame);
  }

  /** Kept frames of a stretch in time order, both ends included. */
  framesIn(fromMs: MediaMs, toMs: MediaMs): GivenFrame[] {
    return this.#frames.between(fromMs, toMs);
  }

  /** What stood on screen at a frame. */
  linesAt(ptsMs: MediaMs): LineAt[] {
    return this.#lines.at(ptsMs);
  }

  /** The video was watched to its end: lines still on screen end with it, and the timeline is safe from now on. */
  markComplete(durationMs: MediaMs): void {
    this.#database.transaction(() => {
      this.#assertOwned();
      this.#lines.closeAll(durationMs);
      this.#database.run(
        'UPDATE rows SET end_ms = max(start_ms, ?), is_open = 0 WHERE video = ? AND is_open = 1',
        ...[durationMs, this.#id],
      );
      this.#database.run(
        'UPDATE videos SET is_complete = 1, duration_ms = ? WHERE id = ?',
        durationMs,
        this.#id,
      );
    });
    this.#database.checkpoint();
  }

  /** Rows in the order of their starts. A line of text comes when it was visible in the stretch, with all its windows. */
  read({ kinds, fromMs, toMs, untilMs }: RowRange): TimelineRow[] {
    const from = fromMs ?? 0;
    const to = Math.min(toMs ?? Number.MAX_SAFE_INTEGER, untilMs ?? Number.MAX_SAFE_INTEGER);
    const records = this.#database.all(
      `SELECT ${rowColumns} FROM rows
        WHERE video = ? AND start_ms <= ? AND (end_ms >= ? OR is_open = 1)
          ${kinds ? `AND kind IN (${listOf(kinds.length)})` : ''}
        ORDER BY start_ms, id`,
      ...[this.#id, to, from, ...(kinds ?? [])],
    );
    return records
      .map((record) => fromRecord(record, untilMs))
      .map((row) => (untilMs === undefined ? row : seenUntil(row, untilMs)))
      .filter((row): row is TimelineRow => row !== undefined && reachesInto(row, from, to));
  }

  /** Finds rows that an answer can rest on by words. */
  search(request: Omit<SearchRequest, 'video' | 'kinds'>): SearchHit<SearchedRow>[] {
    return this.#index.search({ ...request, kinds: searchedKinds, video: this.#id });
  }

  /** Finds rows of any kind that can be found; each stretch of the video with the same words once. */
  find(request: FindRequest): FoundMoment[] {
    return findMoments(this.#database, this.#index, { ...request, video: this.#id });
  }

  /** Where the video lies now; told again with what is found in it. */
  rememberPath(path: string): void {
    this.#database.run(
      'UPDATE videos SET path = ? WHERE id = ? AND path IS NOT ?',
      path,
      this.#id,
      path,
    );
  }

  #insert(row: NewRow): TimelineRow {
    const { kind, startMs, endMs, fields } = toColumns(row);
    const id = this.#database.run(
      'INSERT INTO rows (video, kind, start_ms, end_ms, is_open, fields) VALUES (?, ?, ?, ?, ?, ?)',
      ...[this.#id, kind, startMs, endMs, isGrowing(row) ? 1 : 0, fields],
    );
    if (row.kind === 'screenText') this.#lines.begin(id, row.windows);
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

function reachesInto(row: TimelineRow, fromMs: number, toMs: number): boolean {
  if (row.kind === 'screenText') return isVisibleIn(row.windows, fromMs, toMs);
  return row.startMs <= toMs && row.endMs >= fromMs;
}

/** Lines and chapters go on until they are told to end; those that the file names are whole. */
function isGrowing(row: NewRow): boolean {
  return row.kind === 'screenText' || (row.kind === 'chapter' && row.origin === 'model');
}

/** Rows that come from watching. */
const indexedKinds: ReadonlySet<TimelineKind> = new Set([...searchedKinds, 'chapter', 'gap']);

/** As many placeholders. */
const listOf = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

const watchedElsewhere = (): AppError =>
  new AppError(
    'store.unavailable',
    'This video is being watched by another Codealong; wait until that has ended.',
  );
