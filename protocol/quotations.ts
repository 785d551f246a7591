/** Quotations in guidance: what comes from the screen stands between backticks. Markdown and the panel show it as code, plain text without the signs. */
import type { TimelineKind } from './timeline.ts';

/** A part of a sentence. */
export interface SentencePart {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Takes a sentence apart; a backtick that no other one closes is a sign like any other. */
export function sentenceParts(sentence: string): SentencePart[] {
  // A split by a pattern with one group puts what was matched at the odd places.
  return sentence
    .split(/`([^`]+)`/)
    .map((text, index) => ({ text, isQuoted: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** The sentence for plain text: what it quotes stands there without the signs. */
export const withoutQuotes = (sentence: string): string =>
  sentenceParts(sentence)
    .map(({ text }) => text)
    .join('');

/** The words of a row or of what was found. */
export interface WordsOfKind {
  readonly kind: TimelineKind;
  readonly text: string;
}

/** Only guidance quotes: a backtick in a line of the screen, or in a caption, stood there. */
export const partsOfText = ({ kind, text }: WordsOfKind): SentencePart[] =>
  kind === 'guidance' ? sentenceParts(text) : [{ text, isQuoted: false }];

/** The words for plain text. */
export const plainText = ({ kind, text }: WordsOfKind): string =>
  kind === 'guidance' ? withoutQuotes(text) : text;
