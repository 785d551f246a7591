/** A seeded generator of numbers in [0, 1). */
export function generator(seed: number): () => number;
