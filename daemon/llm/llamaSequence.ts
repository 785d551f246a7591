/** One KV cache in the engine process: a llama.cpp context of its own, so that its logits stay until its next decode. */
import koffi from 'koffi';
import { AppError } from '../base/errors.ts';
import type { SequenceOptions, SequencePart, SequenceReading, TokenId } from './backend.ts';
import { callAsync, floatsAt, type LlamaCalls, type Pointer } from './llamaLibrary.ts';
import type { LlamaModel } from './llamaModel.ts';
import { isFiniteOutput, readLogits } from './logits.ts';
import { planDecodes, type DecodeInput } from './decodePlan.ts';
import {
  packContents,
  readContents,
  replaceFile,
  requireSameStamp,
  type StateStamp,
} from './stateFile.ts';

/** How the library computes; the same for every sequence of a model. */
export interface ComputeOptions {
  /** Threads of a decode. */
  readonly threads: number;
  /** Most positions in one decode. Smaller answers a cancellation sooner, larger reads long prompts faster. */
  readonly batchSize: number;
}

/**
 * A state in memory begins with a magic number and a sequence id, one in a file does not.
 * @source llama_context::state_seq_get_size of llama.cpp v0.4.0
 */
const memoryHeaderBytes = 8;

/** ggml_type */
const cacheTypes = { f32: 0, f16: 1, q8_0: 8 } as const;

export class LlamaSequence implements Disposable {
  readonly contextSize: number;
  readonly #model: LlamaModel;
  readonly #options: SequenceOptions & ComputeOptions;
  readonly #calls: LlamaCalls;
  readonly #context: Pointer;
  readonly #memory: Pointer;
  readonly #tokens: bigint;
  readonly #rows: bigint;
  #length = 0;
  /** Output after the last position: in the context, kept from a restored state, or gone. */
  #logits: 'inContext' | Float32Array | undefined;

  /** @throws AppError model.unsupported when the context is longer than the model was trained for or cannot be made. */
  constructor(model: LlamaModel, options: SequenceOptions & ComputeOptions) {
    const { contextSize, cacheType = 'f16', threads, batchSize } = options;
    const { flashAttention = model.deviceLayers > 0 } = options;
    if (contextSize > model.trainedContext) {
      throw new AppError(
        'model.unsupported',
        `A context of ${contextSize} positions was asked for; the model was trained with ${model.trainedContext}.`,
      );
    }
    this.#model = model;
    this.#options = options;
    this.#calls = model.library.calls;
    this.contextSize = contextSize;
    const settings = {
      ...this.#calls.llama_context_default_params(),
      n_ctx: contextSize,
      n_batch: batchSize,
      n_ubatch: batchSize,
      n_threads: threads,
      n_threads_batch: threads,
      type_k: cacheTypes[cacheType],
      type_v: cacheTypes[cacheType],
      flash_attn_type: flashAttentionFor(cacheType, flashAttention),
    };
    const make = (where: Record<string, unknown>): Pointer =>
      this.#calls.llama_init_from_model(model.pointer, { ...settings, ...where });
    let context = make({});
    // Where a card is full, the cache lies in the machine's own memory: slower, and it works.
    if (context === null && model.deviceLayers > 0) context = make({ offload_kqv: false });
    if (context === null) {
      throw new AppError('model.unsupported', 'There is not enough memory for the context.');
    }
    this.#context = context;
    this.#memory = this.#calls.llama_get_memory(this.#context);
    this.#tokens = koffi.alloc('int32', batchSize) as bigint;
    this.#rows = koffi.alloc('float', batchSize * model.rowWidth) as bigint;
  }

  get length(): number {
    return this.#length;
  }

  get canShift(): boolean {
    return this.#calls.llama_memory_can_shift(this.#memory);
  }

