/** What the lane shows of the page's state. Pure; computed once for the same state. */
import type { LanePicture } from './laneDrawing.ts';
import { marksOf, type Mark } from './laneMarks.ts';
import { durationOf, indexedTo, memoised, revealedRows } from './selectors.ts';
import type { State } from './state.ts';

const marks = memoised(marksOf);
/** Marks in time order. */
export const shownMarks = (state: State): readonly Mark[] =>
  marks(revealedRows(state), state.exchanges);

const picture = memoised(
  (
    durationMs: number,
    indexedMs: number,
    shown: readonly Mark[],
    gaps: State['rows']['gaps'],
  ): LanePicture => ({ durationMs, indexedMs, marks: shown, gaps }),
);
/** What is painted. */
export const pictureOf = (state: State): LanePicture =>
  picture(durationOf(state), indexedTo(state), shownMarks(state), state.rows.gaps);
