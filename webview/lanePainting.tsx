/** The layers of the lane that nobody touches. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Chapter } from '../protocol/index.ts';
import { paintLane, type LanePicture } from './laneDrawing.ts';
import { pictureOf } from './laneState.ts';
import { usePage } from './page.ts';
import type { TimeRange } from './state.ts';
import { useSelect } from './useSelect.ts';

/** Rail and marks. */
export function Painting(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useSelect(pictureOf);
  const latest = useRef(shown);
  latest.current = shown;
  const paint = (): void => {
    paintLane(canvas.current!, latest.current);
  };
  useLayoutEffect(paint, [shown]);
  useLayoutEffect(() => {
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
  }, []);
  return <canvas ref={canvas} class="lane-canvas" aria-hidden="true" />;
}

interface SpanProps {
  readonly range: TimeRange;
  readonly durationMs: number;
  readonly class: string;
  readonly children?: string;
}

/** A part of the lane. */
export function Span({ range, durationMs, class: name, children }: SpanProps): JSX.Element {
  const percent = (ms: number): string => `${(ms / durationMs) * 100}%`;
  const style = { left: percent(range.fromMs), width: percent(range.toMs - range.fromMs) };
  return (
    <span class={name} style={style} aria-hidden="true">
      {children}
    </span>
  );
}

interface ChapterProps extends Pick<LanePicture, 'durationMs'> {
  readonly chapters: readonly Chapter[];
}

/** Titles over the rail. */
export function ChapterStrip({ chapters, durationMs }: ChapterProps): JSX.Element {
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

/** Where chapters begin: cuts in the rail, played or not. */
export function ChapterTicks({ chapters, durationMs }: ChapterProps): JSX.Element {
  const starts = chapters.filter(({ startMs }) => startMs > 0 && startMs < durationMs);
  return (
    <>
      {starts.map(({ startMs }) => (
        <span
          key={startMs}
          class="lane-tick"
          style={{ left: `${(startMs / durationMs) * 100}%` }}
          aria-hidden="true"
        />
      ))}
    </>
  );
}

/** The played part and its end; while it plays it moves with every frame, past the rest of the page. */
export function Playhead({ durationMs }: { readonly durationMs: number }): JSX.Element {
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
