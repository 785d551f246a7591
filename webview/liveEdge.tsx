/** How far the picture is behind what is live, and the way back to it. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { formatMediaTime } from '../protocol/index.ts';
import { usePage } from './page.ts';
import type { State } from './state.ts';
import { useSelect } from './useSelect.ts';

/** So near to the present counts as being there: fragments, and what a player must have in hand. */
const presentMs = 6000;

/** Seconds as people read them: 4 s, 1:20. */
function lagOf({ feed }: State): string {
  const lagMs = feed?.lagMs ?? 0;
  return lagMs < 60_000 ? l10n.t('{0} s', Math.round(lagMs / 1000)) : formatMediaTime(lagMs);
}

/** Nothing for what has an end. */
export function LiveEdge(): JSX.Element | null {
  const page = usePage();
  const isRunning = useSelect(({ feed }) => feed?.liveMs !== undefined);
  const isThere = useSelect(
    ({ feed, player }) => player.followsLive && (feed?.lagMs ?? 0) < presentMs,
  );
  const lag = useSelect(lagOf);
  if (!isRunning) return null;
  return (
    <button
      type="button"
      class="live-edge"
      aria-pressed={isThere}
      title={
        isThere
          ? l10n.t('The picture is {0} behind', lag)
          : l10n.t('The picture is {0} behind: go to what is live', lag)
      }
      onClick={() => {
        page.goLive();
      }}
    >
      <span class="live-dot" aria-hidden="true" />
      {l10n.t('Live')}
      <span class="live-lag">−{lag}</span>
    </button>
  );
}
