/** How the watching goes, and what went wrong: under the player. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { formatMediaTime, type PanelAction, type ShownError } from '../protocol/index.ts';
import { Icon, IconButton, type IconName } from './icons.tsx';
import { usePage } from './page.ts';
import { durationOf, indexedShare, indexedTo, watchPace } from './selectors.ts';
import type { State } from './state.ts';
import { formatDuration } from './text.ts';
import { useSelect } from './useSelect.ts';

/** Everything that is said under the player: problems first. */
export function Status(): JSX.Element {
  const error = useSelect(({ watch }) => watch.error);
  return (
    <div class="status">
      {error && <ErrorNotice error={error} />}
      <PlayerNotice />
      <MediaNotices />
      <Watching />
    </div>
  );
}

/** The words on an action's button. */
export function actionLabel(action: PanelAction): string {
  switch (action) {
    case 'showLog':
      return l10n.t('Show log');
    case 'doctor':
      return l10n.t('Run Doctor');
    case 'restartDaemon':
      return l10n.t('Restart');
    case 'openExternally':
      return l10n.t('Open in another player');
    case 'openSettings':
      return l10n.t('Open settings');
    case 'retry':
      return l10n.t('Try again');
  }
}

interface NoticeProps {
  readonly icon: IconName;
  readonly text: string;
  readonly kind: 'error' | 'info';
  readonly action?: PanelAction | undefined;
}

function Notice({ icon, text, kind, action }: NoticeProps): JSX.Element {
  const page = usePage();
  return (
    <div class={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <span class="notice-text">{text}</span>
      {action && (
        <button
          type="button"
          class="button button-secondary"
          onClick={() => {
            page.act(action);
          }}
        >
          {actionLabel(action)}
        </button>
      )}
    </div>
  );
}

/** One sentence and one action; the remedy is a sentence only where there is no button for it. */
export function ErrorNotice({ error }: { readonly error: ShownError }): JSX.Element {
  const text = error.action ? error.message : `${error.message} ${error.remedy}`;
  return <Notice icon="error" kind="error" text={text} action={error.action} />;
}

function PlayerNotice(): JSX.Element | null {
  const problem = useSelect(({ player }) => player.problem);
  const isLost = useSelect(({ watch }) => watch.state === 'lost' || watch.state === 'connecting');
  if (!problem) return null;
  if (problem.kind === 'decoder') {
    const text = l10n.t('The editor’s player cannot decode this video: {0}', problem.detail);
    return <Notice icon="error" kind="error" text={text} action="openExternally" />;
  }
  const waiting = l10n.t('The video cannot be reached. It goes on where it was once it can be.');
  return isLost ? (
    <Notice icon="info" kind="info" text={waiting} />
  ) : (
    <Notice icon="error" kind="error" text={waiting} action="retry" />
  );
}

function MediaNotices(): JSX.Element | null {
  const media = useSelect((state) => state.media);
  if (!media) return null;
  const { state, progress, notices, hasSound, videoUrl } = media;
  const isFailed = state === 'failed';
  const preparing =
    videoUrl === undefined
      ? l10n.t('Preparing a copy that the editor can play')
      : hasSound
        ? l10n.t('Preparing a better copy')
        : l10n.t('No sound yet: preparing a copy with sound');
  return (
    <>
      {notices.map((text) => (
        <Notice
          key={text}
          icon={isFailed ? 'error' : 'info'}
          kind={isFailed ? 'error' : 'info'}
          text={text}
          action={isFailed ? 'openExternally' : undefined}
        />
      ))}
      {state === 'preparing' && (
        <Work
          text={preparing}
          detail={progress === undefined ? '' : ` · ${percentOf(progress)}`}
          share={progress}
          label={l10n.t('Preparing the video')}
        />
      )}
    </>
  );
}

const percentOf = (share: number): string => l10n.t('{0} %', Math.floor(share * 100));
const watchedText = (share: number): string => l10n.t('{0} watched', percentOf(share));

interface WorkProps {
  readonly text: string;
  /** What follows the text where there is room. */
  readonly detail?: string;
  /** 0 … 1; unknown when absent. */
  readonly share: number | undefined;
  /** Of the progress bar. */
  readonly label: string;
  readonly children?: JSX.Element;
}

/** A line about something that takes a while, with its bar. */
function Work({ text, detail, share, label, children }: WorkProps): JSX.Element {
  const percent = share === undefined ? undefined : Math.floor(share * 100);
  return (
    <div class="work">
      <div class="work-line">
        <span class="work-text">
          {text}
          {detail}
        </span>
        {children}
      </div>
      <div
        class={percent === undefined ? 'progress progress-unknown' : 'progress'}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span style={percent === undefined ? {} : { transform: `scaleX(${percent / 100})` }} />
      </div>
    </div>
  );
}

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
  const { host } = usePage();
  const state = useSelect(({ watch }) => watch.state);
  const share = useSelect(indexedShare);
  const pace = useSelect(paceText);
  const indexedMs = useSelect(indexedTo);
  const start = (): void => {
    host.post('startWatching', {});
  };
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
      return (
        <Work
          text={share === undefined ? l10n.t('Watching') : watchedText(share)}
          detail={pace}
          share={share}
          label={l10n.t('Watching ahead')}
        >
          <IconButton
            icon="stop"
            label={l10n.t('Stop watching')}
            onClick={() => {
              host.post('stopWatching', {});
            }}
          />
        </Work>
      );
    case 'finished':
      return (
        <p class="quiet">
          <Icon name="check" />
          {l10n.t('Watched to the end')}
        </p>
      );
    case 'stopped':
      return (
        <p class="quiet">
          {l10n.t('Stopped watching at {0}', formatMediaTime(indexedMs))}
          <button type="button" class="link-button" onClick={start}>
            {l10n.t('Resume watching')}
          </button>
        </p>
      );
    case 'failed':
      return null;
  }
}
