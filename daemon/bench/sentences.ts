/** Which kind of step a sentence tells of, and which names it has. Pure; models/evaluation/scoring.py does the same. */
import type { Rules } from './truth.ts';

/** Without quotes, white space single. */
export function normal(text: string): string {
  return text.replaceAll('`', '').replace(/\s+/g, ' ').trim();
}

const openName = /\{\w+\}/g;

interface Phrasing {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Characters that it has whatever the names are. */
  readonly literals: number;
}

/** Knows a sentence by the phrasings it may be made of. */
export class KindClassifier {
  readonly #phrasings: readonly Phrasing[];
  readonly #nameless: ReadonlySet<string>;

  constructor(phrasings: Rules['phrasings']) {
    this.#phrasings = phrasings.map(({ kind, text }) => {
      const parts = normal(text).split(openName);
      const pattern = new RegExp(`^${parts.map((part) => literally(part)).join('.+')}$`);
      return { kind, pattern, literals: parts.join('').length };
    });
    const texts = phrasings.map(({ text }) => normal(text));
    this.#nameless = new Set(texts.filter((text) => text.search(openName) < 0));
  }

  /** The kinds of the most specific phrasing that fits: several kinds may share one. */
  kinds(text: string): ReadonlySet<string> {
    const fitting = this.#phrasings.filter(({ pattern }) => pattern.test(normal(text)));
    const most = Math.max(0, ...fitting.map(({ literals }) => literals));
    const best = fitting.filter(({ literals }) => literals === most);
    return new Set(best.map(({ kind }) => kind));
  }

  /** Whether a sentence tells a kind and no name. */
  isNameless(text: string): boolean {
    return !text.includes('`') && this.#nameless.has(normal(text));
  }
}

/** What a sentence quotes; undefined when it quotes nothing. */
export function quotedIn(text: string): readonly string[] | undefined {
  const parts = text.split('`');
  if (parts.length === 1) return undefined;
  return parts.filter((_, index) => index % 2 === 1).map(normal);
}

/** Whether a sentence has a name exactly: quoted, or as whole words where it quotes nothing. */
export function hasName(text: string, name: string): boolean {
  const value = normal(name);
  return quotedIn(text)?.includes(value) ?? hasWords(text, value);
}

/** As a part of a pattern. Node 20 has no `RegExp.escape`. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** Whether words stand in a text with nothing of another word grown to them. */
export function hasWords(text: string, words: string): boolean {
  const value = normal(words);
  if (value === '') return false;
  const before = /^[\p{L}\p{N}_]/u.test(value) ? String.raw`(?<![\p{L}\p{N}_])` : '';
  const behind = /[\p{L}\p{N}_]$/u.test(value) ? String.raw`(?![\p{L}\p{N}_])` : '';
  return new RegExp(`${before}${literally(value)}${behind}`, 'u').test(normal(text));
}
