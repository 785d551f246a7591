/** Names of the video, so that a doubtful one settles on the one that was read surely elsewhere: `tota1` on `total`. */
import { alignTexts } from './alignment.ts';
import { foldLookAlikes } from './lookAlikes.ts';
import type { Reading } from './readingVotes.ts';

export interface IdentifierConfig {
  /** Shorter names have too many look-alikes, characters. */
  readonly minLength: number;
  /** A name is sure when each of its characters is at least as probable. */
  readonly sureFrom: number;
  /** It yields only where a character is less probable … */
  readonly doubtBelow: number;
  /** … to a name that was read surely in this many lines. */
  readonly minLines: number;
}

/** Nothing is corrected that the reader is sure of. @source certainties of right and wrong characters on rendered code */
export const defaultIdentifierConfig: IdentifierConfig = {
  minLength: 4,
  sureFrom: 0.9,
  doubtBelow: 0.8,
  minLines: 2,
};

/** Names of a long video. */
const capacity = 20_000;
const wordPattern = /[\p{L}_$][\p{L}\p{N}_$]*|\d[\p{L}\p{N}_$]+/gu;

interface Word {
  readonly text: string;
  readonly from: number;
  /** Of its characters. */
  readonly certainties: readonly number[];
}

/** Learns from lines that became text; asked for each of them. */
export class KnownIdentifiers {
  readonly #config: IdentifierConfig;
  /** What names look like → each spelling with the number of lines in which it was sure. */
  readonly #names = new Map<string, Map<string, number>>();

  constructor(config: IdentifierConfig = defaultIdentifierConfig) {
    this.#config = config;
  }

  /** Takes the names of a line in which the reader was sure of each character. */
  learn(line: Reading): void {
    for (const { text, certainties } of this.#wordsOf(line)) {
      if (certainties.some((certainty) => certainty < this.#config.sureFrom)) continue;
      const fold = foldLookAlikes(text);
      const spellings = this.#names.get(fold) ?? new Map<string, number>();
      this.#names.delete(fold);
      this.#names.set(fold, spellings.set(text, (spellings.get(text) ?? 0) + 1));
      const oldest = this.#names.keys().next();
      if (this.#names.size > capacity && oldest.done !== true) this.#names.delete(oldest.value);
    }
  }

  /** @returns the text with doubtful names as they are known; undefined when nothing changes. */
  settle(line: Reading): string | undefined {
    const signs = Array.from(line.text);
    let shift = 0;
    for (const word of this.#wordsOf(line)) {
      const better = this.#betterSpelling(word);
      if (better === undefined) continue;
      const length = Array.from(word.text).length;
      signs.splice(word.from + shift, length, ...Array.from(better));
      shift += Array.from(better).length - length;
    }
    const settled = signs.join('');
    return settled === line.text ? undefined : settled;
  }

  #betterSpelling(word: Word): string | undefined {
    const spellings = this.#names.get(foldLookAlikes(word.text));
    if (!spellings || spellings.has(word.text)) return undefined;
    const sure = [...spellings].filter(([, lines]) => lines >= this.#config.minLines);
    // Two spellings that are both sure are two names: which one is meant cannot be told.
    const better = sure.length === 1 ? sure[0]![0] : undefined;
    return better !== undefined && this.#isInDoubt(word, better) ? better : undefined;
  }

  /** Whether the reader was unsure of every character that the other spelling has otherwise. */
  #isInDoubt({ text, certainties }: Word, other: string): boolean {
    return alignTexts(Array.from(text), Array.from(other)).every(
      ({ left, right }) =>
        left === undefined ||
        (right !== undefined && text[left] === other[right]) ||
        certainties[left]! < this.#config.doubtBelow,
    );
  }

  #wordsOf({ text, certainties }: Reading): Word[] {
    if (!certainties) return [];
    return [...text.matchAll(wordPattern)]
      .filter(([word]) => word.length >= this.#config.minLength)
      .map((match) => {
        const from = Array.from(text.slice(0, match.index)).length;
        const length = Array.from(match[0]).length;
        return { text: match[0], from, certainties: certainties.slice(from, from + length) };
      });
  }
}
