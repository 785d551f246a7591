/** What the assistant has said: the tab with the filter and the list. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { EmptyGuidance } from './emptyGuidance.tsx';
import { GuidanceList } from './guidanceList.tsx';
import { Icon, IconButton } from './icons.tsx';
import { usePage } from './page.ts';
import { revealedRows, visibleRows } from './selectors.ts';
import { useSelect } from './useSelect.ts';

/** Says what is going on where there is nothing to list. */
export function Guidance(): JSX.Element {
  const count = useSelect((state) => visibleRows(state).length);
  const hasSome = useSelect((state) => revealedRows(state).length > 0);
  return (
    <div class="guidance">
      {hasSome && <Filter count={count} />}
      {count > 0 ? <GuidanceList /> : <EmptyGuidance />}
    </div>
  );
}

function Filter({ count }: { readonly count: number }): JSX.Element {
  const { store } = usePage();
  const input = useRef<HTMLInputElement>(null);
  const filter = useSelect(({ view }) => view.filter);
  const type = (text: string): void => {
    store.dispatch({ kind: 'viewed', body: { filter: text } });
  };
  return (
    <div class="filter" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        value={filter}
        placeholder={l10n.t('Filter')}
        aria-label={l10n.t('Filter guidance')}
        onInput={({ currentTarget }) => {
          type(currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || filter === '') return;
          event.preventDefault();
          type('');
        }}
      />
      {filter !== '' && (
        <>
          <span class="filter-count" role="status">
            {count}
          </span>
          <IconButton
            icon="close"
            label={l10n.t('Clear filter')}
            onClick={() => {
              type('');
              // The button goes with the words, and the focus would with it.
              input.current?.focus();
            }}
          />
        </>
      )}
    </div>
  );
}
