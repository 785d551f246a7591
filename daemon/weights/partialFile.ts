/** A file that is being fetched: what is there counts, also after the process was killed. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** As `node:crypto` calls it. */
export type HashAlgorithm = 'sha256' | 'sha512';

interface Begun {
  readonly algorithm: HashAlgorithm;
  readonly hash: Hash;
  readonly bytes: number;
}

export class PartialFile implements AsyncDisposable {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #algorithm: HashAlgorithm;
  #hash: Hash;
  #bytes: number;

  private constructor(file: string, handle: FileHandle, begun: Begun) {
    this.#path = file;
    this.#handle = handle;
    this.#algorithm = begun.algorithm;
    this.#hash = begun.hash;
    this.#bytes = begun.bytes;
  }

  /** Where the part of a file lies. */
  static pathOf(file: string): string {
    return `${file}.part`;
  }

  /** @param file as it will be called once it is whole; its folder is made */
  static async open(
    file: string,
    { algorithm, signal }: { algorithm: HashAlgorithm; signal: AbortSignal },
  ): Promise<PartialFile> {
    const part = PartialFile.pathOf(file);
    await mkdir(path.dirname(part), { recursive: true });
    const handle = await open(part, 'a');
    try {
      const hash = createHash(algorithm);
      await pipeline(createReadStream(part), hash, { signal, end: false });
      const { size } = await handle.stat();
      return new PartialFile(file, handle, { algorithm, hash, bytes: size });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** So much is there. */
  get bytes(): number {
    return this.#bytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#handle.writeFile(bytes);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Forgets what is there. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#hash = createHash(this.#algorithm);
    this.#bytes = 0;
  }

  /** Of what is there, lower-case hexadecimal. */
  get digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /** It is whole: gives it its own name. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    await rename(PartialFile.pathOf(this.#path), this.#path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Closed twice it does nothing.
    await this.#handle.close();
  }
}
