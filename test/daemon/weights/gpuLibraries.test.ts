import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, isAppError } from '../../../daemon/base/errors.ts';
import { GpuLibraries, type GpuState } from '../../../daemon/weights/gpuLibraries.ts';
import type { GpuPackage, GpuPackages } from '../../../daemon/weights/gpuPackages.ts';
import type {
  GpuLibraryProgress,
  GpuType,
  InstallGpuLibraryResult,
} from '../../../protocol/index.ts';
import { sendFrom, servePack, wellBehaved, type PackServer } from '../../helpers/packServer.ts';
import { makeTarball, type TarEntry } from '../../helpers/tarballs.ts';

const { signal } = new AbortController();
let root: string;
let folder: string;
let server: PackServer;
let state: GpuState | AppError;
/** What happens before a library is moved. */
let release: () => Promise<void>;
let releases: number;
let cards: readonly string[] | undefined;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'codealong-gpu-'));
  folder = path.join(root, 'libraries');
  server = await servePack();
  state = { supported: ['vulkan'], used: undefined, devices: [] };
  releases = 0;
  release = () => Promise.resolve();
  cards = ['NVIDIA'];
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

const library = Buffer.alloc(200_000, 'a library');
const good: readonly TarEntry[] = [
  { path: 'package/package.json', content: '{}' },
  { path: 'package/bins/lib.so', content: library },
];

/** Puts a tarball where the registry has it. @returns how it is pinned */
function publish(name: string, entries = good, version = '1.0.0'): GpuPackage {
  const tarball = makeTarball(entries);
  server.others.set(`/@made/${name}/-/${name}-${version}.tgz`, tarball);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const bytes = tarball.length;
  return { name: `@made/${name}`, version, integrity, bytes, unpackedBytes: 300_000 };
}

interface Made {
  readonly packages?: GpuPackages;
  readonly freeBytes?: number;
  readonly bundled?: string;
}

const make = ({ packages = {}, freeBytes = 1e9, bundled }: Made = {}): GpuLibraries =>
  new GpuLibraries({
    ...{ folder, packages },
    isBundled: (name) => name === bundled,
    state: () => (state instanceof AppError ? Promise.reject(state) : Promise.resolve(state)),
    cards: () => Promise.resolve(cards),
    withReleased: async (work) => {
      await release();
      releases++;
      return work();
    },
    clock: { sleep: () => Promise.resolve() },
    freeBytes: () => Promise.resolve(freeBytes),
  });

const install = (
  libraries: GpuLibraries,
  type?: GpuType,
  onProgress: (progress: GpuLibraryProgress) => void = () => undefined,
  scope = signal,
): Promise<InstallGpuLibraryResult> =>
  libraries.install({ type, registry: `${server.origin}/`, onProgress, signal: scope });

async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  const said = isAppError(error) ? `${error.code} ${error.message}` : String(error);
  return said.replaceAll(server.origin, 'ORIGIN').replaceAll(folder, 'FOLDER');
}

const stateOf = async (libraries: GpuLibraries, isThorough = false) => {
  const { libraries: found } = await libraries.list({ isThorough }, { signal });
  return found.map((one) => [one.type, one.state, one.problem?.replaceAll(folder, 'FOLDER')]);
};

const inFolder = (): readonly string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

