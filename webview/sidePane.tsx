/** Beside the player: guidance, questions and what else is known of the video as tabs, and the box to ask in. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { AskBox } from './askBox.tsx';
import { Chapters } from './chapters.tsx';
import { CodeView } from './codeView.tsx';
import { Guidance } from './guidance.tsx';
import { Icon, type IconName } from './icons.tsx';
import { usePage } from './page.ts';
import { Questions } from './questions.tsx';
import { Sash } from './sash.tsx';
import { Search } from './search.tsx';
import { chaptersOf, revealedRows } from './selectors.ts';
import type { State, Tab } from './state.ts';
import { useSelect } from './useSelect.ts';

/** The tabs; the box stays when they change. */
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
  const tabs: readonly (readonly [Tab, IconName, string, number])[] = [
    ['guidance', 'steps', l10n.t('Guidance'), guidanceCount],
    ['questions', 'question', l10n.t('Questions'), questionCount],
    ['code', 'code', l10n.t('Code'), 0],
    ...(chapterCount > 0
      ? [['chapters', 'chapters', l10n.t('Chapters'), chapterCount] as const]
      : []),
    ['search', 'search', l10n.t('Search'), 0],
  ];
  useEffect(() => {
    // In a narrow strip the one that was chosen has just become wider.
    const { activeElement } = document;
    if (!list.current?.contains(activeElement)) return;
    activeElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [tab]);
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
        const at = tabs.findIndex(([id]) => id === tab);
        const places: Readonly<Record<string, number>> = {
          ...{ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 },
        };
        const place = places[event.key];
        if (place === undefined) return;
        event.preventDefault();
        const [other] = tabs.at(place % tabs.length)!;
        show(other);
        list.current?.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
      }}
    >
      {tabs.map(([id, icon, label, count]) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          class="tab"
          title={label}
          aria-selected={id === tab}
          aria-controls="tab-panel"
          tabIndex={id === tab ? 0 : -1}
          onClick={() => {
            show(id);
          }}
        >
          <Icon name={icon} />
          <span class="tab-label">{label}</span>
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
