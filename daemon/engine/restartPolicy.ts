/** How many crashes are too many. Pure. */

export interface RestartPolicy {
  /** With this many crashes within `windowMs` the engine is not started again. */
  readonly maxCrashes: number;
  readonly windowMs: number;
}

/** @source five crashes in three minutes, as editors do it for their language servers */
export const defaultRestartPolicy: RestartPolicy = { maxCrashes: 5, windowMs: 3 * 60_000 };

/** @param crashesMs times of all crashes so far, on a clock that only grows, ms */
export function isCrashLoop(crashesMs: readonly number[], policy: RestartPolicy): boolean {
  const last = crashesMs.at(-1);
  if (last === undefined) return false;
  const recent = crashesMs.filter((crash) => last - crash <= policy.windowMs);
  return recent.length >= policy.maxCrashes;
}
