/** What stands under the lane: play, time, speed, sound. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { formatMediaTime } from '../protocol/index.ts';
import { IconButton } from './icons.tsx';
import { usePage } from './page.ts';
import { rates } from './playback.ts';
import { LiveEdge } from './liveEdge.tsx';
import { addressOf, currentChapter, durationOf } from './selectors.ts';
import { useSelect } from './useSelect.ts';

/** What can be done with what is shown now. */
function CodeTools(): JSX.Element {
  const page = usePage();
  const isReady = useSelect(({ media }) => (media?.width ?? 0) > 0);
  const isDrawing = useSelect(({ ask }) => ask.isDrawing);
  const tools = [
    ['copy', l10n.t('Copy the code at this moment')],
    ['insert', l10n.t('Insert the code at this moment into my file')],
    ['compare', l10n.t('Compare my file with the video')],
  ] as const;
  return (
    <span class="code-tools" role="group" aria-label={l10n.t('Code at this moment')}>
      {tools.map(([action, label]) => (
        <IconButton
          key={action}
          icon={action}
          label={label}
          isDisabled={!isReady}
          onClick={() => {
            page.code(action);
          }}
        />
      ))}
      <IconButton
        icon="box"
        class="box-tool"
        label={l10n.t('Ask about a part of the picture')}
        isPressed={isDrawing}
        isDisabled={!isReady}
        onClick={() => {
          page.toggleDrawing();
        }}
      />
    </span>
  );
}

/** All of them have names, since they show pictures. */
export function Controls(): JSX.Element {
  const { playback, store } = usePage();
  const player = useSelect((state) => state.player);
  const durationMs = useSelect(durationOf);
  const chapter = useSelect((state) => currentChapter(state)?.title);
  const canPlay = useSelect((state) => addressOf(state) !== undefined);
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
      <LiveEdge />
      <span class="chapter-now">{chapter}</span>
      <CodeTools />
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
