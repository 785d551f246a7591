/** What stood on screen at a moment of a video. Pure. */
import {
  formatMediaTime,
  mediaMs,
  type MediaMs,
  type ScreenLineAt,
  type ScreenRegion,
} from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { defaultTrackerConfig } from '../perception/screenTextTracker.ts';
import { inReadingOrder } from '../perception/places.ts';
import type { LineAt } from '../timeline/screenLines.ts';

/** What is asked of a stored timeline. */
export interface ScreenTimeline {
  readonly isComplete: boolean;
  readonly durationMs: MediaMs | undefined;
  linesAt(ptsMs: MediaMs): readonly LineAt[];
}

/** Frames behind a moment after which every line of that moment is known: until then one may be seen too shortly to be told. */
const settledFrames = defaultTrackerConfig.goneFrames + 1;

/** Up to where a video must be watched for the lines of a moment to be known. */
export function settledAt(atMs: MediaMs, frameRateFps: number): MediaMs {
  return mediaMs(atMs + (settledFrames * 1000) / frameRateFps);
}

/**
 * The lines from the top, each row from the left, as the frame nearest to the moment shows them.
 * @throws AppError request.invalid when the video is over by then
 */
export function readScreenAt(
  timeline: ScreenTimeline,
  { atMs, region }: { readonly atMs: MediaMs; readonly region?: ScreenRegion | undefined },
  { frameRateFps }: { readonly frameRateFps: number },
): ScreenLineAt[] {
  const { durationMs } = timeline;
  if (durationMs !== undefined && atMs > durationMs) {
    throw new AppError(
      'request.invalid',
      `The video is over by then: it ends at ${formatMediaTime(durationMs)}.`,
    );
  }
  const lines = timeline
    .linesAt(nearestFrame(atMs, { frameRateFps, durationMs }))
    .filter(({ row }) => region === undefined || row.region === region);
  const inOrder = inReadingOrder(
    lines,
    ({ box: [x, y, width, height] }) => ({ x, y, width, height }),
    defaultTrackerConfig.rowHeights,
  );
  return inOrder.map(({ row, window: [startMs, endMs], box }) => {
    const { id, text, confidence, region, indentColumns, provenance } = row;
    return { rowId: id, text, startMs, endMs, box, confidence, region, indentColumns, provenance };
  });
}

/** Time of the frame that was looked at nearest to a moment. */
function nearestFrame(
  atMs: MediaMs,
  { frameRateFps, durationMs = mediaMs(Number.MAX_SAFE_INTEGER) }: FrameGrid,
): MediaMs {
  const last = Math.floor((durationMs * frameRateFps) / 1000);
  const frame = Math.min(Math.round((atMs * frameRateFps) / 1000), last);
  return mediaMs((frame * 1000) / frameRateFps);
}

interface FrameGrid {
  readonly frameRateFps: number;
  readonly durationMs: MediaMs | undefined;
}
