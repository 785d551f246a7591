/** Numbers out of lists of numbers. Pure. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Interpolates between neighbours. @param share 0 … 1. @throws RangeError for an empty list */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** When a counter stood at a value. */
export interface CounterPoint {
  readonly atMs: number;
  readonly count: number;
}

/**
 * Milliseconds that each step of a counter took between two counts, read off between the points.
 * @param points in the order of time
 * @returns undefined when the points do not reach that far
 */
export function costPerStep(
  points: readonly CounterPoint[],
  { from, to }: { readonly from: number; readonly to: number },
): number | undefined {
  const start = timeAt(points, from);
  const end = timeAt(points, to);
  return start === undefined || end === undefined ? undefined : (end - start) / (to - from);
}

function timeAt(points: readonly CounterPoint[], count: number): number | undefined {
  const index = points.findIndex((point) => point.count >= count);
  const after = points[index];
  if (!after) return undefined;
  if (after.count === count) return after.atMs;
  const before = points[index - 1];
  if (!before) return undefined;
  const share = (count - before.count) / (after.count - before.count);
  return before.atMs + (after.atMs - before.atMs) * share;
}

/** A stretch on the clock. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A frame at the video's own pace; `doneMs` is Infinity for one that was left out. */
export interface PacedFrame {
  readonly dueMs: number;
  readonly doneMs: number;
}

/** How many frames were due while something else went on, and how many of those were done before the next one was due. */
export function countOnTime(
  frames: readonly PacedFrame[],
  stretches: readonly Stretch[],
  intervalMs: number,
): { readonly due: number; readonly onTime: number } {
  const during = frames.filter(({ dueMs }) =>
    stretches.some(({ fromMs, toMs }) => fromMs < dueMs + intervalMs && toMs > dueMs),
  );
  const onTime = during.filter(({ dueMs, doneMs }) => doneMs <= dueMs + intervalMs);
  return { due: during.length, onTime: onTime.length };
}
