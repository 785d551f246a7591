/** What a session needs to know of the text on screen, frame by frame. */
import type { MediaMs, ScreenRegion } from '../../protocol/index.ts';
import type { Frame } from '../media/frameSource.ts';

/** A line of text that has become stable on screen. */
export interface OpenedLine {
  /** Stays the same as long as the line is on screen. */
  readonly id: number;
  readonly text: string;
  readonly startMs: MediaMs;
  /** x, y, width, height in pixels of the video. */
  readonly box: readonly [number, number, number, number];
  /** 0 … 1 */
  readonly confidence: number;
}

/** Text that newly stands on screen, spelt in the decoder's characters. */
export interface NewLine {
  readonly text: string;
  readonly region: ScreenRegion;
}

export interface ScreenUpdate {
  readonly opened: readonly OpenedLine[];
  readonly closed: readonly { readonly id: number; readonly endMs: MediaMs }[];
  /** What the decoder is given for this frame; its template limits it. */
  readonly newLines: readonly NewLine[];
}

export interface ScreenReader {
  /** Frames must come in order. `isRepeat`: every pixel equals the frame before. */
  read(
    frame: Frame,
    options: { readonly isRepeat: boolean; readonly signal: AbortSignal },
  ): Promise<ScreenUpdate>;
}
