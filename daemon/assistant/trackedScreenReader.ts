/** Reads frames and follows each line over time. What it knows of the screen stays here when the engine is lost. */
import type { Frame } from '../media/frameSource.ts';
import type { ScreenLine } from '../perception/perception.ts';
import { spellForDecoder } from '../perception/decoderSpelling.ts';
import type { ScreenTextTracker } from '../perception/screenTextTracker.ts';
import type { ScreenReader, ScreenUpdate } from './screenReader.ts';

/** Sees one stream's frames in order. */
export interface LineReader extends AsyncDisposable {
  /** @returns the lines that stand on screen now. */
  readLines(frame: Frame, options: { signal: AbortSignal }): Promise<readonly ScreenLine[]>;
}

export interface TrackedScreenReaderParts {
  /** Owned: freed with this. */
  readonly reader: LineReader;
  readonly tracker: ScreenTextTracker;
}

export class TrackedScreenReader implements ScreenReader, AsyncDisposable {
  readonly #parts: TrackedScreenReaderParts;
  #lines: readonly ScreenLine[] = [];

  constructor(parts: TrackedScreenReaderParts) {
    this.#parts = parts;
  }

  async read(
    frame: Frame,
    { isRepeat, signal }: { readonly isRepeat: boolean; readonly signal: AbortSignal },
  ): Promise<ScreenUpdate> {
    const { reader, tracker } = this.#parts;
    if (!isRepeat) this.#lines = await reader.readLines(frame, { signal });
    const update = tracker.update(this.#lines, frame.ptsMs);
    const newLines = update.opened
      .filter(({ isStable }) => isStable)
      .map(({ text, region }) => ({ text: spellForDecoder(text), region }))
      .filter(({ text }) => text !== '');
    return { ...update, newLines };
  }

  finish(): Pick<ScreenUpdate, 'opened' | 'closed'> {
    const { opened, closed } = this.#parts.tracker.closeAll();
    const isNew = new Set(opened.map(({ id }) => id));
    // Lines that stand on screen at the end stand there until the end of the video.
    return { opened, closed: closed.filter(({ id }) => isNew.has(id)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.reader[Symbol.asyncDispose]();
  }
}
