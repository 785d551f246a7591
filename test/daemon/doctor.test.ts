import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { silentLog } from '../../daemon/base/log.ts';
import { probeMediaServer } from '../../daemon/mediaServerProbe.ts';
import { examine, type DoctorParts } from '../../daemon/doctor.ts';
import { findGraphicsCards } from '../../daemon/graphicsCards.ts';
import type { VisionPlace } from '../../daemon/perception/visionProviders.ts';
import { parseManifest } from '../../daemon/weights/manifest.ts';
import type { DoctorCheck, GpuLibrary } from '../../protocol/index.ts';
import { sampleManifest } from './weights/packs.ts';

const { signal } = new AbortController();
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'codealong-doctor-'));
  chmodSync(home, 0o700);
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const healthy = (): DoctorParts => ({
  version: '0.1.0',
  nodeVersion: 'v24.21.0',
  pinnedNodeMajor: 24,
  home,
  socket: join(home, 'socket'),
  log: join(home, 'log', 'daemon.log'),
  engine: () =>
    Promise.resolve({
      ...{ release: 'b100', devices: ['Some GPU'], libraryPath: '/lib/llama.so' },
      ...{ deviceFreeBytes: 20e9, isCautious: false },
    }),
  graphicsCards: () => Promise.resolve(['NVIDIA']),
  gpuLibraries: () => Promise.resolve([]),
  ffmpeg: () => Promise.resolve({ path: '/usr/bin/ffmpeg', version: '7.1' }),
  encoders: () => Promise.resolve(new Set(['libx264', 'libmp3lame', 'libvpx', 'libvorbis'])),
  capture: () => Promise.resolve({ used: 'x11grab', grabbers: ['x11grab', 'kmsgrab'] }),
  pageTools: () => Promise.resolve(['yt-dlp 2026.01.02']),
  mediaServer: () => Promise.resolve({ address: '127.0.0.1:5000' }),
  packs: () =>
    Promise.resolve([
      {
        kind: 'valid' as const,
        folder: '/packs/sample',
        manifest: parseManifest(JSON.stringify(sampleManifest()), 'manifest.json'),
      },
    ]),
  hasFullTextSearch: () => true,
});

async function check(
  changes: Partial<DoctorParts>,
  name: string,
  expected: Partial<DoctorCheck>,
): Promise<readonly DoctorCheck[]> {
  const { checks } = await examine({ ...healthy(), ...changes }, { signal });
  expect(checks.find((each) => each.name === name)).toMatchObject(expected);
  for (const { status, remedy } of checks) {
    expect(remedy === undefined).toBe(status === 'ok');
  }
  return checks;
}

