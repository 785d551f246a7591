/** Writes what a session sees and says into the timeline, frame by frame, and knows what guidance may rest on. */
import type { MediaMs, NewRow, ScreenTextRow, TimelineRow } from '../../protocol/index.ts';
import type { Cue } from '../media/captionSource.ts';
import type { SourceGap } from '../media/frameSource.ts';
import { frameNumber, matchLines, type EarlierWatching } from './earlierWatching.ts';
import {
  judgeGuidance,
  type GuidanceConfig,
  type GuidanceVerdict,
  type Said,
  type SeenLine,
} from './guidance.ts';
import type { OpenedLine, ScreenUpdate } from './screenReader.ts';

/** Where a session writes what happened. Rows are stored before anybody hears of them. */
export interface TimelineWriter {
  append<Row extends TimelineRow>(row: NewRow<Row>): Row;
  /** Stores rows together or not at all. */
  appendAll(rows: readonly NewRow[]): TimelineRow[];
  closeScreenText(rowId: number, endMs: MediaMs): void;
  /** Everything up to this frame is stored: another watching may go on behind it. */
  markWatched(ptsMs: MediaMs): void;
  /** Does what `work` stores as a whole or not at all. */
  transaction<Result>(work: () => Result): Result;
}

export interface RecorderParts {
  readonly timeline: TimelineWriter;
  readonly onRow: (row: TimelineRow) => void;
  /** Captions of the source, in the order of their start; each joins the timeline when the video has come to it. */
  readonly cues: readonly Cue[];
  readonly frameRateFps: number;
  readonly guidance: GuidanceConfig;
  readonly earlier?: EarlierWatching;
}

/** What the model said at a frame. */
export interface Reply {
  readonly text: string;
  readonly silenceProbability: number;
  readonly model: string;
}

/** Everything that a frame has brought. */
export interface FrameRecord {
  readonly ptsMs: MediaMs;
  readonly screen: ScreenUpdate;
  readonly reply?: Reply;
}

export class Recorder {
  readonly #parts: RecorderParts;
  readonly #cues: readonly Cue[];
  #cuesTold = 0;
  /** Samples of the grid, from the first, that were recorded without a hole. */
  #framesWatched: number;
  #seen: SeenLine[];
  #said: readonly Said[];
  #guidanceCount = 0;
  /** Tracked line → its row. */
  readonly #openRows = new Map<number, number>();
  /** Set at the first hole: rows that were open there. They are looked at again from there on, so they stay open. */
  #openAtHole: ReadonlySet<number> | undefined;
  /** Lines that are on screen while an earlier stretch is looked at again; undefined once that is over. */
  #lookedAt: Map<number, OpenedLine> | undefined;

  constructor(parts: RecorderParts) {
    const { cues, frameRateFps, earlier } = parts;
    this.#parts = parts;
    const told = new Set(earlier?.cues.map(cueKey));
    this.#cues = cues.filter((cue) => !told.has(cueKey(cue)));
    this.#framesWatched = earlier ? frameNumber(earlier.watchedMs, frameRateFps) + 1 : 0;
    this.#seen = (earlier?.lines ?? []).map(toSeenLine);
    this.#said = earlier?.guidance ?? [];
    this.#lookedAt = earlier && new Map();
  }

  /** Sentences that were stored. */
  get guidanceCount(): number {
    return this.#guidanceCount;
  }

  /** A frame that an earlier watching has recorded already: only follows the lines on screen. */
  lookBack({ opened, closed }: ScreenUpdate): void {
    for (const line of opened) this.#lookedAt?.set(line.id, line);
    for (const { id } of closed) this.#lookedAt?.delete(id);
  }

