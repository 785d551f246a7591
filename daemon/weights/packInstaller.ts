/** Brings packs into the folder of the user's own, whole or not at all, and takes them away again. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { backOff } from '../base/backOff.ts';
import type { Clock } from '../base/clock.ts';
import { freeBytesOn } from '../base/diskRoom.ts';
import { AppError } from '../base/errors.ts';
import { longestWaitMs, ServerOutage, ServerRefusal } from '../base/foreignServer.ts';
import { parseObject } from '../base/json.ts';
import { exists } from './files.ts';
import {
  packName,
  parseManifest,
  type OriginManifest,
  type PackFile,
  type PackManifest,
} from './manifest.ts';
import type { PackSource } from './packSource.ts';
import { PartialFile } from './partialFile.ts';

/** What would be installed. */
export interface PackOffer {
  readonly manifest: PackManifest;
  /** The manifest, byte for byte. */
  readonly text: string;
  /** Of all its files, and of those the part that is not there yet. */
  readonly bytes: number;
  readonly missingBytes: number;
}

export interface InstallProgress {
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface InstallOptions {
  /** The terms that the manifest names are accepted, if it names any. */
  readonly hasAcceptedTerms: boolean;
  readonly onProgress: (progress: InstallProgress) => void;
  /** Aborting keeps what is there: the next installing goes on behind it. */
  readonly signal: AbortSignal;
}

interface PackInstallerOptions {
  /** Packs lie in it by their names. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Bytes that may be written; asked with a folder on the disk that is meant. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

const manifestName = 'manifest.json';
/** Below the folder of the packs; no pack can have this name. */
const draftsName = '.partial';
/** Others write to this disk, too. */
const spareBytes = 100e6;
/** Between tries of which none brought a byte; then it is given up. */
const waitsMs = [1000, 2000, 5000, 10_000, 20_000];

export class PackInstaller {
  readonly #options: Required<PackInstallerOptions>;
  /** Drafts that are worked on. */
  readonly #running = new Set<string>();

  constructor(options: PackInstallerOptions) {
    this.#options = { freeBytes: freeBytesOn, ...options };
  }

  /** What stands at the address of a source. @throws AppError model.notFound, model.unreachable */
  readText(source: PackSource, { signal }: { signal: AbortSignal }): Promise<string> {
    return this.#insisting(source, () => source.readText({ signal }), signal);
  }

  /** @throws AppError model.notFound, model.invalidManifest, model.unreachable */
  async look(source: PackSource, { signal }: { signal: AbortSignal }): Promise<PackOffer> {
    const text = await this.readText(source, { signal });
    const manifest = parseManifest(text, source.name);
    const draft = this.#draftOf(text);
    const sizes = filesOf(manifest).map(async (file) => ({
      bytes: file.bytes,
      there: await sizeOfDraft(path.join(draft, file.path)),
    }));
    const files = await Promise.all(sizes);
    const there = files.reduce((sum, file) => sum + Math.min(file.there, file.bytes), 0);
    const bytes = bytesOf(manifest);
    return { manifest, text, bytes, missingBytes: bytes - there };
  }

  /**
   * Installs a pack, in place of one of its name.
   * @returns its folder
   * @throws AppError model.termsNotAccepted, model.noRoom, model.unreachable, model.fileMismatch, model.inUse and those of `look`
   */
  async install(source: PackSource, options: InstallOptions): Promise<string> {
    const offer = await this.look(source, options);
    checkTerms(offer.manifest, options);
    await this.#checkRoom(offer);
    const draft = this.#draftOf(offer.text);
    if (this.#running.has(draft)) {
      const sentence = `${packName(offer.manifest)} is being installed already.`;
      throw new AppError('model.inUse', sentence);
    }
    this.#running.add(draft);
    try {
      await mkdir(draft, { recursive: true });
      await writeFile(path.join(draft, manifestName), offer.text);
      await this.#fetchAll(source, offer, options);
      return await this.#putInPlace(draft, offer.manifest.name);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      throw new AppError('model.noRoom', undefined, { cause: error });
    } finally {
      this.#running.delete(draft);
    }
  }

