/** A decoder's weights in the engine process: loading with every check, tokenizer, and what a sequence needs to know. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { GgufFileInfo } from 'node-llama-cpp';
import { AppError } from '../base/errors.ts';
import type { TokenId } from './backend.ts';
import { callAsync, type LlamaLibrary, type Pointer } from './llamaLibrary.ts';
import { readHeader, type LlamaRuntime } from './llamaRuntime.ts';
import { TokenEmbedding } from './tokenEmbedding.ts';

/**
 * Architectures with one position per row, no scaling between the embedding table and the first layer, and a cache from
 * which a middle range can be dropped. Everything else would compute silently wrong or abort the process.
 * @source src/models/*.cpp and llama_model_rope_type of llama.cpp v0.4.0
 */
const supportedArchitectures = new Set([
  'llama',
  'mistral3',
  'qwen2',
  'qwen3',
  'smollm3',
  'phi2',
  'phi3',
]);

const severalPlanes = ': their positions have several planes (M-RoPE), here each row has one';

/** Of architectures that a person may well try. @source LLAMA_ROPE_TYPE_MROPE and _IMROPE in src/llama-model.cpp of llama.cpp v0.4.0 */
const reasons: ReadonlyMap<string, string> = new Map(
  ['qwen2vl', 'qwen3vl', 'qwen3vlmoe', 'glm4v'].map((name) => [name, severalPlanes]),
);

/** LLAMA_ROPE_TYPE_NORM and LLAMA_ROPE_TYPE_NEOX: one rotary position per row. */
const flatRopeTypes = new Set([0, 2]);

/** LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_USER_DEFINED */
const specialAttributes = (1 << 3) | (1 << 4);

export class LlamaModel implements Disposable {
  readonly library: LlamaLibrary;
  readonly pointer: Pointer;
  readonly vocabulary: Pointer;
  readonly vocabularySize: number;
  readonly rowWidth: number;
  readonly trainedContext: number;
  /** Its layers that lie on graphics cards. */
  readonly deviceLayers: number;
  /** Texts of the tokens that mean something to the model, in the order of their ids. */
  readonly specialTokens: readonly string[];
  /** Tells this file from every other: its size and a hash over its first and last megabyte. */
  readonly fingerprint: string;
  /** Absent when the table is stored in a form that is not read. */
  readonly embedding: TokenEmbedding | undefined;

  private constructor(
    library: LlamaLibrary,
    pointer: Pointer,
    file: { fingerprint: string; embedding: TokenEmbedding | undefined; deviceLayers: number },
  ) {
    const { calls } = library;
    this.library = library;
    this.pointer = pointer;
    this.vocabulary = calls.llama_model_get_vocab(pointer);
    this.vocabularySize = calls.llama_vocab_n_tokens(this.vocabulary);
    this.rowWidth = calls.llama_model_n_embd_inp(pointer);
    this.trainedContext = calls.llama_model_n_ctx_train(pointer);
    this.deviceLayers = file.deviceLayers;
    this.fingerprint = file.fingerprint;
    this.embedding = file.embedding;
    this.specialTokens = Array.from({ length: this.vocabularySize }, (_, id) => id)
      .filter((id) => calls.llama_vocab_get_attr(this.vocabulary, id) & specialAttributes)
      .map((id) => calls.llama_vocab_get_text(this.vocabulary, id));
  }

