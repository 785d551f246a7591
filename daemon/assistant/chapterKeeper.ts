/** Keeps the chapters of a video while it is watched: cuts it into parts, has each titled, and lets the last one grow. */
import type { Chapter, ChapterRow, MediaMs, NewRow, TimelineRow } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import { isCancellation } from '../base/errors.ts';
import { isSearched, searchedKinds } from '../timeline/rows.ts';
import type { ChapterChange } from '../timeline/timelineStore.ts';
import type { ChapterTitle, ChapterTitler } from './chapterTitler.ts';
import type { RecallTimeline } from './recall.ts';
import { SceneCuts, type SceneCutConfig, type VisibleLine } from './sceneCuts.ts';
import type { ScreenUpdate } from './screenReader.ts';

/** Where chapters are kept. */
export interface ChapterTimeline extends Pick<RecallTimeline, 'read'> {
  append<Row extends TimelineRow>(row: NewRow<Row>): Row;
  /** A chapter of the model is open, and so reaches to the last frame, until it is told to end. @returns the row as it is now */
  changeChapter(rowId: number, change: ChapterChange): ChapterRow;
}

export interface ChapterKeeperParts {
  readonly timeline: ChapterTimeline;
  readonly titler: ChapterTitler;
  /** Chapters that the file names; with any, no others are made. */
  readonly named: readonly Chapter[];
  readonly onRow: (row: TimelineRow) => void;
  /** Hears why a chapter has got no title. */
  readonly onProblem: (error: unknown) => void;
  readonly frameRateFps: number;
  readonly cuts: SceneCutConfig;
  /** How far the video was watched before. */
  readonly watchedMs?: MediaMs;
}

/** The part that is being seen. */
interface Part {
  readonly startMs: MediaMs;
  /** Its row, once it has got a title. */
  row: ChapterRow | undefined;
  isAnnounced: boolean;
}

export class ChapterKeeper {
  readonly #parts: ChapterKeeperParts;
  readonly #cuts: SceneCuts | undefined;
  readonly #visible = new Map<number, VisibleLine>();
  #part: Part;
  /** Titles are asked for one after the other, and watching does not wait for them. */
  #titling: Promise<void> = Promise.resolve();

  constructor(parts: ChapterKeeperParts) {
    const { timeline, named, onRow, frameRateFps, cuts, watchedMs } = parts;
    this.#parts = parts;
    const stored = timeline.read({ kinds: ['chapter'] }).filter((row) => row.kind === 'chapter');
    if (named.length > 0 && stored.length === 0) {
      for (const { title, startMs, endMs } of named) {
        const fields = { kind: 'chapter', origin: 'container', evidence: [] } as const;
        onRow(timeline.append<ChapterRow>({ ...fields, title, startMs, endMs }));
      }
    }
    const last = stored.at(-1);
    // One that reaches to the last frame goes on; behind one that ended before, another had begun that got no title.
    const goesOn = last && watchedMs !== undefined && last.endMs >= watchedMs;
    this.#part = {
      startMs: (goesOn ? last.startMs : last?.endMs) ?? mediaMs(0),
      row: goesOn ? last : undefined,
      isAnnounced: goesOn === true,
    };
    this.#cuts =
      named.length > 0 ? undefined : new SceneCuts(frameRateFps, this.#part.startMs, cuts);
  }

  /** Takes what a frame has changed on screen. @param isKnown it was seen by an earlier watching, which has cut there */
  see(
    ptsMs: MediaMs,
    { opened, closed, revised }: ScreenUpdate,
    { isKnown, signal }: { readonly isKnown: boolean; readonly signal: AbortSignal },
  ): void {
    if (!this.#cuts) return;
    for (const { id, text, region } of opened) this.#visible.set(id, { text, region });
    for (const { id, text } of revised) {
      const line = this.#visible.get(id);
      if (line) this.#visible.set(id, { ...line, text });
    }
    for (const { id } of closed) this.#visible.delete(id);
    const cutMs = this.#cuts.see(ptsMs, this.#visible);
    if (isKnown) return;
    const ended = this.#part;
    if (cutMs !== undefined) {
      this.#part = { startMs: cutMs, row: undefined, isAnnounced: false };
      this.#later(() => this.#end(ended, cutMs, signal));
    } else if (!ended.isAnnounced && ptsMs - ended.startMs >= this.#parts.cuts.sideMs) {
      ended.isAnnounced = true;
      this.#later(() => this.#announce(ended, ptsMs, signal));
    }
  }

  /** The video is over. Resolves when the last chapter has its title. */
  async finish(endMs: MediaMs, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    if (!this.#cuts) return;
    const last = this.#part;
    this.#later(() => this.#end(last, endMs, signal));
    await this.#titling;
  }

  /** The part that has begun gets a row with a title of what was seen of it so far. */
  async #announce(part: Part, untilMs: MediaMs, signal: AbortSignal): Promise<void> {
    const title = await this.#title(part.startMs, untilMs, signal);
    if (title) this.#store(part, title, untilMs);
  }

  /** A part has ended: its title speaks of all of it. One that gets none has no row. */
  async #end(part: Part, endMs: MediaMs, signal: AbortSignal): Promise<void> {
    const { timeline, onRow } = this.#parts;
    const title = await this.#title(part.startMs, endMs, signal);
    if (title && !part.row) this.#store(part, title, endMs);
    if (!part.row) return;
    onRow(timeline.changeChapter(part.row.id, { endMs, ...(title ? { title } : {}) }));
  }

  #store(part: Part, title: ChapterTitle, endMs: MediaMs): void {
    const { timeline, onRow } = this.#parts;
    const { startMs } = part;
    part.row = timeline.append<ChapterRow>({
      ...{ kind: 'chapter', origin: 'model', startMs, endMs },
      ...title,
    });
    onRow(part.row);
  }

  async #title(
    fromMs: MediaMs,
    endMs: MediaMs,
    signal: AbortSignal,
  ): Promise<ChapterTitle | undefined> {
    const { timeline, titler } = this.#parts;
    // What begins where it ends is of the next one.
    const toMs = mediaMs(Math.max(fromMs, endMs - 1));
    const range = { kinds: searchedKinds, fromMs, toMs, untilMs: toMs };
    const rows = timeline.read(range).filter(isSearched);
    const title = rows.length === 0 ? undefined : await titler.title(rows, { signal });
    signal.throwIfAborted();
    return title;
  }

  #later(work: () => Promise<void>): void {
    this.#titling = this.#titling.then(work).catch((error: unknown) => {
      // A video without titles can be watched as well.
      if (!isCancellation(error)) this.#parts.onProblem(error);
    });
  }
}
