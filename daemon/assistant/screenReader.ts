/** What a session needs to know of the text on screen, frame by frame. */
import type { MediaMs, PixelRectangle, ScreenRegion } from '../../protocol/index.ts';
import type { Frame } from '../media/frameSource.ts';
import type {
  ClosedScreenLine,
  OpenedScreenLine,
  RevisedScreenLine,
} from '../perception/perception.ts';

/** Text that newly stands on screen, spelt in the decoder's characters. */
export interface NewLine {
  readonly text: string;
  readonly region: ScreenRegion;
}

/** A line that is on screen and stands elsewhere now. */
export interface MovedLine {
  readonly id: number;
  /** First sighting at the new place. */
  readonly startMs: MediaMs;
  readonly box: PixelRectangle;
}

/** What a frame has changed. Lines that come and go with one frame are opened and closed in one update. */
export interface ScreenUpdate {
  readonly opened: readonly OpenedScreenLine[];
  readonly closed: readonly ClosedScreenLine[];
  /** Lines that are open and turn out to say something else. */
  readonly revised: readonly RevisedScreenLine[];
  readonly moved?: readonly MovedLine[];
  /** What the decoder is given for this frame; its template limits it. */
  readonly newLines: readonly NewLine[];
}

export interface ScreenReader {
  /** Frames must come in order. `isRepeat`: every pixel equals the frame before. */
  read(
    frame: Frame,
    options: { readonly isRepeat: boolean; readonly signal: AbortSignal },
  ): Promise<ScreenUpdate>;
  /** The last frame was read. @returns what only the last frames have shown, opened and closed at once */
  finish(): Pick<ScreenUpdate, 'opened' | 'closed'>;
}
