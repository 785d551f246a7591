/** A sentence that comes word by word, and ends before the first name that stands in none of the texts it rests on. Pure. */
import { squeeze } from '../timeline/alignment.ts';
import { namesIn } from './guidance.ts';

/** More than a sentence has. */
const maxCharacters = 400;

export class GroundedText {
  readonly #sources: readonly string[];
  readonly #onText: ((text: string) => void) | undefined;
  #text = '';
  /** The beginning of a word that is not whole yet. */
  #rest = '';
  #isUngrounded = false;

  /** @param onText hears each word once it is known to be allowed */
  constructor(sources: readonly string[], onText?: (text: string) => void) {
    this.#sources = sources.map(squeeze);
    this.#onText = onText;
  }

  /** @returns whether more is wanted: false behind the end of the sentence's line, or at an invented name */
  add(piece: string): boolean {
    const known = this.#text === '' ? (this.#rest + piece).trimStart() : this.#rest + piece;
    const [line = '', behind] = known.split(/\n(.*)/s);
    const end = line.search(/\S*$/);
    this.#rest = behind === undefined ? line.slice(end) : '';
    this.#take(behind === undefined ? line.slice(0, end) : line);
    return !this.#isUngrounded && behind === undefined && this.#text.length < maxCharacters;
  }

  /** @returns the sentence; empty when it names what stands nowhere */
  finish(): string {
    this.#take(this.#rest);
    this.#rest = '';
    return this.#isUngrounded ? '' : this.#text.trim();
  }

  #take(words: string): void {
    if (words === '' || this.#isUngrounded) return;
    const isKnown = (name: string): boolean =>
      this.#sources.some((source) => source.includes(squeeze(name)));
    this.#isUngrounded = !namesIn(words).every(isKnown);
    if (this.#isUngrounded) return;
    this.#text += words;
    this.#onText?.(words);
  }
}
