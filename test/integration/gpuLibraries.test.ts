/** A library for graphics cards from a registry to the running engine: the real one, where npm has put it into this clone. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { isAppError } from '../../daemon/base/errors.ts';
import { isAlive } from '../../daemon/base/processes.ts';
import type { EngineProcess } from '../../daemon/engine/engineProcess.ts';
import type { DeviceMemory } from '../../daemon/llm/llamaCalls.ts';
import { callLlama } from '../../daemon/llm/remoteSequence.ts';
import { GpuLibraries } from '../../daemon/weights/gpuLibraries.ts';
import { createTemporaryFolder } from '../helpers/fixtures.ts';
import { repositoryRoot, until } from '../helpers/daemonHome.ts';
import { openTinyBackend, signal, someTokens, startEngine } from '../helpers/engine.ts';
import { servePack, type PackServer } from '../helpers/packServer.ts';
import { typed } from '../helpers/realCli.ts';
import { RealDaemon } from '../helpers/realDaemon.ts';
import { packFolder } from '../helpers/tarballs.ts';
import { listGpuLibraries, type ListGpuLibrariesResult } from '../../protocol/index.ts';

const name = '@node-llama-cpp/linux-x64-vulkan';
const installed = path.join(repositoryRoot, 'node_modules', name);
const loader = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'].find((folder) =>
  existsSync(path.join(folder, 'libvulkan.so.1')),
);
const obstacle = !existsSync(installed)
  ? `: skipped, npm has not installed ${name}`
  : loader === undefined
    ? ': skipped, there is no libvulkan.so.1'
    : undefined;

let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;
let server: PackServer;
let engine: EngineProcess;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  server = await servePack();
  engine = startEngine({
    scriptPath: path.join(repositoryRoot, 'test', 'helpers', 'bareEngine.ts'),
    arguments: [folder.path('libraries')],
  });
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const memory = (): Promise<DeviceMemory> =>
  callLlama(engine, 'memory', { device: 'auto' }, { signal });

/** Files of a library that are part of the engine's process. */
const mapped = (): readonly string[] => [
  ...new Set(readFileSync(`/proc/${engine.pid ?? 0}/maps`, 'utf8').match(/\S*libllama\S+\.so/g)),
];

it.skipIf(obstacle)(
  `is used as soon as it is installed, and whoever watches goes on${obstacle ?? ''}`,
  async () => {
    const tarball = packFolder(installed);
    server.others.set(`/${name}/-/linux-x64-vulkan-1.0.0.tgz`, tarball);
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const one = { name, version: '1.0.0', integrity, bytes: tarball.length, unpackedBytes: 1e8 };
    const libraries = new GpuLibraries({
      folder: folder.path('libraries'),
      packages: { vulkan: [one] },
      isBundled: () => false,
      state: async () => {
        const { gpu, devices } = await memory();
        return { supported: ['vulkan'], used: gpu, devices };
      },
      cards: () => Promise.resolve(undefined),
      withReleased: (work) => engine.renew(work),
      clock: systemClock,
    });
    await using tiny = await openTinyBackend({}, {}, engine);
    await using sequence = await tiny.backend.createSequence({ contextSize: 64, signal });
    const read = (id: number) =>
      sequence.append([{ kind: 'tokens', tokens: [id] }], { probabilitiesOf: [9], signal });
    await sequence.append([{ kind: 'tokens', tokens: someTokens(20) }], { signal });
    await memory();
    expect(mapped().filter((file) => file.includes('vulkan'))).toEqual([]);

    await libraries.install({
      ...{ type: 'vulkan', registry: server.origin, onProgress: () => undefined, signal },
    });
    // The sequence lives in an engine that is new.
    const reading = await read(11);
    expect(reading?.probabilities.get(9)).toBeGreaterThan(0);
    expect(sequence.length).toBe(21);
    expect(tiny.backend.restarts).toBe(0);
    await engine.renew(() => Promise.resolve());
    await memory();
    const [library] = mapped().filter((file) => file.includes('vulkan'));
    expect(library).toContain(folder.path('libraries'));
    expect(await libraries.list({ isThorough: true }, { signal })).toMatchObject({
      libraries: [{ type: 'vulkan', state: 'installed' }],
    });
  },
);