  /** @throws AppError engine.modelUnreadable for a broken file, model.unsupported for one that would compute wrong. */
  static async load(
    runtime: LlamaRuntime,
    path: string,
    { cachePositions }: { cachePositions?: number | undefined } = {},
  ): Promise<LlamaModel> {
    const { calls } = runtime.library;
    const header = await readHeader(path);
    const { architecture } = header.metadata.general;
    if (!supportedArchitectures.has(architecture)) {
      const why = reasons.get(architecture) ?? '';
      const sentence = `Decoders of the architecture "${architecture}" cannot be run${why}.`;
      throw new AppError('model.unsupported', sentence, { data: { path } });
    }
    const deviceLayers = await runtime.gpuLayersFor(header, cachePositions);
    const pointer = await callAsync(calls.llama_model_load_from_file, path, {
      ...calls.llama_model_default_params(),
      n_gpu_layers: deviceLayers,
    });
    if (pointer === null)
      throw new AppError('engine.modelUnreadable', undefined, { data: { path } });
    try {
      refuseUnusual(runtime.library, pointer);
      const embedding = openEmbedding(path, header, calls.llama_model_n_embd_inp(pointer));
      const fingerprint = await fingerprintOf(path);
      return new LlamaModel(runtime.library, pointer, { fingerprint, embedding, deviceLayers });
    } catch (error) {
      calls.llama_model_free(pointer);
      throw error;
    }
  }

  /** @see LlmBackend.tokenize */
  tokenize(text: string, parseSpecial: boolean): TokenId[] {
    const { calls } = this.library;
    const bytes = Buffer.from(text);
    const run = (ids: Int32Array): number =>
      calls.llama_tokenize(
        this.vocabulary,
        bytes,
        bytes.length,
        ids,
        ids.length,
        false,
        parseSpecial,
      );
    let ids = new Int32Array(bytes.length + 8);
    let count = run(ids);
    if (count < 0) {
      ids = new Int32Array(-count);
      count = run(ids);
    }
    return Array.from(ids.subarray(0, count));
  }

  /** Joins the bytes of the pieces, so that spaces stay as the model wrote them. Special tokens have no text. */
  detokenize(tokens: readonly TokenId[]): string {
    const pieces = tokens.map((token) => this.#piece(token));
    return Buffer.concat(pieces).toString();
  }

  isEndOfGeneration(token: TokenId): boolean {
    return this.library.calls.llama_vocab_is_eog(this.vocabulary, token);
  }

  #piece(token: TokenId): Buffer {
    if (!Number.isInteger(token) || token < 0 || token >= this.vocabularySize) {
      throw new RangeError(`token ${token} is not in the vocabulary`);
    }
    const { calls } = this.library;
    let piece = Buffer.alloc(32);
    let length = calls.llama_token_to_piece(this.vocabulary, token, piece, piece.length, 0, false);
    if (length < 0) {
      piece = Buffer.alloc(-length);
      length = calls.llama_token_to_piece(this.vocabulary, token, piece, piece.length, 0, false);
    }
    return piece.subarray(0, length);
  }

  [Symbol.dispose](): void {
    this.embedding?.[Symbol.dispose]();
    this.library.calls.llama_model_free(this.pointer);
  }
}

/** Second look after loading, with what the library itself says. */
function refuseUnusual({ calls }: LlamaLibrary, model: Pointer): void {
  const facts = {
    ropeType: calls.llama_model_rope_type(model),
    slidingWindow: calls.llama_model_n_swa(model),
    extraRowWidth: calls.llama_model_n_embd_inp(model) - calls.llama_model_n_embd(model),
  };
  const isUsual =
    flatRopeTypes.has(facts.ropeType) && facts.slidingWindow === 0 && facts.extraRowWidth === 0;
  if (!isUsual) throw new AppError('model.unsupported', undefined, { data: facts });
}

function openEmbedding(
  path: string,
  header: GgufFileInfo,
  width: number,
): TokenEmbedding | undefined {
  const tensor = header.fullTensorInfo?.find(({ name }) => name === 'token_embd.weight');
  if (!tensor || Number(tensor.dimensions[0]) !== width) return undefined;
  // A file in several parts has its table at an offset of another file.
  if (header.splicedParts > 1) return undefined;
  return TokenEmbedding.open({
    file: path,
    offset: Number(tensor.fileOffset),
    ggmlType: tensor.ggmlType,
    width,
    count: Number(tensor.dimensions[1]),
  });
}

async function fingerprintOf(path: string): Promise<string> {
  const window = 1 << 20;
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256').update(String(size));
    for (const position of [0, Math.max(0, size - window)]) {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(window), position });
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