  /** Also what is there of a pack that was not installed to its end. @throws AppError model.notFound, model.inUse */
  async remove(name: string): Promise<void> {
    const { folder } = this.#options;
    const drafts = path.join(folder, draftsName);
    const doomed = [];
    for (const parent of [folder, drafts]) {
      for (const each of await readdir(parent).catch(() => [])) {
        const one = path.join(parent, each);
        if (!this.#running.has(one) && (await nameIn(one)) === name) doomed.push(one);
      }
    }
    if (doomed.length === 0) {
      throw new AppError('model.notFound', `There is no installed model pack named "${name}".`);
    }
    for (const one of doomed) await rm(await this.#moveAway(one), { recursive: true, force: true });
  }

  #draftOf(manifestText: string): string {
    const key = createHash('sha256').update(manifestText).digest('hex').slice(0, 16);
    return path.join(this.#options.folder, draftsName, key);
  }

  async #checkRoom({ manifest, missingBytes }: PackOffer): Promise<void> {
    const { folder, freeBytes } = this.#options;
    await mkdir(folder, { recursive: true });
    const free = await freeBytes(folder);
    if (free >= missingBytes + spareBytes) return;
    const needs = `${packName(manifest)} needs ${gigabytes(missingBytes)} more`;
    const sentence = `${needs}, and the disk of ${folder} has ${gigabytes(free)} left.`;
    throw new AppError('model.noRoom', sentence);
  }

  async #fetchAll(
    source: PackSource,
    { manifest, text, bytes }: PackOffer,
    { onProgress, signal }: InstallOptions,
  ): Promise<void> {
    let doneBefore = 0;
    for (const file of filesOf(manifest)) {
      const target = path.join(this.#draftOf(text), file.path);
      const onBytes = (there: number): void => {
        onProgress({ file: file.path, doneBytes: doneBefore + there, totalBytes: bytes });
      };
      // Under its own name lies only what was compared with its hash.
      if (!(await exists(target))) await this.#fetch(source, file, { target, onBytes, signal });
      doneBefore += file.bytes;
      onBytes(0);
    }
  }

  async #fetch(
    source: PackSource,
    file: PackFile,
    { target, onBytes, signal }: FetchOptions,
  ): Promise<void> {
    await using part = await PartialFile.open(target, { signal });
    const wasBegun = part.bytes > 0;
    let isWhole = await this.#fill(source, file, { part, onBytes, signal });
    if (!isWhole && wasBegun) {
      // What was there may be of another file of that name, or spoiled.
      await part.restart();
      isWhole = await this.#fill(source, file, { part, onBytes, signal });
    }
    if (isWhole) {
      await part.finish();
      return;
    }
    await part.restart();
    const sentence = `${file.path} from ${source.name} has another sha256 than its manifest says.`;
    throw new AppError('model.fileMismatch', sentence);
  }

  /** @returns whether it is then what the manifest names */
  async #fill(
    source: PackSource,
    file: PackFile,
    { part, onBytes, signal }: FillOptions,
  ): Promise<boolean> {
    if (part.bytes > file.bytes) await part.restart();
    await this.#insisting(
      source,
      async () => {
        if (part.bytes === file.bytes) return;
        const { offset, bytes } = await source.open(file, part.bytes, { signal });
        if (offset !== part.bytes) await part.restart();
        for await (const piece of bytes) {
          await part.append(piece);
          if (part.bytes > file.bytes) break;
          onBytes(part.bytes);
        }
        if (part.bytes < file.bytes) throw new ServerOutage('it broke off');
      },
      signal,
      () => part.bytes,
    );
    return part.bytes === file.bytes && part.sha256 === file.sha256;
  }

