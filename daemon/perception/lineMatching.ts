/** Which line of a frame is which line of the frames before. */
import type { MediaMs } from '../../protocol/index.ts';
import { partsOf } from './grouping.ts';
import { startTrack, type LineTrack } from './lineTrack.ts';
import type { ScreenLine } from './perception.ts';
import { centreOf, isInPlaceOf, type Point } from './places.ts';
import { isSameLine } from './readingVotes.ts';
import { isTick } from './ticking.ts';

export interface MatchConfig {
  /** A line is at its place while its centre moves by less, in line heights. */
  readonly samePlaceHeights: number;
}

/** What stands where another line stood goes on from it when their common beginning and end make up this share of the longer. */
const successorShare = 0.6;
/** A line that was edited in its midst is wider or narrower by what was put in or taken out, to this share of a character. */
const sameWidth = 0.5;
/** A line that changes only in digits or marks is a clock, a counter or a spinner from this change on. */
export const tickingChanges = 3;
/** … when what it said before stood no longer; in a status bar it may stand for ever, ms. */
export const longestTickMs = 3000;
/** Lines that moved together by the same way, from which on the others are looked for there too. */
const scrolledLines = 3;

/** Takes a frame's lines; `tracks` are those that were seen, in the order of the lines. */
export class LineMatching {
  readonly tracks: LineTrack[] = [];
  /** Those that are left over because another line goes on from them. */
  readonly replaced = new Set<LineTrack>();
  readonly #free: Set<LineTrack>;
  readonly #config: MatchConfig;
  readonly #ptsMs: MediaMs;

  constructor(tracks: readonly LineTrack[], config: MatchConfig, ptsMs: MediaMs) {
    this.#free = new Set(tracks);
    this.#config = config;
    this.#ptsMs = ptsMs;
  }

  /** Tracks without a line in this frame. */
  get unseen(): ReadonlySet<LineTrack> {
    return this.#free;
  }

