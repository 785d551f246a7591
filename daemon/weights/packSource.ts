/** Where the files of a pack come from: a web server, or a folder of this machine. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../base/errors.ts';
import { askServer, readAnswer, readBytes, ServerOutage } from '../base/foreignServer.ts';
import type { PackFile } from './manifest.ts';
import type { HashAlgorithm } from './partialFile.ts';

/** A file as it has to be. */
export interface ExpectedFile {
  /** Against where its source lies. */
  readonly path: string;
  readonly bytes: number;
  readonly hash: {
    readonly algorithm: HashAlgorithm;
    /** Lower-case hexadecimal. */
    readonly digest: string;
    /** Who says so, for people: "its manifest". */
    readonly from: string;
  };
}

export interface FileSource {
  /** For people: an address, or a folder. */
  readonly name: string;
  /**
   * Opens a file behind those of its bytes that are there already.
   * @returns its bytes from `offset` on, which is 0 where the source cannot begin elsewhere
   * @throws AppError model.fileMismatch, model.unreachable; ServerRefusal; ServerOutage, also while the bytes are read
   */
  open(
    file: ExpectedFile,
    offset: number,
    options: { signal: AbortSignal },
  ): Promise<{ readonly offset: number; readonly bytes: AsyncIterable<Uint8Array> }>;
}

export interface PackSource extends FileSource {
  /** What stands at its very address: a manifest, or a catalogue of packs. @throws AppError model.notFound; ServerRefusal; ServerOutage */
  readText(options: { signal: AbortSignal }): Promise<string>;
}

/** What a manifest says of a file. */
export const expectedFile = ({ path, bytes, sha256 }: PackFile): ExpectedFile => ({
  ...{ path, bytes },
  hash: { algorithm: 'sha256', digest: sha256, from: 'its manifest' },
});

const manifestName = 'manifest.json';
const maxTextCharacters = 10e6;
/** To the first byte of an answer; what comes behind it may take as long as it does. */
const timeoutMs = 30_000;

/** @param from the address of a manifest or of the folder that it lies in, or such a file or folder of this machine, absolute; or of a catalogue */
export function packSource(from: string): PackSource {
  if (/^https?:\/\//i.test(from)) return new WebSource(from);
  return from.endsWith('.json')
    ? new FolderSource(path.dirname(from), path.basename(from))
    : new FolderSource(from, manifestName);
}

/** Files of a web server. @param address of the folder that they lie in */
export const webFolder = (address: string): FileSource => new WebSource(address, address);

class FolderSource implements PackSource {
  readonly name: string;
  readonly #index: string;

  constructor(folder: string, index: string) {
    this.name = folder;
    this.#index = path.join(folder, index);
  }

  async readText({ signal }: { signal: AbortSignal }): Promise<string> {
    try {
      return await readFile(this.#index, { encoding: 'utf8', signal });
    } catch (cause) {
      signal.throwIfAborted();
      throw new AppError('model.notFound', `There is no ${this.#index}.`, { cause });
    }
  }

  open(file: ExpectedFile, offset: number, { signal }: { signal: AbortSignal }) {
    const bytes = createReadStream(path.join(this.name, file.path), { start: offset, signal });
    return Promise.resolve({ offset, bytes: readable(bytes, file, this.name) });
  }
}

/** What cannot be read is told by its name. */
async function* readable(
  bytes: AsyncIterable<Uint8Array>,
  file: ExpectedFile,
  folder: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || code === 'ABORT_ERR') throw cause;
    const sentence = `${file.path} in ${folder} cannot be read.`;
    throw new AppError('model.fileMismatch', sentence, { cause });
  }
}

class WebSource implements PackSource {
  readonly name: string;
  readonly #manifest: URL;

  constructor(address: string, name?: string) {
    this.#manifest = new URL(address);
    if (!this.#manifest.pathname.endsWith('.json')) {
      this.#manifest.pathname = path.posix.join(this.#manifest.pathname, manifestName);
    }
    // Without what may open it.
    this.name = name ?? `${this.#manifest.origin}${this.#manifest.pathname}`;
  }

  async readText({ signal }: { signal: AbortSignal }): Promise<string> {
    const response = await this.#ask(this.#manifest, {}, signal);
    return readAnswer(response, { maxCharacters: maxTextCharacters, signal });
  }

  async open(file: ExpectedFile, offset: number, { signal }: { signal: AbortSignal }) {
    const address = new URL(file.path, this.#manifest);
    // An address that is signed has its signature for all files alike.
    address.search = this.#manifest.search;
    const headers = {
      // Compressed, neither lengths nor ranges would be those of the file.
      'accept-encoding': 'identity',
      ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
    };
    const response = await this.#ask(address, headers, signal);
    const start = startOf(response);
    if (start > offset) {
      await response.body?.cancel();
      throw new ServerOutage('it left out a part');
    }
    const length = Number(response.headers.get('content-length') ?? file.bytes - start);
    if (start + length !== file.bytes) {
      await response.body?.cancel();
      const has = `has ${start + length} bytes there, and ${file.hash.from} says ${file.bytes}`;
      throw new AppError('model.fileMismatch', `${file.path} ${has}.`);
    }
    return { offset: start, bytes: readBytes(response, { signal }) };
  }

  async #ask(
    address: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const response = await askServer(
      address.href,
      { headers },
      // Where large files lie is mostly elsewhere. What comes from there is known by its hash.
      { signal, timeoutMs, redirect: 'follow' },
    );
    if (!/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) return response;
    await response.body?.cancel();
    throw new AppError(
      'model.unreachable',
      `At ${address.origin}${address.pathname} is a web page and no such file, maybe the page of a proxy or a sign-in.`,
    );
  }
}

/** Where in the file an answer begins. @source RFC 9110, 14.4 and 15.3.7 */
function startOf({ status, headers }: Response): number {
  if (status !== 206) return 0;
  const [, start] = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '') ?? [];
  return Number(start ?? 0);
}
