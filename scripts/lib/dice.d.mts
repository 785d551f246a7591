/** A seeded generator of numbers in [0, 1). */
export function generator(seed: number): () => number;

/** What a seed chooses. */
export class Dice {
  constructor(seed: number);
  /** As many different ones, in random order. */
  some<T>(choices: readonly T[], count: number): T[];
}