describe('the graphics card', () => {
  const engine =
    (devices: readonly string[], isCautious = false) =>
    () =>
      Promise.resolve({
        ...{ release: 'b100', devices, libraryPath: '/lib/llama.so' },
        ...{ deviceFreeBytes: 20e9, isCautious },
      });

  it('is named with what is free on it', async () => {
    const detail = 'llama.cpp b100 on Some GPU (20.0 GB free): /lib/llama.so';
    await check({ engine: engine(['Some GPU']) }, 'engine', { status: 'ok', detail });
  });

  it('is missed when it is there and not used', async () => {
    const parts = { engine: engine([]) };
    await check(parts, 'engine', {
      status: 'warning',
      detail:
        'llama.cpp b100 on CPU: /lib/llama.so; a graphics card (NVIDIA) is there and not used.',
    });
    const none = { ...parts, graphicsCards: () => Promise.resolve([]) };
    await check(none, 'engine', { status: 'ok', detail: 'llama.cpp b100 on CPU: /lib/llama.so' });
  });

  it('is left out by an engine that crashed again and again', async () => {
    await check({ engine: engine([], true) }, 'engine', {
      status: 'warning',
      detail:
        'llama.cpp b100 on CPU: /lib/llama.so; the engine crashed again and again, so the graphics card (NVIDIA) is left out.',
      remedy: 'Update the driver of the graphics card, then restart the daemon.',
    });
  });

  const library = (...all: readonly Partial<GpuLibrary>[]) => ({
    gpuLibraries: () =>
      Promise.resolve(
        all.map((changes) => ({
          ...{ type: 'vulkan' as const, version: '1', bytes: 1, unpackedBytes: 2 },
          ...{ state: 'absent' as const, isSupported: true, isUsed: false, ...changes },
        })),
      ),
  });

  const cuda = { type: 'cuda', state: 'installed' } as const;
  const offer =
    'Run "codealong gpu install vulkan"; in the editor, "Choose Model…" offers the same.';
  it.each<[string, readonly Partial<GpuLibrary>[], string]>([
    ['nothing for this system', [], 'There is no library for graphics cards for this system'],
    [
      'no driver',
      [{ isSupported: false }],
      'Install the driver of the card, with Vulkan or CUDA, then',
    ],
    ['no library', [{}], offer],
    ['one that shows no card, and no other', [cuda, {}], offer],
    [
      'one that shows no card, and no driver for another',
      [cuda, { isSupported: false }],
      'Install the driver of the card, with Vulkan or CUDA, and restart the daemon',
    ],
    [
      'every library',
      [cuda, { state: 'bundled' }],
      'Install the driver of the card, with Vulkan or CUDA, and restart the daemon',
    ],
  ])('is mended where there is %s', async (_, libraries, remedy) => {
    const checks = await check({ engine: engine([]), ...library(...libraries) }, 'engine', {});
    const found = checks.find(({ name }) => name === 'engine');
    expect(found?.status).toBe('warning');
    expect(found?.remedy?.startsWith(remedy)).toBe(true);
  });

  it('has a library that works', async () => {
    const damaged = library({ state: 'damaged', problem: 'a.so is missing.' });
    await check({ engine: engine([]), ...damaged }, 'engine', {
      status: 'warning',
      detail:
        'llama.cpp b100 on CPU: /lib/llama.so; the library for vulkan cannot be used. a.so is missing.',
      remedy: 'Install it again: "codealong gpu install vulkan".',
    });
    await check({ engine: engine([]), ...library({ state: 'outdated' }) }, 'engine', {
      status: 'warning',
    });
  });

  it('is known by its maker', async () => {
    for (const [name, vendor] of [
      ['card0', '0x8086'],
      ['card1', '0x10de'],
      ['card1-HDMI-A-1', '0x10de'],
    ] as const) {
      mkdirSync(join(home, 'drm', name, 'device'), { recursive: true });
      writeFileSync(join(home, 'drm', name, 'device', 'vendor'), `${vendor}\n`);
    }
    expect(await findGraphicsCards(join(home, 'drm'))).toEqual(['NVIDIA']);
    expect(await findGraphicsCards(join(home, 'missing'))).toEqual([]);
  });
});

describe('pictures', () => {
  const place = (provider: string, failures: VisionPlace['failures'] = []) => ({
    pictures: () => Promise.resolve({ provider, failures }),
  });
  const failures = [{ provider: 'webgpu', reason: 'no adapter' }];

  it.each([
    ['on a card', place('webgpu'), 'ok', 'computed by webgpu'],
    ['on a card that is the second choice', place('webgpu', failures), 'ok', 'computed by webgpu'],
    ['small ones on a processor', place('cpu'), 'ok', 'computed on the CPU'],
    [
      'on a processor for want of anything else',
      place('cpu', failures),
      'warning',
      'computed on the CPU, which is slow for this model: no other way starts (webgpu: no adapter).',
    ],
  ] as const)('are computed %s', async (_, parts, status, detail) => {
    await check(parts, 'pictures', { status, detail });
  });

  it('are none of a model that sees none', async () => {
    const { checks } = await examine(
      { ...healthy(), pictures: () => Promise.resolve(undefined) },
      { signal },
    );
    expect(checks.map(({ name }) => name)).not.toContain('pictures');
  });
});

