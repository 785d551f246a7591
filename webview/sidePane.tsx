/** Beside the player: guidance and questions as two tabs, and the box to ask in. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { AskBox } from './askBox.tsx';
import { Chapters } from './chapters.tsx';
import { CodeView } from './codeView.tsx';
import { Guidance } from './guidance.tsx';
import { usePage } from './page.ts';
import { Questions } from './questions.tsx';
import { Sash } from './sash.tsx';
import { Search } from './search.tsx';
import { chaptersOf, revealedRows } from './selectors.ts';
import type { State, Tab } from './state.ts';
import { useSelect } from './useSelect.ts';

/** Both tabs; the box stays when they change. */
export function SidePane(): JSX.Element {
  const tab = useSelect(shownTab);
  return (
    <section class="side" aria-label={l10n.t('Guidance and questions')}>
      <Sash />
      <Tabs />
      <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
        <View />
      </div>
      <AskBox />
    </section>
  );
}

/** A tab that is not there any more, or was kept of another timeline, gives way to the first. */
const shownTab = (state: State): Tab =>
  state.view.tab === 'chapters' && chaptersOf(state).length === 0 ? 'guidance' : state.view.tab;

function View(): JSX.Element {
  switch (useSelect(shownTab)) {
    case 'guidance':
      return <Guidance />;
    case 'questions':
      return <Questions />;
    case 'code':
      return <CodeView />;
    case 'chapters':
      return <Chapters />;
    case 'search':
      return <Search />;
  }
}

function Tabs(): JSX.Element {
  const { store } = usePage();
  const list = useRef<HTMLDivElement>(null);
  const tab = useSelect(shownTab);
  const chapterCount = useSelect((state) => chaptersOf(state).length);
  const guidanceCount = useSelect((state) => revealedRows(state).length);
  const questionCount = useSelect((state) => state.exchanges.length);
  const tabs: readonly (readonly [Tab, string, number])[] = [
    ['guidance', l10n.t('Guidance'), guidanceCount],
    ['questions', l10n.t('Questions'), questionCount],
    ['code', l10n.t('Code'), 0],
    ...(chapterCount > 0 ? [['chapters', l10n.t('Chapters'), chapterCount] as const] : []),
    ['search', l10n.t('Search'), 0],
  ];
  const show = (next: Tab): void => {
    store.dispatch({ kind: 'viewed', body: { tab: next } });
  };
  return (
    <div
      ref={list}
      class="tabs"
      role="tablist"
      aria-label={l10n.t('Guidance and questions')}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        event.preventDefault();
        const step = event.key === 'ArrowLeft' ? tabs.length - 1 : 1;
        const place = tabs.findIndex(([id]) => id === tab);
        const other = tabs[(place + step) % tabs.length]![0];
        show(other);
        list.current?.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
      }}
    >
      {tabs.map(([id, label, count]) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          class="tab"
          aria-selected={id === tab}
          aria-controls="tab-panel"
          tabIndex={id === tab ? 0 : -1}
          onClick={() => {
            show(id);
          }}
        >
          {label}
          {count > 0 && (
            <>
              {' '}
              <span class="badge">{count}</span>
            </>
          )}
        </button>
      ))}
    </div>
  );
}
