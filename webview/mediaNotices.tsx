/** What cannot be played, or not yet. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { Notice } from './notice.tsx';
import { useSelect } from './useSelect.ts';
import { percentOf, Work } from './work.tsx';

/** Why the player shows nothing. */
export function PlayerNotice(): JSX.Element | null {
  const problem = useSelect(({ player }) => player.problem);
  const isPreparing = useSelect(({ media }) => media?.state === 'preparing');
  const isLost = useSelect(({ watch }) => watch.state === 'lost' || watch.state === 'connecting');
  // A copy for this player is on its way, and it is told how far.
  if (!problem || (problem.kind === 'decoder' && isPreparing)) return null;
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

/** What the daemon says about the tracks, and how far a copy has come. */
export function MediaNotices(): JSX.Element | null {
  const media = useSelect((state) => state.media);
  const isUndecoded = useSelect(({ player }) => player.problem?.kind === 'decoder');
  // What keeps a file from being played mostly keeps it from being watched, and that is told already.
  const told = useSelect(({ watch }) => watch.error?.message);
  if (!media) return null;
  const { state, progress, notices, hasSound, videoUrl } = media;
  const isFailed = state === 'failed';
  const untold = notices.filter((text) => told === undefined || !text.startsWith(told));
  const preparing =
    videoUrl === undefined || isUndecoded
      ? l10n.t('Preparing a copy that the editor can play')
      : hasSound
        ? l10n.t('Preparing a better copy')
        : l10n.t('No sound yet: preparing a copy with sound');
  return (
    <>
      {untold.map((text) => (
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
