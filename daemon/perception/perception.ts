/** What perception takes and gives: types only, so that other rooms can name them without touching native code. */
import type { MediaMs, ScreenRegion, TextProvenance } from '../../protocol/index.ts';

/** A rectangle in pixels of the picture; may be fractional. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line as it stands on screen now. */
export interface ScreenLine {
  /** Without its indentation. */
  readonly text: string;
  readonly box: Box;
  /** Mean probability of its characters, 0 … 1. */
  readonly confidence: number;
  /** Probability of each code point of `text`, 0 … 1; 1 for spaces. Absent when only the mean is known. */
  readonly certainties?: readonly number[];
  /** Columns before the first character, for lines in a monospaced font; 0 for all others. */
  readonly indentColumns: number;
  readonly region: ScreenRegion;
}

/** A text with where it stands: a region, or the kind of a row that is none of the screen's. */
export interface PlacedText {
  readonly text: string;
  readonly place: string;
}

/** What a sentence of guidance is to a standing request. */
export interface RequestMatch {
  readonly isFulfilled: boolean;
  /** Whether the request is to be told each time, not once. */
  readonly isEachTime: boolean;
}

/** A line that has become text. */
export interface OpenedScreenLine {
  /** Unique within the stream; the line keeps it until it is closed. */
  readonly id: number;
  /** The same line of text, in the same region, was closed under this id before: the first one it ever had. */
  readonly returns?: number;
  readonly text: string;
  /** First sighting, which is before the frame that made it text. */
  readonly startMs: MediaMs;
  /** x, y, width, height in pixels of the video. */
  readonly box: readonly [number, number, number, number];
  readonly confidence: number;
  readonly indentColumns: number;
  readonly region: ScreenRegion;
  readonly provenance: TextProvenance;
  /**
   * It stood still and says something, so the decoder is given it. Otherwise it is a bracket or the like, counts up, was only
   * indented anew, or was seen too shortly; then it is told afterwards and is closed already.
   */
  readonly isStable: boolean;
}

/** What a line on screen turned out to say, once more sightings were counted. */
export interface RevisedScreenLine {
  readonly id: number;
  readonly text: string;
  readonly confidence: number;
  readonly provenance: TextProvenance;
}

/** A line that is on screen and stands elsewhere now. */
export interface MovedScreenLine {
  readonly id: number;
  /** First sighting at the new place. */
  readonly startMs: MediaMs;
  /** x, y, width, height in pixels of the video. */
  readonly box: OpenedScreenLine['box'];
}

/** A line that is gone, with all that was known of it. */
export interface ClosedScreenLine {
  readonly id: number;
  /** Last sighting. */
  readonly endMs: MediaMs;
  readonly provenance: TextProvenance;
}

/** Rows for the decoder: shape [frameTokens, width], row-major. */
export type FrameEmbedding = Float32Array;
