/** Says where the lines of a screen stand: in an editor, a terminal, a tree … */
import { screenRegions, type ScreenRegion } from '../../protocol/index.ts';
import type { RegionsManifest } from '../weights/manifest.ts';
import type { OrtSession } from './ortSession.ts';
import { looksOfLine, regionFeatures, signsOfLine, type ReadScreen } from './regionFeatures.ts';

export class RegionClassifier {
  readonly #session: Pick<OrtSession, 'run'>;
  readonly #labels: readonly ScreenRegion[];

  /** A label that is no region counts as `other`. @param session takes features [lines, numbers and signs]; gives how likely each region is, [lines, labels], not normalised */
  constructor(session: Pick<OrtSession, 'run'>, { labels }: RegionsManifest) {
    this.#session = session;
    this.#labels = labels.map((label) => screenRegions.find((name) => name === label) ?? 'other');
  }

  /** @returns the region of each line, in the order of the lines */
  async classify(screen: ReadScreen): Promise<ScreenRegion[]> {
    const count = screen.lines.length;
    if (count === 0) return [];
    const dims = [count, looksOfLine + signsOfLine];
    const { data } = await this.#session.run({ data: regionFeatures(screen), dims });
    const width = this.#labels.length;
    return screen.lines.map((_, line) => {
      const scores = data.subarray(line * width, (line + 1) * width);
      return this.#labels[scores.indexOf(Math.max(...scores))] ?? 'other';
    });
  }
}
