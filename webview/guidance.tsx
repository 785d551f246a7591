/** What the assistant has said: the tab with the filter and the list. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { EmptyGuidance } from './emptyGuidance.tsx';
import { GuidanceList } from './guidanceList.tsx';
import { Manner } from './manner.tsx';
import { usePage } from './page.ts';
import { revealedRows, visibleRows } from './selectors.ts';
import { useSelect } from './useSelect.ts';
import { WordsField } from './wordsField.tsx';

/** Says what is going on where there is nothing to list. */
export function Guidance(): JSX.Element {
  const count = useSelect((state) => visibleRows(state).length);
  const hasSome = useSelect((state) => revealedRows(state).length > 0);
  return (
    <div class="guidance">
      <Manner />
      {hasSome && <Filter count={count} />}
      {count > 0 ? <GuidanceList /> : <EmptyGuidance />}
    </div>
  );
}

function Filter({ count }: { readonly count: number }): JSX.Element {
  const { store } = usePage();
  const filter = useSelect(({ view }) => view.filter);
  const type = (text: string): void => {
    store.dispatch({ kind: 'viewed', body: { filter: text } });
  };
  return (
    <WordsField
      words={filter}
      placeholder={l10n.t('Filter')}
      label={l10n.t('Filter guidance')}
      clearLabel={l10n.t('Clear filter')}
      onInput={type}
      onClear={() => {
        type('');
      }}
    >
      <span class="filter-count" role="status">
        {count}
      </span>
    </WordsField>
  );
}
