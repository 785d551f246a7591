/** The packs of a machine as its user meets them: what is there, what could be, installing and removing. */
import path from 'node:path';
import { z } from 'zod';
import {
  isServerAddress,
  type InstalledModel,
  type ListModelsParams,
  type ListModelsResult,
  type ModelOffer,
} from '../../protocol/index.ts';
import { AppError, isAppError } from '../base/errors.ts';
import { parseObject } from '../base/json.ts';
import { fitOf, type FreeMemory } from './fit.ts';
import type { PackManifest } from './manifest.ts';
import type { ModelStore, PackListing } from './modelStore.ts';
import { bytesOf, termsOf, type InstallOptions, type PackInstaller } from './packInstaller.ts';
import { packSource } from './packSource.ts';

interface MachineMemory extends FreeMemory {
  /** Names of the graphics cards in use. */
  readonly devices: readonly string[];
}

interface ModelLibraryParts {
  readonly store: Pick<ModelStore, 'list'>;
  readonly installer: Pick<PackInstaller, 'readText' | 'look' | 'install' | 'remove'>;
  /** The folder of the packs that came with the program. */
  readonly shipped: string;
  readonly memory: (options: { signal: AbortSignal }) => Promise<MachineMemory>;
}

/** A list of packs, as a team or the project keeps it; `manifest` is an address, also against that of the catalogue. */
const catalogueSchema = z.object({
  schemaVersion: z.literal(1),
  models: z.array(z.object({ manifest: z.string().min(1).max(8192) })).max(200),
});

export class ModelLibrary {
  readonly #parts: ModelLibraryParts;

  constructor(parts: ModelLibraryParts) {
    this.#parts = parts;
  }

  async list(
    { catalogue, isThorough = false }: ListModelsParams,
    { signal }: { signal: AbortSignal },
  ): Promise<ListModelsResult> {
    const memory = await this.#parts.memory({ signal });
    const there = await this.#parts.store.list({ isThorough, signal });
    const models: InstalledModel[] = [];
    const broken = [];
    for (const found of there) {
      const { folder } = found;
      if (found.kind === 'invalid') broken.push({ folder, problem: found.error.message });
      else {
        const isShipped = this.#isShipped(found);
        models.push({ ...factsOf(found.manifest, memory), folder, isShipped });
      }
    }
    const { offers, notices } =
      catalogue === undefined
        ? { offers: [], notices: [] }
        : await this.#offersOf(catalogue, { there, memory, signal });
    return { models, broken, offers, notices, devices: memory.devices };
  }

  /** @throws AppError model.notFound, model.invalidManifest, model.unreachable */
  async inspect(from: string, { signal }: { signal: AbortSignal }): Promise<ModelOffer> {
    const memory = await this.#parts.memory({ signal });
    const there = await this.#parts.store.list({ signal });
    return this.#offer(from, { there, memory, signal });
  }

  /** @returns the pack's name @throws AppError as `PackInstaller.install` */
  async install(from: string, options: InstallOptions): Promise<string> {
    return path.basename(await this.#parts.installer.install(packSource(from), options));
  }

  /** @throws AppError model.notFound, model.notRemovable, model.inUse */
  async remove(name: string, { signal }: { signal: AbortSignal }): Promise<void> {
    try {
      await this.#parts.installer.remove(name);
    } catch (error) {
      if (!isAppError(error, 'model.notFound')) throw error;
      const found = named(await this.#parts.store.list({ signal }), name);
      if (!found || !this.#isShipped(found)) throw error;
      throw new AppError('model.notRemovable', `${name} came with Codealong and stays.`);
    }
  }

  #isShipped({ folder }: PackListing): boolean {
    return path.dirname(folder) === this.#parts.shipped;
  }

  async #offersOf(
    catalogue: string,
    context: OfferContext,
  ): Promise<Pick<ListModelsResult, 'offers' | 'notices'>> {
    const offers: ModelOffer[] = [];
    const notices: string[] = [];
    try {
      for (const place of await this.#readCatalogue(catalogue, context)) {
        try {
          offers.push(await this.#offer(against(catalogue, place), context));
        } catch (error) {
          if (!isAppError(error)) throw error;
          notices.push(error.message);
        }
      }
    } catch (error) {
      if (!isAppError(error)) throw error;
      notices.push(error.message);
    }
    return { offers, notices };
  }

  async #readCatalogue(
    catalogue: string,
    { signal }: { signal: AbortSignal },
  ): Promise<readonly string[]> {
    const text = await this.#parts.installer.readText(packSource(catalogue), { signal });
    const parsed = catalogueSchema.safeParse(parseObject(text));
    if (!parsed.success) {
      const sentence = `${catalogue} is no catalogue of model packs.`;
      throw new AppError('model.invalidManifest', sentence, { cause: parsed.error });
    }
    return parsed.data.models.map(({ manifest }) => manifest);
  }

  async #offer(from: string, { there, memory, signal }: OfferContext): Promise<ModelOffer> {
    const { installer } = this.#parts;
    const { manifest, missingBytes } = await installer.look(packSource(from), { signal });
    const installed = named(there, manifest.name);
    return {
      ...factsOf(manifest, memory),
      ...{ from, missingBytes, terms: termsOf(manifest) },
      ...(installed && { installedVersion: installed.manifest.version }),
    };
  }
}

type ModelPackListing = Extract<PackListing, { kind: 'valid' }>;

interface OfferContext {
  readonly there: readonly PackListing[];
  readonly memory: FreeMemory;
  readonly signal: AbortSignal;
}

/** The good pack of a name. */
function named(there: readonly PackListing[], name: string): ModelPackListing | undefined {
  return there.find(
    (one): one is ModelPackListing => one.kind === 'valid' && one.manifest.name === name,
  );
}

function factsOf(manifest: PackManifest, memory: FreeMemory) {
  const { name, version, description, licence } = manifest;
  const bytes = bytesOf(manifest);
  return { name, version, description, licence, bytes, fit: fitOf(manifest, memory) };
}

/** A place in a catalogue is told from where that lies. @throws AppError model.invalidManifest */
function against(catalogue: string, place: string): string {
  if (!/^https?:/i.test(catalogue) && !/^https?:/i.test(place)) {
    return path.resolve(path.dirname(catalogue), place);
  }
  const address = URL.parse(place, catalogue)?.href ?? place;
  if (isServerAddress(address) && URL.canParse(address)) return address;
  throw new AppError('model.invalidManifest', `"${place}" in ${catalogue} is no address.`);
}
