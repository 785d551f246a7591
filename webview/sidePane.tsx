/** Beside the player: guidance and questions as two tabs, and the box to ask in. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { AskBox } from './askBox.tsx';
import { Guidance } from './guidance.tsx';
import { usePage } from './page.ts';
import { Questions } from './questions.tsx';
import { Sash } from './sash.tsx';
import { revealedRows } from './selectors.ts';
import type { Tab } from './state.ts';
import { useSelect } from './useSelect.ts';

/** Both tabs; the box stays when they change. */
export function SidePane(): JSX.Element {
  const tab = useSelect(({ view }) => view.tab);
  return (
    <section class="side" aria-label={l10n.t('Guidance and questions')}>
      <Sash />
      <Tabs />
      <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
        {tab === 'guidance' ? <Guidance /> : <Questions />}
      </div>
      <AskBox />
    </section>
  );
}

function Tabs(): JSX.Element {
  const { store } = usePage();
  const list = useRef<HTMLDivElement>(null);
  const tab = useSelect(({ view }) => view.tab);
  const guidanceCount = useSelect((state) => revealedRows(state).length);
  const questionCount = useSelect((state) => state.exchanges.length);
  const tabs: readonly (readonly [Tab, string, number])[] = [
    ['guidance', l10n.t('Guidance'), guidanceCount],
    ['questions', l10n.t('Questions'), questionCount],
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
        const other = tab === 'guidance' ? 'questions' : 'guidance';
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