  match(lines: readonly ScreenLine[]): void {
    const byText = Map.groupBy(
      [...this.#free].flatMap((track) => textsOf(track).map((text) => ({ text, track }))),
      ({ text }) => text,
    );
    const sameText = (line: ScreenLine): LineTrack[] =>
      (byText.get(line.text) ?? []).map(({ track }) => track).filter((t) => this.#free.has(t));
    let rest = lines.filter((line) => {
      const track = sameText(line).find((other) => this.#isAt(other, line));
      if (track) this.#stay(track, line);
      return !track;
    });
    const shift = commonShift(
      rest.flatMap((line) => {
        const [track, ...others] = sameText(line);
        return track && others.length === 0 ? [wayOf(track, line)] : [];
      }),
    );
    rest = rest.filter((line) => {
      const { x, y } = shift ?? { x: 0, y: 0 };
      const astray = (track: LineTrack): number => {
        const way = wayOf(track, line);
        return Math.abs(way.x - x) + Math.abs(way.y - y);
      };
      const [first, ...others] = sameText(line);
      if (!first) return true;
      this.#move(
        others.reduce((a, b) => (astray(b) < astray(a) ? b : a), first),
        line,
      );
      return false;
    });
    rest = rest.filter((line) => !this.#matchReading(line, shift));
    rest = rest.filter((line) => !this.#matchParts(line));
    rest = this.#matchWholes(rest);
    for (const line of rest) this.#follow(line);
  }

  /** Read otherwise than before, at its place or where the screen was scrolled to. */
  #matchReading(line: ScreenLine, shift: Point | undefined): boolean {
    const isSame = (track: LineTrack): boolean =>
      track.votes.readings.some((reading) => isSameLine(reading, line)) &&
      !isEdited(track.line, line);
    for (const track of this.#free) {
      if (this.#isAt(track, line) && isSame(track)) {
        this.#stay(track, line);
        return true;
      }
      if (shift && this.#isAt(track, line, shift) && isSame(track)) {
        this.#move(track, line);
        return true;
      }
    }
    return false;
  }

  /** One line where there were several. */
  #matchParts(line: ScreenLine): boolean {
    const told = [...this.#free].filter((track) => track.told);
    const parts = partsOf(line, told);
    for (const track of parts) this.#keep(track);
    return parts.length > 0;
  }

  /** Several lines where there was one. @returns the lines that remain */
  #matchWholes(lines: readonly ScreenLine[]): ScreenLine[] {
    const taken = new Set<ScreenLine>();
    for (const track of this.#free) {
      if (!track.told) continue;
      const candidates = lines.filter((line) => !taken.has(line)).map((line) => ({ line }));
      const parts = partsOf(track.line, candidates);
      if (parts.length === 0) continue;
      for (const { line } of parts) taken.add(line);
      this.#keep(track);
    }
    return lines.filter((line) => !taken.has(line));
  }

  /** A line that is new, or goes on from one that is being typed, edited or counted up. */
  #follow(line: ScreenLine): void {
    const before = [...this.#free].find((track) => isSuccessor(line, track.line));
    const track = startTrack(line, this.#ptsMs);
    if (!before) {
      this.tracks.push(track);
      return;
    }
    const ticks = this.#ticksOf(before, line);
    if (ticks >= tickingChanges) {
      this.#stay(before, line);
      Object.assign(before, { ticks, stable: 1, changedMs: this.#ptsMs });
      return;
    }
    this.replaced.add(before);
    track.ticks = ticks;
    track.restless = before.stable === 1 ? before.restless + 1 : 1;
    this.tracks.push(track);
  }

  /** How often in a row the line has ticked, with this change. */
  #ticksOf(before: LineTrack, line: ScreenLine): number {
    // A number in a program is what somebody wrote.
    if (line.region === 'editor' || !isTick(before.line.text, line.text)) return 0;
    const isQuick = line.region === 'statusBar' || this.#ptsMs - before.changedMs <= longestTickMs;
    return isQuick ? before.ticks + 1 : 1;
  }

  #isAt({ centre, line: { box } }: LineTrack, line: ScreenLine, shift?: Point): boolean {
    const { x, y } = centreOf(line.box);
    const reach = this.#config.samePlaceHeights * line.box.height;
    // What is read otherwise may be longer or shorter, but begins or is centred at the same place.
    const across = Math.min(
      Math.abs(centre.x + (shift?.x ?? 0) - x),
      Math.abs(box.x + (shift?.x ?? 0) - line.box.x),
    );
    return across < reach && Math.abs(centre.y + (shift?.y ?? 0) - y) < reach;
  }

  #stay(track: LineTrack, line: ScreenLine): void {
    const isCounting = track.ticks >= tickingChanges;
    if (isCounting) track.votes.addSighting();
    else track.votes.add(line, false);
    track.stable = track.missing === 0 ? track.stable + 1 : 1;
    track.line = line;
    this.#keep(track);
  }

  #move(track: LineTrack, line: ScreenLine): void {
    track.votes.add(line, true);
    Object.assign(track, { line, centre: centreOf(line.box), stable: 1, placedMs: this.#ptsMs });
    this.#keep(track);
  }

  #keep(track: LineTrack): void {
    if (!this.#free.delete(track)) return;
    track.missing = 0;
    track.lastMs = this.#ptsMs;
    this.tracks.push(track);
  }
}

function textsOf({ line, votes }: LineTrack): string[] {
  const { texts } = votes;
  return texts.includes(line.text) ? texts : [...texts, line.text];
}

/**
 * Whether signs were put into a line or taken out of it: what stands behind them has moved. A sign that was only misread or overlooked
 * moves nothing, and at a line's end one may come and go with its dim ink.
 */
function isEdited(before: ScreenLine, { text, box }: ScreenLine): boolean {
  const [was, is] = [before.text.replaceAll(' ', ''), text.replaceAll(' ', '')];
  const more = is.length - was.length;
  const isAtEnd = was.startsWith(is) || is.startsWith(was);
  if (more === 0 || isAtEnd) return false;
  const character = box.width / Math.max(1, text.length);
  const wider = (box.width - before.box.width) / character;
  return Math.sign(wider) === Math.sign(more) && Math.abs(wider) > sameWidth;
}

function isSuccessor(line: ScreenLine, before: ScreenLine): boolean {
  if (!isInPlaceOf(line.box, before.box)) return false;
  const [shorter, longer] = [line.text, before.text].sort((a, b) => a.length - b.length);
  return (
    longer!.startsWith(shorter!) || commonEnds(shorter!, longer!) >= successorShare * longer!.length
  );
}

/** Characters that both begin with, and then that both end with. */
function commonEnds(shorter: string, longer: string): number {
  let start = 0;
  while (start < shorter.length && shorter[start] === longer[start]) start++;
  let end = 0;
  while (end < shorter.length - start && shorter.at(-1 - end) === longer.at(-1 - end)) end++;
  return start + end;
}

function wayOf({ centre }: LineTrack, line: ScreenLine): Point {
  const { x, y } = centreOf(line.box);
  return { x: x - centre.x, y: y - centre.y };
}

/** How the screen was scrolled: the way that most lines went which moved. */
function commonShift(shifts: readonly Point[]): Point | undefined {
  const keyOf = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;
  const groups = [...Map.groupBy(shifts, keyOf).values()].sort((a, b) => b.length - a.length);
  const most = groups[0];
  return most && most.length >= Math.max(scrolledLines, shifts.length / 2) ? most[0] : undefined;
}