  /** @see LlmSequence.append; when it throws, the positions in use are what they were. */
  async append(
    parts: readonly SequencePart[],
    { probabilitiesOf, signal }: { probabilitiesOf?: readonly TokenId[]; signal: AbortSignal },
  ): Promise<SequenceReading | undefined> {
    signal.throwIfAborted();
    const inputs = planDecodes(parts, this.#model, this.#options.batchSize);
    const added = inputs.reduce((sum, input) => sum + input.count, 0);
    if (this.#length + added > this.contextSize) throw new AppError('engine.contextFull');
    const before = this.#length;
    try {
      for (const input of inputs) {
        signal.throwIfAborted();
        await this.#decode(input);
      }
      if (added > 0 && !isFiniteOutput(this.logits())) {
        throw new AppError(
          'engine.decodeFailed',
          'The decoder answered with numbers out of range.',
        );
      }
    } catch (error) {
      // A decode that failed may have left positions that were not counted.
      this.truncate(before);
      throw error;
    }
    return probabilitiesOf && readLogits(this.logits(), probabilitiesOf);
  }

  /** Output after the last position; valid until the next call. @throws AppError engine.decodeFailed when there is none. */
  logits(): Float32Array {
    if (this.#logits === 'inContext') {
      const pointer = this.#calls.llama_get_logits_ith(this.#context, -1);
      if (pointer !== null) return floatsAt(pointer, this.#model.vocabularySize);
    } else if (this.#logits) {
      return this.#logits;
    }
    throw new AppError('engine.decodeFailed', 'Nothing was appended since the last cut.');
  }

  truncate(length: number): void {
    if (length > this.#length) throw new RangeError('a sequence cannot be cut to more than it has');
    if (!this.#calls.llama_memory_seq_rm(this.#memory, 0, length, -1)) {
      throw new AppError('model.unsupported');
    }
    if (length < this.#length) this.#logits = undefined;
    this.#length = length;
  }

  removeRange(start: number, end: number): void {
    if (start < 0 || start > end || end > this.#length) throw new RangeError('no such range');
    // Without this check llama.cpp ends the process.
    if (!this.canShift) throw new AppError('model.unsupported');
    if (start === end) return;
    if (end === this.#length) {
      this.truncate(start);
      return;
    }
    if (!this.#calls.llama_memory_seq_rm(this.#memory, 0, start, end)) {
      throw new AppError('model.unsupported');
    }
    this.#calls.llama_memory_seq_add(this.#memory, 0, end, -1, start - end);
    this.#length -= end - start;
  }

  /** A second sequence in a context of its own, filled with a copy of this one's cache. */
  async fork(): Promise<LlamaSequence> {
    const copy = new LlamaSequence(this.#model, this.#options);
    try {
      const size = this.#calls.llama_state_seq_get_size(this.#context, 0);
      const state = Buffer.alloc(size);
      await callAsync(this.#calls.llama_state_seq_get_data, this.#context, state, size, 0);
      await callAsync(this.#calls.llama_state_seq_set_data, copy.#context, state, size, 0);
      copy.#adopt(this.#length, this.#logits && this.logits().slice());
      return copy;
    } catch (error) {
      copy[Symbol.dispose]();
      throw error;
    }
  }

  async save(path: string): Promise<void> {
    const words = packContents({
      stamp: this.#stamp,
      length: this.#length,
      stateBytes: this.#calls.llama_state_seq_get_size(this.#context, 0) - memoryHeaderBytes,
      logits: this.#logits && this.logits(),
    });
    await replaceFile(path, async (temporary) => {
      const { llama_state_seq_save_file: write } = this.#calls;
      const bytes = await callAsync(write, this.#context, temporary, 0, words, words.length);
      if (bytes === 0) throw new AppError('store.unavailable', undefined, { data: { path } });
    });
  }

  async restore(path: string): Promise<void> {
    const { stamp, length, logits, words } = await readContents(path);
    requireSameStamp(stamp, this.#stamp);
    const { llama_state_seq_load_file: read, llama_memory_clear: clear } = this.#calls;
    const list = new Int32Array(words);
    const count = new BigUint64Array(1);
    const bytes = await callAsync(read, this.#context, path, 0, list, words, count);
    const end = this.#calls.llama_memory_seq_pos_max(this.#memory, 0) + 1;
    if (bytes === 0 || end !== length) {
      clear(this.#memory, false);
      this.#adopt(0, undefined);
      throw new AppError('engine.stateMismatch', undefined, { data: { path, end, length } });
    }
    this.#adopt(length, logits);
  }

  [Symbol.dispose](): void {
    this.#calls.llama_free(this.#context);
    koffi.free(this.#tokens);
    koffi.free(this.#rows);
  }

  get #stamp(): StateStamp {
    return {
      model: this.#model.fingerprint,
      release: this.#model.library.release,
      cacheType: this.#options.cacheType ?? 'f16',
      contextSize: this.contextSize,
    };
  }

  #adopt(length: number, logits: Float32Array | undefined): void {
    this.#length = length;
    this.#logits = logits;
  }

  async #decode(input: DecodeInput): Promise<void> {
    const isRows = input.kind === 'rows';
    if (isRows) floatsAt(this.#rows, input.rows.length).set(input.rows);
    else new Int32Array(koffi.view(this.#tokens, input.count * 4)).set(input.tokens);
    // Left out, positions continue behind the last one, the sequence is 0, and only the last position has an output.
    const batch = {
      n_tokens: input.count,
      token: isRows ? null : this.#tokens,
      embd: isRows ? this.#rows : null,
      pos: null,
      n_seq_id: null,
      seq_id: null,
      logits: null,
    };
    this.#logits = undefined;
    const code = await callAsync(this.#calls.llama_decode, this.#context, batch);
    if (code === 1) throw new AppError('engine.contextFull', undefined, { data: { code } });
    if (code !== 0) throw new AppError('engine.decodeFailed', undefined, { data: { code } });
    // A graphics card may still be computing when the call returns; reading would then block the event loop.
    await callAsync(this.#calls.llama_synchronize, this.#context);
    this.#length += input.count;
    this.#logits = 'inContext';
  }
}

/**
 * Flash attention, in llama.cpp's numbers: 0 is none, -1 lets it decide. It rounds an f32 cache to f16, and who asks for f32 asks for
 * exactness; a quantised cache needs it; on a processor it is slower.
 * @source a frame of live-tiny behind 2,000 positions: 6.0 ms with it, 5.0 without; of a decoder of heads of 16 behind 7,700: 69 and 22 ms
 */
function flashAttentionFor(
  cacheType: NonNullable<SequenceOptions['cacheType']>,
  isFaster: boolean,
): number {
  const isWanted = cacheType === 'q8_0' || (cacheType === 'f16' && isFaster);
  return isWanted ? -1 : 0;
}
