/** The life of each line on screen: when it became text, when it went. Mirrors models/screen/reading.py; test/golden/screenText.json. */
import { mediaMs, type MediaMs, type TextProvenance } from '../../protocol/index.ts';
import { ClosedLines } from './closedLines.ts';
import { KnownIdentifiers } from './knownIdentifiers.ts';
import { LineMatching, longestTickMs, tickingChanges } from './lineMatching.ts';
import { startTrack, type LineTrack } from './lineTrack.ts';
import type {
  ClosedScreenLine,
  MovedScreenLine,
  OpenedScreenLine,
  RevisedScreenLine,
  ScreenLine,
} from './perception.ts';
import { centreOf, inReadingOrder } from './places.ts';
import type { Reading } from './readingVotes.ts';

/** What of a line's life the decoder was trained with; the rest is the timeline's. */
export interface TrackerConfig {
  readonly minConfidence: number;
  /** Consecutive frames with the same reading at the same place before a line is text. */
  readonly stableFrames: number;
  /** A line is at its place while its centre moves by less, in line heights. */
  readonly samePlaceHeights: number;
  /** Frames without a sighting after which a line is gone; back again, it is given again. */
  readonly goneFrames: number;
  /** Lines whose centres are closer, in line heights, form a row. */
  readonly rowHeights: number;
}

/** Everything but what the pack says. @source models/config.py ScreenTextConfig */
export const defaultTrackerConfig = { samePlaceHeights: 0.6, goneFrames: 2, rowHeights: 0.5 };

/** A bracket alone is read with less confidence than words, and its place among the lines of a program speaks for it. */
const bracketConfidence = 0.5;
/** A line that was too short on screen to become stable is told all the same when it was read this surely … */
const glimpseConfidence = 0.85;
/** … and has at least so many letters and digits: less is mostly icons and halves of words. */
const glimpseSigns = 3;
/** Votes are counted again when there are this many times as many: a text that hangs in the balance must not come and go. */
const recount = 1.5;
/** A line that is typed without a rest is told once in so many frames, not at every letter. */
const restlessFrames = 4;

export interface TrackerUpdate {
  /** Top to bottom, left to right; then those that were seen too shortly. */
  readonly opened: readonly OpenedScreenLine[];
  readonly closed: readonly ClosedScreenLine[];
  /** Lines that are open. */
  readonly revised: readonly RevisedScreenLine[];
  /** Lines that are open and have come to rest at another place. */
  readonly moved: readonly MovedScreenLine[];
}

/**
 * Follows lines by text and place: a line that only moved keeps its history, two lines with the same text are two lines. What the
 * decoder is given (`isStable`) keeps the rule that it was trained with; around it, readings of one line are counted together,
 * and lines that were seen too shortly are told when they are gone.
 */
export class ScreenTextTracker {
  readonly #config: TrackerConfig;
  readonly #closedLines = new ClosedLines();
  readonly #identifiers = new KnownIdentifiers();
  #tracks: LineTrack[] = [];
  #nextId = 1;

  constructor(config: TrackerConfig) {
    this.#config = config;
  }

