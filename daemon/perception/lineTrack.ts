/** One line followed from frame to frame. */
import type { MediaMs } from '../../protocol/index.ts';
import type { ScreenLine } from './perception.ts';
import { centreOf, type Point } from './places.ts';
import { ReadingVotes } from './readingVotes.ts';

/** What others were told of a line when it became text. */
export interface ToldLine {
  readonly id: number;
  /** The first id that this line of text ever had. */
  readonly firstId: number;
  readonly text: string;
  readonly centre: Point;
  readonly indentColumns: number;
  readonly region: ScreenLine['region'];
  /** Independent readings that its text rests on. */
  readonly votes: number;
}

/** What is known of a line; `centre` moves with it. */
export interface LineTrack {
  /** As it was seen last. */
  line: ScreenLine;
  centre: Point;
  readonly votes: ReadingVotes;
  firstMs: MediaMs;
  lastMs: MediaMs;
  /** Since when it says what it says. */
  changedMs: MediaMs;
  /** Since when it stands where it stands. */
  placedMs: MediaMs;
  /** Set while it is text. */
  told?: ToldLine;
  /** Frames in a row with it at this place. */
  stable: number;
  /** Frames in a row without it. */
  missing: number;
  /** Frames in a row in which another reading took the place of the one before. */
  restless: number;
  /** Changes in a row that were in digits or marks alone. */
  ticks: number;
}

export function startTrack(line: ScreenLine, ptsMs: MediaMs): LineTrack {
  const votes = new ReadingVotes();
  votes.add(line, false);
  const moments = { firstMs: ptsMs, lastMs: ptsMs, changedMs: ptsMs, placedMs: ptsMs };
  const counts = { stable: 1, missing: 0, restless: 0, ticks: 0 };
  return { line, centre: centreOf(line.box), votes, ...moments, ...counts };
}
