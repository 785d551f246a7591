/** The lane under the player: where the video is, what is known of it, and a stretch that a person selects. */
import * as l10n from '@vscode/l10n';
import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatMediaTime, mediaMs } from '../protocol/index.ts';
import { IconButton } from './icons.tsx';
import { paintLane, type LanePicture } from './laneDrawing.ts';
import { gapAt, lastMark, marksOf, nearestMark, neighbourMark, type Mark } from './laneMarks.ts';
import { LaneTooltip, type Pointed } from './laneTooltip.tsx';
import { usePage, type Page } from './page.ts';
import { durationOf, indexedTo, memoised, revealedRows } from './selectors.ts';
import type { State, TimeRange } from './state.ts';
import { useSelect } from './useSelect.ts';

const stepMs = 5000;
/** Less is a click. */
const dragPx = 4;
const markReachPx = 5;

const marks = memoised(marksOf);
const shownMarks = (state: State): readonly Mark[] => marks(revealedRows(state), state.exchanges);

const picture = memoised(
  (
    durationMs: number,
    indexedMs: number,
    shown: readonly Mark[],
    gaps: State['rows']['gaps'],
    chapters: LanePicture['chapters'],
  ): LanePicture => ({ durationMs, indexedMs, marks: shown, gaps, chapters }),
);
const noChapters: LanePicture['chapters'] = [];
const pictureOf = (state: State): LanePicture =>
  picture(
    durationOf(state),
    indexedTo(state),
    shownMarks(state),
    state.rows.gaps,
    state.media?.chapters ?? noChapters,
  );

/** A stretch between two moments, whichever came first, inside the video. */
function rangeBetween(oneMs: number, otherMs: number, durationMs: number): TimeRange {
  const inside = (ms: number): number => Math.min(Math.max(0, ms), durationMs);
  const [fromMs, toMs] = [inside(oneMs), inside(otherMs)].sort((a, b) => a - b) as [number, number];
  return { fromMs: mediaMs(fromMs), toMs: mediaMs(toMs) };
}

/** What a key does on the lane. Shift with an arrow moves the end of the selection that was not its first. */
function pressLaneKey(
  page: Page,
  { key, shiftKey }: KeyboardEvent,
  anchor: RefObject<number>,
): boolean {
  const { store, playback } = page;
  const { range } = store.state;
  const durationMs = durationOf(store.state);
  const select = (byMs: number): void => {
    const start = (range && anchor.current) ?? playback.positionMs;
    anchor.current = start;
    const end = range ? (range.fromMs === mediaMs(start) ? range.toMs : range.fromMs) : start;
    const next = rangeBetween(start, end + byMs, durationMs);
    const isEmpty = next.fromMs === next.toMs;
    store.dispatch({ kind: 'selected', body: { range: isEmpty ? undefined : next } });
  };
  const toMark = (direction: 1 | -1): void => {
    const mark = neighbourMark(shownMarks(store.state), playback.positionMs, direction);
    if (mark) page.seek(mark.atMs);
  };
  const direction = key === 'ArrowLeft' || key === 'ArrowDown' ? -1 : 1;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
    case 'ArrowUp':
    case 'ArrowDown':
      if (shiftKey) select(direction * stepMs);
      else page.step(direction * stepMs);
      return true;
    case 'PageUp':
      toMark(-1);
      return true;
    case 'PageDown':
      toMark(1);
      return true;
    case 'Home':
      page.seek(0);
      return true;
    case 'End':
      page.seek(durationMs);
      return true;
    case 'Escape':
      if (!range) return false;
      store.dispatch({ kind: 'selected', body: { range: undefined } });
      return true;
    default:
      return false;
  }
}

/** The slider of the player, with everything that is known about the video. */
export function Lane(): JSX.Element {
  const page = usePage();
  const { store } = page;
  const lane = useRef<HTMLDivElement>(null);
  const anchor = useRef(0);
  const [pointed, setPointed] = useState<Pointed>();
  const [drag, setDrag] = useState<{ readonly startPx: number; readonly range?: TimeRange }>();
  const durationMs = useSelect(durationOf);
  const chapters = useSelect((state) => state.media?.chapters ?? noChapters);
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
        {pointed && durationMs > 0 && <LaneTooltip pointed={pointed} lane={lane} />}
      </div>
      {range && <Selection range={range} />}
    </div>
  );
}

function Painting(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useSelect(pictureOf);
  useLayoutEffect(() => {
    const paint = (): void => {
      paintLane(canvas.current!, shown);
    };
    paint();
    const sized = new ResizeObserver(paint);
    sized.observe(canvas.current!);
    // The editor says that its theme has changed by other classes and variables on these two.
    const themed = new MutationObserver(paint);
    for (const element of [document.documentElement, document.body]) {
      themed.observe(element, { attributes: true, attributeFilter: ['class', 'style'] });
    }
    return () => {
      sized.disconnect();
      themed.disconnect();
    };
  }, [shown]);
  return <canvas ref={canvas} class="lane-canvas" aria-hidden="true" />;
}

interface SpanProps {
  readonly range: TimeRange;
  readonly durationMs: number;
  readonly class: string;
  readonly children?: string;
}

function Span({ range, durationMs, class: name, children }: SpanProps): JSX.Element {
  const percent = (ms: number): string => `${(ms / durationMs) * 100}%`;
  const style = { left: percent(range.fromMs), width: percent(range.toMs - range.fromMs) };
  return (
    <span class={name} style={style} aria-hidden="true">
      {children}
    </span>
  );
}

function ChapterStrip({
  chapters,
  durationMs,
}: Pick<LanePicture, 'chapters' | 'durationMs'>): JSX.Element {
  return (
    <div class="chapters">
      {chapters.map(({ startMs, endMs, title }) => (
        <Span
          key={startMs}
          class="chapter"
          range={{ fromMs: startMs, toMs: endMs }}
          durationMs={durationMs}
        >
          {title}
        </Span>
      ))}
    </div>
  );
}

/** The played part and its end; while it plays it moves with every frame, past the rest of the page. */
function Playhead({ durationMs }: { readonly durationMs: number }): JSX.Element {
  const { playback } = usePage();
  const played = useRef<HTMLSpanElement>(null);
  const knob = useRef<HTMLSpanElement>(null);
  const isPlaying = useSelect(({ player }) => player.isPlaying);
  const positionMs = useSelect(({ player }) => player.positionMs);
  useEffect(() => {
    let frame = 0;
    const place = (): void => {
      const share = durationMs > 0 ? Math.min(1, playback.positionMs / durationMs) : 0;
      played.current!.style.transform = `scaleX(${share})`;
      knob.current!.style.transform = `translateX(${share * 100}%)`;
      if (isPlaying) frame = requestAnimationFrame(place);
    };
    place();
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [durationMs, isPlaying, isPlaying ? 0 : positionMs]);
  return (
    <>
      <span ref={played} class="lane-played" aria-hidden="true" />
      <span ref={knob} class="lane-knob" aria-hidden="true" />
    </>
  );
}

function Selection({ range }: { readonly range: TimeRange }): JSX.Element {
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
      <IconButton
        icon="close"
        label={l10n.t('Clear selection')}
        onClick={() => {
          page.store.dispatch({ kind: 'selected', body: { range: undefined } });
        }}
      />
    </div>
  );
}
