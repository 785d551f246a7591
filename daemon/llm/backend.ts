/** The seam to a language model that takes text tokens and embedding rows in one sequence. Knows nothing of pixels or RPC. */

/** Index into the model's vocabulary. */
export type TokenId = number;

/** What is appended: token ids, or rows of shape [n, rowWidth], row-major float32. */
export type SequencePart =
  | { readonly kind: 'tokens'; readonly tokens: readonly TokenId[] }
  | { readonly kind: 'rows'; readonly rows: Float32Array };

/** The model's answer after the last position of an append. */
export interface SequenceReading {
  readonly mostLikely: TokenId;
  /** Probability of each token that was asked for, softmax over the whole vocabulary, 0 … 1. */
  readonly probabilities: ReadonlyMap<TokenId, number>;
}

export interface GenerateOptions {
  readonly maxTokens: number;
  /** Generation ends before any of these; end-of-generation tokens of the model always end it. */
  readonly stopTokens: readonly TokenId[];
  /** 0 is greedy. */
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  /** GBNF; every generated text then matches its root rule. */
  readonly grammar?: string;
  /** Tokens of this same reply that are in the sequence already: grammar and random numbers go on behind them. */
  readonly resumeAfter?: readonly TokenId[];
  /**
   * Called once for each new token, the one that ends the text among them, with its probability before the grammar ruled any out:
   * softmax over the whole vocabulary, 0 … 1.
   */
  readonly onPick?: (probability: number) => void;
  /** Aborting rejects after at most one more token; the sequence keeps what was generated. */
  readonly signal: AbortSignal;
}

/** One growing KV cache. Calls queue; one native call runs at a time. */
export interface LlmSequence extends AsyncDisposable {
  /** Positions in use. */
  readonly length: number;
  readonly contextSize: number;
  /**
   * Appends all parts, in as few decodes as the library allows. The parts must not be changed afterwards.
   * @returns the reading after the last position, when `probabilitiesOf` is given.
   * @throws AppError engine.contextFull when there is no room; the positions in use are then what they were, as after every
   * failure and every cancellation.
   */
  append(
    parts: readonly SequencePart[],
    options: { readonly probabilitiesOf?: readonly TokenId[]; readonly signal: AbortSignal },
  ): Promise<SequenceReading | undefined>;
  /**
   * Continues after the last position, which must have been appended, not cut to. Yielded tokens are in the sequence. A stop
   * token is neither yielded nor kept.
   */
  generate(options: GenerateOptions): AsyncIterable<TokenId>;
  /** Drops every position from `length` on. */
  truncate(length: number, options: { signal: AbortSignal }): Promise<void>;
  /** Drops positions [start, end) and moves the tail up. @throws AppError model.unsupported when the model cannot shift. */
  removeRange(start: number, end: number, options: { signal: AbortSignal }): Promise<void>;
  /** A second sequence that begins as a copy of this one. */
  fork(options: { signal: AbortSignal }): Promise<LlmSequence>;
  /** Writes the state with a stamp in it, atomically. */
  save(file: string, options: { signal: AbortSignal }): Promise<void>;
  /** Replaces the contents. @throws AppError engine.stateMismatch unless model, library, cache type and context size agree. */
  restore(file: string, options: { signal: AbortSignal }): Promise<void>;
}

export interface SequenceOptions {
  readonly contextSize: number;
  /** Type of the cached keys and values. Default f16. */
  readonly cacheType?: 'f16' | 'f32' | 'q8_0';
  /**
   * Whether it may use flash attention; a quantised cache always does, an exact one never. It decides how the cache is laid out, so a
   * state fits only a sequence of the same. Default: what is faster where the decoder runs.
   */
  readonly flashAttention?: boolean;
  /** Its calls go before those of all others, and nobody's come between the tokens of its replies: it watches what does not wait. */
  readonly isUrgent?: boolean;
}

/** A loaded decoder. */
export interface LlmBackend extends AsyncDisposable {
  readonly vocabularySize: number;
  /** Width of an embedding row. */
  readonly rowWidth: number;
  /** Whether `removeRange` works; where it does not, a `ReplayingSequence` does it. */
  readonly canShift: boolean;
  /** The longest context the model was trained for. */
  readonly trainedContext: number;
  /** Texts of the tokens that mean something to the model, such as the end of a turn, in the order of their ids. */
  readonly specialTokens: readonly string[];
  /** Names what runs it, for the doctor: library release, devices. */
  readonly runtime: {
    readonly release: string;
    readonly devices: readonly string[];
    /** Layers of the model that lie on them. */
    readonly deviceLayers: number;
    readonly libraryPath: string;
  };
  /** How often the engine process was started anew. */
  readonly restarts: number;
  /** Ids of a text; special tokens written in it are recognised only when `parseSpecial`. No BOS is added. */
  tokenize(
    text: string,
    options: { parseSpecial: boolean; signal: AbortSignal },
  ): Promise<TokenId[]>;
  detokenize(tokens: readonly TokenId[], options: { signal: AbortSignal }): Promise<string>;
  createSequence(options: SequenceOptions & { signal: AbortSignal }): Promise<LlmSequence>;
}
