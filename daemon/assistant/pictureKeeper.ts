/** Decides which frames' pictures are kept for answers: those that look otherwise than the one kept before. */

/**
 * A frame is kept when its embedding is so far from the last kept one, against that one's length. On samples/pantry.mp4 that keeps 36
 * of 135 frames; half of all neighbours are nearer than 0.005.
 */
export const defaultPictureChange = 0.02;

export class PictureKeeper {
  readonly #change: number;
  #last: Float32Array | undefined;

  constructor(change = defaultPictureChange) {
    this.#change = change;
  }

  /** @param picture undefined for a model that is shown no pictures with its rows. @returns it when it is to be kept */
  see(picture: Float32Array | undefined): Float32Array | undefined {
    // A repeated frame has the very same embedding.
    if (!picture || picture === this.#last) return undefined;
    if (this.#last && distance(picture, this.#last) < this.#change) return undefined;
    this.#last = picture;
    return picture;
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
