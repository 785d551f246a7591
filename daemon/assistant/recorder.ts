/** Writes what a session sees and says into the timeline, frame by frame, and knows what guidance may rest on. */
import type {
  MediaMs,
  NewRow,
  ScreenTextRow,
  SpeechStats,
  TextProvenance,
  TimelineRow,
} from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import type { Cue } from '../media/captionSource.ts';
import type { SourceGap } from '../media/frameSource.ts';
import type { ClosedScreenLine, OpenedScreenLine } from '../perception/perception.ts';
import type { GivenFrame } from '../timeline/givenFrames.ts';
import type { ReturningLine, Revision } from '../timeline/screenLines.ts';
import type { ChapterStep } from './chapterKeeper.ts';
import { frameNumber, matchLines, type EarlierWatching } from './earlierWatching.ts';
import {
  judgeGuidance,
  type GuidanceConfig,
  type GuidanceVerdict,
  type Said,
  type SeenLine,
} from './guidance.ts';
import type { ScreenUpdate } from './screenReader.ts';

/** Where a session writes what happened. Rows are stored before anybody hears of them. */
export interface TimelineWriter {
  append<Row extends TimelineRow>(row: NewRow<Row>): Row;
  /** Stores rows together or not at all. */
  appendAll(rows: readonly NewRow[]): TimelineRow[];
  /** A line left the screen. Does nothing when it had left before. */
  closeScreenText(rowId: number, endMs: MediaMs, provenance?: TextProvenance): void;
  /** The row of a line that was on screen before and is not now; of several the nearest. @param mayTake refuses rows */
  findClosedLine(line: ReturningLine, mayTake: (rowId: number) => boolean): number | undefined;
  /** A line is on screen again: its row gets another window. */
  reopenScreenText(rowId: number, again: Pick<ReturningLine, 'startMs' | 'box'>): void;
  /** A line that is on screen stands elsewhere from now on. */
  moveScreenText(rowId: number, to: Pick<ReturningLine, 'startMs' | 'box'>): void;
  /** More sightings have settled what a line says. */
  reviseScreenText(rowId: number, revision: Revision): void;
  /** Lines by the ids of their rows, as they are known at a frame that is being stored. */
  screenTexts(rowIds: readonly number[], nowMs: MediaMs): readonly ScreenTextRow[];
  /** Whether a row was stored by the last frame that was marked. */
  isMarked(rowId: number): boolean;
  /** Everything up to this frame is stored: another watching may go on behind it. */
  markWatched(ptsMs: MediaMs): void;
  /** Keeps a frame as the decoder was given it; left out by timelines that keep none. */
  keepFrame?(frame: GivenFrame): void;
  /** Does what `work` stores as a whole or not at all. */
  transaction<Result>(work: () => Result): Result;
}

/** Captions that nobody knows before their time. */
export interface Hearing {
  /** Those that join the timeline when what is watched has come to a moment, each once. */
  due(untilMs: number): readonly Cue[];
  /** Resolves when what was heard by the end of the source is there, or takes too long. */
  settled(options: { readonly signal: AbortSignal }): Promise<void>;
  /** What became of what was spoken; undefined when nobody listens. */
  readonly speech: SpeechStats | undefined;
}

export interface RecorderParts {
  readonly timeline: TimelineWriter;
  readonly onRow: (row: TimelineRow) => void;
  /** Captions of the source, in the order of their start; each joins the timeline when the video has come to it. */
  readonly cues: readonly Cue[];
  /** What else is heard of the source meanwhile. */
  readonly hearing?: Hearing;
  readonly frameRateFps: number;
  readonly guidance: GuidanceConfig;
  readonly earlier?: EarlierWatching;
  /** What is missed cannot be seen another time: frames that were left out make no hole behind which nothing counts. */
  readonly isLive?: boolean;
}

/** What the model said at a frame. */
export interface Reply {
  readonly text: string;
  /** As in `GeneratedReply`. */
  readonly likelihood: number;
  readonly silenceProbability: number;
  readonly model: string;
  /** The standing request that it answers, in the user's words; absent when it comes unasked. */
  readonly request?: string;
}

/** What became of the replies so far. */
export interface ReplyCounts {
  /** Stored. */
  shown: number;
  /** Not shown because the model was not sure enough of its words. */
  unlikely: number;
  /** Not shown because they name what was not read. */
  ungrounded: number;
  /** Not shown because they had just been said, or said nothing. */
  repeated: number;
  /** Not shown because what they speak of has long left the screen. */
  contradicted: number;
}

