/** When a daemon that ended unexpectedly is started again, and when it is left alone. */

/** @source five ends in three minutes are no accident; the engine process is judged by the same numbers */
const maxEnds = 5;
const windowMs = 3 * 60_000;
/** Before the first try, and doubled for each end that is still counted. */
const firstDelayMs = 100;

export type CrashVerdict =
  { readonly kind: 'retry'; readonly delayMs: number } | { readonly kind: 'giveUp' };

/** Counts unexpected ends. Times are milliseconds of any one clock. */
export class CrashPolicy {
  #endedAtMs: readonly number[] = [];

  /** Tells of an end, or of a start that failed, and says what follows from it. */
  judge(nowMs: number): CrashVerdict {
    this.#endedAtMs = [...this.#recent(nowMs), nowMs];
    return this.isGivenUp(nowMs)
      ? { kind: 'giveUp' }
      : { kind: 'retry', delayMs: firstDelayMs * 2 ** (this.#endedAtMs.length - 1) };
  }

  /** True while too many ends are still counted: nothing is started by itself. */
  isGivenUp(nowMs: number): boolean {
    return this.#recent(nowMs).length >= maxEnds;
  }

  /** Somebody took care of it: counting begins anew. */
  forgive(): void {
    this.#endedAtMs = [];
  }

  #recent(nowMs: number): readonly number[] {
    return this.#endedAtMs.filter((endedMs) => nowMs - endedMs < windowMs);
  }
}
