/** The search inside this video: what was on screen, said or noticed, by its words. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatMediaTime, partsOfText, type SearchHit } from '../protocol/index.ts';
import { moveInList } from './listKeys.ts';
import { ErrorNotice } from './notice.tsx';
import { usePage } from './page.ts';
import { useSelect } from './useSelect.ts';
import { WordsField } from './wordsField.tsx';

/** People type faster than they read. */
const pauseMs = 200;

/** The field, and the hits as rows. */
export function Search(): JSX.Element {
  const page = usePage();
  const list = useRef<HTMLUListElement>(null);
  const { query, hits, isWaiting, error } = useSelect((state) => state.search);
  const hasSearched = query.trim() !== '' && !isWaiting && !error;
  return (
    <div class="guidance">
      <Field
        onLeave={() => {
          list.current?.querySelector<HTMLElement>('.row-main')?.focus();
        }}
      />
      {error && (
        <ErrorNotice
          error={error}
          onRetry={() => {
            page.search(query);
          }}
        />
      )}
      {hits.length > 0 ? (
        <>
          <div class="list-head">
            <p role="status">{l10n.t('Search results: {0}', hits.length)}</p>
            <AllVideos />
          </div>
          <ul
            ref={list}
            class="plain-list"
            aria-label={l10n.t('Search results')}
            aria-busy={isWaiting}
            onKeyDown={moveInList}
          >
            {hits.map((hit) => (
              <Hit key={hit.rowId} hit={hit} query={query} />
            ))}
          </ul>
        </>
      ) : (
        <div class="empty">
          <p role="status">
            {hasSearched
              ? l10n.t('Nothing found for “{0}”.', query.trim())
              : l10n.t('Find what was on screen or said in this video.')}
          </p>
          <AllVideos />
        </div>
      )}
    </div>
  );
}

/** The way to all other videos. */
function AllVideos(): JSX.Element {
  const page = usePage();
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => {
        page.findInVideos();
      }}
    >
      {l10n.t('Find in all videos…')}
    </button>
  );
}

/** @param onLeave goes on to the hits */
function Field({ onLeave }: { readonly onLeave: () => void }): JSX.Element {
  const page = usePage();
  const { store } = page;
  const query = useSelect(({ search }) => search.query);
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
    <WordsField
      words={query}
      placeholder={l10n.t('Search in this video')}
      label={l10n.t('Search in this video')}
      clearLabel={l10n.t('Clear search')}
      onInput={(text) => {
        search(text, pauseMs);
      }}
      onClear={() => {
        search('', 0);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.isComposing) search(query, 0);
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        onLeave();
      }}
    />
  );
}

interface HitProps {
  readonly hit: SearchHit;
  readonly query: string;
}

function Hit({ hit, query }: HitProps): JSX.Element {
  const page = usePage();
  const { startMs, region } = hit;
  const isCode = region === 'editor' || region === 'terminal';
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
        <span class={`row-text ${isCode ? 'row-text-code' : ''}`}>
          {partsOfText(hit).map(({ text, isQuoted }, index) =>
            isQuoted ? <code key={index}>{withMarks(text, query)}</code> : withMarks(text, query),
          )}
        </span>
        <span class="row-end">{placeOf(hit)}</span>
      </button>
    </li>
  );
}

/** The text with the words of the query marked, wherever they stand in it as they were typed. */
function withMarks(text: string, query: string): (string | JSX.Element)[] {
  const words = query.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [text];
  const longestFirst = words.sort((one, other) => other.length - one.length);
  const literal = longestFirst.map((word) => word.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  // Every other part is what the group has caught.
  const parts = text.split(new RegExp(`(${literal.join('|')})`, 'iu'));
  return parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part));
}

/** Where on screen, or in which way, the words were met. */
function placeOf({ kind, region, origin }: SearchHit): string {
  const { t } = l10n;
  if (origin === 'speech') return t('heard');
  const places: Partial<Record<NonNullable<SearchHit['region']> | SearchHit['kind'], string>> = {
    ...{ editor: t('editor'), terminal: t('terminal'), tree: t('file tree'), tabs: t('tabs') },
    ...{ breadcrumbs: t('breadcrumbs'), statusBar: t('status bar'), browser: t('browser') },
    ...{ slide: t('slide'), dialog: t('dialog'), popup: t('popup'), other: t('on screen') },
    ...{ guidance: t('guidance'), cue: t('caption'), chapter: t('chapter'), answer: t('answer') },
  };
  return places[region ?? kind] ?? '';
}
