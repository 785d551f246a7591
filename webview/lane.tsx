/** The lane under the player: where the video is, what is known of it, and a stretch that a person selects. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { formatMediaTime } from '../protocol/index.ts';
import { pressLaneKey, rangeBetween } from './laneKeys.ts';
import { gapAt, lastMark, nearestMark } from './laneMarks.ts';
import { ChapterStrip, ChapterTicks, Painting, Playhead, Span } from './lanePainting.tsx';
import { Selection } from './laneSelection.tsx';
import { shownMarks } from './laneState.ts';
import { LaneTooltip, type Pointed } from './laneTooltip.tsx';
import { usePage } from './page.ts';
import { chaptersOf, durationOf } from './selectors.ts';
import type { TimeRange } from './state.ts';
import { useSelect } from './useSelect.ts';

/** Less is a click. */
const dragPx = 4;
const markReachPx = 5;

/** The slider of the player, with everything that is known about the video. */
export function Lane(): JSX.Element {
  const page = usePage();
  const { store } = page;
  const lane = useRef<HTMLDivElement>(null);
  const anchor = useRef(0);
  const [pointed, setPointed] = useState<Pointed>();
  const [drag, setDrag] = useState<{ readonly startPx: number; readonly range?: TimeRange }>();
  const durationMs = useSelect(durationOf);
  const chapters = useSelect(chaptersOf);
  const positionMs = useSelect(({ player }) => Math.floor(player.positionMs / 1000) * 1000);
  const step = useSelect((state) => lastMark(shownMarks(state), state.player.positionMs)?.text);
  const selected = useSelect((state) => state.range);
  const range = drag?.range ?? selected;

  const at = (clientX: number): { ms: number; px: number; msPerPx: number } => {
    const { left, width } = lane.current!.getBoundingClientRect();
    const px = Math.min(Math.max(0, clientX - left), width);
    const msPerPx = width > 0 ? durationMs / width : 0;
    return { ms: px * msPerPx, px, msPerPx };
  };
  const point = (clientX: number): void => {
    const { ms, px, msPerPx } = at(clientX);
    const { state } = store;
    const mark = nearestMark(shownMarks(state), ms, markReachPx * msPerPx);
    const chapter = chapters.find(({ startMs, endMs }) => startMs <= ms && ms < endMs);
    const texts = [mark?.text, chapter?.title, gapAt(state.rows.gaps, ms)?.reason];
    setPointed({ px, atMs: mark?.atMs ?? ms, texts: texts.filter((text) => text !== undefined) });
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || durationMs === 0) return;
    lane.current?.setPointerCapture(event.pointerId);
    setDrag({ startPx: event.clientX });
  };
  const onPointerMove = ({ clientX }: PointerEvent): void => {
    if (durationMs > 0) point(clientX);
    if (!drag) return;
    const isDrag = drag.range !== undefined || Math.abs(clientX - drag.startPx) >= dragPx;
    if (isDrag) {
      const stretch = rangeBetween(at(drag.startPx).ms, at(clientX).ms, durationMs);
      setDrag({ ...drag, range: stretch });
    }
  };
  const onPointerUp = ({ clientX }: PointerEvent): void => {
    if (!drag) return;
    setDrag(undefined);
    if (drag.range) {
      anchor.current = drag.range.fromMs;
      store.dispatch({ kind: 'selected', body: { range: drag.range } });
      return;
    }
    const { ms, msPerPx } = at(clientX);
    page.seek(nearestMark(shownMarks(store.state), ms, markReachPx * msPerPx)?.atMs ?? ms);
  };
  const clear = (): void => {
    store.dispatch({ kind: 'selected', body: { range: undefined } });
    // The button goes with the selection, and the focus would with it.
    lane.current?.focus();
  };
  return (
    <div class="lane-area">
      <div
        ref={lane}
        class="lane"
        role="slider"
        tabIndex={0}
        aria-label={l10n.t('Timeline')}
        aria-valuemin={0}
        aria-valuemax={Math.round(durationMs / 1000)}
        aria-valuenow={positionMs / 1000}
        aria-valuetext={
          step === undefined
            ? l10n.t('{0} of {1}', formatMediaTime(positionMs), formatMediaTime(durationMs))
            : `${formatMediaTime(positionMs)}, ${step}`
        }
        onKeyDown={(event) => {
          if (pressLaneKey(page, event, anchor)) event.preventDefault();
        }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          setDrag(undefined);
        }}
        onPointerLeave={() => {
          setPointed(undefined);
        }}
      >
        <Painting />
        {chapters.length > 1 && <ChapterStrip chapters={chapters} durationMs={durationMs} />}
        {range && <Span class="lane-range" range={range} durationMs={durationMs} />}
        <Playhead durationMs={durationMs} />
        {durationMs > 0 && <ChapterTicks chapters={chapters} durationMs={durationMs} />}
        {pointed && durationMs > 0 && <LaneTooltip pointed={pointed} lane={lane} />}
      </div>
      {range && <Selection range={range} onClear={clear} />}
    </div>
  );
}
