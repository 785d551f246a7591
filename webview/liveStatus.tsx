/** How the watching of something live goes: never that it is watched while its source gives nothing. */
import * as l10n from '@vscode/l10n';
import type { ComponentChildren, JSX } from 'preact';
import { formatMediaTime, noticeableLagMs, type LiveState } from '../protocol/index.ts';
import { Icon, IconButton } from './icons.tsx';
import { usePage } from './page.ts';
import { indexedTo } from './selectors.ts';
import type { ConnectedState, State } from './state.ts';
import { useSelect } from './useSelect.ts';
import { StartWatching, StopWatching } from './watchButtons.tsx';
import { withheldText } from './withheld.ts';

/** How far the model is behind, where that can be noticed: “ · 5 s behind”. */
function behindText({ watch: { stats } }: State): string {
  const lagMs = stats?.lagMs ?? 0;
  if (lagMs < noticeableLagMs) return '';
  return ` · ${l10n.t('{0} s behind', Math.round(lagMs / 1000))}`;
}

/** Of the user's clock. */
const sinceOf = ({ watch: { live } }: State): string =>
  live ? new Date(live.sinceMs).toLocaleTimeString() : '';

/** What stands under the player of a live session. */
export function LiveWatching({ state }: { readonly state: ConnectedState }): JSX.Element {
  const live = useSelect(({ watch }) => watch.live?.state);
  const watchedMs = useSelect(indexedTo);
  switch (state) {
    case 'watching':
      return <Running live={live} />;
    case 'finished':
    case 'stopped':
    case 'failed':
      return (
        <p class="quiet">
          {l10n.t('Watched live up to {0}', formatMediaTime(watchedMs))}
          <StartWatching text={l10n.t('Watch again')} />
        </p>
      );
  }
}

function Running({ live }: { readonly live: LiveState | undefined }): JSX.Element {
  const behind = useSelect(behindText);
  const withheld = useSelect(withheldText);
  const since = useSelect(sinceOf);
  const reason = useSelect(({ watch }) => watch.live?.reason);
  switch (live) {
    case undefined:
      return <Line kind="wait" text={l10n.t('Connecting…')} />;
    case 'live':
      return (
        <>
          <Line kind="live" text={l10n.t('Watching live') + behind} detail={withheld} isPausable />
          <Speech />
        </>
      );
    case 'silent':
      return <Line kind="trouble" text={l10n.t('No new pictures since {0}', since)} isPausable />;
    case 'reconnecting': {
      const text = l10n.t('Reconnecting to the source since {0}', since);
      const why = reason === undefined ? '' : ` ${l10n.t(reason)}`;
      return <Line kind="trouble" text={`${text}.${why}`} isPausable />;
    }
    case 'full': {
      const why = l10n.t('The disk is full. Make room, and watching goes on.');
      const text = l10n.t('Not watching since {0}', since);
      return <Line kind="trouble" text={`${text}. ${why}`} isPausable />;
    }
    case 'paused':
      return <Line kind="paused" text={l10n.t('Paused: nothing is captured')} isPausable />;
  }
}

/** What is heard, and where what is spoken goes: the only thing that may leave this machine. */
function Speech(): JSX.Element | null {
  const speech = useSelect(({ watch }) => watch.stats?.speech);
  if (!speech) return null;
  const { host, isLocal, isAway, dropped, sound, trouble } = speech;
  if (trouble !== undefined) return <p class="quiet">{l10n.t(trouble)}</p>;
  const heard = sound === 'microphone' ? `${l10n.t('The microphone is heard')} · ` : '';
  const where = isLocal
    ? l10n.t('What is spoken is transcribed on this machine, at {0}', host)
    : l10n.t('What is spoken is sent to {0}', host);
  const away = isAway ? ` · ${l10n.t('it does not answer')}` : '';
  const left = dropped === 0 ? '' : ` · ${l10n.t('{0} utterances left out', dropped)}`;
  return <p class="quiet">{heard + where + away + left}</p>;
}

interface LineProps {
  readonly kind: 'live' | 'wait' | 'trouble' | 'paused';
  readonly text: ComponentChildren;
  /** Read when somebody looks, and told to nobody when it grows. */
  readonly detail?: string;
  readonly isPausable?: boolean;
}

function Line({ kind, text, detail, isPausable = false }: LineProps): JSX.Element {
  const { host } = usePage();
  const isPaused = kind === 'paused';
  return (
    <div class={`live-status live-status-${kind}`}>
      {kind === 'trouble' ? <Icon name="info" /> : <span class="live-dot" aria-hidden="true" />}
      <span class="live-status-text" role="status">
        {text}
      </span>
      {detail !== undefined && detail !== '' && <span class="live-status-detail">{detail}</span>}
      {isPausable && (
        <IconButton
          icon={isPaused ? 'play' : 'pause'}
          label={isPaused ? l10n.t('Resume watching') : l10n.t('Pause watching')}
          onClick={() => {
            host.post('pauseWatching', { isPaused: !isPaused });
          }}
        />
      )}
      <StopWatching />
    </div>
  );
}
