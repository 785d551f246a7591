/** A sequence of a model that cannot shift its cache: what stands behind a dropped range is decoded again, at dense positions. */
import { AppError } from '../base/errors.ts';
import type {
  GenerateOptions,
  LlmSequence,
  SequencePart,
  SequenceReading,
  TokenId,
} from './backend.ts';

/** What stands at one position: a token, or an embedding row. */
type Cell = TokenId | Float32Array;

/** What was cut off must come back whole. */
const never = new AbortController().signal;

/**
 * Remembers what went in, position by position, which the context size bounds. No model is asked to move its positions, so this
 * serves those with several rotary dimensions too; a model must only be able to drop its newest positions.
 */
export class ReplayingSequence implements LlmSequence {
  readonly #inner: LlmSequence;
  readonly #rowWidth: number;
  #cells: Cell[];

  /** @param inner owned; empty, or holding just `cells` */
  constructor(inner: LlmSequence, rowWidth: number, cells: readonly Cell[] = []) {
    this.#inner = inner;
    this.#rowWidth = rowWidth;
    this.#cells = [...cells];
  }

  get length(): number {
    return this.#inner.length;
  }

  get contextSize(): number {
    return this.#inner.contextSize;
  }

  async append(
    parts: readonly SequencePart[],
    options: { readonly probabilitiesOf?: readonly TokenId[]; readonly signal: AbortSignal },
  ): Promise<SequenceReading | undefined> {
    const reading = await this.#inner.append(parts, options);
    for (const part of parts) this.#cells.push(...this.#cellsOf(part));
    return reading;
  }

  async *generate(options: GenerateOptions): AsyncIterable<TokenId> {
    for await (const token of this.#inner.generate(options)) {
      this.#cells.push(token);
      yield token;
    }
  }

  async truncate(length: number, options: { signal: AbortSignal }): Promise<void> {
    await this.#inner.truncate(length, options);
    this.#cells.length = length;
  }

  /** Takes as long as reading what stands behind the range. */
  async removeRange(
    start: number,
    end: number,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    signal.throwIfAborted();
    const behind = this.#cells.slice(end);
    await this.truncate(start, { signal: never });
    if (behind.length > 0) await this.append(partsOf(behind, this.#rowWidth), { signal: never });
  }

  async fork(options: { signal: AbortSignal }): Promise<LlmSequence> {
    return new ReplayingSequence(await this.#inner.fork(options), this.#rowWidth, this.#cells);
  }

  save(file: string, options: { signal: AbortSignal }): Promise<void> {
    return this.#inner.save(file, options);
  }

  /** @throws AppError model.unsupported: a saved state does not tell what went into it */
  restore(): Promise<void> {
    return Promise.reject(new AppError('model.unsupported'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]();
  }

  #cellsOf(part: SequencePart): readonly Cell[] {
    if (part.kind === 'tokens') return part.tokens;
    const width = this.#rowWidth;
    return Array.from({ length: part.rows.length / width }, (_, index) =>
      part.rows.subarray(index * width, (index + 1) * width),
    );
  }
}

/** Neighbours of one kind as one part. */
function partsOf(cells: readonly Cell[], rowWidth: number): SequencePart[] {
  const parts: SequencePart[] = [];
  for (let start = 0; start < cells.length;) {
    const isToken = typeof cells[start] === 'number';
    let end = start;
    while (end < cells.length && (typeof cells[end] === 'number') === isToken) end++;
    const run = cells.slice(start, end);
    start = end;
    if (isToken) {
      parts.push({ kind: 'tokens', tokens: run.filter((cell) => typeof cell === 'number') });
      continue;
    }
    const rows = new Float32Array(run.length * rowWidth);
    for (const [index, cell] of run.entries()) {
      if (typeof cell !== 'number') rows.set(cell, index * rowWidth);
    }
    parts.push({ kind: 'rows', rows });
  }
  return parts;
}
