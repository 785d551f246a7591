/** The rows of a video as a window knows them, and how they agree with what the daemon tells after a reconnect. */
import type { TimelineRow } from '../protocol/index.ts';

/** Rows in the order they came; each id once. */
export class TimelineRows {
  #rows: TimelineRow[] = [];
  readonly #byId = new Map<number, TimelineRow>();
  /** What the running replay has told; undefined when none runs. */
  #told: Map<number, TimelineRow> | undefined;

  get all(): readonly TimelineRow[] {
    return this.#rows;
  }

  /** The daemon is about to tell every row of the video, stored ones first. */
  beginReplay(): void {
    this.#told = new Map();
  }

  /** @returns true for a row that was not known */
  add(row: TimelineRow): boolean {
    this.#told?.set(row.id, row);
    if (this.#byId.has(row.id)) return false;
    this.#byId.set(row.id, row);
    this.#rows.push(row);
    return true;
  }

  /**
   * Ends the replay, if one runs. Rows that the daemon did not tell again, or told otherwise, are of a timeline that is no more:
   * then only what it told is kept.
   * @returns true when rows were dropped
   */
  endReplay(): boolean {
    const told = this.#told;
    this.#told = undefined;
    if (!told) return false;
    const isSameTimeline = this.#rows.every((row) => isSame(row, told.get(row.id)));
    this.#rows = isSameTimeline
      ? this.#rows.map((row) => told.get(row.id) ?? row)
      : [...told.values()];
    this.#byId.clear();
    for (const row of this.#rows) this.#byId.set(row.id, row);
    return !isSameTimeline;
  }

  /** The rest of the replay will not come; half of one proves nothing. */
  breakOffReplay(): void {
    this.#told = undefined;
  }
}

/** Whether both are of one timeline. Ends may differ: a line on screen is told when it appears, and again when it has gone. */
function isSame(known: TimelineRow, told: TimelineRow | undefined): boolean {
  if (!told || known.kind !== told.kind) return false;
  return known.startMs === told.startMs && wordsOf(known) === wordsOf(told);
}

function wordsOf(row: TimelineRow): string {
  switch (row.kind) {
    case 'summary':
      return row.markdown;
    case 'gap':
      return row.reason;
    case 'chapter':
      return row.title;
    case 'guidance':
    case 'screenText':
    case 'cue':
    case 'query':
    case 'answer':
      return row.text;
  }
}
