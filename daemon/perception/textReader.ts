/** Frame by frame, the text on one stream's screen: looks only at what changed, recognises only what it has not read before. */
import type { Frame } from '../media/frameSource.ts';
import { KeptScreen } from './changeMask.ts';
import { Indentation } from './indentation.ts';
import type { RowRange } from './inkMask.ts';
import { contentKey, LineCache } from './lineCache.ts';
import { layOutLines, type PlacedLine } from './lineLayout.ts';
import { withoutLineNumbers } from './lineNumbers.ts';
import type { LineRecognizer } from './lineRecognizer.ts';
import type { Box, ScreenLine, ScreenReading } from './perception.ts';
import type { ReaderManifest } from '../weights/manifest.ts';
import type { ScreenTextLimits } from './perception.ts';
import { chooseTexts, spellForDecoder } from './screenTextChoice.ts';
import { defaultTrackerConfig, ScreenTextTracker } from './screenTextTracker.ts';
import { segmentLines } from './segmenter.ts';
import { isWithin, widenStrips } from './strips.ts';

export interface StreamTextReaderOptions {
  readonly recognizer: Pick<LineRecognizer, 'recognize'>;
  readonly manifest: ReaderManifest;
  /** Absent for packs whose decoder takes no screen text. */
  readonly limits?: ScreenTextLimits | undefined;
}

/** Above this share of changed rows the whole screen is segmented, which also measures its usual line height anew. */
const wholeScreenShare = 0.4;

/** Reads one stream; its methods must not overlap. */
export class StreamTextReader {
  readonly #options: StreamTextReaderOptions;
  readonly #screen = new KeptScreen();
  readonly #cache = new LineCache();
  readonly #indentation = new Indentation();
  readonly #tracker: ScreenTextTracker;
  #boxes: readonly Box[] = [];
  #usualHeight: number | undefined;
  #lines: readonly ScreenLine[] = [];

  constructor(options: StreamTextReaderOptions) {
    this.#options = options;
    const { minConfidence, stableFrames } = options.manifest;
    this.#tracker = new ScreenTextTracker({ ...defaultTrackerConfig, minConfidence, stableFrames });
  }

  /** Takes the next frame. */
  async read(frame: Frame): Promise<ScreenReading> {
    const changed = this.#screen.update(frame);
    if (changed.length > 0) {
      this.#segment(changed);
      this.#lines = this.#layOut(await this.#recognize());
    }
    const { opened, closed } = this.#tracker.update(this.#lines, frame.ptsMs);
    const { limits } = this.#options;
    const spelt = opened.map(({ text }) => spellForDecoder(text)).filter((text) => text !== '');
    const newTexts = limits ? chooseTexts(spelt, limits) : [];
    return { lines: this.#lines, opened, closed, newTexts };
  }

  /** Forgets the screen, as for a seek. @returns what this closes. */
  reset(): ScreenReading['closed'] {
    this.#screen.forget();
    this.#indentation.forget();
    this.#boxes = [];
    this.#lines = [];
    this.#usualHeight = undefined;
    return this.#tracker.closeAll();
  }

  #segment(changed: readonly RowRange[]): void {
    const { picture } = this.#screen;
    const { segmenter } = this.#options.manifest;
    const rows = changed.reduce((sum, { top, bottom }) => sum + bottom - top, 0);
    const usualHeight = this.#usualHeight;
    if (usualHeight === undefined || rows > wholeScreenShare * picture.height) {
      const whole = segmentLines(picture, segmenter);
      this.#boxes = whole.boxes;
      this.#usualHeight = whole.usualHeight;
      return;
    }
    const margin = Math.ceil(usualHeight);
    const options = { margin, pictureHeight: picture.height };
    const strips = widenStrips(changed, this.#boxes, options);
    const kept = this.#boxes.filter((box) => !isWithin(box, strips));
    const found = strips.flatMap(
      (strip) => segmentLines(picture, segmenter, { strip: { rows: strip, usualHeight } }).boxes,
    );
    this.#boxes = [...kept, ...found];
  }

  async #recognize(): Promise<PlacedLine[]> {
    const { luma } = this.#screen;
    const entries = this.#boxes.map((box) => {
      const key = contentKey(luma, box, this.#options.manifest);
      return { box, key, known: this.#cache.find(key, box) };
    });
    const unknown = entries.filter(({ known }) => !known);
    const boxes = unknown.map(({ box }) => box);
    const read = await this.#options.recognizer.recognize(luma, boxes);
    unknown.forEach(({ key }, index) => {
      this.#cache.add(key, read[index]!);
    });
    return [...entries.flatMap(({ known }) => known ?? []), ...read];
  }

  #layOut(placed: readonly PlacedLine[]): ScreenLine[] {
    const written = placed.filter(({ characters }) => characters.some((c) => c !== ' '));
    const lines = withoutLineNumbers(layOutLines(written));
    const columns = this.#indentation.measure(lines);
    return lines.map(({ text, box, confidence }, index) => {
      return { text, box, confidence, indentColumns: columns[index]! };
    });
  }
}
