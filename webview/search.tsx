/** The search inside this video: what was on screen, said or noticed, by its words. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatMediaTime, type SearchHit } from '../protocol/index.ts';
import { Icon, IconButton } from './icons.tsx';
import { ErrorNotice } from './notice.tsx';
import { usePage } from './page.ts';
import { useSelect } from './useSelect.ts';

/** People type faster than they read. */
const pauseMs = 200;

/** The field, the hits as rows, and the way to all other videos. */
export function Search(): JSX.Element {
  const page = usePage();
  const { query, hits, isWaiting, error } = useSelect((state) => state.search);
  const hasSearched = query.trim() !== '' && !isWaiting && !error;
  return (
    <div class="guidance">
      <Field />
      {error && (
        <ErrorNotice
          error={error}
          onRetry={() => {
            page.search(query);
          }}
        />
      )}
      {hits.length > 0 && (
        <p class="search-title" role="status">
          {l10n.t('Search results: {0}', hits.length)}
        </p>
      )}
      {hits.length > 0 ? (
        <ul class="plain-list" aria-label={l10n.t('Search results')} aria-busy={isWaiting}>
          {hits.map((hit) => (
            <Hit key={hit.rowId} hit={hit} />
          ))}
        </ul>
      ) : (
        <div class="empty">
          <p role="status">
            {hasSearched
              ? l10n.t('Nothing found for “{0}”.', query.trim())
              : l10n.t('Find what was on screen or said in this video.')}
          </p>
        </div>
      )}
      <button
        type="button"
        class="link-button search-all"
        onClick={() => {
          page.findInVideos();
        }}
      >
        {l10n.t('Find in all videos…')}
      </button>
    </div>
  );
}

function Field(): JSX.Element {
  const page = usePage();
  const { store } = page;
  const query = useSelect(({ search }) => search.query);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const search = (text: string, waitMs: number): void => {
    clearTimeout(timer.current);
    // The words stand there at once; only the looking waits.
    store.dispatch({ kind: 'typed', body: { query: text } });
    timer.current = setTimeout(() => {
      page.search(text);
    }, waitMs);
  };
  return (
    <div class="filter" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        value={query}
        placeholder={l10n.t('Search in this video')}
        aria-label={l10n.t('Search in this video')}
        onInput={({ currentTarget }) => {
          search(currentTarget.value, pauseMs);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.isComposing) search(query, 0);
          if (event.key !== 'Escape' || query === '') return;
          event.preventDefault();
          search('', 0);
        }}
      />
      {query !== '' && (
        <IconButton
          icon="close"
          label={l10n.t('Clear search')}
          onClick={() => {
            search('', 0);
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function Hit({ hit }: { readonly hit: SearchHit }): JSX.Element {
  const page = usePage();
  const { startMs, text } = hit;
  const place = placeOf(hit);
  return (
    <li class="row">
      <button
        type="button"
        class="row-main"
        onClick={() => {
          page.seek(startMs);
        }}
      >
        <span class="time">{formatMediaTime(startMs)}</span>
        <span class="row-text">
          {text}
          <span class="hit-place">{place}</span>
        </span>
      </button>
    </li>
  );
}

/** Where on screen, or in which way, the words were met. */
function placeOf({ kind, region }: SearchHit): string {
  const { t } = l10n;
  const places: Partial<Record<NonNullable<SearchHit['region']> | SearchHit['kind'], string>> = {
    ...{ editor: t('editor'), terminal: t('terminal'), tree: t('file tree'), tabs: t('tabs') },
    ...{ breadcrumbs: t('breadcrumbs'), statusBar: t('status bar'), browser: t('browser') },
    ...{ slide: t('slide'), dialog: t('dialog'), popup: t('popup'), other: t('on screen') },
    ...{ guidance: t('guidance'), cue: t('caption'), chapter: t('chapter'), answer: t('answer') },
  };
  return places[region ?? kind] ?? '';
}