  /** Takes the lines of the next frame. */
  update(lines: readonly ScreenLine[], ptsMs: MediaMs): TrackerUpdate {
    const matching = new LineMatching(this.#tracks, this.#config, ptsMs);
    matching.match(lines.filter((line) => isText(line, this.#config.minConfidence)));
    const { tracks } = matching;
    const gone = [...matching.unseen].filter((track) => {
      track.missing++;
      const isReplaced = matching.replaced.has(track);
      const isKept = track.missing < this.#config.goneFrames && (track.told || !isReplaced);
      if (isKept) tracks.push(track);
      return !isKept;
    });
    const shortly = gone.filter((track) => isGlimpse(track, matching.replaced.has(track)));
    const glimpses = shortly.map((track) => this.#open(track, false));
    const closed = gone.filter(({ told }) => told).map((track) => this.#close(track));
    const indented = new Set<LineTrack>();
    this.#tracks = tracks.map((track) => {
      const isIndented = isIndentedAnew(track);
      if (!isIndented && !hasStoppedTicking(track)) return track;
      // The next one is there from this frame on: at no moment are there two.
      closed.push({ ...this.#close(track), endMs: mediaMs(track.lastMs - 1) });
      const next = { ...startTrack(track.line, track.lastMs), stable: track.stable };
      if (isIndented) indented.add(next);
      return next;
    });
    const revised = this.#revise();
    const moved = this.#followMoves();
    return { opened: [...this.#openAll(indented), ...glimpses], closed, revised, moved };
  }

  /** The stream is over: closes what is open, and tells what the last frames alone have shown. */
  closeAll(): TrackerUpdate {
    const tracks = this.#tracks;
    this.#tracks = [];
    const opened = tracks
      .filter((track) => isGlimpse(track, false))
      .map((track) => this.#open(track, false));
    const closed = tracks.filter(({ told }) => told).map((track) => this.#close(track));
    return { opened, closed, revised: [], moved: [] };
  }

  /** @param indented lines that have only moved sideways: they are no news for the decoder */
  #openAll(indented: ReadonlySet<LineTrack>): OpenedScreenLine[] {
    const { stableFrames, rowHeights } = this.#config;
    const due = this.#tracks.filter(
      ({ told, stable, ticks }) => !told && (stable >= stableFrames || ticks >= tickingChanges),
    );
    return inReadingOrder(due, ({ line }) => line.box, rowHeights).map((track) =>
      this.#open(
        track,
        track.stable >= stableFrames && !indented.has(track) && saysSomething(track),
      ),
    );
  }

  #open(track: LineTrack, isStable: boolean): OpenedScreenLine {
    const id = this.#nextId++;
    const { line, firstMs, centre } = track;
    const { indentColumns, region, box } = line;
    const { text, confidence, provenance } = this.#settle(track);
    const known = this.#closedLines.take({ text, region, indentColumns }, box);
    const told = { text, centre, indentColumns, region, votes: track.votes.count };
    track.told = { id, firstId: known ?? id, ...told };
    this.#identifiers.learn(line);
    const { x, y, width, height } = box;
    return {
      ...{ id, text, startMs: firstMs, box: [x, y, width, height], confidence },
      ...{ indentColumns, region, provenance, isStable },
      ...(known === undefined ? {} : { returns: known }),
    };
  }

  /** Tells what the votes have changed. */
  #revise(): RevisedScreenLine[] {
    return this.#tracks.flatMap((track) => {
      const { told, ticks, missing } = track;
      if (!told || ticks >= tickingChanges || missing > 0) return [];
      const votes = track.votes.count;
      if (votes < recount * told.votes) return [];
      const { text, confidence, provenance } = this.#settle(track);
      track.told = { ...told, text, votes };
      if (text === told.text) return [];
      return [{ id: told.id, text, confidence, provenance }];
    });
  }

  /** Tells which lines rest at another place than the one that was told. */
  #followMoves(): MovedScreenLine[] {
    return this.#tracks.flatMap((track) => {
      const { told, centre, stable, line, placedMs } = track;
      const { x, y, width, height } = line.box;
      const reach = this.#config.samePlaceHeights * height;
      if (!told || stable < this.#config.stableFrames) return [];
      const isThere =
        Math.abs(centre.x - told.centre.x) < reach && Math.abs(centre.y - told.centre.y) < reach;
      if (isThere) return [];
      track.told = { ...told, centre };
      return [{ id: told.id, startMs: placedMs, box: [x, y, width, height] }];
    });
  }

  /** What the readings agree on, with names as they are known from elsewhere. */
  #settle({ votes }: LineTrack): Reading & { readonly provenance: TextProvenance } {
    const voted = votes.settle();
    const settled = this.#identifiers.settle(voted);
    if (settled === undefined) return voted;
    const corrected = { from: voted.text, by: 'identifier' } as const;
    return { ...voted, text: settled, provenance: { ...voted.provenance, corrected } };
  }

  /** @param track that is open */
  #close(track: LineTrack): ClosedScreenLine {
    const { line, told, lastMs, votes } = track;
    const { id, firstId, text, indentColumns, region } = told!;
    this.#closedLines.add({ text, region, indentColumns }, firstId, line.box);
    return { id, endMs: lastMs, provenance: votes.settle().provenance };
  }
}

function isText(line: ScreenLine, minConfidence: number): boolean {
  const isLoneBracket = line.region === 'editor' && /^[{}()[\];,]+$/.test(line.text);
  const least = isLoneBracket ? Math.min(minConfidence, bracketConfidence) : minConfidence;
  return line.confidence >= least && (hasWords(line) || isBracketLine(line));
}

function hasWords({ text }: ScreenLine): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** `});` is a line of a program. Elsewhere signs alone are icons. */
function isBracketLine({ text, region }: ScreenLine): boolean {
  return (region === 'editor' || region === 'terminal') && /[{}()[\]]/.test(text);
}

/** Brackets alone, and the numbers of an editor's lines, are no news. */
function saysSomething({ line }: LineTrack): boolean {
  return hasWords(line) && !(line.region === 'editor' && /^\d+$/.test(line.text));
}

/** Whether a line that never stood still is worth a row. */
function isGlimpse({ told, line, restless }: LineTrack, isReplaced: boolean): boolean {
  const signs = line.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  if (told || line.confidence < glimpseConfidence || signs < glimpseSigns) return false;
  return !isReplaced || (restless > 0 && restless % restlessFrames === 0);
}

/** What was counted up rests: what it says now is another text. */
function hasStoppedTicking({ told, ticks, line, changedMs, lastMs }: LineTrack): boolean {
  const isOver = line.region !== 'statusBar' && lastMs - changedMs > longestTickMs;
  return told !== undefined && ticks >= tickingChanges && isOver && line.text !== told.text;
}

/** The same words in other columns are another line of a program. */
function isIndentedAnew({ told, line, stable, missing }: LineTrack): boolean {
  if (!told || stable < 2 || missing > 0 || line.region !== 'editor') return false;
  const columns = line.indentColumns - told.indentColumns;
  const pitch = line.box.width / Math.max(1, line.text.length);
  const moved = centreOf(line.box).x - told.centre.x;
  return columns !== 0 && Math.round(moved / pitch) === columns;
}