describe('examine', () => {
  it('finds a healthy installation healthy and leaves nothing behind', async () => {
    const report = await examine(healthy(), { signal });
    expect(report.version).toBe('0.1.0');
    expect(report.checks.map(({ name, status }) => [name, status])).toEqual([
      ['node', 'ok'],
      ['engine', 'ok'],
      ['ffmpeg', 'ok'],
      ['playable copies', 'ok'],
      ['screen', 'ok'],
      ['web pages', 'ok'],
      ['speech', 'ok'],
      ['media server', 'ok'],
      ['model sample 0.1.0', 'ok'],
      ['home', 'ok'],
      ['store', 'ok'],
      ['socket', 'ok'],
      ['log', 'ok'],
    ]);
    expect(report.checks[1]?.detail).toContain('llama.cpp b100 on Some GPU');
    expect(readdirSync(home)).toEqual([]);
  });

  it('tries to capture the screen, and names what keeps from it', async () => {
    const checks = await check({}, 'screen', {
      detail: 'can be captured by x11grab; this ffmpeg has kmsgrab, too',
    });
    expect(checks.find(({ name }) => name === 'web pages')?.detail).toBe('yt-dlp 2026.01.02');
    const refused = (): Promise<never> => Promise.reject(new AppError('capture.refused'));
    await check({ capture: refused }, 'screen', {
      status: 'warning',
      detail: 'The system does not let ffmpeg capture the screen.',
      remedy: 'Allow it where the system asks for screen recording, then try again.',
    });
    const none = await check({ pageTools: () => Promise.resolve([]) }, 'web pages', {});
    expect(none.find(({ name }) => name === 'web pages')?.detail).toContain('neither yt-dlp');
  });

  it('says where what is spoken is sent to, and whether it is transcribed there', async () => {
    const off = await check({}, 'speech', { status: 'ok' });
    expect(off.find(({ name }) => name === 'speech')?.detail).toContain('off');
    const place = { host: 'there:8080', isLocal: false };
    const transcribe = (): Promise<never[]> => Promise.resolve([]);
    const detail = 'what is spoken live is sent to there:8080';
    await check({ transcriber: { place, transcribe } }, 'speech', { status: 'ok', detail });
    const away = (): Promise<never> => Promise.reject(new Error('nobody answers'));
    await check({ transcriber: { place, transcribe: away } }, 'speech', {
      status: 'warning',
      detail: `${detail}, and cannot be transcribed there: nobody answers.`,
    });
  });

  it('says when another Node runs the daemon', async () => {
    await check({ nodeVersion: 'v20.1.0' }, 'node', { status: 'warning' });
  });

  it('gives the sentence and the remedy of what a probe throws, and goes on', async () => {
    const ffmpeg = (): Promise<never> => Promise.reject(new AppError('ffmpeg.missing'));
    const checks = await check({ ffmpeg, encoders: ffmpeg }, 'ffmpeg', {
      status: 'missing',
      detail: 'ffmpeg was not found.',
    });
    expect(checks.find((each) => each.name === 'ffmpeg')?.remedy).toContain('Install ffmpeg');
    expect(checks.filter((each) => each.status === 'ok')).toHaveLength(11);
  });

  it.each([
    [['libx264', 'libmp3lame', 'libvpx'], 'ok', 'H.264 by libx264, sound by libmp3lame'],
    [['libx264'], 'warning', 'H.264 by libx264, without sound'],
    [['libvpx', 'libvorbis'], 'warning', 'VP8 by libvpx, sound by libvorbis; that takes long'],
    [
      ['png'],
      'warning',
      'This ffmpeg encodes neither H.264 nor VP8: some videos cannot be played.',
    ],
  ] as const)('says how copies are made with %j', async (encoders, status, detail) => {
    const changes = { encoders: () => Promise.resolve(new Set(encoders)) };
    await check(changes, 'playable copies', { status, detail });
  });

  it('says when players cannot be served', async () => {
    const mediaServer = (): Promise<never> => Promise.reject(new Error('fetch failed'));
    await check({ mediaServer }, 'media server', {
      status: 'warning',
      detail: 'Players of this machine cannot be served: fetch failed',
    });
  });

  it('serves something to itself to know', async () => {
    const { address } = await probeMediaServer(silentLog, { signal });
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const aborted = probeMediaServer(silentLog, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('survives a bug in a probe', async () => {
    const engine = (): Promise<never> => Promise.reject(new TypeError('x is not a function'));
    await check({ engine }, 'engine', { status: 'missing', detail: 'x is not a function' });
  });

  it('does not wait for a probe that never answers', async () => {
    const engine = (): Promise<never> => new Promise(() => undefined);
    await check({ engine, probeTimeoutMs: 30 }, 'engine', {
      status: 'missing',
      detail: 'it did not answer in time',
    });
  });

  it('names packs that cannot be used, and says when none can', async () => {
    const error = new AppError('model.fileMismatch', '/packs/sample/decoder.gguf is missing.');
    const packs: DoctorParts['packs'] = () =>
      Promise.resolve([{ kind: 'invalid', folder: '/packs/sample', error }]);
    await check({ packs }, 'model /packs/sample', { status: 'missing', detail: error.message });
    await check({ packs }, 'models', { status: 'missing' });
  });

  it('says when the home cannot be written', async () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    await check({ home: join(file, 'home') }, 'home', { status: 'missing' });
  });

  it('says when there is no full-text search', async () => {
    await check({ hasFullTextSearch: () => false }, 'store', { status: 'missing' });
  });

  it.skipIf(process.platform === 'win32')('says when others may reach the socket', async () => {
    const open = join(home, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    await check({ socket: join(open, 'socket') }, 'socket', {
      status: 'warning',
      remedy: `Run "chmod 700 ${open}".`,
    });
  });

  it('takes a named pipe as it is', async () => {
    await check({ socket: '\\\\.\\pipe\\codealong' }, 'socket', { status: 'ok' });
  });

  it('stops when it is cancelled', async () => {
    const work = examine(healthy(), { signal: AbortSignal.abort() });
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  });
});
