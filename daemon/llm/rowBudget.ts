/**
 * Differential drop: of a frame's embedding rows, only those that say something new reach the decoder. Pure; in front of the engine.
 * @source TimeChat-Online (arXiv 2504.17343), with the rules of screens: a row is compared with what was last *kept* at its place, so
 *   that slow typing adds up; whole frames return at times, so that the window never loses what stands still.
 */
import type { RowBudgetManifest } from '../weights/streamManifest.ts';
import { changedRows, withRows } from './rowChange.ts';

/**
 * For a decoder that was trained with every row of the frames that it sees: only what is the very same again is left out.
 * @source live-tiny on twelve rendered sessions (README, what the decoder is spared): no figure is worse than without, for 49 % of the
 *   positions of frames; a still screen takes one frame a minute. With anything more left out, F1 or the kinds told lose.
 */
export const stillBudget: RowBudgetManifest = {
  ...{ rowChange: 0.001, ticks: 0, wholeEveryFrames: 120, keep: 'frames' },
};

/** What a frame is given to the decoder as. */
export type RowPlan =
  /** Nothing has changed, and the decoder was told so: what it thought last holds. */
  | { readonly kind: 'skip' }
  /** Shape [n, rowWidth], n ≥ 1. */
  | { readonly kind: 'rows'; readonly rows: Float32Array };

/** What of a frame the plan depends on beside its rows. */
export interface FrameFacts {
  /** Text newly stands on screen. */
  readonly hasText: boolean;
  /** The decoder has to look at the whole frame: it is the first, a user spoke before it, or what was kept has been evicted. */
  readonly isWhole: boolean;
}

export class RowBudget {
  readonly #policy: RowBudgetManifest;
  readonly #rowWidth: number;
  /** What was last kept, row by row. */
  #kept: Float32Array | undefined;
  #stillFrames = 0;
  #sinceWhole = 0;

  constructor(policy: RowBudgetManifest, rowWidth: number) {
    this.#policy = policy;
    this.#rowWidth = rowWidth;
  }

  /** @param rows shape [frameTokens, rowWidth]; must not be changed afterwards */
  plan(rows: Float32Array, { hasText, isWhole }: FrameFacts): RowPlan {
    const { ticks, wholeEveryFrames, keep } = this.#policy;
    this.#sinceWhole++;
    const isDue = this.#sinceWhole >= wholeEveryFrames;
    if (isWhole || isDue || this.#kept?.length !== rows.length) return this.#keepAll(rows);
    const { rowChange } = this.#policy;
    const changed = changedRows(rows, this.#kept, { rowWidth: this.#rowWidth, rowChange });
    if (changed.length === 0 && !hasText) {
      this.#stillFrames++;
      if (this.#stillFrames > ticks) return { kind: 'skip' };
      return { kind: 'rows', rows: this.#select(rows, []) };
    }
    if (keep === 'frames') return this.#keepAll(rows);
    this.#stillFrames = 0;
    return { kind: 'rows', rows: this.#select(rows, changed) };
  }

  #keepAll(rows: Float32Array): RowPlan {
    this.#kept = rows;
    this.#stillFrames = 0;
    this.#sinceWhole = 0;
    return { kind: 'rows', rows };
  }

  /** The rows that are kept, in their order; the last one in any case, since the decision is read there. */
  #select(rows: Float32Array, changed: readonly number[]): Float32Array {
    const width = this.#rowWidth;
    const last = rows.length / width - 1;
    const chosen = changed.includes(last) ? changed : [...changed, last];
    const selected = new Float32Array(chosen.length * width);
    for (const [place, index] of chosen.entries()) {
      selected.set(rows.subarray(index * width, (index + 1) * width), place * width);
    }
    this.#kept = withRows(this.#kept!, rows, { changed, rowWidth: width });
    return selected;
  }
}
