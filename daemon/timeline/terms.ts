/** Splits text into search terms the way programmers mean it: whole names, and the words inside them. Pure. */

/** One word of a text. */
export interface Word {
  /** As written, lower case, without surrounding punctuation. */
  readonly whole: string;
  /** Has a digit, an inner capital, or a sign that prose does not have: a name that someone gave, not a word of English. */
  readonly isName: boolean;
  /** The whole and every name and word inside it, plain words stemmed; no repetitions. */
  readonly terms: readonly string[];
}

/** Letters and digits, and the signs that hold names together. */
const wordPattern = /[\p{L}\p{N}_$@#][\p{L}\p{N}_$@#./\\:+=~-]*/gu;
/** Signs at the end belong to the sentence; `c++` and `c#` are kept. */
const tail = /[./\\:=~-]+$|(?<!\+)\+$/u;

/** The words of a text in their order. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const [match] of text.normalize('NFKC').matchAll(wordPattern)) {
    const written = match.replace(tail, '');
    if (written === '') continue;
    const isName = /[\p{Ll}\p{N}]\p{Lu}|\p{N}|[_$@#./\\:+=~-]/u.test(written);
    words.push({ whole: written.toLowerCase(), isName, terms: [...new Set(termsOfWord(written))] });
  }
  return words;
}

/** All terms of a text, in order, repetitions kept: what the index stores and what a query asks for. */
export function termsOf(text: string): string[] {
  return wordsOf(text).flatMap((word) => word.terms);
}

/** `demo/testUtils.ts` → itself, `testutils.ts`, `testutils`, `test`, `util`, `ts`, `demo`. */
function termsOfWord(written: string): string[] {
  const terms = [normalise(written)];
  for (const separators of [/[/\\:=~]+/u, /\.+/u, /[_$@#+-]+/u]) {
    const pieces = written.split(separators).filter(Boolean);
    if (pieces.length > 1 || pieces[0] !== written) {
      return [...terms, ...pieces.flatMap(termsOfWord)].filter(isTerm);
    }
  }
  const humps = written.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|\p{Lo}+/gu) ?? [];
  if (humps.length > 1) terms.push(...humps.map(normalise));
  return terms.filter(isTerm);
}

const isTerm = (term: string): boolean => term.length > 0;

/** Lower case, and stemmed when it is a plain word. */
function normalise(word: string): string {
  const lower = word.toLowerCase();
  return /^[a-z]+$/.test(lower) ? stem(lower) : lower;
}

/**
 * Takes off the commonest English endings, so that "renames", "renamed" and "renaming" meet in one term. Never meant to be
 * a word; both sides of every comparison go through it.
 */
export function stem(word: string): string {
  let base = word;
  if (base.length > 4 && base.endsWith('ies')) base = `${base.slice(0, -3)}y`;
  else if (base.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(base)) base = base.slice(0, -2);
  else if (base.length > 3 && /[^sui]s$/.test(base)) base = base.slice(0, -1);
  const cut = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(base)?.[1];
  if (cut !== undefined && cut.length > 2) base = cut.replace(/([^aeioulsz])\1$/, '$1');
  return base.length > 3 ? base.replace(/(?<=[^e])e$/, '') : base;
}
