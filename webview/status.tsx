/** How the watching goes, and what went wrong: under the player. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { formatMediaTime } from '../protocol/index.ts';
import { Icon } from './icons.tsx';
import { MediaNotices, PlayerNotice } from './mediaNotices.tsx';
import { ErrorNotice } from './notice.tsx';
import { durationOf, indexedShare, indexedTo, watchPace } from './selectors.ts';
import type { ConnectedState, State } from './state.ts';
import { formatDuration } from './text.ts';
import { LiveWatching } from './liveStatus.tsx';
import { useSelect } from './useSelect.ts';
import { withheldText } from './withheld.ts';
import { StartWatching, StopWatching } from './watchButtons.tsx';
import { percentOf, Work } from './work.tsx';

/** Everything that is said under the player: problems first. */
export function Status(): JSX.Element {
  const error = useSelect(({ watch }) => watch.error);
  return (
    <div class="status">
      {error && <ErrorNotice error={error} />}
      <PlayerNotice />
      <MediaNotices />
      <Watching />
      <Server />
    </div>
  );
}

/** Where what is watched goes, for as long as it does. */
function Server(): JSX.Element | null {
  const server = useSelect(({ watch }) =>
    watch.state === 'watching' ? watch.stats?.server : null,
  );
  if (!server) return null;
  const { host, model, isLocal, isAway } = server;
  const where = isLocal
    ? l10n.t('The model {0} watches on this machine, at {1}', model, host)
    : l10n.t('What is watched is sent to {0} at {1}', model, host);
  const away = isAway ? ` · ${l10n.t('it does not answer')}` : '';
  return <p class="quiet">{where + away}</p>;
}

const watchedText = (share: number): string => l10n.t('{0} watched', percentOf(share));

/** Speed and what remains: “12× · 3 min left”. */
function paceText(state: State): string {
  const pace = watchPace(state);
  if (pace === undefined) return '';
  const parts = [`${pace >= 10 ? Math.round(pace) : Math.round(pace * 10) / 10}×`];
  const restMs = durationOf(state) - indexedTo(state);
  if (restMs > 0) parts.push(l10n.t('{0} left', formatDuration(restMs / pace)));
  return ` · ${parts.join(' · ')}`;
}

function Watching(): JSX.Element | null {
  const isLive = useSelect((state) => state.isLive);
  const state = useSelect(({ watch }) => watch.state);
  switch (state) {
    case 'connecting':
      return <Work text={l10n.t('Starting…')} share={undefined} label={l10n.t('Starting')} />;
    case 'lost':
      return (
        <Work
          text={l10n.t('The connection was lost. Reconnecting…')}
          share={undefined}
          label={l10n.t('Reconnecting')}
        />
      );
    case 'watching':
    case 'finished':
    case 'stopped':
    case 'failed':
      return isLive ? <LiveWatching state={state} /> : <FileWatching state={state} />;
  }
}

function FileWatching({ state }: { readonly state: ConnectedState }): JSX.Element | null {
  const share = useSelect(indexedShare);
  const pace = useSelect(paceText);
  const withheld = useSelect(withheldText);
  const indexedMs = useSelect(indexedTo);
  switch (state) {
    case 'watching':
      return (
        <Work
          text={share === undefined ? l10n.t('Watching') : watchedText(share)}
          detail={pace + withheld}
          share={share}
          label={l10n.t('Watching ahead')}
        >
          <StopWatching />
        </Work>
      );
    case 'finished':
      return (
        <p class="quiet">
          <Icon name="check" />
          {l10n.t('Watched to the end')}
          {withheld}
        </p>
      );
    case 'stopped':
      return (
        <p class="quiet">
          {l10n.t('Stopped watching at {0}', formatMediaTime(indexedMs))}
          <StartWatching text={l10n.t('Resume watching')} />
        </p>
      );
    case 'failed':
      return null;
  }
}
