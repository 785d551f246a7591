/** Decides which frames a timeline keeps for questions: those that bring text, or look otherwise than the one kept before. */
import type { StreamLine } from '../llm/streamTemplate.ts';

/**
 * A frame looks otherwise when its embedding is so far from the last kept one, against that one's length. On samples/pantry.mp4 that
 * keeps 36 of 135 frames; half of all neighbours are nearer than 0.005.
 */
export const defaultFrameChange = 0.02;

export class FrameKeeper {
  readonly #change: number;
  #last: Float32Array | undefined;

  constructor(change = defaultFrameChange) {
    this.#change = change;
  }

  /** @param rows undefined for a model that is never shown a frame again. @returns them when the frame is to be kept */
  see(rows: Float32Array | undefined, lines: readonly StreamLine[] = []): Float32Array | undefined {
    if (!rows) return undefined;
    const isOther = !this.#last || distance(rows, this.#last) >= this.#change;
    if (!isOther && lines.length === 0) return undefined;
    this.#last = rows;
    return rows;
  }
}

/** Of two embeddings, against the length of the second. */
function distance(a: Float32Array, b: Float32Array): number {
  let [apart, length] = [0, 0];
  for (const [index, value] of b.entries()) {
    apart += (value - (a[index] ?? 0)) ** 2;
    length += value ** 2;
  }
  return length === 0 ? Infinity : Math.sqrt(apart / length);
}
