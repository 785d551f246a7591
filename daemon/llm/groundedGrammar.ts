/** What guidance may be made of, as a GBNF grammar: plain words, and quotations of lines that were read. Pure. */
import { alternativesOf, createTrie, follow, literal, trieOf, type Trie } from './gbnf.ts';
import { capitalised } from './replyGrammar.ts';

/** Where the words of guidance may come from. */
export interface GuidanceSources {
  /** Lower-case words that stand outside quotes. */
  readonly plain: Iterable<string>;
  /** What may be quoted: lines as the decoder got them, and what was asked of it. */
  readonly lines: readonly string[];
  /** One sign, before and behind each quotation. */
  readonly quote: string;
}

/** A line of the stream has no more, and nobody reads a longer one in a sentence. */
const longestQuotation = 64;

/**
 * The sentences of plain words and quotations: one space between two of them, punctuation behind. A quotation is a run of whole words of
 * one line, letter by letter; names, numbers and paths cannot be said otherwise. What a screen says can only add quotations; it must have been
 * made unable to form a special token.
 * @returns GBNF with the rule `root`; undefined when there is nothing to say it with
 */
export function guidanceGrammar({ plain, lines, quote }: GuidanceSources): string | undefined {
  const words = [...plain].flatMap((word) => [word, capitalised(word)]);
  const spans = createTrie();
  for (const line of new Set(lines)) addSpans(spans, line, quote);
  const around = literal(quote);
  const items = [
    ...(words.length > 0 ? ['word'] : []),
    ...(spans.next.size > 0 ? [`${around} span ${around}`] : []),
  ];
  if (items.length === 0) return undefined;
  return [
    'root ::= item (" " item)*',
    `item ::= (${items.join(' | ')}) [.,:;!?]?`,
    ...(words.length > 0 ? [`word ::= ${alternativesOf(trieOf(words))}`] : []),
    ...(spans.next.size > 0 ? [`span ::= ${alternativesOf(spans)}`] : []),
  ].join('\n');
}

const isWordSign = (sign: string | undefined): boolean =>
  sign !== undefined && /[\p{L}\p{N}_]/u.test(sign);

/**
 * Every run of whole words of a line. It ends behind any sign that does not stand within a word, and begins with a word or where one
 * could begin; the rule in training is the same (models/quoting.py).
 */
function addSpans(spans: Trie, line: string, quote: string): void {
  const signs = Array.from(line);
  const mayCut = signs.map((sign, at) => !isWordSign(sign) || !isWordSign(signs[at - 1]));
  const isEnd = (at: number): boolean => signs[at] !== ' ' && (mayCut[at + 1] ?? true);
  for (const [start, sign] of signs.entries()) {
    const isStart = mayCut[start] && (isWordSign(sign) || (signs[start - 1] ?? ' ') === ' ');
    if (!isStart || sign === ' ') continue;
    const quotable = signs.slice(start, start + longestQuotation);
    const nextQuote = quotable.indexOf(quote);
    const most = nextQuote < 0 ? quotable.length : nextQuote;
    const length = quotable.findLastIndex((_, at) => at < most && isEnd(start + at)) + 1;
    let node = spans;
    for (let at = 0; at < length; at++) {
      node = follow(node, quotable[at]!);
      if (isEnd(start + at)) node.isEnd = true;
    }
  }
}