it('finds packages below the folder of libraries, and nowhere else', () => {
  const put = (place: string): void => {
    const made = folder.path(path.join(place, 'node_modules', '@node-llama-cpp', 'made'));
    mkdirSync(made, { recursive: true });
    writeFileSync(path.join(made, 'package.json'), '{ "type": "module", "main": "made.js" }');
    writeFileSync(path.join(made, 'made.js'), `export default '${place}';`);
  };
  const look = (): string => {
    const hook = path.join(repositoryRoot, 'daemon', 'engine', 'gpuPackages.ts');
    const script = `
      const { findGpuPackagesIn } = await import(${JSON.stringify(pathToFileURL(hook).href)});
      findGpuPackagesIn(${JSON.stringify(folder.path('libraries'))});
      const found = await import('@node-llama-cpp/made').catch(({ code }) => ({ default: code }));
      console.log(found.default);`;
    const argv = ['--input-type=module', '-e', script];
    const options = { cwd: repositoryRoot, encoding: 'utf8' } as const;
    return execFileSync(process.execPath, argv, options).trim();
  };
  // Node itself would find it from a library's folder.
  put('.');
  mkdirSync(folder.path(path.join('libraries', '.partial')), { recursive: true });
  mkdirSync(folder.path(path.join('libraries', 'cuda', 'node_modules')), { recursive: true });
  expect(look()).toBe('ERR_MODULE_NOT_FOUND');
  put(path.join('libraries', 'vulkan'));
  expect(look()).toBe(path.join('libraries', 'vulkan'));
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('codealong gpu', () => {
  let daemon: RealDaemon;
  beforeEach(() => {
    daemon = new RealDaemon(path.join(repositoryRoot, 'test', 'helpers', 'bareDaemon.ts'));
  });
  afterEach(() => daemon[Symbol.asyncDispose]());

  it.skipIf(!existsSync(installed))('fetches nothing that npm has put here', async () => {
    await using clone = new RealDaemon();
    const environment = { npmRegistry: `${server.origin}/` };
    const { code, notes } = await typed(clone, ['gpu', 'install', 'vulkan'], environment);
    expect(code).toBe(0);
    expect(notes).toContain('The library for vulkan is there already.');
    expect(server.asked).toEqual([]);
  });

  it('says of an engine that does not start what it is, and blames no driver', async () => {
    using connection = await daemon.connect();
    const list = (): Promise<unknown> =>
      connection.request(listGpuLibraries, {}, { signal }).catch((error: unknown) => error);
    while (!isAppError(await list(), 'engine.crashLoop')) {
      const engines = daemon.descendants(/engineMain/);
      for (const pid of engines) process.kill(pid, 'SIGKILL');
      await until('the engine is gone', () => !engines.some(isAlive));
    }
    const environment = { npmRegistry: `${server.origin}/` };
    for (const action of ['install', 'list']) {
      const { code, notes } = await typed(daemon, ['gpu', action], environment);
      expect(code).toBe(1);
      expect(notes).toContain('ended five times within three minutes');
    }
    expect(server.asked).toEqual([]);
  });

  it('asks for one to be installed again that belongs to another version', async () => {
    const place = path.join(daemon.home, 'libraries', 'vulkan');
    mkdirSync(place, { recursive: true });
    const record = { schemaVersion: 1, integrities: ['sha512-older'], files: [] };
    writeFileSync(path.join(place, 'library.json'), JSON.stringify(record));
    const { code, out } = await typed(daemon, ['gpu', 'verify']);
    expect(code).toBe(1);
    expect(out).toContain('of another version of Codealong: install it again');
  });

  it('lists what there is, and takes from the registry only what is pinned', async () => {
    const { code, out } = await typed(daemon, ['gpu', 'list', '--json']);
    expect(code).toBe(0);
    const { libraries } = JSON.parse(out) as ListGpuLibrariesResult;
    expect(libraries.map(({ type }) => type)).toEqual(['cuda', 'vulkan']);
    expect(libraries[1]).toMatchObject({ state: 'absent', bytes: 27_476_121 });
    const { version } = libraries[1]!;
    const file = `/${name}/-/linux-x64-vulkan-${version}.tgz`;
    server.others.set(file, Buffer.alloc(27_476_121));
    const environment = { npmRegistry: `${server.origin}/` };
    const refused = await typed(daemon, ['gpu', 'install', 'vulkan'], environment);
    expect(server.asked).toContain(file);
    expect(refused.code).toBe(1);
    expect(refused.notes).toContain('has another sha512 than this version of Codealong says.');
    expect(existsSync(path.join(daemon.home, 'libraries', 'vulkan'))).toBe(false);
    const nothing = await typed(daemon, ['gpu', 'remove', 'cuda']);
    expect(nothing).toMatchObject({ code: 1 });
    expect(nothing.notes).toContain('There is no installed library for cuda.');
  });

  it.each([
    [['gpu'], 'needs list|install|verify|remove'],
    [['gpu', 'dance'], 'not "dance"'],
    [['gpu', 'install', 'metal'], 'cuda or vulkan, not for "metal"'],
    [['gpu', 'remove'], 'needs TYPE'],
  ])('says what is wrong with %j', async (argv, sentence) => {
    const { code, notes } = await typed(daemon, argv);
    expect(code).toBe(2);
    expect(notes).toContain(sentence);
  });
});
