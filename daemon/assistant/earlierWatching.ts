/** What an earlier watching of a video left for the one that goes on: where it ended, and what it still knew there. */
import type { CueRow, GuidanceRow, MediaMs, ScreenTextRow } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import type { RecallTimeline } from './recall.ts';
import type { OpenedScreenLine } from '../perception/perception.ts';

export interface ResumeConfig {
  /**
   * How long before the place where watching goes on the video is looked at again, ms. Reader and decoder begin with nothing:
   * this much they see before anything is told or stored. Killed at nine places, the sample kept 51 of 54 later moments of
   * guidance to a second, and got 7 others.
   */
  readonly warmUpMs: number;
}

export const defaultResumeConfig: ResumeConfig = { warmUpMs: 20_000 };

export interface EarlierWatching {
  /** The last frame that was seen: its rows and all before it are stored. */
  readonly watchedMs: MediaMs;
  /** What was said since the first frame that is looked at again, and what may still be repeated. */
  readonly guidance: readonly GuidanceRow[];
  /** Lines that guidance may still rest on, in the order in which they were stored. */
  readonly lines: readonly ScreenTextRow[];
  /** Lines that stood on screen at the last frame. */
  readonly openLines: readonly ScreenTextRow[];
  /** Captions that were told. */
  readonly cues: readonly CueRow[];
}

/** A stored timeline that may have been left half-way. */
export interface UnfinishedTimeline extends Pick<RecallTimeline, 'read'> {
  /** The last frame of which every row is stored, and every row before it; undefined before the first one. */
  readonly watchedMs: MediaMs | undefined;
  openLines(): readonly ScreenTextRow[];
}

/** @param horizonMs how long ago what is still of use may be. @returns undefined when nothing was seen yet */
export function readEarlierWatching(
  timeline: UnfinishedTimeline,
  horizonMs: number,
): EarlierWatching | undefined {
  const { watchedMs } = timeline;
  if (watchedMs === undefined) return undefined;
  const fromMs = mediaMs(Math.max(0, watchedMs - horizonMs));
  const recent = timeline.read({ kinds: ['guidance', 'screenText'], fromMs });
  return {
    watchedMs,
    guidance: recent.filter((row) => row.kind === 'guidance'),
    lines: recent
      .filter((row) => row.kind === 'screenText')
      .filter(({ startMs }) => startMs >= fromMs)
      .sort((a, b) => a.id - b.id),
    openLines: timeline.openLines(),
    cues: timeline.read({ kinds: ['cue'] }).filter((row) => row.kind === 'cue'),
  };
}

/** The first frame that is looked at again; the first new one when nothing is. */
export function warmUpStart(
  { watchedMs }: EarlierWatching,
  frameRateFps: number,
  { warmUpMs }: ResumeConfig,
): MediaMs {
  const frames = Math.round((warmUpMs * frameRateFps) / 1000);
  const first = Math.max(0, frameNumber(watchedMs, frameRateFps) + 1 - frames);
  return mediaMs((first * 1000) / frameRateFps);
}

/** Place of a sample on the grid; the first one is number 0. */
export function frameNumber(ptsMs: MediaMs, frameRateFps: number): number {
  return Math.round((ptsMs * frameRateFps) / 1000);
}

/**
 * Finds for every line that is on screen now the row that was opened for it before: the same text, and of several the nearest.
 * @returns line → row; a line or a row without a partner is left out
 */
export function matchLines(
  lines: readonly OpenedScreenLine[],
  rows: readonly ScreenTextRow[],
): Map<OpenedScreenLine, ScreenTextRow> {
  const free = Map.groupBy(rows, ({ text }) => text);
  const matches = new Map<OpenedScreenLine, ScreenTextRow>();
  const pairs = lines
    .flatMap((line) => (free.get(line.text) ?? []).map((row) => ({ line, row })))
    .sort((a, b) => distance(a) - distance(b));
  const taken = new Set<ScreenTextRow>();
  for (const { line, row } of pairs) {
    if (matches.has(line) || taken.has(row)) continue;
    matches.set(line, row);
    taken.add(row);
  }
  return matches;
}

function distance({ line, row }: { line: OpenedScreenLine; row: ScreenTextRow }): number {
  const [x, y] = line.box;
  return Math.hypot(x - row.box[0], y - row.box[1]);
}