  /**
   * Stores all of a frame at once, with how far the video was watched; then tells it. So whenever a watching ends, the next one
   * can go on behind the last frame without losing or repeating anything.
   * @returns what became of the reply, if there was one
   */
  record(frame: FrameRecord): GuidanceVerdict | undefined {
    const { timeline, onRow } = this.#parts;
    const rows: TimelineRow[] = [];
    const isNext = frameNumber(frame.ptsMs, this.#parts.frameRateFps) === this.#framesWatched;
    if (!isNext) this.#openAtHole ??= new Set(this.#openRows.values());
    const verdict = timeline.transaction(() => {
      rows.push(...this.#storeCues(frame.ptsMs), ...this.#storeScreen(frame));
      const judged = frame.reply && this.#judge(frame.reply, frame.ptsMs);
      if (judged?.row) rows.push(judged.row);
      // Behind a hole, where frames were dropped, nothing is marked: what is missing can be seen another time.
      if (!this.#openAtHole) timeline.markWatched(frame.ptsMs);
      return judged?.verdict;
    });
    this.#framesWatched++;
    for (const row of rows) onRow(row);
    return verdict;
  }

  /** A stretch that cannot be seen: lines on screen end where it begins, unless another try may see how they go on. */
  recordGap({ startMs, endMs, reason, isFailure }: SourceGap): void {
    const { timeline, onRow } = this.#parts;
    const gap = timeline.transaction(() => {
      if (!isFailure) {
        for (const rowId of this.#openRows.values()) timeline.closeScreenText(rowId, startMs);
        this.#openRows.clear();
      }
      return timeline.append({ kind: 'gap', startMs, endMs, reason });
    });
    onRow(gap);
  }

  /** The video is over: captions that come after its last frame are told too. */
  finish(): void {
    for (const row of this.#storeCues(Infinity)) this.#parts.onRow(row);
  }

  #storeCues(untilMs: number): TimelineRow[] {
    const due: NewRow[] = [];
    for (; this.#cuesTold < this.#cues.length; this.#cuesTold++) {
      const cue = this.#cues[this.#cuesTold]!;
      if (cue.startMs > untilMs) break;
      due.push({ kind: 'cue', ...cue });
    }
    return due.length === 0 ? [] : this.#parts.timeline.appendAll(due);
  }

  #storeScreen({ ptsMs, screen }: FrameRecord): TimelineRow[] {
    const { timeline, guidance } = this.#parts;
    const opened = [...this.#goOn(screen, ptsMs), ...screen.opened];
    const rows =
      opened.length === 0
        ? []
        : timeline.appendAll(
            opened.map(({ text, startMs, box, confidence }) => {
              const windows = [[startMs, ptsMs]] as const;
              const seen = { region: 'other', indentColumns: 0, windows } as const;
              const provenance = { sightings: 1, readings: 1 };
              const stretch = { startMs, endMs: ptsMs };
              return { kind: 'screenText', text, ...stretch, box, confidence, ...seen, provenance };
            }),
          );
    for (const [index, { id, text, startMs }] of opened.entries()) {
      const rowId = rows[index]!.id;
      this.#openRows.set(id, rowId);
      this.#seen.push({ rowId, text, startMs });
    }
    for (const { id, endMs } of screen.closed) {
      const rowId = this.#openRows.get(id);
      if (rowId === undefined) continue;
      this.#openRows.delete(id);
      if (!this.#openAtHole?.has(rowId)) timeline.closeScreenText(rowId, endMs);
    }
    const horizon = ptsMs - guidance.evidenceWindowMs;
    this.#seen = this.#seen.filter((line) => line.startMs >= horizon);
    return rows;
  }

  /**
   * At the first new frame after an earlier watching: a line that is still there goes on in its row. A row whose line was not found
   * again ended where that watching did; a line that no row knows, because the new reader groups or reads it otherwise, begins now.
   */
  #goOn({ closed }: ScreenUpdate, ptsMs: MediaMs): OpenedLine[] {
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
    const gone = new Set(closed.map(({ id }) => id));
    return lines
      .filter((line) => !matches.has(line) && !gone.has(line.id))
      .map((line) => ({ ...line, startMs: ptsMs }));
  }

  #judge(
    { text, silenceProbability, model }: Reply,
    atMs: MediaMs,
  ): { readonly verdict: GuidanceVerdict; readonly row?: TimelineRow } {
    const { timeline, guidance } = this.#parts;
    const said: Said = { text: text.trim(), atMs };
    const verdict = judgeGuidance(said, this.#seen, this.#said, guidance);
    if (verdict.kind === 'drop') return { verdict };
    // Only what was said lately can be repeated.
    const horizon = atMs - guidance.repeatWindowMs;
    this.#said = [...this.#said.filter((other) => other.atMs >= horizon), said];
    this.#guidanceCount++;
    const { startMs, evidence } = verdict;
    const row = timeline.append({
      kind: 'guidance',
      ...{ startMs, endMs: atMs, atMs },
      ...{ text: said.text, silenceProbability, evidence, model },
    });
    return { verdict, row };
  }
}

const cueKey = ({ startMs, text }: Cue): string => `${startMs} ${text}`;

const toSeenLine = ({ id, text, startMs }: ScreenTextRow): SeenLine => ({
  rowId: id,
  text,
  startMs,
});
