/** How many crashes are too many. Pure. */

export interface RestartPolicy {
  /** After this many crashes within `windowMs` the engine is not started until one of them lies further back. */
  readonly maxCrashes: number;
  readonly windowMs: number;
}

/** @source five crashes in three minutes, as editors do it for their language servers */
export const defaultRestartPolicy: RestartPolicy = { maxCrashes: 5, windowMs: 3 * 60_000 };

/**
 * @param crashesMs times of all crashes so far
 * @param nowMs on the same clock, which only grows
 */
export function isCrashLoop(
  crashesMs: readonly number[],
  nowMs: number,
  policy: RestartPolicy,
): boolean {
  const recent = crashesMs.filter((crash) => nowMs - crash <= policy.windowMs);
  return recent.length >= policy.maxCrashes;
}
