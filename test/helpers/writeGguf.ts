/** Writes a tiny decoder with random weights as a GGUF file, so that engine tests need no download. */
import { writeFileSync } from 'node:fs';

export interface TinyModelOptions {
  readonly architecture?: string;
  readonly layers?: number;
  readonly width?: number;
  readonly heads?: number;
  readonly contextTokens?: number;
  readonly seed?: number;
  /** How the embedding table is stored. */
  readonly embedding?: 'f32' | 'f16' | 'bf16' | 'q8_0';
  /** `bytes`: GPT-2 byte alphabet, special tokens first. `spm`: sentencepiece with byte fallback. */
  readonly vocabulary?: 'bytes' | 'spm';
}

/** Special tokens of the byte vocabulary; their index is their id. */
export const specialTokens = [
  '<s>',
  '</s>',
  '<|user|>',
  '<|assistant|>',
  '<|frame|>',
  '<|screen|>',
  '<|next|>',
  '<|pad|>',
];

const valueTypes = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const ggmlTypes = { f32: 0, f16: 1, q8_0: 8, bf16: 30 } as const;

interface Vocabulary {
  readonly model: string;
  readonly tokens: readonly string[];
  readonly types: readonly number[];
  readonly bos: number;
  readonly eos: number;
}

/** Writes the file. @returns width, number of tokens, and what is needed to feed rows. */
export function writeTinyModel(
  path: string,
  options: TinyModelOptions = {},
): { vocabularySize: number; width: number } {
  const { architecture = 'llama', layers = 2, width = 64, heads = 4, seed = 42 } = options;
  const { contextTokens = 512, embedding = 'f32', vocabulary: kind = 'bytes' } = options;
  const vocabulary = kind === 'bytes' ? byteVocabulary() : sentencepieceVocabulary();
  const size = vocabulary.tokens.length;
  const feedForward = width * 2;
  const random = gaussian(seed);

  const metadata: Buffer[] = [];
  const put = (key: string, type: number, value: Buffer): void => {
    metadata.push(Buffer.concat([text(key), u32(type), value]));
  };
  const putList = (key: string, type: number, values: readonly Buffer[]): void => {
    put(key, valueTypes.array, Buffer.concat([u32(type), u64(values.length), ...values]));
  };
  put('general.architecture', valueTypes.string, text(architecture));
  put('general.name', valueTypes.string, text('random'));
  for (const [key, value] of Object.entries({
    context_length: contextTokens,
    embedding_length: width,
    block_count: layers,
    feed_forward_length: feedForward,
    'attention.head_count': heads,
    'attention.head_count_kv': heads,
    'rope.dimension_count': width / heads,
    vocab_size: size,
  })) {
    put(`${architecture}.${key}`, valueTypes.u32, u32(value));
  }
  put(`${architecture}.attention.layer_norm_rms_epsilon`, valueTypes.f32, f32(1e-5));
  put(`${architecture}.rope.freq_base`, valueTypes.f32, f32(10_000));
  put('tokenizer.ggml.model', valueTypes.string, text(vocabulary.model));
  putList('tokenizer.ggml.tokens', valueTypes.string, vocabulary.tokens.map(text));
  putList('tokenizer.ggml.token_type', valueTypes.i32, vocabulary.types.map(u32));
  if (kind === 'bytes') {
    put('tokenizer.ggml.pre', valueTypes.string, text('gpt-2'));
    putList('tokenizer.ggml.merges', valueTypes.string, ['a n', 'an d', 't h', 'th e'].map(text));
  } else {
    putList(
      'tokenizer.ggml.scores',
      valueTypes.f32,
      vocabulary.tokens.map((_, i) => f32(-i)),
    );
  }
  put('tokenizer.ggml.bos_token_id', valueTypes.u32, u32(vocabulary.bos));
  put('tokenizer.ggml.eos_token_id', valueTypes.u32, u32(vocabulary.eos));
  put('tokenizer.ggml.add_bos_token', valueTypes.bool, Buffer.from([0]));

  const infos: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  const tensor = (
    name: string,
    shape: readonly number[],
    storage: keyof typeof ggmlTypes,
  ): void => {
    const count = shape.reduce((product, n) => product * n, 1);
    const scale = shape.length === 1 ? 0 : 1.5 / Math.sqrt(shape[0]!);
    const values = Float32Array.from({ length: count }, () => (scale === 0 ? 1 : random() * scale));
    const bytes = encode(values, storage);
    infos.push(
      Buffer.concat([
        text(name),
        u32(shape.length),
        ...shape.map(u64),
        u32(ggmlTypes[storage]),
        u64(offset),
      ]),
    );
    data.push(bytes, Buffer.alloc(padding(bytes.length)));
    offset += bytes.length + padding(bytes.length);
  };
  tensor('token_embd.weight', [width, size], embedding);
  tensor('output_norm.weight', [width], 'f32');
  tensor('output.weight', [width, size], 'f32');
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string): string => `blk.${layer}.${part}.weight`;
    tensor(name('attn_norm'), [width], 'f32');
    for (const part of ['attn_q', 'attn_k', 'attn_v', 'attn_output']) {
      tensor(name(part), [width, width], 'f32');
    }
    tensor(name('ffn_norm'), [width], 'f32');
    tensor(name('ffn_gate'), [width, feedForward], 'f32');
    tensor(name('ffn_up'), [width, feedForward], 'f32');
    tensor(name('ffn_down'), [feedForward, width], 'f32');
  }
  const counts = [u64(infos.length), u64(metadata.length)];
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), ...counts, ...metadata, ...infos]);
  writeFileSync(path, Buffer.concat([head, Buffer.alloc(padding(head.length)), ...data]));
  return { vocabularySize: size, width };
}

