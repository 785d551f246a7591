/** What stands at a moment of the lane, with the picture of it. */
import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatMediaTime } from '../protocol/index.ts';
import { FramePicture } from './framePicture.tsx';

/** Where the pointer is on the lane, and what is there. */
export interface Pointed {
  readonly px: number;
  readonly atMs: number;
  readonly texts: readonly string[];
}

/** Pictures of moments nearer together than this are the same picture. */
const pictureMs = 500;

/** A picture costs the daemon a decoding: only where the pointer rests. */
const restMs = 120;

interface Props {
  readonly pointed: Pointed;
  readonly lane: RefObject<HTMLElement | null>;
}

/** Shows nothing that the slider does not say too: it is hidden from screen readers. */
export function LaneTooltip({ pointed, lane }: Props): JSX.Element {
  const { px, atMs, texts } = pointed;
  const tooltip = useRef<HTMLDivElement>(null);
  const [restedMs, setRestedMs] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => {
      setRestedMs(Math.round(atMs / pictureMs) * pictureMs);
    }, restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [atMs]);
  useLayoutEffect(() => {
    const width = tooltip.current!.offsetWidth;
    const room = lane.current!.clientWidth;
    const left = Math.min(Math.max(0, px - width / 2), Math.max(0, room - width));
    tooltip.current!.style.transform = `translateX(${left}px)`;
  });
  return (
    <div ref={tooltip} class="lane-tooltip" aria-hidden="true">
      <FramePicture atMs={restedMs} class="lane-frame" />
      <div class="lane-tooltip-text">
        <span class="time">{formatMediaTime(atMs)}</span>
        {texts.map((text) => (
          <span key={text} class="lane-tooltip-words">
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}
