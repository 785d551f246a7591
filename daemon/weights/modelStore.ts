/** Finds model packs on disk and vouches for their files. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { AppError, isAppError } from '../base/errors.ts';
import { parseManifest, type PackFile, type PackFiles, type PackManifest } from './manifest.ts';
import { exists, hashFile } from './files.ts';
import { HashCache } from './hashCache.ts';

/** A pack whose files were all verified. */
export interface ModelPack {
  readonly folder: string;
  readonly manifest: PackManifest;
  /** Absolute paths, by the manifest's keys. */
  readonly files: { readonly [Key in keyof PackFiles]: string };
}

/** What the doctor says of one folder: a good pack, or why it is none. */
export type PackListing =
  | { readonly kind: 'valid'; readonly folder: string; readonly manifest: PackManifest }
  | { readonly kind: 'invalid'; readonly folder: string; readonly error: AppError };

interface ModelStoreOptions {
  /** Folders that hold packs as subfolders, first match wins: the user's, then the shipped ones. */
  readonly folders: readonly string[];
  /** Used when no pack is asked for. */
  readonly defaultPack: string;
  /** Where verified hashes are remembered. */
  readonly cacheFile: string;
}

interface ListOptions {
  readonly isThorough?: boolean;
  readonly signal: AbortSignal;
}

export class ModelStore {
  readonly #options: ModelStoreOptions;
  readonly #hashes: HashCache;

  constructor(options: ModelStoreOptions) {
    this.#options = options;
    this.#hashes = new HashCache(options.cacheFile);
  }

  /**
   * Opens a pack and checks existence, size and sha256 of every file that its manifest names.
   * @param model an absolute folder or a pack's name; the default pack when undefined.
   * @throws AppError model.notFound, model.invalidManifest or model.fileMismatch; the sentence names the file.
   */
  async locate(model: string | undefined, { signal }: { signal: AbortSignal }): Promise<ModelPack> {
    const folder = await this.#folderOf(model ?? this.#options.defaultPack);
    signal.throwIfAborted();
    return this.#open(folder, signal);
  }

  /**
   * Every folder that holds a manifest, good or not; a name that an earlier folder has already is left out.
   * @param options of which `isThorough` reads every file again, whatever is remembered of it
   */
  async list({ isThorough = false, signal }: ListOptions): Promise<readonly PackListing[]> {
    if (isThorough) await this.#hashes.forget();
    const listings: PackListing[] = [];
    const taken = new Set<string>();
    for (const root of this.#options.folders) {
      for (const name of await subfolders(root)) {
        const folder = join(root, name);
        if (taken.has(name) || !(await exists(join(folder, 'manifest.json')))) continue;
        taken.add(name);
        try {
          const { manifest } = await this.#open(folder, signal);
          listings.push({ kind: 'valid', folder, manifest });
        } catch (error) {
          if (!isAppError(error)) throw error;
          listings.push({ kind: 'invalid', folder, error });
        }
      }
    }
    return listings;
  }

  async #folderOf(model: string): Promise<string> {
    if (isAbsolute(model)) {
      if (await exists(join(model, 'manifest.json'))) return model;
      throw new AppError('model.notFound', `There is no model pack in ${model}.`);
    }
    // A name is one folder name: anything with a separator could lead out of the model folders.
    const isName = /^[\w-][\w.-]*$/.test(model);
    for (const root of isName ? this.#options.folders : []) {
      const folder = join(root, model);
      if (await exists(join(folder, 'manifest.json'))) return folder;
    }
    throw new AppError('model.notFound', `There is no model pack named "${model}".`, {
      data: { folders: this.#options.folders },
    });
  }

  async #open(folder: string, signal: AbortSignal): Promise<ModelPack> {
    const manifestPath = join(folder, 'manifest.json');
    const manifest = parseManifest(await readFile(manifestPath, 'utf8'), manifestPath);
    const verify = (file: PackFile): Promise<string> => this.#verify(folder, file, signal);
    const { decoder, ...others } = manifest.files;
    const files: Record<string, string> = {};
    for (const [key, file] of Object.entries(others)) files[key] = await verify(file);
    return { folder, manifest, files: { ...files, decoder: await verify(decoder) } };
  }

  /** @returns the absolute path. */
  async #verify(folder: string, file: PackFile, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const path = join(folder, file.path);
    const mismatch = (why: string, cause?: unknown): AppError =>
      new AppError('model.fileMismatch', `${path} ${why}.`, { cause });
    const stats = await stat(path).catch((error: unknown) => {
      throw mismatch('is missing', error);
    });
    if (!stats.isFile()) throw mismatch('is not a file');
    if (stats.size !== file.bytes) {
      throw mismatch(`has ${stats.size} bytes, and its manifest says ${file.bytes}`);
    }
    const known = await this.#hashes.lookUp(path, stats);
    const sha256 = known ?? (await hashFile(path, { signal }));
    if (sha256 !== file.sha256) throw mismatch('has another sha256 than its manifest says');
    if (known === undefined) await this.#hashes.remember(path, stats, sha256);
    return path;
  }
}

/** Names of the folders in a folder, sorted; none when it cannot be read. */
async function subfolders(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .sort();
}
