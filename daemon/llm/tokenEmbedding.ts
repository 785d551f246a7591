/** Rows of a model's token embedding table, read from its GGUF file: so that text and pictures can go into one batch of rows. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { TokenId } from './backend.ts';

/** How a row is stored. @source ggml-common.h (block_q8_0) and the GGUF specification */
const storages = new Map<number, { bytesPerRow(width: number): number; decode: RowDecoder }>([
  [0, { bytesPerRow: (width) => width * 4, decode: decodeF32 }],
  [1, { bytesPerRow: (width) => width * 2, decode: decodeF16 }],
  [8, { bytesPerRow: (width) => (width / 32) * 34, decode: decodeQ8 }],
  [30, { bytesPerRow: (width) => width * 2, decode: decodeBf16 }],
]);

type RowDecoder = (bytes: DataView, row: Float32Array) => void;

/** Where the table lies. */
interface TokenEmbeddingInfo {
  readonly file: string;
  /** Offset of the tensor in the file. */
  readonly offset: number;
  /** ggml's number of the element type. */
  readonly ggmlType: number;
  readonly width: number;
  readonly count: number;
}

/** Reads single rows; the file stays open until it is disposed. Values are exactly those that llama.cpp computes with. */
export class TokenEmbedding implements Disposable {
  readonly #info: TokenEmbeddingInfo;
  readonly #descriptor: number;
  readonly #bytes: DataView;
  readonly #decode: RowDecoder;

  private constructor(info: TokenEmbeddingInfo, bytesPerRow: number, decode: RowDecoder) {
    this.#info = info;
    this.#decode = decode;
    this.#bytes = new DataView(new ArrayBuffer(bytesPerRow));
    this.#descriptor = openSync(info.file, 'r');
  }

  /** @returns undefined when the table is stored in a form that cannot be read exactly (then tokens go in as tokens). */
  static open(info: TokenEmbeddingInfo): TokenEmbedding | undefined {
    const storage = storages.get(info.ggmlType);
    if (!storage) return undefined;
    return new TokenEmbedding(info, storage.bytesPerRow(info.width), storage.decode);
  }

  /** Writes the rows of `tokens` into `target` from float `offset` on. @throws RangeError for an id outside the table. */
  read(tokens: readonly TokenId[], target: Float32Array, offset: number): void {
    const { width, count } = this.#info;
    tokens.forEach((token, index) => {
      if (!Number.isInteger(token) || token < 0 || token >= count) {
        throw new RangeError(`token ${token} is not in the vocabulary`);
      }
      const position = this.#info.offset + token * this.#bytes.byteLength;
      readSync(this.#descriptor, this.#bytes, 0, this.#bytes.byteLength, position);
      const start = offset + index * width;
      this.#decode(this.#bytes, target.subarray(start, start + width));
    });
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

function decodeF32(bytes: DataView, row: Float32Array): void {
  for (let i = 0; i < row.length; i++) row[i] = bytes.getFloat32(i * 4, true);
}

function decodeF16(bytes: DataView, row: Float32Array): void {
  for (let i = 0; i < row.length; i++) row[i] = fromHalf(bytes.getUint16(i * 2, true));
}

/** bfloat16 is the upper half of a float32. */
function decodeBf16(bytes: DataView, row: Float32Array): void {
  const bits = new Uint32Array(row.buffer, row.byteOffset, row.length);
  for (let i = 0; i < row.length; i++) bits[i] = bytes.getUint16(i * 2, true) << 16;
}

/** Blocks of 32: one half-precision scale, then 32 signed bytes. A product has at most 19 significant bits, so it is exact. */
function decodeQ8(bytes: DataView, row: Float32Array): void {
  for (let block = 0; block * 32 < row.length; block++) {
    const start = block * 34;
    const scale = fromHalf(bytes.getUint16(start, true));
    for (let i = 0; i < 32; i++) row[block * 32 + i] = scale * bytes.getInt8(start + 2 + i);
  }
}

/** IEEE 754 binary16 → number. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
