/** Scores how likely each row answers a question, by the pack's retriever. It proposes rows only; the decoder chooses among them. */
import type { OrtSession } from './ortSession.ts';
import type { PlacedText } from './perception.ts';
import { padded, rowFeatures } from './rowFeatures.ts';
import type { FeaturesManifest } from '../weights/manifest.ts';

/** Rows of one run: about 200 KB of input. */
const rowsPerRun = 512;

export class RowScorer {
  readonly #session: Pick<OrtSession, 'run'>;
  readonly #manifest: FeaturesManifest;

  /** @param session takes features [1 + rows, features] of the question and the rows behind it, 0 where there are no more; gives scores [rows] */
  constructor(session: Pick<OrtSession, 'run'>, manifest: FeaturesManifest) {
    this.#session = session;
    this.#manifest = manifest;
  }

  /** @returns a score per row, same order: about -1 … 1, in units of the parts of a search's score */
  async score(question: string, rows: readonly PlacedText[]): Promise<Float32Array> {
    const asked = rowFeatures(question, 'question', this.#manifest);
    const scores = new Float32Array(rows.length);
    for (let first = 0; first < rows.length; first += rowsPerRun) {
      const run = rows.slice(first, first + rowsPerRun);
      const lists = run.map(({ text, place }) => rowFeatures(text, place, this.#manifest));
      const { data } = await this.#session.run(padded([asked, ...lists]));
      scores.set(data, first);
    }
    return scores;
  }
}
