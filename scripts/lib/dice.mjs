// Seeded chance: the same seed throws the same numbers everywhere.

/** A seeded generator of numbers in [0, 1). @source mulberry32, public domain. @param {number} seed */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a seed chooses. */
export class Dice {
  /** A number in [0, 1). */
  next;

  /** @param {number} seed */
  constructor(seed) {
    this.next = generator(seed);
  }

  /** @param {number} probability 0 to 1 */
  chance(probability) {
    return this.next() < probability;
  }

  /** A whole number of 0 or more. @param {number} limit it is less than this */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  /** A whole number, both ends included. @param {number} least @param {number} most */
  between(least, most) {
    return least + this.below(most - least + 1);
  }

  /** @template T @param {readonly T[]} choices @returns {T} @throws RangeError for an empty list */
  pick(choices) {
    if (choices.length === 0) throw new RangeError('nothing to pick from');
    return choices[this.below(choices.length)];
  }

  /** As many different ones, in random order. @template T @param {readonly T[]} choices @param {number} count @returns {T[]} */
  some(choices, count) {
    const left = [...choices];
    return Array.from(
      { length: Math.min(count, left.length) },
      () => left.splice(this.below(left.length), 1)[0],
    );
  }

  /** One of the keys, as often as its weight says. @template {string} K @param {Readonly<Record<K, number>>} weights @returns {K} */
  weighted(weights) {
    const entries = Object.entries(weights);
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return entries.at(-1)[0];
  }
}
