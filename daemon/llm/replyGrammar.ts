/** What an answer may be made of, as a GBNF grammar: words of its evidence, and plain words between them. Pure. */
import { alternativesOf, trieOf } from './gbnf.ts';

/** Where the words of a sentence may come from. */
export interface WordSources {
  /**
   * Lower-case words that are always allowed. Undefined for a model that has no such list: then every word of letters alone that
   * is not written like a name is.
   */
  readonly plain: Iterable<string> | undefined;
  /** Texts whose words are allowed as they are written: the evidence, and the question. */
  readonly texts: readonly string[];
}

/** Signs that may stand around a word, as character classes of GBNF. */
const opening = '["\'`(]';
const closing = '["\'`)]';
const punctuation = '[.,:;!?]';
/** Any word that nobody would take for a name: letters in lower case, perhaps with a capital first. */
const anyPlainWord = '[A-Z]? [a-z]+ ("\'" [a-z]+)?';

/**
 * The sentences over some words: one space between two words, quotes and brackets around them, punctuation behind. What a screen says
 * can only add words; it must have been made unable to form a special token.
 * @returns GBNF with the rule `root`, as llama.cpp and servers built on it read it
 */
export function sentenceGrammar({ plain, texts }: WordSources): string {
  const words = new Set<string>();
  for (const word of plain ?? []) words.add(word).add(capitalised(word));
  for (const text of texts) for (const word of wordsIn(text)) words.add(word);
  const alternatives = [
    ...(words.size > 0 ? [alternativesOf(trieOf(words))] : []),
    ...(plain ? [] : [anyPlainWord]),
  ];
  return [
    'root ::= item (" " item)*',
    `item ::= ${opening}? word ${closing}? ${punctuation}?`,
    `word ::= ${alternatives.join(' | ')}`,
  ].join('\n');
}

/** Parts of a run of signs that are names of their own: `"app.py",` has `app.py`, `app` and `py`; `main()` has `main`. */
const innerBreaks = [
  /[^\p{L}\p{N}_$@#.\\/:~+-]+/u,
  /[^\p{L}\p{N}_$@#.:~+-]+/u,
  /[^\p{L}\p{N}_$]+/u,
];
const trailing = /[.:,;!?]+$/u;

/** What of a text a sentence may use as a word: each run of signs, and the names inside it. */
export function wordsIn(text: string): Set<string> {
  const words = new Set<string>();
  for (const run of text.split(/\s+/u)) {
    const pieces = innerBreaks.flatMap((breaks) => run.split(breaks));
    for (const piece of [run, ...pieces]) {
      words.add(piece).add(piece.replace(trailing, ''));
    }
  }
  words.delete('');
  return words;
}

export const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
