/**
 * Keeps the chapters of a video while it is watched: cuts it into parts, has each titled, and lets the last one grow. Titles are asked for
 * before a frame is stored, and what they change is stored with it: a watching that was killed has cut where an undisturbed one has.
 * A video that is never cut has no chapters.
 */
import type { Chapter, ChapterRow, MediaMs, NewRow, TimelineRow } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
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
  /** Hears why a chapter has got no title. */
  readonly onProblem: (error: unknown) => void;
  readonly frameRateFps: number;
  readonly cuts: SceneCutConfig;
  /** How far the video was watched before. */
  readonly watchedMs?: MediaMs;
  /** Frames do not wait for a title: it is stored with the first frame behind which it is there. */
  readonly isLive?: boolean;
}

/**
 * Stores what a frame has changed in the chapters; runs inside the transaction that stores the frame.
 * @param mayChange whether a row may be changed @returns rows that are new or have changed
 */
export type ChapterStep = (mayChange: (rowId: number) => boolean) => readonly ChapterRow[];

/** A title that is wanted: of a part that has ended, or of what there is of it. */
interface Wish {
  readonly kind: 'ended' | 'grown';
  readonly endMs: MediaMs;
}

interface GrantedWish extends Wish {
  readonly title: ChapterTitle | undefined;
}

/** A title that is being asked for beside the watching. */
interface Asking {
  readonly done: Promise<void>;
  granted?: GrantedWish;
}

/** The part that is being seen. */
interface Part {
  readonly startMs: MediaMs;
  /** Its row, once it has got a title. */
  readonly row: ChapterRow | undefined;
  /** When it was told last, on the video's clock. */
  readonly toldMs: MediaMs;
  /** A title is asked for when the video has come so far: the part is long enough for one then, or has doubled since the last. */
  readonly titleDueMs: number;
}

export class ChapterKeeper {
  readonly #parts: ChapterKeeperParts;
  readonly #cuts: SceneCuts | undefined;
  readonly #visible = new Map<number, VisibleLine>();
  #part: Part;
  /** The chapter before it. */
  #before: ChapterRow | undefined;
  #isNamedStored: boolean;
  /** Of what is live: titles that are wanted, in order; the first one is being asked for. */
  readonly #wishes: Wish[] = [];
  #asking: Asking | undefined;

  constructor(parts: ChapterKeeperParts) {
    const { timeline, named, frameRateFps, cuts, watchedMs } = parts;
    this.#parts = parts;
    const stored = timeline.read({ kinds: ['chapter'] }).filter((row) => row.kind === 'chapter');
    this.#isNamedStored = named.length === 0 || stored.length > 0;
    const last = stored.at(-1);
    // One that reaches to the last frame goes on; behind one that ended before, another had begun that has no title yet.
    const isOpen = last !== undefined && watchedMs !== undefined && last.endMs >= watchedMs;
    this.#before = isOpen ? stored.at(-2) : last;
    this.#part = {
      ...this.#begin((isOpen ? last.startMs : last?.endMs) ?? mediaMs(0)),
      ...(isOpen
        ? { row: last, toldMs: last.endMs, titleDueMs: dueAfter(last.startMs, last.endMs) }
        : {}),
    };
    this.#cuts =
      named.length > 0 ? undefined : new SceneCuts(frameRateFps, this.#part.startMs, cuts);
  }

