/** The chapters as a list that leads to them. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatMediaTime } from '../protocol/index.ts';
import { moveInList } from './listKeys.ts';
import { usePage } from './page.ts';
import { chaptersOf, currentChapter } from './selectors.ts';
import type { State } from './state.ts';
import { formatDuration } from './text.ts';
import { useSelect } from './useSelect.ts';

/** Who has named them. */
const isOfModel = ({ rows }: State): boolean =>
  rows.chapters.some(({ origin }) => origin === 'model');
/** While a video is watched, the end of the last chapter that the model has found moves on. */
const isGrowing = (state: State): boolean => state.watch.state === 'watching' && isOfModel(state);

/** One button a chapter; the one that plays is marked, and kept in sight. */
export function Chapters(): JSX.Element {
  const page = usePage();
  const list = useRef<HTMLOListElement>(null);
  const chapters = useSelect(chaptersOf);
  const place = useSelect((state) => chaptersOf(state).indexOf(currentChapter(state)!));
  const byModel = useSelect(isOfModel);
  const grows = useSelect(isGrowing);
  useEffect(() => {
    // Whoever looks around in the list is left alone.
    if (list.current?.matches(':hover, :focus-within')) return;
    list.current?.children[place]?.scrollIntoView({ block: 'nearest' });
  }, [place]);
  return (
    <div class="guidance">
      <p class="list-head">
        {byModel ? l10n.t('Named by the model, from what it saw') : l10n.t('Named by the file')}
      </p>
      <ol ref={list} class="plain-list" aria-label={l10n.t('Chapters')} onKeyDown={moveInList}>
        {chapters.map(({ startMs, endMs, title }, index) => {
          const length = formatDuration(endMs - startMs);
          const isLast = index === chapters.length - 1;
          return (
            <li key={index} class={`row ${index === place ? 'row-current' : ''}`}>
              <button
                type="button"
                class="row-main"
                aria-current={index === place ? 'step' : undefined}
                onClick={() => {
                  page.seek(startMs);
                }}
              >
                <span class="time">{formatMediaTime(startMs)}</span>
                <span class="row-text">{title || l10n.t('Chapter {0}', index + 1)}</span>
                <span class="row-end">
                  {isLast && grows ? l10n.t('{0} so far', length) : length}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
