/** codealong gpu: llama.cpp's libraries for graphics cards, which there are, and installing, checking and removing them. */
import {
  gpuLibraryProgress,
  gpuTypes,
  installGpuLibrary,
  listGpuLibraries,
  removeGpuLibrary,
  type GpuLibrary,
  type GpuType,
  type ListGpuLibrariesResult,
} from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { UsageError } from './arguments.ts';
import { downloading, printJson, type VerbContext } from './context.ts';
import { formatBytes } from './format.ts';

/** @throws UsageError, AppError; the signal's reason after Ctrl+C */
export async function gpu(context: VerbContext): Promise<number> {
  const [action = '', ...words] = context.words;
  const type = typeOf(words);
  switch (action) {
    case 'list':
      return list(context, type);
    case 'verify':
      return verify(context, type);
    case 'install':
      return install(context, type);
    case 'remove':
      return remove(context, type);
    default:
      throw new UsageError(
        `"codealong gpu" knows list, install, verify and remove, not "${action}".`,
      );
  }
}

/** @throws UsageError */
function typeOf([word]: readonly string[]): GpuType | undefined {
  const type = gpuTypes.find((one) => one === word);
  if (word === undefined || type !== undefined) return type;
  throw new UsageError(`A library is for ${gpuTypes.join(' or ')}, not for "${word}".`);
}

async function list(context: VerbContext, type: GpuType | undefined): Promise<number> {
  print(context, await ask(context, { type, isThorough: false }));
  return 0;
}

/** Reads every file again. @returns 1 when one has to be installed again */
async function verify(context: VerbContext, type: GpuType | undefined): Promise<number> {
  const listing = await ask(context, { type, isThorough: true });
  const libraries = listing.libraries.filter(({ state }) => state !== 'absent');
  if (libraries.length === 0) {
    throw new AppError('gpu.notOffered', 'No library for graphics cards is installed.');
  }
  print(context, { ...listing, libraries });
  return libraries.some(({ state }) => state === 'damaged' || state === 'outdated') ? 1 : 0;
}

async function ask(
  { connect, signal }: VerbContext,
  { type, isThorough }: { readonly type: GpuType | undefined; readonly isThorough: boolean },
): Promise<ListGpuLibrariesResult> {
  using connection = await connect();
  const listing = await connection.request(listGpuLibraries, { isThorough }, { signal });
  const libraries = listing.libraries.filter((one) => type === undefined || one.type === type);
  return { ...listing, libraries };
}

async function install(context: VerbContext, wanted: GpuType | undefined): Promise<number> {
  const { connect, npmRegistry: registry, values, output, progress, signal } = context;
  using connection = await connect();
  connection.onNotification(gpuLibraryProgress, ({ doneBytes, totalBytes }) => {
    progress.at(doneBytes, totalBytes, formatBytes);
  });
  return await downloading(context, async () => {
    const params = {
      ...(wanted === undefined ? {} : { type: wanted }),
      ...(registry === undefined ? {} : { registry }),
    };
    const { type, isNew } = await connection.request(installGpuLibrary, params, { signal });
    progress[Symbol.dispose]();
    // Said first: an engine that does not start makes it no less installed.
    if (!values.json) {
      output.note(`The library for ${type} is ${isNew ? 'installed' : 'there already'}.`);
    }
    const { libraries, devices } = await connection.request(listGpuLibraries, {}, { signal });
    const isUsed = libraries.some((one) => one.type === type && one.isUsed);
    if (values.json) {
      printJson(output, { installed: type, isNew, isUsed, devices });
      return 0;
    }
    if (isUsed) output.note(`llama.cpp computes on ${devices.join(', ')}.`);
    else output.note('llama.cpp finds no graphics card by it: "codealong doctor" tells more.');
    return 0;
  });
}

async function remove(
  { connect, values, output, signal }: VerbContext,
  type: GpuType | undefined,
): Promise<number> {
  if (type === undefined) throw new UsageError(`"codealong gpu remove" needs TYPE.`);
  using connection = await connect();
  await connection.request(removeGpuLibrary, { type }, { signal });
  if (values.json) printJson(output, { removed: type });
  else output.note(`The library for ${type} is removed.`);
  return 0;
}

function print({ values, output }: VerbContext, listing: ListGpuLibrariesResult): void {
  if (values.json) {
    printJson(output, listing);
    return;
  }
  const { libraries, devices } = listing;
  for (const one of libraries) output.line(lineOf(one, devices));
  if (libraries.length === 0) output.note('There are no such libraries for this system.');
}

function lineOf(library: GpuLibrary, devices: readonly string[]): string {
  const { type, version, isUsed } = library;
  const facts = [stateOf(library), ...(isUsed ? [`in use: ${devices.join(', ')}`] : [])];
  return `${type} ${version}  ${facts.join('; ')}`;
}

function stateOf({ type, state, problem, bytes, unpackedBytes, isSupported }: GpuLibrary): string {
  const sizes = `${formatBytes(bytes)} to fetch, ${formatBytes(unpackedBytes)} then`;
  switch (state) {
    case 'bundled':
      return 'came with this installation';
    case 'installed':
      return 'installed';
    case 'outdated':
      return `of another version of Codealong: install it again (${sizes})`;
    case 'damaged':
      return `damaged: install it again (${sizes}). ${problem ?? ''}`;
    case 'absent': {
      const lacks = type === 'cuda' ? 'no CUDA runtime with its driver' : 'no Vulkan driver';
      return `not installed (${sizes})${isSupported ? '' : `; this system has ${lacks}`}`;
    }
  }
}
