/** How many crashes are too many. Pure. */

export interface RestartPolicy {
  /** After this many crashes within `windowMs` what often crashes is left out. */
  readonly cautiousAfter: number;
  /** After this many crashes within `windowMs` the engine is not started until one of them lies further back. */
  readonly maxCrashes: number;
  readonly windowMs: number;
}

/** @source of the five crashes in three minutes, as editors do it for their language servers */
export const defaultRestartPolicy: RestartPolicy = {
  cautiousAfter: 3,
  maxCrashes: 5,
  windowMs: 3 * 60_000,
};

/**
 * @param crashesMs times of all crashes so far
 * @param nowMs on the same clock, which only grows
 */
export function isCrashLoop(
  crashesMs: readonly number[],
  nowMs: number,
  policy: RestartPolicy,
): boolean {
  return countRecent(crashesMs, nowMs, policy) >= policy.maxCrashes;
}

/** Whether a graphics card may be to blame, whose driver crashes with whatever is started on it; as `isCrashLoop`. */
export function needsCaution(
  crashesMs: readonly number[],
  nowMs: number,
  policy: RestartPolicy,
): boolean {
  return countRecent(crashesMs, nowMs, policy) >= policy.cautiousAfter;
}

function countRecent(
  crashesMs: readonly number[],
  nowMs: number,
  { windowMs }: RestartPolicy,
): number {
  return crashesMs.filter((crash) => nowMs - crash <= windowMs).length;
}
