/** The gate that looks at how much of a frame has changed: it decides by that alone, or about which frames the model is asked. */
import type { LlmSequence } from './backend.ts';
import { scoreChange, type ChangeHistory, type ChangeScore } from './changeScore.ts';
import { changedRows, withRows } from './rowChange.ts';
import type { GateFrame, SilenceGate } from './silenceGate.ts';

interface ChangeGateOptions {
  /** See `changedRows`. */
  readonly rowChange: number;
  readonly rowWidth: number;
  readonly frameRateFps: number;
  /** Asked about the frames in which unusually much changes; left out, the change alone decides. */
  readonly inner?: SilenceGate | undefined;
}

export class ChangeGate implements SilenceGate {
  readonly positions: number;
  readonly #options: ChangeGateOptions;
  /** At each place what was there when it last changed, so that slow changes add up. */
  #kept: Float32Array | undefined;
  #history: ChangeHistory = [];

  constructor(options: ChangeGateOptions) {
    this.#options = options;
    this.positions = options.inner?.positions ?? 0;
  }

  async append(
    sequence: LlmSequence,
    frame: GateFrame,
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    const { inner } = this.#options;
    const { isUnusual, silenceProbability, kept, history } = this.#judge(frame.rows);
    // Who has just said what to look for wants to know what is there already.
    const isAsked = isUnusual || frame.followsUser;
    let silence = inner ? 1 : silenceProbability;
    if (inner && isAsked) silence = await inner.append(sequence, frame, { signal });
    else await sequence.append(frame.parts, { signal });
    this.#kept = kept;
    this.#history = history;
    return silence;
  }

  skip(): void {
    if (this.#kept) this.#history = this.#judge(this.#kept).history;
  }

  speak(): void {
    this.#options.inner?.speak?.();
  }

  #judge(rows: Float32Array): ChangeScore & { readonly kept: Float32Array } {
    const { rowWidth, rowChange, frameRateFps } = this.#options;
    const before = this.#kept;
    // The first frame is nothing to compare with.
    if (before?.length !== rows.length) {
      const history = this.#history;
      return { isUnusual: false, silenceProbability: 1, history, kept: rows };
    }
    const changed = changedRows(rows, before, { rowWidth, rowChange });
    const change = { changed: changed.length, rows: rows.length / rowWidth };
    const kept = withRows(before, rows, { changed, rowWidth });
    return { ...scoreChange(change, this.#history, frameRateFps), kept };
  }
}
