/** A sentence of the assistant: what it quotes from the screen is shown as code. It is data: never read as markup. */
import type { JSX } from 'preact';
import { sentenceParts } from '../protocol/index.ts';

export function Sentence({ text }: { readonly text: string }): JSX.Element {
  const parts = sentenceParts(text).map((part, index) =>
    part.isQuoted ? <code key={index}>{part.text}</code> : part.text,
  );
  return <span class="row-text">{parts}</span>;
}
