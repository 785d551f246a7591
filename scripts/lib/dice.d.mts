/** A seeded generator of numbers in [0, 1). */
export function generator(seed: number): () => number;

/** What a seed chooses. */
export class Dice {
  constructor(seed: number);
  /** A number in [0, 1). */
  readonly next: () => number;
  /** @param probability 0 to 1 */
  chance(probability: number): boolean;
  /** A whole number of 0 or more, less than the limit. */
  below(limit: number): number;
  /** @throws RangeError for an empty list */
  pick<T>(choices: readonly T[]): T;
  /** As many different ones, in random order. */
  some<T>(choices: readonly T[], count: number): T[];
}
