/** Unpacks the tarballs of npm, and nothing else: plain files below one folder. Whatever could write elsewhere is refused. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';

/** What is no tarball as npm makes them, is broken, or wants to write where it may not. */
export class TarballError extends Error {
  override readonly name = 'TarballError';
}

/** A file that was unpacked. */
export interface UnpackedFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** @source POSIX ustar */
const blockBytes = 512;
/** npm puts everything below it. */
const topFolder = 'package';

/**
 * @param folder is made; what is in it already is never overwritten
 * @throws TarballError; what the system says of a disk
 */
export async function unpackTarball(
  file: string,
  folder: string,
  { signal }: { signal: AbortSignal },
): Promise<readonly UnpackedFile[]> {
  const archive = createReadStream(file, { signal });
  const gunzip = createGunzip();
  // A stream that ends with an error does not tell the one behind it.
  archive.once('error', (error) => {
    gunzip.destroy(error);
  });
  try {
    return await unpack(new ArchiveReader(archive.pipe(gunzip)), folder);
  } catch (error) {
    signal.throwIfAborted();
    if (isZlibError(error)) throw new TarballError('it is broken', { cause: error });
    throw error;
  } finally {
    archive.destroy();
    gunzip.destroy();
  }
}

async function unpack(archive: ArchiveReader, folder: string): Promise<readonly UnpackedFile[]> {
  const files: UnpackedFile[] = [];
  for (;;) {
    const header = await archive.take(blockBytes);
    // An archive ends with blocks of zeros.
    if (header.every((byte) => byte === 0)) break;
    const entry = readHeader(header);
    files.push(await writeFile(archive, entry, folder));
    await archive.take(-entry.bytes & (blockBytes - 1));
  }
  // Its hash was compared; a broken end would show here.
  await archive.drain();
  return files;
}

interface Entry {
  readonly path: string;
  readonly bytes: number;
}

/** @throws TarballError */
function readHeader(header: Buffer): Entry {
  const text = (start: number, length: number): string =>
    header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
  const octal = (start: number, length: number): number => {
    const digits = text(start, length).trim();
    if (!/^[0-7]+$/.test(digits)) throw new TarballError('it is broken');
    return Number.parseInt(digits, 8);
  };
  // The sum is taken as if its own field were blank.
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== octal(148, 8)) throw new TarballError('it is broken');
  const [name, prefix, kind] = [text(0, 100), text(345, 155), text(156, 1)];
  const fullName = prefix === '' ? name : `${prefix}/${name}`;
  // Links, devices, and headers that would change the names behind them: npm's packages have none.
  if (kind !== '0' && kind !== '') throw new TarballError(`${fullName} in it is no plain file`);
  return { path: safePath(fullName), bytes: octal(124, 12) };
}

/** Without the top folder. @throws TarballError for a name that is not plainly below it */
function safePath(name: string): string {
  const [top, ...below] = name.split('/');
  const isPlain = (part: string): boolean => part !== '.' && part !== '..' && part !== '';
  // Backslashes and colons lead elsewhere on Windows.
  if (top === topFolder && below.length > 0 && below.every(isPlain) && !/[\\:]/.test(name)) {
    return below.join('/');
  }
  throw new TarballError(`${name} in it lies outside of its folder`);
}

async function writeFile(
  archive: ArchiveReader,
  { path: name, bytes }: Entry,
  folder: string,
): Promise<UnpackedFile> {
  const target = path.join(folder, ...name.split('/'));
  await mkdir(path.dirname(target), { recursive: true });
  const handle = await open(target, 'wx').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new TarballError(`${name} is in it twice`);
  });
  const hash = createHash('sha256');
  try {
    for await (const piece of archive.pieces(bytes)) {
      hash.update(piece);
      await handle.writeFile(piece);
    }
  } finally {
    await handle.close();
  }
  return { path: name, bytes, sha256: hash.digest('hex') };
}

/** Reads an archive from its beginning to its end, in pieces of the lengths that are asked for. */
class ArchiveReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** For what is small. */
  async take(bytes: number): Promise<Buffer> {
    const pieces = [];
    for await (const piece of this.pieces(bytes)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** @throws TarballError when it ends before */
  async *pieces(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#read())) throw new TarballError('it breaks off');
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async drain(): Promise<void> {
    while (await this.#read());
  }

  async #read(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#rest = next.value;
    return true;
  }
}

/** @source zlib's codes: Z_DATA_ERROR, Z_BUF_ERROR … */
const isZlibError = (error: unknown): boolean =>
  String((error as NodeJS.ErrnoException).code).startsWith('Z_');
