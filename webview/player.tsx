/** The video with its controls. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatMediaTime } from '../protocol/index.ts';
import { IconButton } from './icons.tsx';
import { Lane } from './lane.tsx';
import { usePage, type Page } from './page.ts';
import { rates } from './playback.ts';
import { currentChapter, currentCue, durationOf } from './selectors.ts';
import { useSelect } from './useSelect.ts';

const stepMs = 5000;
const longStepMs = 10_000;

/** What a key does while the player has the focus, in the way of the large video sites. @returns false for other keys */
export function pressPlayerKey(page: Page, key: string): boolean {
  const { playback, store } = page;
  const { rate, volume } = store.state.player;
  const acts: Readonly<Record<string, () => void>> = {
    ' ': () => {
      playback.toggle();
    },
    k: () => {
      playback.toggle();
    },
    j: () => {
      page.step(-longStepMs);
    },
    l: () => {
      page.step(longStepMs);
    },
    ArrowLeft: () => {
      page.step(-stepMs);
    },
    ArrowRight: () => {
      page.step(stepMs);
    },
    ArrowUp: () => {
      playback.setVolume(volume + 0.1);
    },
    ArrowDown: () => {
      playback.setVolume(volume - 0.1);
    },
    Home: () => {
      page.seek(0);
    },
    End: () => {
      page.seek(durationOf(store.state));
    },
    m: () => {
      playback.toggleMute();
    },
    '<': () => {
      playback.setRate(rates.findLast((one) => one < rate) ?? rate);
    },
    '>': () => {
      playback.setRate(rates.find((one) => one > rate) ?? rate);
    },
  };
  const act = Object.hasOwn(acts, key) ? acts[key] : undefined;
  act?.();
  return act !== undefined;
}

/** Whether a control of the player uses a key itself. */
function ownsKey(control: Element, key: string): boolean {
  if (control.matches('select, input')) return true;
  return control.matches('button') && (key === ' ' || key === 'Enter');
}

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
  const canPlay = useSelect(
    ({ media, player }) => media?.videoUrl !== undefined && !player.problem,
  );
  // A picture that somebody stopped at is there to be read: only the very first one is covered.
  const isFresh = useSelect(({ player }) => player.positionMs === 0 && !player.isPlaying);
  const isWaiting = useSelect(({ player }) => player.isWaiting && player.isPlaying);
  const caption = useSelect((state) =>
    state.player.showsCaptions ? currentCue(state) : undefined,
  );
  useLayoutEffect(() => page.playback.attach(video.current!), [page]);
  return (
    <div
      class="screen"
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
      {caption !== undefined && <p class="caption">{caption}</p>}
    </div>
  );
}

function Controls(): JSX.Element {
  const { playback, store } = usePage();
  const player = useSelect((state) => state.player);
  const durationMs = useSelect(durationOf);
  const chapter = useSelect(currentChapter);
  const canPlay = useSelect(({ media }) => media?.videoUrl !== undefined);
  const hasCues = useSelect(({ rows }) => rows.cues.length > 0);
  const picture = playback.togglePictureInPicture;
  const isSilent = player.isMuted || player.volume === 0;
  return (
    <div class="controls" role="group" aria-label={l10n.t('Playback')}>
      <IconButton
        icon={player.isPlaying ? 'pause' : 'play'}
        label={player.isPlaying ? l10n.t('Pause') : l10n.t('Play')}
        isDisabled={!canPlay}
        onClick={() => {
          playback.toggle();
        }}
      />
      <span class="time">
        {formatMediaTime(player.positionMs)}
        <span class="time-total">{durationMs > 0 && ` / ${formatMediaTime(durationMs)}`}</span>
      </span>
      <span class="chapter-now">{chapter}</span>
      <select
        class="rate"
        aria-label={l10n.t('Speed')}
        title={l10n.t('Speed')}
        value={String(player.rate)}
        onChange={({ currentTarget }) => {
          playback.setRate(Number(currentTarget.value));
        }}
      >
        {[...new Set([...rates, player.rate])]
          .sort((a, b) => a - b)
          .map((rate) => (
            <option key={rate} value={String(rate)}>
              {rate}×
            </option>
          ))}
      </select>
      {hasCues && (
        <IconButton
          icon="captions"
          label={l10n.t('Captions')}
          isPressed={player.showsCaptions}
          onClick={() => {
            const body = { showsCaptions: !player.showsCaptions };
            store.dispatch({ kind: 'playerChanged', body });
          }}
        />
      )}
      <IconButton
        icon={isSilent ? 'muted' : 'volume'}
        label={isSilent ? l10n.t('Unmute') : l10n.t('Mute')}
        onClick={() => {
          if (isSilent && player.volume === 0) playback.setVolume(1);
          else playback.toggleMute();
        }}
      />
      <input
        class="volume"
        type="range"
        min="0"
        max="1"
        step="0.05"
        aria-label={l10n.t('Volume')}
        value={isSilent ? 0 : player.volume}
        onInput={({ currentTarget }) => {
          playback.setVolume(currentTarget.valueAsNumber);
        }}
      />
      {picture && (
        <IconButton
          icon="pictureInPicture"
          label={l10n.t('Picture in picture')}
          isDisabled={!canPlay}
          onClick={picture}
        />
      )}
    </div>
  );
}
