/** The chapters as a list that leads to them. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { formatMediaTime } from '../protocol/index.ts';
import { usePage } from './page.ts';
import { chaptersOf, currentChapter } from './selectors.ts';
import { useSelect } from './useSelect.ts';

/** One button a chapter; the one that plays is marked. */
export function Chapters(): JSX.Element {
  const page = usePage();
  const chapters = useSelect(chaptersOf);
  const current = useSelect(currentChapter);
  return (
    <ol class="plain-list" aria-label={l10n.t('Chapters')}>
      {chapters.map((chapter) => (
        <li key={chapter.startMs} class={`row ${chapter === current ? 'row-current' : ''}`}>
          <button
            type="button"
            class="row-main"
            aria-current={chapter === current ? 'step' : undefined}
            onClick={() => {
              page.seek(chapter.startMs);
            }}
          >
            <span class="time">{formatMediaTime(chapter.startMs)}</span>
            <span class="row-text">{chapter.title}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
