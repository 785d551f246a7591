/** A decoder without a model: it keeps what it is given, letter by letter, and says what the test tells it to say. */
import { AppError } from '../../daemon/base/errors.ts';
import type {
  GenerateOptions,
  LlmSequence,
  SequencePart,
  SequenceReading,
  TokenId,
} from '../../daemon/llm/backend.ts';
import type { StreamBackend } from '../../daemon/llm/streamingSequence.ts';

/** Stands for an embedding row in what the sequence holds. */
export const rowMark = '▦';

export interface Script {
  /** Probability of silence for each append that asks for one, in order; 1 when it is used up. */
  silence?: number[];
  /** The likeliest token of each append that asks for several, in order; all others are unlikely. */
  favourites?: string[];
  /** Replies in order. A reply ends by itself after its text, `endless` ones never do; each of its tokens has the `probability`, else 1. */
  replies?: { text: string; endless?: boolean; probability?: number }[];
}

/** Tokens are the special tokens and single characters. */
export class FakeBackend implements StreamBackend {
  readonly rowWidth = 2;
  /** Set before a sequence is made. */
  canShift = true;
  readonly specialTokens: readonly string[];
  readonly script: Script;
  readonly sequences: FakeSequence[] = [];
  /** Of every reply that had one, in order. */
  readonly grammars: string[] = [];

  constructor(specialTokens: readonly string[], script: Script = {}) {
    this.specialTokens = specialTokens;
    this.script = script;
  }

  tokenize(text: string, { parseSpecial }: { parseSpecial: boolean }): Promise<TokenId[]> {
    const ids: TokenId[] = [];
    for (let at = 0; at < text.length;) {
      const special = this.specialTokens.findIndex(
        (token) => parseSpecial && text.startsWith(token, at),
      );
      const size = special < 0 ? 1 : this.specialTokens[special]!.length;
      ids.push(special < 0 ? 1000 + text.charCodeAt(at) : special);
      at += size;
    }
    return Promise.resolve(ids);
  }

  detokenize(tokens: readonly TokenId[]): Promise<string> {
    return Promise.resolve(tokens.map((id) => this.textOf(id)).join(''));
  }

  textOf(id: TokenId): string {
    return id >= 1000 ? String.fromCharCode(id - 1000) : (this.specialTokens[id] ?? '?');
  }

  createSequence({ contextSize }: { contextSize: number }): Promise<FakeSequence> {
    const sequence = new FakeSequence(this, contextSize);
    this.sequences.push(sequence);
    return Promise.resolve(sequence);
  }
}

export class FakeSequence implements LlmSequence {
  readonly contextSize: number;
  readonly #backend: FakeBackend;
  #cells: string[] = [];

  constructor(backend: FakeBackend, contextSize: number) {
    this.#backend = backend;
    this.contextSize = contextSize;
  }

  /** What is in the cache, readable. */
  get contents(): string {
    return this.#cells.join('');
  }

  get length(): number {
    return this.#cells.length;
  }

  append(
    parts: readonly SequencePart[],
    { probabilitiesOf, signal }: { probabilitiesOf?: readonly TokenId[]; signal: AbortSignal },
  ): Promise<SequenceReading | undefined> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const cells = parts.flatMap((part) =>
      part.kind === 'tokens'
        ? part.tokens.map((id) => this.#backend.textOf(id))
        : Array.from({ length: part.rows.length / this.#backend.rowWidth }, () => rowMark),
    );
    if (this.length + cells.length > this.contextSize) {
      return Promise.reject(new AppError('engine.contextFull'));
    }
    this.#cells.push(...cells);
    if (!probabilitiesOf) return Promise.resolve(undefined);
    if (probabilitiesOf.length > 1) {
      const favourite = this.#backend.script.favourites?.shift();
      const shares = probabilitiesOf.map((id) => {
        const isFavourite = this.#backend.textOf(id) === favourite;
        return [id, isFavourite ? 0.9 : 0.1 / probabilitiesOf.length] as const;
      });
      return Promise.resolve({ mostLikely: 0, probabilities: new Map(shares) });
    }
    const silence = this.#backend.script.silence?.shift() ?? 1;
    const probabilities = new Map(probabilitiesOf.map((id) => [id, silence]));
    return Promise.resolve({ mostLikely: probabilitiesOf[0] ?? 0, probabilities });
  }

  async *generate(options: GenerateOptions): AsyncIterable<TokenId> {
    const { maxTokens, signal, grammar, onPick } = options;
    if (grammar !== undefined) this.#backend.grammars.push(grammar);
    const reply = this.#backend.script.replies?.shift() ?? { text: '' };
    const { text, endless = false, probability = 1 } = reply;
    const ids = await this.#backend.tokenize(text, { parseSpecial: false });
    for (let i = 0; i < maxTokens && (endless || i < ids.length); i++) {
      signal.throwIfAborted();
      const id = ids[i % ids.length]!;
      this.#cells.push(this.#backend.textOf(id));
      onPick?.(probability);
      yield id;
    }
    if (!endless && ids.length < maxTokens) onPick?.(probability);
  }

  truncate(length: number): Promise<void> {
    this.#cells.length = length;
    return Promise.resolve();
  }

  removeRange(start: number, end: number): Promise<void> {
    if (!this.#backend.canShift) return Promise.reject(new AppError('model.unsupported'));
    this.#cells.splice(start, end - start);
    return Promise.resolve();
  }

  fork(): Promise<LlmSequence> {
    const copy = new FakeSequence(this.#backend, this.contextSize);
    copy.#cells = [...this.#cells];
    return Promise.resolve(copy);
  }

  save(): Promise<void> {
    return Promise.reject(new Error('nothing is saved here'));
  }

  restore(): Promise<void> {
    return Promise.reject(new Error('nothing is saved here'));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