  /** Asks again while the source has an outage. @param progress grows while asking is of use */
  async #insisting<Result>(
    source: PackSource,
    work: () => Promise<Result>,
    signal: AbortSignal,
    progress: () => number = () => 0,
  ): Promise<Result> {
    let reached = progress();
    for (let failures = 0; ; failures++) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof ServerRefusal) throw unreachable(source, error);
        if (!(error instanceof ServerOutage)) throw error;
        if (progress() > reached) failures = 0;
        reached = progress();
        if (failures >= waitsMs.length) throw unreachable(source, error);
        const waitMs = Math.min(error.retryAfterMs ?? backOff(waitsMs, failures), longestWaitMs);
        await this.#options.clock.sleep(waitMs, { signal });
      }
    }
  }

  async #putInPlace(draft: string, name: string): Promise<string> {
    const folder = path.join(this.#options.folder, name);
    const old = (await exists(folder)) ? await this.#moveAway(folder) : undefined;
    try {
      await rename(draft, folder);
    } catch (cause) {
      if (old !== undefined) await rename(old, folder);
      throw new AppError('model.inUse', `${name} cannot be put in its place.`, { cause });
    }
    // What stays of it only takes room.
    if (old !== undefined) await rm(old, { recursive: true, force: true }).catch(() => undefined);
    return folder;
  }

  /** Where no other part of the program sees it, in one step. */
  async #moveAway(folder: string): Promise<string> {
    const away = path.join(
      this.#options.folder,
      draftsName,
      `old-${randomBytes(4).toString('hex')}`,
    );
    await mkdir(path.dirname(away), { recursive: true });
    try {
      await rename(folder, away);
    } catch (cause) {
      // Windows does not move what is open.
      throw new AppError('model.inUse', `${path.basename(folder)} is in use.`, { cause });
    }
    return away;
  }
}

interface FetchOptions {
  readonly target: string;
  /** Told how much of the file is there. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

interface FillOptions extends Omit<FetchOptions, 'target'> {
  readonly part: PartialFile;
}

/** The terms that whoever installs a pack must accept. */
export function termsOf({ origins = [] }: PackManifest): readonly OriginManifest[] {
  return origins.filter(({ mustAccept }) => mustAccept);
}

function checkTerms(
  manifest: PackManifest,
  { hasAcceptedTerms }: Pick<InstallOptions, 'hasAcceptedTerms'>,
): void {
  const terms = termsOf(manifest);
  if (terms.length === 0 || hasAcceptedTerms) return;
  const told = terms.map(({ name, licence, address }) => `${name}, ${licence} (${address})`);
  throw new AppError(
    'model.termsNotAccepted',
    `${packName(manifest)} comes under terms that have to be accepted first: ${told.join('; ')}.`,
  );
}

/** Each once, whatever names it. */
function filesOf({ files }: PackManifest): readonly PackFile[] {
  const all = Object.values(files) as PackFile[];
  return [...new Map(all.map((file) => [file.path, file])).values()];
}

/** Of all its files. */
export const bytesOf = (manifest: PackManifest): number =>
  filesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0);

function unreachable(source: PackSource, cause: Error): AppError {
  const sentence = `The model pack at ${source.name} cannot be downloaded: ${cause.message}.`;
  return new AppError('model.unreachable', sentence, { cause });
}

const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** What the manifest in a folder calls its pack; undefined when there is none that could be one. */
async function nameIn(folder: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, manifestName), 'utf8').catch(() => '');
  const { name } = parseObject(text) ?? {};
  return typeof name === 'string' ? name : undefined;
}

/** Of a file that is whole, or of its part. */
async function sizeOfDraft(file: string): Promise<number> {
  for (const one of [file, PartialFile.pathOf(file)]) {
    const stats = await stat(one).catch(() => undefined);
    if (stats) return stats.size;
  }
  return 0;
}