describe('a library', () => {
  it('is installed whole, laid out as npm would, and removed', async () => {
    const packages = { cuda: [publish('cuda'), publish('cuda-ext')], vulkan: [publish('vulkan')] };
    const libraries = make({ packages });
    expect(await stateOf(libraries)).toEqual([
      ['cuda', 'absent', undefined],
      ['vulkan', 'absent', undefined],
    ]);
    const told: number[] = [];
    const done = await install(libraries, 'cuda', ({ doneBytes, totalBytes }) => {
      expect(totalBytes).toBe(packages.cuda[0]!.bytes + packages.cuda[1]!.bytes);
      told.push(doneBytes);
    });
    expect(done).toEqual({ type: 'cuda', isNew: true });
    expect(told.at(-1)).toBe(packages.cuda[0]!.bytes + packages.cuda[1]!.bytes);
    for (const name of ['cuda', 'cuda-ext']) {
      const place = path.join(folder, 'cuda', 'node_modules', '@made', name, 'bins', 'lib.so');
      expect(readFileSync(place).equals(library)).toBe(true);
    }
    // What comes next looks for libraries anew.
    expect(releases).toBe(1);
    expect(await stateOf(libraries, true)).toContainEqual(['cuda', 'installed', undefined]);
    expect(readdirSync(path.join(folder, '.partial'))).toEqual([]);
    await libraries.remove('cuda');
    expect(await stateOf(libraries)).toContainEqual(['cuda', 'absent', undefined]);
    expect(inFolder()).toEqual(['.partial']);
    expect(await failure(libraries.remove('cuda'))).toBe(
      'gpu.notOffered There is no installed library for cuda.',
    );
  });

  it('is the best that the system supports, unless one is named', async () => {
    const packages = { cuda: [publish('cuda')], vulkan: [publish('vulkan')] };
    expect(await install(make({ packages }))).toMatchObject({ type: 'vulkan' });
    state = { supported: ['cuda', 'vulkan'], used: undefined, devices: [] };
    expect(await install(make({ packages }))).toMatchObject({ type: 'cuda' });
    state = { ...state, supported: [] };
    expect(await failure(install(make({ packages })))).toContain('gpu.noDriver');
    expect(await failure(install(make({})))).toContain('gpu.notOffered');
    expect(await failure(install(make({ packages: {} }), 'cuda'))).toBe(
      'gpu.notOffered There is no library for cuda for this system.',
    );
  });

  it('cannot be told to be the best by an engine that does not start', async () => {
    state = new AppError('engine.crashLoop');
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    expect(await failure(install(libraries))).toContain('engine.crashLoop');
    expect(await failure(libraries.list({}, { signal }))).toContain('engine.crashLoop');
    expect(await install(libraries, 'vulkan')).toEqual({ type: 'vulkan', isNew: true });
  });

  it('says what it is used for', async () => {
    state = { supported: ['vulkan'], used: 'vulkan', devices: ['a card'] };
    const packages = { cuda: [publish('cuda')], vulkan: [publish('vulkan')] };
    const { libraries, devices } = await make({ packages, bundled: '@made/vulkan' }).list(
      {},
      { signal },
    );
    expect(devices).toEqual(['a card']);
    expect(libraries).toMatchObject([
      { type: 'cuda', state: 'absent', isSupported: false, isUsed: false },
      { type: 'vulkan', state: 'bundled', isSupported: true, isUsed: true },
    ]);
  });

  it('of another version is told, and replaced', async () => {
    await install(make({ packages: { vulkan: [publish('vulkan')] } }), 'vulkan');
    const entries = [{ path: 'package/other', content: 'other' }];
    const newer = make({ packages: { vulkan: [publish('vulkan', entries, '2.0.0')] } });
    expect(await stateOf(newer)).toEqual([['vulkan', 'outdated', undefined]]);
    await install(newer, 'vulkan');
    expect(await stateOf(newer)).toEqual([['vulkan', 'installed', undefined]]);
    const place = path.join(folder, 'vulkan', 'node_modules', '@made', 'vulkan');
    expect(readdirSync(place)).toEqual(['other']);
  });

  it('that came with this installation, or is whole, is not fetched', async () => {
    const packages = { cuda: [publish('cuda')], vulkan: [publish('vulkan')] };
    const libraries = make({ packages, bundled: '@made/vulkan' });
    expect(await install(libraries, 'vulkan')).toEqual({ type: 'vulkan', isNew: false });
    await install(libraries, 'cuda');
    expect(server.asked).toEqual(['/@made/cuda/-/cuda-1.0.0.tgz']);
    expect(await install(libraries, 'cuda')).toEqual({ type: 'cuda', isNew: false });
    expect(server.asked).toHaveLength(1);
    expect(releases).toBe(1);
    const place = path.join(folder, 'cuda', 'node_modules', '@made', 'cuda', 'bins', 'lib.so');
    writeFileSync(place, Buffer.alloc(library.length));
    expect(await install(libraries, 'cuda')).toEqual({ type: 'cuda', isNew: true });
    expect(readFileSync(place).equals(library)).toBe(true);
  });

  it('stays as it is when it cannot be released', async () => {
    release = () => Promise.reject(new Error('it does not end'));
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    expect(await failure(install(libraries, 'vulkan'))).toBe('Error: it does not end');
    expect(inFolder()).toEqual(['.partial']);
    release = () => Promise.resolve();
    // What was downloaded is not downloaded again.
    expect(await install(libraries, 'vulkan')).toEqual({ type: 'vulkan', isNew: true });
    expect(server.asked).toHaveLength(1);
    release = () => Promise.reject(new Error('it does not end'));
    expect(await failure(libraries.remove('vulkan'))).toBe('Error: it does not end');
    expect(await stateOf(libraries, true)).toEqual([['vulkan', 'installed', undefined]]);
    release = () => Promise.resolve();
    await libraries.remove('vulkan');
    expect(inFolder()).toEqual(['.partial']);
  });

  it('is neither installed nor removed while it is removed', async () => {
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    await install(libraries, 'vulkan');
    const released = Promise.withResolvers<undefined>();
    release = () => released.promise;
    const removing = libraries.remove('vulkan');
    const said = 'model.inUse The library for vulkan is being installed or removed already.';
    expect(await failure(install(libraries, 'vulkan'))).toBe(said);
    expect(await failure(libraries.remove('vulkan'))).toBe(said);
    released.resolve(undefined);
    await removing;
    expect(await install(libraries, 'vulkan')).toEqual({ type: 'vulkan', isNew: true });
  });

  it('is removed with everything that was not brought to its end', async () => {
    const packages = {
      cuda: [publish('cuda'), publish('cuda-ext')],
      vulkan: [publish('vulkan')],
    };
    const libraries = make({ packages });
    const drafts = path.join(folder, '.partial');
    const litter = (...names: readonly string[]): void => {
      for (const name of names) {
        mkdirSync(path.join(drafts, name), { recursive: true });
        writeFileSync(path.join(drafts, name, 'file'), '');
      }
    };
    const others = ['old-vulkan-01234567', 'vulkan', 'vulkan-1.0.0.tgz.part'];
    const own = [
      ...['cuda', 'cuda-0.9.0.tgz', 'cuda-1.0.0.tgz.part', 'cuda-ext-0.9.0.tgz'],
      'old-cuda-01234567',
    ];
    litter(...own, ...others);
    await libraries.remove('cuda');
    expect(readdirSync(drafts).sort()).toEqual(others);
    expect(await failure(libraries.remove('cuda'))).toContain('There is no installed library');
    rmSync(drafts, { recursive: true });
    // Installing tidies up, too.
    litter('old-cuda-01234567', 'cuda-0.9.0.tgz');
    await install(libraries, 'cuda');
    expect(readdirSync(drafts)).toEqual([]);
  });

  it('that was changed is found out', async () => {
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    await install(libraries, 'vulkan');
    const place = path.join(folder, 'vulkan', 'node_modules', '@made', 'vulkan', 'bins', 'lib.so');
    const shown = 'FOLDER/vulkan/node_modules/@made/vulkan/bins/lib.so';
    writeFileSync(place, Buffer.alloc(library.length));
    expect(await stateOf(libraries)).toEqual([['vulkan', 'installed', undefined]]);
    const sentence = `${shown} has another sha256 than when it was installed.`;
    expect(await stateOf(libraries, true)).toEqual([['vulkan', 'damaged', sentence]]);
    rmSync(place);
    expect(await stateOf(libraries)).toEqual([['vulkan', 'damaged', `${shown} is missing.`]]);
    rmSync(path.join(folder, 'vulkan', 'library.json'));
    expect(await stateOf(libraries)).toMatchObject([['vulkan', 'damaged', /library\.json/]]);
  });
});