/** Everything that a frame has brought. */
export interface FrameRecord {
  readonly ptsMs: MediaMs;
  readonly screen: ScreenUpdate;
  /** Of two that say the same the later one is a repetition. */
  readonly replies?: readonly Reply[];
  /** What the vision encoder made of it, when it is worth keeping. */
  readonly rows?: Float32Array;
  readonly chapters?: ChapterStep;
}

/** What a reader tells when no frame follows. */
export type LastLines = Pick<ScreenUpdate, 'opened' | 'closed'>;

export class Recorder {
  readonly #parts: RecorderParts;
  readonly #cues: readonly Cue[];
  #cuesTold = 0;
  /** Samples of the grid, from the first, that were recorded without a hole. */
  #framesWatched: number;
  #seen: SeenLine[];
  #said: readonly Said[];
  readonly #replies: ReplyCounts = {
    ...{ shown: 0, unlikely: 0, ungrounded: 0, repeated: 0, contradicted: 0 },
  };
  /** Tracked line → its row. */
  readonly #openRows = new Map<number, number>();
  /**
   * Behind a hole, where frames were dropped, nothing is marked: what is missing can be seen another time, and all that follows is then
   * seen again. So rows from before it stay as they were there.
   */
  #isBehindHole = false;
  #lastMs: MediaMs;
  /** Lines that are on screen while an earlier stretch is looked at again; undefined once that is over. */
  #lookedAt: Map<number, OpenedScreenLine> | undefined;

  constructor(parts: RecorderParts) {
    const { cues, frameRateFps, earlier } = parts;
    this.#parts = parts;
    const told = new Set(earlier?.cues.map(cueKey));
    this.#cues = cues.filter((cue) => !told.has(cueKey(cue)));
    this.#lastMs = earlier?.watchedMs ?? mediaMs(0);
    this.#framesWatched = earlier ? frameNumber(earlier.watchedMs, frameRateFps) + 1 : 0;
    const open = new Set(earlier?.openLines.map(({ id }) => id));
    this.#seen = (earlier?.lines ?? []).map((row) => toSeenLine(row, open.has(row.id)));
    this.#said = earlier?.guidance ?? [];
    this.#lookedAt = earlier && new Map();
  }

  get replies(): Readonly<ReplyCounts> {
    return this.#replies;
  }

  /** A frame that an earlier watching has recorded already: only follows the lines on screen. */
  lookBack({ opened, closed, revised, moved = [] }: ScreenUpdate): void {
    for (const line of opened) this.#lookedAt?.set(line.id, line);
    for (const { id, ...better } of revised) this.#knowBetter(id, better);
    for (const { id, box } of moved) this.#knowBetter(id, { box });
    for (const { id } of closed) this.#lookedAt?.delete(id);
  }

  #knowBetter(lineId: number, change: Partial<OpenedScreenLine>): void {
    const line = this.#lookedAt?.get(lineId);
    if (line) this.#lookedAt?.set(lineId, { ...line, ...change });
  }

  /**
   * Stores all of a frame at once, with how far the video was watched; then tells it. So whenever a watching ends, the next one
   * can go on behind the last frame without losing or repeating anything.
   * @returns what became of each reply
   */
  record(frame: FrameRecord): readonly GuidanceVerdict[] {
    const { timeline, onRow } = this.#parts;
    const rows: TimelineRow[] = [];
    const { frameRateFps, isLive = false } = this.#parts;
    const isNext = frameNumber(frame.ptsMs, frameRateFps) === this.#framesWatched;
    if (!isNext && !isLive) this.#isBehindHole = true;
    const verdicts = timeline.transaction(() => {
      rows.push(...this.#storeCues(frame.ptsMs), ...this.#storeScreen(frame));
      const judged = (frame.replies ?? []).map((reply) => this.#judge(reply, frame.ptsMs));
      rows.push(...judged.flatMap(({ row }) => row ?? []));
      if (frame.chapters) rows.push(...frame.chapters((rowId) => this.#mayChange(rowId)));
      const { ptsMs, screen, rows: given } = frame;
      if (given) timeline.keepFrame?.({ ptsMs, lines: screen.newLines, rows: given });
      if (!this.#isBehindHole) timeline.markWatched(frame.ptsMs);
      return judged.map(({ verdict }) => verdict);
    });
    this.#framesWatched++;
    this.#lastMs = frame.ptsMs;
    for (const row of rows) onRow(row);
    return verdicts;
  }

  /**
   * A stretch that cannot be seen: lines on screen end where it begins, unless another try may see how they go on.
   * @param options.screen what only the last frames before it have shown
   * @param options.linesStay they were followed all the same
   */
  recordGap(
    { startMs, endMs, reason, isFailure }: SourceGap,
    options: { readonly screen?: LastLines; readonly linesStay?: boolean } = {},
  ): void {
    const { timeline, onRow, isLive } = this.#parts;
    const { screen, linesStay = isFailure } = options;
    const rows = timeline.transaction(() => {
      const shown = screen ? this.#storeScreen(lastUpdate(this.#lastMs, screen)) : [];
      if (!linesStay) {
        for (const rowId of this.#openRows.values()) {
          if (this.#mayChange(rowId)) timeline.closeScreenText(rowId, startMs);
        }
        this.#leave(this.#openRows.values(), startMs);
        this.#openRows.clear();
      }
      const gap = timeline.append({ kind: 'gap', startMs, endMs, reason });
      if (isLive) timeline.markWatched(this.#lastMs);
      return [...shown, gap];
    });
    for (const row of rows) onRow(row);
  }

  /**
   * The video is over: captions that come after its last frame are told too, and lines that only its last frames have shown.
   * @param ptsMs of the last frame
   */
  finish(ptsMs: MediaMs, screen: LastLines, chapters: ChapterStep = () => []): void {
    const { timeline, onRow, isLive } = this.#parts;
    // Nothing new was seen: what was open stays so.
    this.#lookedAt = undefined;
    const rows = timeline.transaction(() => {
      const last = [
        ...this.#storeCues(Infinity),
        ...this.#storeScreen(lastUpdate(ptsMs, screen)),
        ...chapters((rowId) => this.#mayChange(rowId)),
      ];
      if (isLive && this.#framesWatched > 0) timeline.markWatched(ptsMs);
      return last;
    });
    for (const row of rows) onRow(row);
  }

  #storeCues(untilMs: number): TimelineRow[] {
    const due: NewRow[] = [];
    for (; this.#cuesTold < this.#cues.length; this.#cuesTold++) {
      const cue = this.#cues[this.#cuesTold]!;
      if (cue.startMs > untilMs) break;
      due.push({ kind: 'cue', ...cue });
    }
    for (const cue of this.#parts.hearing?.due(untilMs) ?? []) due.push({ kind: 'cue', ...cue });
    return due.length === 0 ? [] : this.#parts.timeline.appendAll(due);
  }

  /** @returns the rows that are new, or that say something else than they were told with */
  #storeScreen({ ptsMs, screen }: Pick<FrameRecord, 'ptsMs' | 'screen'>): TimelineRow[] {
    const { timeline, guidance } = this.#parts;
    const told = new Set<number>();
    const opened = [...this.#goOn(screen, ptsMs), ...screen.opened];
    // A line may go at one place and come at another, or come and go with this frame.
    const isNew = new Set(opened.map(({ id }) => id));
    const [gone, shortly] = partition(screen.closed, ({ id }) => !isNew.has(id));
    for (const line of gone) this.#close(line);
    for (const line of opened) {
      const rowId = this.#open(line, ptsMs);
      told.add(rowId);
      this.#openRows.set(line.id, rowId);
      this.#seen.push({ rowId, text: line.text, startMs: line.startMs });
    }
    for (const { id, startMs, box } of screen.moved ?? []) {
      const rowId = this.#rowOf(id);
      if (rowId !== undefined) timeline.moveScreenText(rowId, { startMs, box });
    }
    for (const { id, text, confidence, provenance } of screen.revised) {
      const rowId = this.#rowOf(id);
      if (rowId === undefined) continue;
      timeline.reviseScreenText(rowId, { text, confidence, provenance });
      this.#seen = this.#seen.map((line) => (line.rowId === rowId ? { ...line, text } : line));
      told.add(rowId);
    }
    for (const line of shortly) this.#close(line);
    const horizon = ptsMs - guidance.evidenceWindowMs;
    this.#seen = this.#seen.filter((line) => line.startMs >= horizon);
    return [...timeline.screenTexts([...told], ptsMs)];
  }

  /** The row of a tracked line, if it may be changed. */
  #rowOf(lineId: number): number | undefined {
    const rowId = this.#openRows.get(lineId);
    return rowId !== undefined && this.#mayChange(rowId) ? rowId : undefined;
  }

  #mayChange(rowId: number): boolean {
    return !this.#isBehindHole || !this.#parts.timeline.isMarked(rowId);
  }

  #close({ id, endMs, provenance }: ClosedScreenLine): void {
    const rowId = this.#rowOf(id);
    const known = this.#openRows.get(id);
    if (known !== undefined) this.#leave([known], endMs);
    this.#openRows.delete(id);
    if (rowId !== undefined) this.#parts.timeline.closeScreenText(rowId, endMs, provenance);
  }

  /** Lines that guidance may rest on are on screen no more. */
  #leave(rowIds: Iterable<number>, goneMs: MediaMs): void {
    const gone = new Set(rowIds);
    this.#seen = this.#seen.map((line) =>
      gone.has(line.rowId) && line.goneMs === undefined ? { ...line, goneMs } : line,
    );
  }

  /** A line that was on screen before gets another window on its row; any other gets a row. @returns its id */
  #open(line: OpenedScreenLine, ptsMs: MediaMs): number {
    const { timeline } = this.#parts;
    const known = timeline.findClosedLine(line, (rowId) => this.#mayChange(rowId));
    if (known !== undefined) {
      timeline.reopenScreenText(known, line);
      return known;
    }
    const { text, startMs, box, confidence, region, indentColumns, provenance } = line;
    const row = timeline.append<ScreenTextRow>({
      ...{ kind: 'screenText', text, startMs, endMs: ptsMs, box, confidence },
      ...{ region, indentColumns, windows: [[startMs, ptsMs]], provenance },
    });
    return row.id;
  }

  /**
   * At the first new frame after an earlier watching: a line that is still there goes on in its row. A row whose line was not found
   * again ended where that watching did; a line that no row knows, because the new reader groups or reads it otherwise, begins now.
   */
  #goOn({ closed }: ScreenUpdate, ptsMs: MediaMs): OpenedScreenLine[] {
    const { timeline, earlier } = this.#parts;
    if (!this.#lookedAt || !earlier) return [];
    const lines = [...this.#lookedAt.values()];
    this.#lookedAt = undefined;
    const matches = matchLines(lines, earlier.openLines);
    const isFound = new Set(matches.values());
    for (const [line, row] of matches) this.#openRows.set(line.id, row.id);
    for (const row of earlier.openLines) {
      if (!isFound.has(row)) timeline.closeScreenText(row.id, earlier.watchedMs);
    }
    const lost = earlier.openLines.filter((row) => !isFound.has(row));
    this.#leave(
      lost.map(({ id }) => id),
      earlier.watchedMs,
    );
    const gone = new Set(closed.map(({ id }) => id));
    return lines
      .filter((line) => !matches.has(line) && !gone.has(line.id))
      .map((line) => ({ ...line, startMs: ptsMs }));
  }

  #judge(
    { text, likelihood, silenceProbability, model, request }: Reply,
    atMs: MediaMs,
  ): { readonly verdict: GuidanceVerdict; readonly row?: TimelineRow } {
    const { timeline, guidance } = this.#parts;
    const asked = request === undefined ? {} : { request };
    const said: Said = { text: text.trim(), atMs, ...asked };
    const verdict = judgeGuidance({ ...said, likelihood }, this.#seen, this.#said, guidance);
    if (verdict.kind === 'drop') {
      this.#replies[verdict.reason === 'empty' ? 'repeated' : verdict.reason]++;
      return { verdict };
    }
    // Only what was said lately can be repeated.
    const horizon = atMs - guidance.repeatWindowMs;
    this.#said = [...this.#said.filter((other) => other.atMs >= horizon), said];
    this.#replies.shown++;
    const { startMs, evidence } = verdict;
    const row = timeline.append({
      kind: 'guidance',
      ...{ startMs, endMs: atMs, atMs },
      ...{ text: said.text, silenceProbability, evidence, model, ...asked },
    });
    return { verdict, row };
  }
}

const lastUpdate = (ptsMs: MediaMs, screen: LastLines): Pick<FrameRecord, 'ptsMs' | 'screen'> => ({
  ptsMs,
  screen: { ...screen, revised: [], newLines: [] },
});

function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): readonly [readonly Item[], readonly Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

const cueKey = ({ startMs, text }: Cue): string => `${startMs} ${text}`;

const toSeenLine = ({ id, text, startMs, endMs }: ScreenTextRow, isOpen: boolean): SeenLine => ({
  ...{ rowId: id, text, startMs },
  ...(isOpen ? {} : { goneMs: endMs }),
});
