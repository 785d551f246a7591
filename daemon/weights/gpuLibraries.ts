/** Libraries for graphics cards in the home: downloaded from the npm registry, unpacked, checked and removed, each whole or not at all. */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  gpuTypes,
  type GpuLibrary,
  type GpuLibraryProgress,
  type GpuType,
  type InstallGpuLibraryResult,
  type ListGpuLibrariesParams,
  type ListGpuLibrariesResult,
} from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { freeBytesOn } from '../base/diskRoom.ts';
import { AppError, isAppError } from '../base/errors.ts';
import { parseObject } from '../base/json.ts';
import { Downloader } from './downloader.ts';
import {
  awayPrefix,
  draftsName,
  exists,
  hashFile,
  isDiskFull,
  moveAway,
  putInPlace,
  requireRoom,
  sizeOfDraft,
  type FreeBytes,
} from './files.ts';
import type { GpuPackage, GpuPackages } from './gpuPackages.ts';
import { webFolder, type ExpectedFile } from './packSource.ts';
import { TarballError, unpackTarball } from './tarball.ts';

/** What the engine says of graphics cards. */
export interface GpuState {
  /** Types that the system has drivers and runtimes for, whether or not their library is there; the best first. */
  readonly supported: readonly GpuType[];
  /** What the decoder computes by; nothing on a processor. */
  readonly used: string | undefined;
  /** Names of the graphics cards in use. */
  readonly devices: readonly string[];
}

interface GpuLibrariesParts {
  /** Libraries lie in it by their types. */
  readonly folder: string;
  /** Those that there are for this system. */
  readonly packages: GpuPackages;
  /** Whether a package came with this installation. */
  readonly isBundled: (packageName: string) => boolean;
  /** @throws AppError engine.* while no engine runs */
  readonly state: (options: { signal: AbortSignal }) => Promise<GpuState>;
  /** Makers of the graphics cards of this machine; undefined where the system does not tell. */
  readonly cards: () => Promise<readonly string[] | undefined>;
  /** Ends whatever has a library open, and does the work; what comes behind it looks for libraries anew. */
  readonly withReleased: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly freeBytes?: FreeBytes;
}

interface InstallGpuOptions {
  readonly type: GpuType | undefined;
  /** Address of an npm registry. */
  readonly registry: string | undefined;
  readonly onProgress: (progress: GpuLibraryProgress) => void;
  /** Aborting keeps what is there: the next installing goes on behind it. */
  readonly signal: AbortSignal;
}

const npmRegistry = 'https://registry.npmjs.org/';
const recordName = 'library.json';