describe('downloading', () => {
  it('goes on behind what is there, after a pause and after the line broke', async () => {
    const one = publish('vulkan');
    const libraries = make({ packages: { vulkan: [one] } });
    const half = one.bytes >> 1;
    const controller = new AbortController();
    server.mischief = ({ bytes }, _, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, half));
      return 'answered';
    };
    const paused = install(
      libraries,
      'vulkan',
      ({ doneBytes }) => {
        if (doneBytes >= half) controller.abort();
      },
      controller.signal,
    );
    await expect(paused).rejects.toThrow('abort');
    expect(inFolder()).toEqual(['.partial']);

    const quarter = half + ((one.bytes - half) >> 1);
    server.mischief = ({ bytes, from }, _, response) => {
      response.writeHead(206, {
        'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
        'content-length': bytes.length - from,
      });
      response.write(bytes.subarray(from, quarter), () => {
        response.destroy();
      });
      server.mischief = wellBehaved;
      return 'answered';
    };
    server.asked.length = 0;
    await install(libraries, 'vulkan');
    const file = '/@made/vulkan/-/vulkan-1.0.0.tgz';
    expect(server.asked).toEqual([`${file} bytes=${half}-`, `${file} bytes=${quarter}-`]);
    expect(await stateOf(libraries, true)).toEqual([['vulkan', 'installed', undefined]]);
  });

  it.each([
    [
      'another file of the same length',
      ({ bytes }: { bytes: Buffer }) => Buffer.from(bytes).fill(7, 100, 110),
      'gpu.damaged vulkan-1.0.0.tgz from ORIGIN/@made/vulkan/-/ has another sha512 than this version of Codealong says.',
    ],
    [
      'a longer file',
      ({ bytes }: { bytes: Buffer }) => Buffer.concat([bytes, Buffer.from('more')]),
      'gpu.damaged vulkan-1.0.0.tgz has ',
    ],
  ])('refuses %s', async (_, change, said) => {
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    server.mischief = (file, _request, response) => {
      sendFrom({ ...file, bytes: change(file) }, response);
      return 'answered';
    };
    expect((await failure(install(libraries, 'vulkan'))).startsWith(said)).toBe(true);
    expect(inFolder()).toEqual(['.partial']);
    expect(await stateOf(libraries)).toEqual([['vulkan', 'absent', undefined]]);
  });

  it('refuses what would write elsewhere, though its hash is right, and leaves nothing of it', async () => {
    const evil = [...good, { path: 'package/../../../evil', content: 'evil' }];
    const libraries = make({ packages: { vulkan: [publish('vulkan', evil)] } });
    expect(await failure(install(libraries, 'vulkan'))).toBe(
      'gpu.damaged vulkan-1.0.0.tgz cannot be unpacked: package/../../../evil in it lies outside of its folder.',
    );
    expect(readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()).toEqual([
      'libraries',
      'libraries/.partial',
    ]);
  });

  it('is done again where what came was spoiled before it was unpacked', async () => {
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    const tarball = path.join(folder, '.partial', 'vulkan-1.0.0.tgz');
    mkdirSync(path.dirname(tarball), { recursive: true });
    writeFileSync(tarball, 'spoiled');
    expect(await failure(install(libraries, 'vulkan'))).toBe(
      'gpu.damaged vulkan-1.0.0.tgz cannot be unpacked: it is broken.',
    );
    expect(await install(libraries, 'vulkan')).toEqual({ type: 'vulkan', isNew: true });
  });

  it('needs room', async () => {
    const packages = { vulkan: [publish('vulkan')] };
    expect(await failure(install(make({ packages, freeBytes: 100.1e6 }), 'vulkan'))).toBe(
      'model.noRoom The library for vulkan needs 0.0 GB more, and the disk of FOLDER has 0.1 GB left.',
    );
    expect(server.asked).toEqual([]);
  });

  it('says where a registry has no such package', async () => {
    const one = { ...publish('vulkan'), version: '9.9.9' };
    expect(await failure(install(make({ packages: { vulkan: [one] } }), 'vulkan'))).toMatch(
      /^model\.unreachable The library at ORIGIN\/@made\/vulkan\/-\/ cannot be downloaded: it refuses \(404\)/,
    );
  });

  it('of the same library happens once at a time', async () => {
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    const first = install(libraries, 'vulkan');
    expect(await failure(install(libraries, 'vulkan'))).toBe(
      'model.inUse The library for vulkan is being installed or removed already.',
    );
    expect(await failure(libraries.remove('vulkan'))).toContain('model.inUse');
    expect(await first).toEqual({ type: 'vulkan', isNew: true });
  });

  it.each<[string, Partial<GpuState>, readonly string[] | undefined, GpuType | undefined]>([
    ['a card that nothing computes on', {}, ['NVIDIA'], 'vulkan'],
    ['a system that does not tell its cards', {}, undefined, 'vulkan'],
    ['no card', {}, [], undefined],
    ['a card in use', { used: 'cuda', devices: ['RTX'] }, ['NVIDIA'], undefined],
    ['no driver', { supported: [] }, ['NVIDIA'], undefined],
  ])('is recommended or not: %s', async (_, engine, there, expected) => {
    state = { supported: ['vulkan'], used: undefined, devices: [], ...engine };
    cards = there;
    const libraries = make({ packages: { vulkan: [publish('vulkan')] } });
    expect((await libraries.list({}, { signal })).recommended).toBe(expected);
    await install(libraries, 'vulkan');
    expect((await libraries.list({}, { signal })).recommended).toBeUndefined();
  });
});
