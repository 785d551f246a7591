/** What stands where guidance will be: says what is going on. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { usePage } from './page.ts';
import { hiddenCount, indexedShare, revealedRows } from './selectors.ts';
import type { State } from './state.ts';
import { useSelect } from './useSelect.ts';

/** The sentence for an empty list. */
function sentenceOf(state: State): string {
  const { watch, view, rows } = state;
  if (revealedRows(state).length > 0) return l10n.t('Nothing matches “{0}”.', view.filter);
  if (rows.guidance.length > 0 && rows.guidance.length === hiddenCount(state)) {
    return l10n.t('Nothing of what was said is wanted at this setting.');
  }
  if (rows.guidance.length > 0) return l10n.t('Guidance appears here as the video plays.');
  switch (watch.state) {
    case 'connecting':
      return l10n.t('Getting ready to watch…');
    case 'lost':
      return l10n.t('Reconnecting…');
    case 'watching': {
      const share = indexedShare(state);
      if (share === undefined) return l10n.t('Watching. Guidance appears here as it is found.');
      const percent = Math.floor(share * 100);
      return l10n.t('{0} % watched. Guidance appears here as it is found.', percent);
    }
    case 'finished':
      return l10n.t('There was nothing to point out in this video.');
    case 'stopped':
      return l10n.t('Watching was stopped before there was anything to say.');
    case 'failed':
      return l10n.t('This video could not be watched.');
  }
}

/** A quiet sentence in the middle, with a way on where there is one. */
export function EmptyGuidance(): JSX.Element {
  const { host, store } = usePage();
  const sentence = useSelect(sentenceOf);
  const isFiltered = useSelect((state) => revealedRows(state).length > 0);
  const isStopped = useSelect(({ watch }) => watch.state === 'stopped');
  return (
    <div class="empty">
      <p>{sentence}</p>
      {isFiltered && (
        <button
          type="button"
          class="link-button"
          onClick={() => {
            store.dispatch({ kind: 'viewed', body: { filter: '' } });
          }}
        >
          {l10n.t('Clear filter')}
        </button>
      )}
      {!isFiltered && isStopped && (
        <button
          type="button"
          class="link-button"
          onClick={() => {
            host.post('startWatching', {});
          }}
        >
          {l10n.t('Resume watching')}
        </button>
      )}
    </div>
  );
}
