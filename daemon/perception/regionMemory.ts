/** Keeps lines in the regions they were found in: nobody moves a pane from one picture to the next. */
import type { ScreenRegion } from '../../protocol/index.ts';
import type { LaidOutLine } from './lineLayout.ts';
import { isInRowOf } from './places.ts';
import type { RegionClassifier } from './regionClassifier.ts';
import type { ReadScreen } from './regionFeatures.ts';

/** A line begins where another one began when their left ends are closer, in line heights. */
const sameBeginning = 0.5;
/** A line changes its region when so many looks in a row say so. */
const looksToChange = 3;

interface Known {
  readonly line: LaidOutLine;
  readonly region: ScreenRegion;
  /** Looks in a row that said something else. */
  readonly doubts: number;
}

export class RegionMemory {
  readonly #classifier: Pick<RegionClassifier, 'classify'>;
  #known: readonly Known[] = [];

  constructor(classifier: Pick<RegionClassifier, 'classify'>) {
    this.#classifier = classifier;
  }

  /**
   * @param isLarge much of the picture has changed, so all of it is looked at; otherwise only when a line stands where none stood
   * @returns the region of each line, in their order
   */
  async regionsOf(read: ReadScreen, isLarge: boolean): Promise<ScreenRegion[]> {
    const { lines } = read;
    const before = lines.map((line) => this.#find(line));
    const isKnown = !isLarge && before.every((known) => known !== undefined);
    const found = isKnown ? undefined : await this.#classifier.classify(read);
    this.#known = lines.map((line, index) => {
      const known = before[index];
      const region = found?.[index] ?? known!.region;
      const isBelieved =
        !known ||
        known.region === 'other' ||
        known.region === region ||
        known.line.text !== line.text ||
        known.doubts + 1 >= looksToChange;
      if (isBelieved) return { line, region, doubts: 0 };
      return { line, region: known.region, doubts: known.doubts + 1 };
    });
    return this.#known.map(({ region }) => region);
  }

  #find({ box }: LaidOutLine): Known | undefined {
    const reach = sameBeginning * box.height;
    return this.#known.find(
      ({ line }) => Math.abs(line.box.x - box.x) <= reach && isInRowOf(line.box, box),
    );
  }
}
