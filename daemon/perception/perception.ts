/** What perception takes and gives: types only, so that other rooms can name them without touching native code. */
import type { Frame } from '../media/frameSource.ts';

type Moment = Frame['ptsMs'];

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
  /** Columns before the first character, for lines in a monospaced font; 0 for all others. */
  readonly indentColumns: number;
}

/** A line that has become stable. */
export interface OpenedScreenLine {
  /** Unique within the stream; the line keeps it until it is closed. */
  readonly id: number;
  readonly text: string;
  /** First sighting, which is before the frame that made it stable. */
  readonly startMs: Moment;
  /** x, y, width, height in pixels of the video. */
  readonly box: readonly [number, number, number, number];
  readonly confidence: number;
  readonly indentColumns: number;
}

/** Rows for the decoder: shape [frameTokens, width], row-major. */
export type FrameEmbedding = Float32Array;
