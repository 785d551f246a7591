/** Quotations in guidance: what comes from the screen stands between backticks. */

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

/** The sentence as it is read out: without the signs. */
export const spoken = (sentence: string): string =>
  sentenceParts(sentence)
    .map(({ text }) => text)
    .join('');
