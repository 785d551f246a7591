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
  block(length: number): Promise<Uint8Array> {
    return this.#fill(new Uint8Array(length), 0);
  }

  /** A new array that begins with `start` and goes on with `length` further bytes. @throws EndOfStream */
  blockAfter(start: Uint8Array, length: number): Promise<Uint8Array> {
    const block = new Uint8Array(start.length + length);
    block.set(start);
    return this.#fill(block, start.length);
  }

  /**
   * As many bytes as `reference` has. @returns the reference itself when every byte is equal, so that a picture that repeats takes
   * no memory of its own; a new array otherwise. @throws EndOfStream
   */
  async blockLike(reference: Uint8Array): Promise<Uint8Array> {
    const { length } = reference;
    let filled = 0;
    for (; filled < length;) {
      if (this.#at >= this.#chunk.length) await this.#pull();
      const part = this.#chunk.subarray(this.#at, this.#at + length - filled);
      if (Buffer.compare(part, reference.subarray(filled, filled + part.length)) !== 0) break;
      filled += part.length;
      this.#at += part.length;
    }
    if (filled === length) return reference;
    const block = new Uint8Array(length);
    block.set(reference.subarray(0, filled));
    return this.#fill(block, filled);
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

  /** Fills a block from `start` on. */
  async #fill(block: Uint8Array, start: number): Promise<Uint8Array> {
    for (let filled = start; filled < block.length;) {
      if (this.#at >= this.#chunk.length) await this.#pull();
      const part = this.#chunk.subarray(this.#at, this.#at + block.length - filled);
      block.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return block;
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
