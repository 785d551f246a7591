/** Remembers the sha256 of files by path, size and time of change, so that starting does not read every weight again. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const cacheSchema = z.record(
  z.string(),
  z.object({ bytes: z.number(), changedMs: z.number(), sha256: z.string() }),
);

type Entries = z.infer<typeof cacheSchema>;

interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
}

/** A cache that cannot be read or written only costs time, so it never fails. */
export class HashCache {
  readonly #file: string;
  #entries: Entries | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** @returns undefined when the file was never hashed or has changed since. */
  async lookUp(path: string, { size, mtimeMs }: FileStamp): Promise<string | undefined> {
    const entry = (await this.#load())[path];
    return entry?.bytes === size && entry.changedMs === mtimeMs ? entry.sha256 : undefined;
  }

  async remember(path: string, { size, mtimeMs }: FileStamp, sha256: string): Promise<void> {
    const entries = await this.#load();
    entries[path] = { bytes: size, changedMs: mtimeMs, sha256 };
    const draft = `${this.#file}.${process.pid}`;
    try {
      await mkdir(dirname(this.#file), { recursive: true });
      await writeFile(draft, JSON.stringify(entries), { mode: 0o600 });
      await rename(draft, this.#file);
    } catch {
      // A read-only home: hash again next time.
    }
  }

  /** Everything is hashed anew. */
  async forget(): Promise<void> {
    this.#entries = {};
    await rm(this.#file, { force: true }).catch(() => undefined);
  }

  async #load(): Promise<Entries> {
    if (this.#entries) return this.#entries;
    try {
      this.#entries = cacheSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      this.#entries = {};
    }
    return this.#entries;
  }
}
