/** What can be done with the stretch that is selected on the lane. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { formatMediaTime } from '../protocol/index.ts';
import { IconButton } from './icons.tsx';
import { usePage } from './page.ts';
import type { TimeRange } from './state.ts';

interface Props {
  readonly range: TimeRange;
  readonly onClear: () => void;
}

/** Its times, and buttons to ask about it, to summarise it, and to let go of it. */
export function Selection({ range, onClear }: Props): JSX.Element {
  const page = usePage();
  return (
    <div class="selection" role="group" aria-label={l10n.t('Selected part')}>
      <span class="selection-times">
        {formatMediaTime(range.fromMs)} – {formatMediaTime(range.toMs)}
      </span>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          page.askAbout(range);
        }}
      >
        {l10n.t('Ask')}
      </button>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          page.summarize();
        }}
      >
        {l10n.t('Summarize')}
      </button>
      <IconButton icon="close" label={l10n.t('Clear selection')} onClick={onClear} />
    </div>
  );
}
