/** What happened in a video: the rows of its timeline. Every row has an id that never changes, so that an answer can cite it. */
import type { MediaMs } from './units.ts';

/** Fields of every row. `startMs` … `endMs` is the stretch of the video that the row speaks of; a moment has both equal. */
interface RowBase {
  readonly id: number;
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
}

/** Said unasked. `startMs` is when its evidence began to show. */
export interface GuidanceRow extends RowBase {
  readonly kind: 'guidance';
  /** When it was said: the presentation time of the deciding frame. */
  readonly atMs: MediaMs;
  readonly text: string;
  /** Probability of silence at the deciding frame, 0 … 1. */
  readonly silenceProbability: number;
  /** Ids of the screen-text rows whose words the sentence uses. */
  readonly evidence: readonly number[];
  /** Name and version of the model pack that said it. */
  readonly model: string;
}

/** One line of text as long as it stood on screen. */
export interface ScreenTextRow extends RowBase {
  readonly kind: 'screenText';
  readonly text: string;
  /**
   * Where it stood when the row was opened, as x, y, width, height in pixels of the video; a line that scrolls has moved on
   * since.
   */
  readonly box: readonly [number, number, number, number];
  /** The reader's mean confidence, 0 … 1. */
  readonly confidence: number;
}

/** One caption unit of a subtitle track or file. */
export interface CueRow extends RowBase {
  readonly kind: 'cue';
  readonly text: string;
}

/**
 * A question that someone asked at `atMs` of the video. Its stretch is the one it was asked about; a moment when it was about
 * everything up to then.
 */
export interface QueryRow extends RowBase {
  readonly kind: 'query';
  readonly atMs: MediaMs;
  readonly text: string;
  /** Id of the answer that it follows up; absent when it begins a thread. */
  readonly followUpOf?: number;
}

/** A stretch of the video that another row rests on. */
export interface Citation {
  readonly rowId: number;
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  /** The words of the cited row. */
  readonly text: string;
}

/** The answer to a question, with the stretch and the moment of the question. */
export interface AnswerRow extends RowBase {
  readonly kind: 'answer';
  readonly atMs: MediaMs;
  readonly queryId: number;
  readonly text: string;
  /** Best first; empty exactly when `abstained`. */
  readonly citations: readonly Citation[];
  /** True when nothing in the timeline supports an answer. */
  readonly abstained: boolean;
  readonly model: string;
}

/** A summary of `startMs` … `endMs`. */
export interface SummaryRow extends RowBase {
  readonly kind: 'summary';
  readonly markdown: string;
  /** One for each moment that `markdown` lists, in the same order. */
  readonly citations: readonly Citation[];
  readonly model: string;
}

/** A stretch with no usable input, and why. */
export interface GapRow extends RowBase {
  readonly kind: 'gap';
  readonly reason: string;
}

export type TimelineRow =
  GuidanceRow | ScreenTextRow | CueRow | QueryRow | AnswerRow | SummaryRow | GapRow;

export type TimelineKind = TimelineRow['kind'];

/** A row that has not been stored yet. */
export type NewRow<Row extends TimelineRow = TimelineRow> = Row extends TimelineRow
  ? Omit<Row, 'id'>
  : never;
