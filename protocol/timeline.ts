/**
 * What happened in a video: the rows of its timeline. Every row has an id that never changes, so that an answer can cite it; its other
 * fields may, as a line comes back on screen, is read better, or a chapter grows: the row is then told again under its id.
 */
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
  /** One sentence. What it quotes from the screen may stand between backticks, see `sentenceParts`. */
  readonly text: string;
  /** Probability of silence at the deciding frame, 0 … 1. */
  readonly silenceProbability: number;
  /** Ids of the screen-text rows whose words the sentence uses. */
  readonly evidence: readonly number[];
  /** Name and version of the model pack that said it. */
  readonly model: string;
  /** The standing request that it answers, in the user's words; absent when nobody had asked for it. */
  readonly request?: string;
}

/** Parts that screens of programmers are made of; `other` is all that none of them fits. */
export const screenRegions = [
  ...(['editor', 'terminal', 'tree', 'tabs', 'breadcrumbs', 'statusBar'] as const),
  ...(['browser', 'slide', 'dialog', 'popup', 'other'] as const),
] as const;
export type ScreenRegion = (typeof screenRegions)[number];

/** A rectangle in pixels of the video: x, y, width, height. */
export type PixelRectangle = readonly [number, number, number, number];

/** A stretch in which a line was visible: first and last sighting. */
export type VisibleWindow = readonly [startMs: MediaMs, endMs: MediaMs];

/** How the text of a line was settled. */
export interface TextProvenance {
  /** Frames in which the line was read. */
  readonly sightings: number;
  /** Different readings among them. */
  readonly readings: number;
  /** Set when the text is not the reading that was seen most: what that reading was, and what overruled it. */
  readonly corrected?: { readonly from: string; readonly by: 'votes' | 'identifier' };
}

/** One line of text with the windows in which it was visible; its stretch reaches from the first to the last of them. */
export interface ScreenTextRow extends RowBase {
  readonly kind: 'screenText';
  readonly text: string;
  /** Where it stood when the row was opened; a line that scrolls has moved on since. */
  readonly box: PixelRectangle;
  /** The reader's mean confidence, 0 … 1. */
  readonly confidence: number;
  readonly region: ScreenRegion;
  /** Columns before its first character, for lines in a monospaced font; 0 for all others. */
  readonly indentColumns: number;
  /** In time order, not touching; never empty. */
  readonly windows: readonly VisibleWindow[];
  readonly provenance: TextProvenance;
}

/** One caption unit of a subtitle track or file; what a rolling caption repeats is left out. Or what was spoken, as it was heard. */
export interface CueRow extends RowBase {
  readonly kind: 'cue';
  readonly text: string;
  /** speech: a transcriber heard it, and may have misheard; absent for captions that the source brings. */
  readonly origin?: 'speech';
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
  /** The part of the picture that was asked about; absent when it was all of it. */
  readonly box?: PixelRectangle;
}

/** A stretch of the video that another row rests on. */
export interface Citation {
  readonly rowId: number;
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  /** The words of the cited row, with those that stand beside it on its line; plain text, see `plainText`. */
  readonly text: string;
  /** As in `CueRow`. */
  readonly origin?: 'speech';
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

/** A part of the video that belongs together. A live session lets its last chapter grow. */
export interface ChapterRow extends RowBase {
  readonly kind: 'chapter';
  /** Plain text. */
  readonly title: string;
  /** container: the file names it. model: cut by what changes on screen, titled by the model from what happens in it. */
  readonly origin: 'container' | 'model';
  /** Ids of the rows that the title rests on, best first; empty for the container's. */
  readonly evidence: readonly number[];
  /** Name and version of the model pack that titled it; absent for the container's. */
  readonly model?: string;
}

/** A stretch with no usable input, and why. */
export interface GapRow extends RowBase {
  readonly kind: 'gap';
  readonly reason: string;
}

export type TimelineRow =
  GuidanceRow | ScreenTextRow | CueRow | QueryRow | AnswerRow | SummaryRow | ChapterRow | GapRow;

export type TimelineKind = TimelineRow['kind'];

/** A row that has not been stored yet. */
export type NewRow<Row extends TimelineRow = TimelineRow> = Row extends TimelineRow
  ? Omit<Row, 'id'>
  : never;
