/** Frame by frame, the text on one stream's screen: looks only at what changed, recognises only what it has not read before. */
import type { Picture } from '../media/frameSource.ts';
import { KeptScreen } from './changeMask.ts';
import { Gutters } from './gutters.ts';
import { Indentation } from './indentation.ts';
import type { RegionClassifier } from './regionClassifier.ts';
import { RegionMemory } from './regionMemory.ts';
import type { RowRange } from './inkMask.ts';
import { contentKey, LineCache } from './lineCache.ts';
import { layOutLines, type PlacedLine } from './lineLayout.ts';
import type { LineRecognizer } from './lineRecognizer.ts';
import type { Box, ScreenLine } from './perception.ts';
import type { ReaderManifest } from '../weights/manifest.ts';
import { segmentLines, type LineHeights } from './segmenter.ts';
import { isWithin, widenStrips } from './strips.ts';

export interface StreamTextReaderOptions {
  readonly recognizer: Pick<LineRecognizer, 'recognize'>;
  readonly classifier: Pick<RegionClassifier, 'classify'>;
  readonly manifest: ReaderManifest;
}

/** Above this share of changed rows the whole screen is segmented, which also measures its usual line height anew. */
const wholeScreenShare = 0.4;

/** Reads one stream; its methods must not overlap. */
export class StreamTextReader {
  readonly #options: StreamTextReaderOptions;
  readonly #screen = new KeptScreen();
  readonly #cache = new LineCache();
  readonly #gutters = new Gutters();
  readonly #indentation = new Indentation();
  readonly #regions: RegionMemory;
  #boxes: readonly Box[] = [];
  #heights: LineHeights | undefined;
  #lines: readonly ScreenLine[] = [];

  constructor(options: StreamTextReaderOptions) {
    this.#options = options;
    this.#regions = new RegionMemory(options.classifier);
  }

  /** Takes the next frame. @returns the lines that stand on screen now, in no particular order. */
  async read(picture: Picture): Promise<readonly ScreenLine[]> {
    const changed = this.#screen.update(picture);
    if (changed.length > 0) {
      this.#segment(changed);
      const isLarge = rowsOf(changed) > wholeScreenShare * picture.height;
      this.#lines = await this.#layOut(await this.#recognize(), picture, isLarge);
    }
    return this.#lines;
  }

  #segment(changed: readonly RowRange[]): void {
    const { picture } = this.#screen;
    const { segmenter } = this.#options.manifest;
    const heights = this.#heights;
    if (heights === undefined || rowsOf(changed) > wholeScreenShare * picture.height) {
      const whole = segmentLines(picture, segmenter);
      this.#boxes = whole.boxes;
      this.#heights = whole.heights;
      return;
    }
    const margin = Math.ceil(heights.usual);
    const options = { margin, pictureHeight: picture.height };
    const strips = widenStrips(changed, this.#boxes, options);
    const kept = this.#boxes.filter((box) => !isWithin(box, strips));
    const found = strips.flatMap(
      (strip) => segmentLines(picture, segmenter, { strip: { rows: strip, heights } }).boxes,
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

  /** @param picture as it came: what was kept of it has papers of other pictures wherever two differ by less than a change */
  async #layOut(
    placed: readonly PlacedLine[],
    picture: Picture,
    isLarge: boolean,
  ): Promise<ScreenLine[]> {
    const written = placed.filter(({ characters }) => characters.some((c) => c !== ' '));
    const { lines, gutters, numbers } = this.#gutters.takeOff(layOutLines(written));
    const columns = this.#indentation.measure(lines);
    const regions = await this.#regions.regionsOf({ picture, lines, gutters }, isLarge);
    const shown = lines.map(({ text, box, confidence, certainties }, index) => {
      const sure = certainties === undefined ? {} : { certainties };
      return {
        text,
        box,
        confidence,
        ...sure,
        indentColumns: columns[index]!,
        region: regions[index]!,
      };
    });
    // They belong to the code beside them, and tell those who put it together which rows are its own.
    const numbered = numbers.map(({ text, box, confidence }): ScreenLine => {
      return { text, box, confidence, indentColumns: 0, region: 'editor' };
    });
    return [...shown, ...numbered];
  }
}

function rowsOf(ranges: readonly RowRange[]): number {
  return ranges.reduce((sum, { top, bottom }) => sum + bottom - top, 0);
}
