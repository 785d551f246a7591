/** The rows of a video as a window knows them, and how they agree with what the daemon tells after a reconnect. */
import type { TimelineRow } from '../protocol/index.ts';

/** Rows in the order they came first; each id once, as it was told last. */
export class TimelineRows {
  readonly #rows: TimelineRow[] = [];
  /** Where the row of an id stands. */
  readonly #places = new Map<number, number>();
  /** What the running replay has told; undefined when none runs. */
  #told: Map<number, TimelineRow> | undefined;

  get all(): readonly TimelineRow[] {
    return this.#rows;
  }

  /** What is told now was stored before. */
  get isReplaying(): boolean {
    return this.#told !== undefined;
  }

  /** The daemon is about to tell every row of the video, stored ones first. */
  beginReplay(): void {
    this.#told = new Map();
  }

  /** @returns whether the row was not known, is known otherwise, or is known just so */
  add(row: TimelineRow): 'new' | 'changed' | 'known' {
    const known = this.get(row.id);
    // As long as a replay runs, a row that contradicts may be of another timeline: its end decides.
    if (this.#told && known && !isSame(known, row)) {
      this.#told.set(row.id, row);
      return 'known';
    }
    this.#told?.set(row.id, row);
    if (!known) {
      this.#places.set(row.id, this.#rows.push(row) - 1);
      return 'new';
    }
    if (JSON.stringify(known) === JSON.stringify(row)) return 'known';
    this.#rows[this.#places.get(row.id)!] = row;
    return 'changed';
  }

  get(id: number): TimelineRow | undefined {
    return this.#rows[this.#places.get(id) ?? -1];
  }

  /**
   * Ends the replay, if one runs. Rows that the daemon did not tell again, or told as others, are of a timeline that is no more:
   * then only what it told is kept.
   * @returns true when rows were dropped
   */
  endReplay(): boolean {
    const told = this.#told;
    this.#told = undefined;
    if (!told) return false;
    if (this.#rows.every((row) => isSame(row, told.get(row.id)))) return false;
    this.#rows.splice(0, Infinity, ...told.values());
    this.#places.clear();
    for (const [place, { id }] of this.#rows.entries()) this.#places.set(id, place);
    return true;
  }

  /** The rest of the replay will not come; half of one proves nothing. */
  breakOffReplay(): void {
    this.#told = undefined;
  }
}

/**
 * Whether both are of one timeline. A line on screen may be read better and come back, and a chapter may grow and be named anew; what
 * was said stays as it is.
 */
function isSame(known: TimelineRow, told: TimelineRow | undefined): boolean {
  if (!told || known.kind !== told.kind || known.startMs !== told.startMs) return false;
  return lastingWordsOf(known) === lastingWordsOf(told);
}

function lastingWordsOf(row: TimelineRow): string {
  switch (row.kind) {
    case 'summary':
      return row.markdown;
    case 'gap':
      return row.reason;
    case 'screenText':
    case 'chapter':
      return '';
    case 'guidance':
    case 'cue':
    case 'query':
    case 'answer':
      return row.text;
  }
}
