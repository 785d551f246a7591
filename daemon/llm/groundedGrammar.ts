/** What guidance may be made of, as a GBNF grammar: sentences or plain words of the pack, and quotations of lines that were read. Pure. */
import { alternativesOf, createTrie, follow, literal, trieOf, type Trie } from './gbnf.ts';
import { capitalised } from './replyGrammar.ts';

/** Where the words of guidance may come from. */
export interface GuidanceSources {
  /** Whole sentences, `{}` standing for a quotation with its quotes: then guidance is one of these. */
  readonly sentences?: readonly string[];
  /** Lower-case words that stand outside quotes, of a model without a list of sentences. */
  readonly plain: Iterable<string>;
  /** What may be quoted: lines as the decoder got them, and what was asked of it. */
  readonly lines: readonly string[];
  /** One sign, before and behind each quotation. */
  readonly quote: string;
}

/** A line of the stream has no more, and nobody reads a longer one in a sentence. */
const longestQuotation = 64;

/**
 * The pack's sentences, or else any of plain words and quotations: one space between two of them, punctuation behind. A quotation is a run of whole words of
 * one line, letter by letter; names, numbers and paths cannot be said otherwise. What a screen says can only add quotations; it must have been
 * made unable to form a special token.
 * @returns GBNF with the rule `root`; undefined when there is nothing to say it with
 */
export function guidanceGrammar(sources: GuidanceSources): string | undefined {
  const { lines, quote, sentences } = sources;
  const spans = createTrie();
  for (const line of new Set(lines)) addSpans(spans, line, quote);
  return sentences
    ? sentencesGrammar(sentences, spans, literal(quote))
    : wordsGrammar([...sources.plain], spans, literal(quote));
}

/** What a quotation is written as while sentences are put together: no text holds it. */
const slot = '\0';

/** A sentence that quotes needs something to quote. */
function sentencesGrammar(
  sentences: readonly string[],
  spans: Trie,
  around: string,
): string | undefined {
  const canQuote = spans.next.size > 0;
  const texts = sentences
    .map((sentence) => sentence.replaceAll('{}', slot))
    .filter((sentence) => canQuote || !sentence.includes(slot));
  if (texts.length === 0) return undefined;
  const write = (text: string): string =>
    text
      .split(slot)
      .map((part) => (part === '' ? '' : literal(part)))
      .join(' quotation ');
  return [
    `root ::= ${alternativesOf(trieOf(texts), write)}`,
    ...(canQuote ? [`quotation ::= ${around} span ${around}`, spanRule(spans)] : []),
  ].join('\n');
}

const spanRule = (spans: Trie): string => `span ::= ${alternativesOf(spans)}`;

function wordsGrammar(plain: readonly string[], spans: Trie, around: string): string | undefined {
  const words = plain.flatMap((word) => [word, capitalised(word)]);
  const items = [
    ...(words.length > 0 ? ['word'] : []),
    ...(spans.next.size > 0 ? [`${around} span ${around}`] : []),
  ];
  if (items.length === 0) return undefined;
  return [
    'root ::= item (" " item)*',
    `item ::= (${items.join(' | ')}) [.,:;!?]?`,
    ...(words.length > 0 ? [`word ::= ${alternativesOf(trieOf(words))}`] : []),
    ...(spans.next.size > 0 ? [spanRule(spans)] : []),
  ].join('\n');
}

const isWordSign = (sign: string | undefined): boolean =>
  sign !== undefined && /[\p{L}\p{N}_]/u.test(sign);

/**
 * Every run of whole words of a line. It ends behind any sign that does not stand within a word, and begins with a word or where one
 * could begin; the rule in training is the same (models/world/quoting.py).
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
