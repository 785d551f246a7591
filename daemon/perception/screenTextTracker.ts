/** The life of each line on screen: when it became text, when it went. Mirrors models/screen.py; test/golden/screenText.json. */
import type { Frame } from '../media/frameSource.ts';
import type {
  Box,
  ClosedScreenLine,
  OpenedScreenLine,
  RevisedScreenLine,
  ScreenLine,
} from './perception.ts';

type Moment = Frame['ptsMs'];

export interface TrackerConfig {
  readonly minConfidence: number;
  /** Consecutive frames with the same reading at the same place before a line is text. */
  readonly stableFrames: number;
  /** A line is at its place while its centre moves by less, in line heights. */
  readonly samePlaceHeights: number;
  /** Frames without a sighting after which a line is gone; back again, it is new. */
  readonly goneFrames: number;
  /** Lines whose centres are closer, in line heights, form a row. */
  readonly rowHeights: number;
}

/** Everything but what the pack says. @source models/config.py ScreenTextConfig */
export const defaultTrackerConfig = { samePlaceHeights: 0.6, goneFrames: 2, rowHeights: 0.5 };

export interface TrackerUpdate {
  /** Top to bottom, left to right. */
  readonly opened: readonly OpenedScreenLine[];
  readonly closed: readonly ClosedScreenLine[];
  /** Lines that are open. */
  readonly revised: readonly RevisedScreenLine[];
}

/** A line followed from frame to frame. */
interface Track {
  readonly text: string;
  readonly firstMs: Moment;
  /** Set when the line became text. */
  id?: number;
  lastMs: Moment;
  centre: Point;
  stable: number;
  missing: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Follows lines by text and place: a line that only moved keeps its history, two lines with the same text are two lines. */
export class ScreenTextTracker {
  readonly #config: TrackerConfig;
  #tracks: Track[] = [];
  #nextId = 1;

  constructor(config: TrackerConfig) {
    this.#config = config;
  }

  /** Takes the lines of the next frame. */
  update(lines: readonly ScreenLine[], ptsMs: Moment): TrackerUpdate {
    const free = Map.groupBy(this.#tracks, (track) => track.text);
    const opened: { track: Track; line: ScreenLine }[] = [];
    const tracks: Track[] = [];
    const keep = (track: Track, line: ScreenLine): void => {
      track.missing = 0;
      track.lastMs = ptsMs;
      tracks.push(track);
      if (track.stable >= this.#config.stableFrames && track.id === undefined) {
        opened.push({ track, line });
      }
    };
    const unplaced: ScreenLine[] = [];
    for (const line of lines) {
      if (!isText(line, this.#config.minConfidence)) continue;
      const track = this.#takeAtSamePlace(free.get(line.text), line);
      if (!track) {
        unplaced.push(line);
        continue;
      }
      track.stable = track.missing === 0 ? track.stable + 1 : 1;
      keep(track, line);
    }
    for (const line of unplaced) {
      const moved = free.get(line.text)?.shift();
      const centre = centreOf(line.box);
      if (moved) keep(Object.assign(moved, { centre, stable: 1 }), line);
      else keep(newTrack(line, ptsMs), line);
    }
    const closed = this.#age([...free.values()].flat(), tracks);
    this.#tracks = tracks;
    const ordered = inReadingOrder(opened, ({ line }) => line.box, this.#config.rowHeights);
    return {
      opened: ordered.map(({ track, line }) => this.#open(track, line)),
      closed,
      revised: [],
    };
  }

  /** Forgets the screen and closes what is open. */
  closeAll(): TrackerUpdate['closed'] {
    const tracks = this.#tracks;
    this.#tracks = [];
    return tracks.flatMap(({ id, lastMs }) =>
      id === undefined ? [] : [{ id, endMs: lastMs, provenance: { sightings: 1, readings: 1 } }],
    );
  }

  #takeAtSamePlace(candidates: Track[] | undefined, line: ScreenLine): Track | undefined {
    const { x, y } = centreOf(line.box);
    const reach = this.#config.samePlaceHeights * line.box.height;
    const index = candidates?.findIndex(
      ({ centre }) => Math.abs(centre.x - x) < reach && Math.abs(centre.y - y) < reach,
    );
    return index === undefined || index < 0 ? undefined : candidates?.splice(index, 1)[0];
  }

  /** Keeps tracks that were just missed in `tracks`. @returns the lines among the others. */
  #age(unseen: readonly Track[], tracks: Track[]): TrackerUpdate['closed'] {
    const closed: ClosedScreenLine[] = [];
    for (const track of unseen) {
      track.missing++;
      if (track.missing < this.#config.goneFrames) tracks.push(track);
      else if (track.id !== undefined)
        closed.push({
          id: track.id,
          endMs: track.lastMs,
          provenance: { sightings: 1, readings: 1 },
        });
    }
    return closed;
  }

  #open(track: Track, line: ScreenLine): OpenedScreenLine {
    const id = this.#nextId++;
    track.id = id;
    const { text, confidence, indentColumns, region } = line;
    const { x, y, width, height } = line.box;
    const startMs = track.firstMs;
    const provenance = { sightings: track.stable, readings: 1 };
    const seen = { confidence, indentColumns, region, provenance, isStable: true };
    return { id, text, startMs, box: [x, y, width, height], ...seen };
  }
}

function newTrack({ text, box }: ScreenLine, ptsMs: Moment): Track {
  return { text, firstMs: ptsMs, lastMs: ptsMs, centre: centreOf(box), stable: 1, missing: 0 };
}

function isText(line: ScreenLine, minConfidence: number): boolean {
  return line.confidence >= minConfidence && /[\p{L}\p{N}]/u.test(line.text);
}

function centreOf(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Sorts into rows from the top, each from the left; a row is begun by its topmost item. */
export function inReadingOrder<Item>(
  items: readonly Item[],
  boxOf: (item: Item) => Box,
  rowHeights: number,
): Item[] {
  const rows: { limit: number; items: Item[] }[] = [];
  const y = (item: Item): number => centreOf(boxOf(item)).y;
  for (const item of [...items].sort((a, b) => y(a) - y(b))) {
    const row = rows.at(-1);
    if (row && y(item) < row.limit) row.items.push(item);
    else rows.push({ limit: y(item) + rowHeights * boxOf(item).height, items: [item] });
  }
  return rows.flatMap((row) => row.items.sort((a, b) => boxOf(a).x - boxOf(b).x));
}
