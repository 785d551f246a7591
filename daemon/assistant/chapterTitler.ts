/**
 * Titles of chapters: the model names the rows that a part is about, and says a few words of theirs. When it finds no words, the row that
 * it names first is quoted.
 */
import { mediaMs, plainText } from '../../protocol/index.ts';
import type { SearchedRow } from '../timeline/rows.ts';
import { shortened } from './citations.ts';
import { toRecallEvidence } from './evidence.ts';
import type { RecallModel } from './recall.ts';
import { retrieve } from './retrieval.ts';

export interface ChapterTitle {
  readonly title: string;
  /** Ids of the rows that it rests on, best first; never empty. */
  readonly evidence: readonly number[];
  /** Name and version of the model pack. */
  readonly model: string;
}

export interface ChapterTitler {
  /** @param rows all that happened in the chapter. @returns undefined when the model finds no title for it */
  title(
    rows: readonly SearchedRow[],
    options: { readonly signal: AbortSignal },
  ): Promise<ChapterTitle | undefined>;
}

/** Characters of a row that is quoted as a title: a list of chapters has no more room. */
const maxQuoteChars = 48;

/** Asks the pack's own question for a title about a sample of the rows. */
export class RecallChapterTitler implements ChapterTitler {
  readonly #model: RecallModel;

  constructor(model: RecallModel) {
    this.#model = model;
  }

  async title(
    rows: readonly SearchedRow[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<ChapterTitle | undefined> {
    const { name, limits, prompts } = this.#model;
    const untilMs = rows.reduce((last, { endMs }) => Math.max(last, endMs), 0);
    const scope = { fromMs: mediaMs(0), untilMs: mediaMs(untilMs) };
    const sample = await retrieve(rows, { scope, hits: [], maxRows: limits.maxRows }, { signal });
    const evidence = toRecallEvidence(sample.map(({ row }) => row));
    const reply = await this.#model.recall({ evidence, question: prompts.title }, { signal });
    const named = reply.rows.flatMap((index) => sample[index]?.row ?? []);
    if (named.length === 0) return undefined;
    const said = reply.text.replace(/[\s.,:;]+$/, '');
    const title = said === '' ? `“${shortened(plainText(named[0]!), maxQuoteChars)}”` : said;
    return { title, evidence: named.map(({ id }) => id), model: name };
  }
}
