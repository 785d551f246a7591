/** Brings packs into the folder of the user's own, whole or not at all, and takes them away again. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import { freeBytesOn } from '../base/diskRoom.ts';
import { AppError } from '../base/errors.ts';
import { parseObject } from '../base/json.ts';
import { Downloader } from './downloader.ts';
import {
  draftsName,
  isDiskFull,
  moveAway,
  putInPlace,
  requireRoom,
  sizeOfDraft,
  type FreeBytes,
} from './files.ts';
import {
  packName,
  parseManifest,
  type OriginManifest,
  type PackFile,
  type PackManifest,
} from './manifest.ts';
import { expectedFile, type ExpectedFile, type PackSource } from './packSource.ts';

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
  readonly freeBytes?: FreeBytes;
}

const manifestName = 'manifest.json';

export class PackInstaller {
  readonly #options: Required<PackInstallerOptions>;
  readonly #downloader: Downloader;
  /** Drafts that are worked on. */
  readonly #running = new Set<string>();

  constructor(options: PackInstallerOptions) {
    this.#options = { freeBytes: freeBytesOn, ...options };
    this.#downloader = new Downloader({ clock: options.clock, subject: 'model pack' });
  }

  /** What stands at the address of a source. @throws AppError model.notFound, model.unreachable */
  readText(source: PackSource, { signal }: { signal: AbortSignal }): Promise<string> {
    return this.#downloader.insisting(source, () => source.readText({ signal }), signal);
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
    const { folder, freeBytes } = this.#options;
    const wanted = { name: packName(offer.manifest), bytes: offer.missingBytes };
    await requireRoom(folder, wanted, freeBytes);
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
      return await putInPlace(draft, folder, offer.manifest.name);
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
    for (const one of doomed)
      await rm(await moveAway(one, folder), { recursive: true, force: true });
  }

  #draftOf(manifestText: string): string {
    const key = createHash('sha256').update(manifestText).digest('hex').slice(0, 16);
    return path.join(this.#options.folder, draftsName, key);
  }

  async #fetchAll(
    source: PackSource,
    { manifest, text, bytes }: PackOffer,
    { onProgress, signal }: InstallOptions,
  ): Promise<void> {
    const draft = this.#draftOf(text);
    const wanted = filesOf(manifest).map((one) => ({
      source,
      ...{ file: expectedFile(one), target: path.join(draft, one.path) },
    }));
    const onBytes = (doneBytes: number, file: ExpectedFile): void => {
      onProgress({ file: file.path, doneBytes, totalBytes: bytes });
    };
    await this.#downloader.fetchAll(wanted, { onBytes, signal });
  }
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

/** What the manifest in a folder calls its pack; undefined when there is none that could be one. */
async function nameIn(folder: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, manifestName), 'utf8').catch(() => '');
  const { name } = parseObject(text) ?? {};
  return typeof name === 'string' ? name : undefined;
}