/** What lies in a library's folder beside its packages. */
const recordSchema = z.object({
  schemaVersion: z.literal(1),
  /** Of the tarballs, in their order. */
  integrities: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
type LibraryRecord = z.infer<typeof recordSchema>;

export class GpuLibraries {
  readonly #parts: Required<GpuLibrariesParts>;
  readonly #downloader: Downloader;
  /** Types that are worked on. */
  readonly #running = new Set<GpuType>();

  constructor(parts: GpuLibrariesParts) {
    this.#parts = { freeBytes: freeBytesOn, ...parts };
    this.#downloader = new Downloader({ clock: parts.clock, subject: 'library' });
  }

  /** @throws AppError engine.* */
  async list(
    { isThorough = false }: ListGpuLibrariesParams,
    { signal }: { signal: AbortSignal },
  ): Promise<ListGpuLibrariesResult> {
    const { supported, used, devices } = await this.#parts.state({ signal });
    const libraries: GpuLibrary[] = [];
    for (const type of gpuTypes) {
      const packages = this.#parts.packages[type];
      if (!packages) continue;
      libraries.push({
        ...{ type, version: packages[0]!.version },
        bytes: sum(packages, ({ bytes }) => bytes),
        unpackedBytes: sum(packages, ({ unpackedBytes }) => unpackedBytes),
        ...(await this.#stateOf(type, packages, { isThorough, signal })),
        ...{ isSupported: supported.includes(type), isUsed: used === type && devices.length > 0 },
      });
    }
    const cards = devices.length > 0 ? [] : await this.#parts.cards();
    const missing = libraries.find(
      ({ isSupported, state }) => isSupported && !['bundled', 'installed'].includes(state),
    );
    const isRecommended = missing && cards?.length !== 0;
    return { libraries, devices, ...(isRecommended && { recommended: missing.type }) };
  }

  /**
   * One that came with this installation, or is installed and whole, stays as it is.
   * @throws AppError gpu.notOffered, gpu.noDriver, gpu.damaged, model.unreachable, model.noRoom, model.inUse, engine.*
   */
  async install({ type: wanted, ...options }: InstallGpuOptions): Promise<InstallGpuLibraryResult> {
    const type = wanted ?? (await this.#best(options));
    const packages = this.#packagesOf(type);
    return this.#alone(type, async () => {
      const { state } = await this.#stateOf(type, packages, { ...options, isThorough: true });
      if (state === 'bundled' || state === 'installed') return { type, isNew: false };
      try {
        await this.#install(type, packages, options);
        return { type, isNew: true };
      } catch (error) {
        if (isDiskFull(error)) {
          const sentence = `The disk of ${this.#parts.folder} has no room for the library.`;
          throw new AppError('model.noRoom', sentence, { cause: error });
        }
        if (!isAppError(error, 'model.fileMismatch')) throw error;
        throw new AppError('gpu.damaged', error.message, { cause: error });
      }
    });
  }

  /** @throws AppError gpu.notOffered, model.inUse */
  async remove(type: GpuType): Promise<void> {
    const { folder, withReleased } = this.#parts;
    const place = path.join(folder, type);
    await this.#alone(type, async () => {
      const isThere = await exists(place);
      if (!isThere && (await this.#draftsOf(type)).length === 0) {
        throw new AppError('gpu.notOffered', `There is no installed library for ${type}.`);
      }
      if (isThere) await withReleased(() => moveAway(place, folder));
      await this.#forgetDrafts(type);
    });
  }

  /** @throws AppError model.inUse */
  async #alone<Result>(type: GpuType, work: () => Promise<Result>): Promise<Result> {
    if (this.#running.has(type)) {
      const sentence = `The library for ${type} is being installed or removed already.`;
      throw new AppError('model.inUse', sentence);
    }
    this.#running.add(type);
    try {
      return await work();
    } finally {
      this.#running.delete(type);
    }
  }

  async #best(options: { signal: AbortSignal }): Promise<GpuType> {
    const { packages, state } = this.#parts;
    if (Object.keys(packages).length === 0) throw new AppError('gpu.notOffered');
    const { supported } = await state(options);
    const best = supported.find((type) => packages[type] !== undefined);
    if (best === undefined) throw new AppError('gpu.noDriver');
    return best;
  }

  #packagesOf(type: GpuType): readonly GpuPackage[] {
    const packages = this.#parts.packages[type];
    if (packages) return packages;
    throw new AppError('gpu.notOffered', `There is no library for ${type} for this system.`);
  }

  async #install(
    type: GpuType,
    packages: readonly GpuPackage[],
    options: Omit<InstallGpuOptions, 'type'>,
  ): Promise<void> {
    const { folder, freeBytes, withReleased } = this.#parts;
    const tarballs = packages.map((one) => this.#tarballOf(one));
    const there = sum(await Promise.all(tarballs.map(sizeOfDraft)), (size) => size);
    const whole = sum(packages, ({ bytes, unpackedBytes }) => bytes + unpackedBytes);
    const wanted = { name: `The library for ${type}`, bytes: Math.max(0, whole - there) };
    await requireRoom(folder, wanted, freeBytes);
    await this.#fetchAll(type, packages, options);
    const draft = path.join(folder, draftsName, type);
    // Of a process that was killed.
    await rm(draft, { recursive: true, force: true });
    try {
      await this.#unpackAll(packages, draft, options);
      // Windows replaces nothing that is open.
      await withReleased(() => putInPlace(draft, folder, type));
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    await this.#forgetDrafts(type);
  }

  async #fetchAll(
    type: GpuType,
    packages: readonly GpuPackage[],
    { registry = npmRegistry, onProgress, signal }: Omit<InstallGpuOptions, 'type'>,
  ): Promise<void> {
    const totalBytes = sum(packages, ({ bytes }) => bytes);
    const wanted = packages.map((one) => ({
      source: webFolder(tarballsAt(registry, one.name)),
      ...{ file: tarballFile(one), target: this.#tarballOf(one) },
    }));
    const onBytes = (doneBytes: number): void => {
      onProgress({ type, doneBytes, totalBytes });
    };
    await this.#downloader.fetchAll(wanted, { onBytes, signal });
  }

  /** As npm would lay them out, so that Node finds them by their names. */
  async #unpackAll(
    packages: readonly GpuPackage[],
    draft: string,
    options: { signal: AbortSignal },
  ): Promise<void> {
    const files: LibraryRecord['files'] = [];
    for (const one of packages) {
      const below = `node_modules/${one.name}`;
      try {
        const unpacked = await unpackTarball(
          this.#tarballOf(one),
          path.join(draft, ...below.split('/')),
          options,
        );
        files.push(...unpacked.map((file) => ({ ...file, path: `${below}/${file.path}` })));
      } catch (error) {
        if (!(error instanceof TarballError)) throw error;
        // Its hash was compared when it came: it was spoiled since, or will never be right.
        await rm(this.#tarballOf(one), { force: true });
        const sentence = `${tarballName(one)} cannot be unpacked: ${error.message}.`;
        throw new AppError('gpu.damaged', sentence, { cause: error });
      }
    }
    const integrities = packages.map(({ integrity }) => integrity);
    const record: LibraryRecord = { schemaVersion: 1, integrities, files };
    await writeFile(path.join(draft, recordName), JSON.stringify(record));
  }

  async #stateOf(
    type: GpuType,
    packages: readonly GpuPackage[],
    options: { readonly isThorough: boolean; readonly signal: AbortSignal },
  ): Promise<Pick<GpuLibrary, 'state' | 'problem'>> {
    if (packages.every(({ name }) => this.#parts.isBundled(name))) return { state: 'bundled' };
    const place = path.join(this.#parts.folder, type);
    if (!(await exists(place))) return { state: 'absent' };
    const text = await readFile(path.join(place, recordName), 'utf8').catch(() => '');
    const record = recordSchema.safeParse(parseObject(text));
    if (!record.success) return { state: 'damaged', problem: `${place} has no ${recordName}.` };
    const { integrities, files } = record.data;
    if (integrities.join() !== packages.map(({ integrity }) => integrity).join()) {
      return { state: 'outdated' };
    }
    for (const file of files) {
      const problem = await problemOf(place, file, options);
      if (problem !== undefined) return { state: 'damaged', problem };
    }
    return { state: 'installed' };
  }

  #tarballOf(one: GpuPackage): string {
    return path.join(this.#parts.folder, draftsName, tarballName(one));
  }

  /** What is there of one that was not installed or removed to its end, of any version. */
  async #draftsOf(type: GpuType): Promise<readonly string[]> {
    const folder = path.join(this.#parts.folder, draftsName);
    const packages = this.#parts.packages[type] ?? [];
    const prefixes = [awayPrefix(type), ...packages.map(tarballPrefix)];
    const names = await readdir(folder).catch(() => []);
    return names
      .filter((name) => name === type || prefixes.some((prefix) => name.startsWith(prefix)))
      .map((name) => path.join(folder, name));
  }

  async #forgetDrafts(type: GpuType): Promise<void> {
    for (const one of await this.#draftsOf(type)) await rm(one, { recursive: true, force: true });
  }
}

async function problemOf(
  folder: string,
  file: LibraryRecord['files'][number],
  { isThorough, signal }: { readonly isThorough: boolean; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const place = path.join(folder, ...file.path.split('/'));
  const stats = await stat(place).catch(() => undefined);
  if (!stats) return `${place} is missing.`;
  if (stats.size !== file.bytes)
    return `${place} has ${stats.size} bytes instead of ${file.bytes}.`;
  if (!isThorough) return undefined;
  if ((await hashFile(place, { signal })) === file.sha256) return undefined;
  return `${place} has another sha256 than when it was installed.`;
}

/** As npm calls it, without the scope. */
const tarballName = (one: GpuPackage): string => `${tarballPrefix(one)}${one.version}.tgz`;

/** Of all its versions. */
const tarballPrefix = ({ name }: GpuPackage): string => `${path.posix.basename(name)}-`;

/** Where a registry has a package's tarballs. @source every address of package-lock.json */
const tarballsAt = (registry: string, name: string): string =>
  `${registry.replace(/\/+$/, '')}/${name}/-/`;

function tarballFile(one: GpuPackage): ExpectedFile {
  const digest = Buffer.from(one.integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  const hash = { algorithm: 'sha512', digest, from: 'this version of Codealong' } as const;
  return { path: tarballName(one), bytes: one.bytes, hash };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