  /**
   * Takes what a frame has changed on screen. @param isKnown it was seen by an earlier watching, which has cut there
   * @returns what is to be stored with the frame @throws AbortError
   */
  async see(
    ptsMs: MediaMs,
    { opened, closed }: ScreenUpdate,
    { isKnown, signal }: { readonly isKnown: boolean; readonly signal: AbortSignal },
  ): Promise<ChapterStep> {
    if (!this.#cuts) return () => this.#storeNamed();
    for (const { id, text, region } of opened) this.#visible.set(id, { text, region });
    for (const { id } of closed) this.#visible.delete(id);
    const cutMs = this.#cuts.see(ptsMs, this.#visible.values());
    if (isKnown) return nothing;
    const wish = this.#wishAt(ptsMs, cutMs);
    const granted = this.#parts.isLive
      ? this.#grantedSince(wish, signal)
      : wish && (await this.#grant(wish, this.#part.startMs, signal));
    return (mayChange) => this.#take(granted, ptsMs, mayChange);
  }

  /**
   * The video is over.
   * @returns what is to be stored with its end @throws AbortError
   */
  async finish(endMs: MediaMs, { signal }: { readonly signal: AbortSignal }): Promise<ChapterStep> {
    if (!this.#cuts) return () => this.#storeNamed();
    await this.#asking?.done;
    const granted: GrantedWish[] = this.#asking?.granted ? [this.#asking.granted] : [];
    let { startMs } = this.#part;
    for (const wish of this.#wishes.slice(granted.length)) {
      startMs = startAfter(granted.at(-1), startMs);
      granted.push(await this.#grant(wish, startMs, signal));
    }
    startMs = startAfter(granted.at(-1), startMs);
    const isWhole = startMs === 0 && this.#part.row === undefined;
    // What is too short for a part belongs to the one before it.
    const isPart = !isWhole && endMs - startMs >= this.#parts.cuts.leastPartMs;
    const title = isPart ? await this.#title(startMs, endMs, signal) : undefined;
    return (mayChange) => [
      ...granted.flatMap((one) => this.#take(one, one.endMs, mayChange)),
      ...this.#end(endMs, title, mayChange),
    ];
  }

  /** Resolves when nothing is being asked for any more. */
  async settled(): Promise<void> {
    await this.#asking?.done;
  }

  /** @param cutMs where a part was found to have ended */
  #wishAt(ptsMs: MediaMs, cutMs: MediaMs | undefined): Wish | undefined {
    if (cutMs !== undefined) return { kind: 'ended', endMs: cutMs };
    if (ptsMs < this.#part.titleDueMs || this.#wishes.length > 0) return undefined;
    const { sideMs, peakMs } = this.#parts.cuts;
    // What came later may be found to be of the next part.
    return { kind: 'grown', endMs: mediaMs(Math.max(0, ptsMs - sideMs - peakMs)) };
  }

  async #grant(wish: Wish, startMs: MediaMs, signal: AbortSignal): Promise<GrantedWish> {
    return { ...wish, title: await this.#title(startMs, wish.endMs, signal) };
  }

  /** Has a title asked for beside the watching. @returns one that was asked for before and is there now */
  #grantedSince(wish: Wish | undefined, signal: AbortSignal): GrantedWish | undefined {
    if (wish) this.#wishes.push(wish);
    const granted = this.#asking?.granted;
    if (granted) {
      this.#asking = undefined;
      this.#wishes.shift();
      return granted;
    }
    const [next] = this.#wishes;
    if (next && !this.#asking) {
      const done = this.#grant(next, this.#part.startMs, signal).then(
        (one) => {
          asking.granted = one;
        },
        // Only a watching that was stopped rejects, and says so itself.
        () => undefined,
      );
      const asking: Asking = { done };
      this.#asking = asking;
    }
    return undefined;
  }

  #take(
    granted: GrantedWish | undefined,
    ptsMs: MediaMs,
    mayChange: (rowId: number) => boolean,
  ): readonly ChapterRow[] {
    if (granted?.kind === 'ended') return this.#end(granted.endMs, granted.title, mayChange);
    if (granted) {
      this.#part = { ...this.#part, titleDueMs: dueAfter(this.#part.startMs, ptsMs) };
    }
    return this.#grow(ptsMs, granted?.title, mayChange);
  }

  #storeNamed(): readonly ChapterRow[] {
    if (this.#isNamedStored) return [];
    this.#isNamedStored = true;
    const { timeline, named } = this.#parts;
    const fields = { kind: 'chapter', origin: 'container', evidence: [] } as const;
    return named.map(({ title, startMs, endMs }) =>
      timeline.append<ChapterRow>({ ...fields, title, startMs, endMs }),
    );
  }

  /** The part goes on; it gets a row with its first title. */
  #grow(
    ptsMs: MediaMs,
    title: ChapterTitle | undefined,
    mayChange: (rowId: number) => boolean,
  ): readonly ChapterRow[] {
    const { timeline, cuts } = this.#parts;
    const part = this.#part;
    const isTold = part.row !== undefined && ptsMs - part.toldMs >= cuts.sideMs;
    let row: ChapterRow | undefined;
    if (title && !part.row) row = this.#append(part.startMs, ptsMs, title);
    else if (title && part.row && mayChange(part.row.id)) {
      row = timeline.changeChapter(part.row.id, { title });
    } else if (isTold) row = part.row;
    this.#part = { ...part, ...(row ? { row, toldMs: ptsMs } : {}) };
    // It is open: in the timeline it reaches to this frame by itself.
    return row ? [{ ...row, endMs: ptsMs }] : [];
  }

  /** A part has ended: its title speaks of all of it. One without a title belongs to the chapter before it, or to the next. */
  #end(
    endMs: MediaMs,
    title: ChapterTitle | undefined,
    mayChange: (rowId: number) => boolean,
  ): readonly ChapterRow[] {
    const { timeline } = this.#parts;
    const { startMs, row } = this.#part;
    const change = { endMs, ...(title && row ? { title } : {}) };
    const grown = row ?? (title ? this.#append(startMs, endMs, title) : this.#before);
    if (grown === undefined) {
      this.#part = this.#begin(startMs);
      return [];
    }
    this.#part = this.#begin(endMs);
    this.#before = mayChange(grown.id) ? timeline.changeChapter(grown.id, change) : grown;
    return [this.#before];
  }

  #append(startMs: MediaMs, endMs: MediaMs, title: ChapterTitle): ChapterRow {
    return this.#parts.timeline.append<ChapterRow>({
      ...{ kind: 'chapter', origin: 'model', startMs, endMs },
      ...title,
    });
  }

  #begin(startMs: MediaMs): Part {
    // Whether the first one is all there is shows when it ends.
    const titleDueMs = startMs === 0 ? Infinity : startMs + this.#parts.cuts.leastPartMs;
    return { startMs, row: undefined, toldMs: startMs, titleDueMs };
  }

  async #title(
    fromMs: MediaMs,
    endMs: MediaMs,
    signal: AbortSignal,
  ): Promise<ChapterTitle | undefined> {
    const { timeline, titler, onProblem } = this.#parts;
    // What begins where it ends is of the next one.
    const toMs = mediaMs(Math.max(fromMs, endMs - 1));
    const range = { kinds: searchedKinds, fromMs, toMs, untilMs: toMs };
    const rows = timeline.read(range).filter(isSearched);
    if (rows.length === 0) return undefined;
    try {
      return await titler.title(rows, { signal });
    } catch (error) {
      signal.throwIfAborted();
      // A video without titles can be watched as well.
      onProblem(error);
      return undefined;
    }
  }
}

const startAfter = (granted: GrantedWish | undefined, startMs: MediaMs): MediaMs =>
  granted?.kind === 'ended' ? granted.endMs : startMs;

/** When a part has doubled. */
const dueAfter = (startMs: MediaMs, nowMs: MediaMs): number => 2 * nowMs - startMs;

const nothing: ChapterStep = () => [];