function byteVocabulary(): Vocabulary {
  const tokens = [...specialTokens, ...byteAlphabet(), 'an', 'and', 'th', 'the'];
  const types = tokens.map((_, id) => (id < specialTokens.length ? 3 : 1));
  return { model: 'gpt2', tokens, types, bos: 0, eos: 1 };
}

/** The printable stand-in of each byte. @source GPT-2's bytes_to_unicode */
function byteAlphabet(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(isPrintable ? byte : next++);
  });
}

function sentencepieceVocabulary(): Vocabulary {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const words = ['▁', '▁the', '▁pan', 'e', 't', 'a', 'o', 'th', 'he', '.', ','];
  const tokens = ['<unk>', '<s>', '</s>', ...bytes, ...words];
  const types = tokens.map((_, id) => (id === 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1));
  return { model: 'llama', tokens, types, bos: 1, eos: 2 };
}

function encode(values: Float32Array, storage: keyof typeof ggmlTypes): Buffer {
  switch (storage) {
    case 'f32':
      return Buffer.from(values.buffer);
    case 'bf16': {
      const bits = new Uint32Array(values.buffer);
      return Buffer.from(Uint16Array.from(bits, (word) => word >>> 16).buffer);
    }
    case 'f16':
      return Buffer.from(Uint16Array.from(values, toHalf).buffer);
    case 'q8_0':
      return encodeQ8(values);
  }
}

function encodeQ8(values: Float32Array): Buffer {
  const blocks = values.length / 32;
  const out = Buffer.alloc(blocks * 34);
  for (let block = 0; block < blocks; block++) {
    const part = values.subarray(block * 32, block * 32 + 32);
    const scale = Math.max(...part.map(Math.abs)) / 127;
    out.writeUInt16LE(toHalf(scale), block * 34);
    part.forEach((value, i) => {
      out.writeInt8(Math.round(value / scale), block * 34 + 2 + i);
    });
  }
  return out;
}

/** number → binary16 bits, truncating; fine for numbers between 2^-14 and 65504, smaller ones become 0. */
function toHalf(value: number): number {
  const magnitude = Math.abs(value);
  const sign = value < 0 ? 0x8000 : 0;
  if (magnitude < 2 ** -14) return sign;
  const exponent = Math.floor(Math.log2(magnitude));
  const fraction = Math.floor((magnitude / 2 ** exponent - 1) * 1024);
  return sign | ((exponent + 15) << 10) | fraction;
}

/** Linear congruential generator with Box–Muller; the same numbers on every machine. */
function gaussian(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const padding = (length: number): number => (32 - (length % 32)) % 32;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
