/** The words of an answer: times in it lead to their moment. It is data from a screen: never read as markup. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { parseMoment } from '../protocol/index.ts';
import { usePage } from './page.ts';
import { durationOf } from './selectors.ts';

const times = /(?<![\d:.])((?:\d{1,2}:)?\d{1,2}:\d{2})(?![\d:])/g;

/** Shows the text as it is. @param isWhole times become links when no more words will come */
export function AnswerText({
  text,
  isWhole,
}: {
  readonly text: string;
  readonly isWhole: boolean;
}): JSX.Element {
  const page = usePage();
  if (!isWhole) return <p class="answer-text">{text}</p>;
  const durationMs = durationOf(page.store.state);
  // A split by a pattern with one group puts what was matched at the odd places.
  const parts = text.split(times).map((part, index) => {
    const atMs = index % 2 === 1 ? parseMoment(part) : undefined;
    if (atMs === undefined || (durationMs > 0 && atMs > durationMs)) return part;
    return (
      <button
        key={index}
        type="button"
        class="link-button time"
        title={l10n.t('Go to {0}', part)}
        onClick={() => {
          page.seek(atMs);
        }}
      >
        {part}
      </button>
    );
  });
  return <p class="answer-text">{parts}</p>;
}
