/** Reads numbers and blocks from a stream of chunks, pulling only what is asked for. */

/** The stream ended where more was expected. */
export class EndOfStream extends Error {
  override readonly name = 'EndOfStream';
}

export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** @throws EndOfStream */
  async byte(): Promise<number> {
    if (this.#at >= this.#chunk.length) await this.#pull();
    return this.#chunk[this.#at++]!;
  }

  /** A new array of `length` bytes. @throws EndOfStream */
  async block(length: number): Promise<Uint8Array> {
    const block = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      if (this.#at >= this.#chunk.length) await this.#pull();
      const part = this.#chunk.subarray(this.#at, this.#at + length - filled);
      block.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return block;
  }

  /** NUT's `v`: seven bits a byte, highest first, the top bit says that more follow. Exact up to 2^53. @throws EndOfStream */
  async unsigned(): Promise<number> {
    let value = 0;
    for (;;) {
      const byte = await this.byte();
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  }

  /** NUT's `s`: 0, 1, −1, 2, −2 … as unsigned numbers. @throws EndOfStream */
  async signed(): Promise<number> {
    const value = (await this.unsigned()) + 1;
    return value % 2 === 1 ? -Math.floor(value / 2) : value / 2;
  }

  async #pull(): Promise<void> {
    do {
      const next = await this.#chunks.next();
      if (next.done === true) throw new EndOfStream('the stream ended');
      this.#chunk = next.value;
      this.#at = 0;
    } while (this.#chunk.length === 0);
  }
}
