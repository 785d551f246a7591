/** The video with its lane and its controls. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Lane } from './lane.tsx';
import { usePage } from './page.ts';
import { Controls } from './playerControls.tsx';
import { PictureBox } from './pictureBox.tsx';
import { ownsKey, pressPlayerKey } from './playerKeys.ts';
import { addressOf, currentCue } from './selectors.ts';
import { useSelect } from './useSelect.ts';

/** The picture, the lane and the controls. Keys work wherever the focus is in it. */
export function Player(): JSX.Element {
  const page = usePage();
  const onKeyDown = (event: KeyboardEvent): void => {
    const { defaultPrevented, ctrlKey, metaKey, altKey, shiftKey, key, target } = event;
    const hasModifier = ctrlKey || metaKey || altKey || (shiftKey && key.length > 1);
    if (defaultPrevented || hasModifier || ownsKey(target as Element, key)) return;
    if (pressPlayerKey(page, key)) event.preventDefault();
  };
  return (
    <section class="player" aria-label={l10n.t('Video')} onKeyDown={onKeyDown}>
      <Screen />
      <Lane />
      <Controls />
    </section>
  );
}

function Screen(): JSX.Element {
  const page = usePage();
  const video = useRef<HTMLVideoElement>(null);
  const name = useSelect((state) => state.name);
  const canPlay = useSelect((state) => addressOf(state) !== undefined && !state.player.problem);
  // A picture that somebody stopped at is there to be read: only the very first one is covered.
  const isFresh = useSelect(({ player }) => player.positionMs === 0 && !player.isPlaying);
  const isWaiting = useSelect(({ player }) => player.isWaiting && player.isPlaying);
  const caption = useSelect((state) =>
    state.player.showsCaptions ? currentCue(state) : undefined,
  );
  const shape = useSelect(({ media }) =>
    media && media.width > 0 ? `${media.width} / ${media.height}` : undefined,
  );
  useLayoutEffect(() => page.playback.attach(video.current!), [page]);
  return (
    <div
      class="screen"
      style={shape === undefined ? {} : { aspectRatio: shape }}
      role="group"
      tabIndex={0}
      aria-label={l10n.t('{0}, player: space plays and pauses, arrow keys move', name)}
      onClick={() => {
        if (canPlay) page.playback.toggle();
      }}
    >
      <video ref={video} class="video" playsInline preload="auto" tabIndex={-1} />
      {canPlay && isFresh && (
        <span class="screen-play" aria-hidden="true">
          <svg viewBox="0 0 16 16">
            <path d="M5.5 3.3v9.4L12.8 8z" />
          </svg>
        </span>
      )}
      {isWaiting && (
        <div class="progress progress-unknown screen-waiting" aria-hidden="true">
          <span />
        </div>
      )}
      <PictureBox />
      {caption !== undefined && <p class="caption">{caption}</p>}
    </div>
  );
}
