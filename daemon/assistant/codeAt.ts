/** What is needed of a stored timeline to give the code at a moment: the lines on screen, and those that a popup hides. Pure. */
import { mediaMs, type MediaMs } from '../../protocol/index.ts';
import type { ScreenAt } from '../code/codeReader.ts';
import { readScreenAt, type ScreenTimeline } from './screenAt.ts';

/**
 * @returns the lines on screen, and those that stood there just before the oldest thing that now lies over the others came
 * @throws AppError request.invalid when the video is over by then
 */
export function readCodeScreen(
  timeline: ScreenTimeline,
  atMs: MediaMs,
  { frameRateFps }: { readonly frameRateFps: number },
): ScreenAt {
  const lines = readScreenAt(timeline, { atMs }, { frameRateFps });
  const isAbove = ({ region }: (typeof lines)[number]): boolean =>
    region === 'popup' || region === 'dialog';
  const cameMs = Math.min(...lines.filter(isAbove).map(({ startMs }) => startMs));
  const beforeMs = cameMs - 1000 / frameRateFps;
  if (!(beforeMs >= 0 && Number.isFinite(beforeMs))) return { atMs, lines };
  const still = new Set(lines.map(({ rowId }) => rowId));
  const earlier = readScreenAt(timeline, { atMs: mediaMs(beforeMs) }, { frameRateFps });
  return { atMs, lines, earlier: earlier.filter(({ rowId }) => !still.has(rowId)) };
}
