/** Pure. How long to wait before the next try. @param waitsMs after each failure in turn; the last one is kept to @param failures before it, from 0 */
export const backOff = (waitsMs: readonly number[], failures: number): number =>
  waitsMs[Math.min(failures, waitsMs.length - 1)] ?? 0;
