/** Which reply tells of which due moment. Pure; models/evaluation/scoring.py does the same. */

/** Seconds around a due moment, both ends included. */
export interface Window {
  readonly early: number;
  readonly late: number;
}

/** Times are compared as whole milliseconds, so that every implementation finds the same pairs. */
const ms = (seconds: number): number => Math.round(seconds * 1000);

export function isWithin(due: number, said: number, { early, late }: Window): boolean {
  const delay = ms(said) - ms(due);
  return delay >= -ms(early) && delay <= ms(late);
}

/** How good a matching is: how many pairs, then what their delays cost. */
interface Worth {
  readonly pairs: number;
  readonly cost: number;
}

const none: Worth = { pairs: 0, cost: 0 };
const isSame = (one: Worth, other: Worth): boolean =>
  one.pairs === other.pairs && one.cost === other.cost;
const better = (one: Worth, other: Worth): Worth =>
  other.pairs > one.pairs || (other.pairs === one.pairs && other.cost < one.cost) ? other : one;

/**
 * One-to-one: as many pairs as possible, then the least total delay, then late rather than early. All windows are equally wide, so
 * a best matching never crosses.
 * @param due, said seconds, in order
 * @returns pairs of indices, in order
 */
export function match(
  due: readonly number[],
  said: readonly number[],
  window: Window,
): readonly (readonly [due: number, said: number])[] {
  // What the first i and the first j are worth.
  const best = Array.from({ length: due.length + 1 }, () =>
    new Array<Worth>(said.length + 1).fill(none),
  );
  const paired = (i: number, j: number): Worth => {
    const [time, other] = [due[i - 1]!, said[j - 1]!];
    if (!isWithin(time, other, window)) return none;
    const { pairs, cost } = best[i - 1]![j - 1]!;
    const delay = ms(other) - ms(time);
    return { pairs: pairs + 1, cost: cost + Math.abs(delay) + (delay < 0 ? 1 : 0) };
  };
  for (let i = 1; i <= due.length; i++) {
    for (let j = 1; j <= said.length; j++) {
      best[i]![j] = better(better(best[i - 1]![j]!, best[i]![j - 1]!), paired(i, j));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [due.length, said.length];
  while (best[i]![j]!.pairs > 0) {
    if (isSame(paired(i, j), best[i]![j]!)) pairs.push([--i, --j]);
    else if (isSame(best[i]![j - 1]!, best[i]![j]!)) j--;
    else i--;
  }
  return pairs.reverse();
}
