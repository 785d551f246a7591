import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAppError, isCancellation } from '../../../daemon/base/errors.ts';
import { ModelStore } from '../../../daemon/weights/modelStore.ts';
import { PackInstaller, type InstallOptions } from '../../../daemon/weights/packInstaller.ts';
import { packSource } from '../../../daemon/weights/packSource.ts';
import { sendFrom, servePack, wellBehaved, type PackServer } from '../../helpers/packServer.ts';
import { sampleManifest, writePack } from './packs.ts';

let root: string;
let folder: string;
let server: PackServer;
let waits: number[];

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'codealong-install-'));
  folder = path.join(root, 'models');
  waits = [];
  server = await servePack();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true });
});

const installer = (freeBytes = 1e9): PackInstaller =>
  new PackInstaller({
    folder,
    clock: {
      sleep: (ms, { signal }) => {
        waits.push(ms);
        signal.throwIfAborted();
        return Promise.resolve();
      },
    },
    freeBytes: () => Promise.resolve(freeBytes),
  });

const install = (options: Partial<InstallOptions> = {}, from = server.manifest): Promise<string> =>
  installer().install(packSource(from), {
    hasAcceptedTerms: false,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });

const endBadly = (response: ServerResponse) => (): void => {
  response.destroy();
};

async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  return isAppError(error) ? `${error.code} ${error.message}` : String(error);
}

/** Packs that the program would use. */
async function usable(): Promise<readonly string[]> {
  const store = new ModelStore({
    folders: [folder],
    defaultPack: 'served',
    cacheFile: path.join(root, 'hashes.json'),
  });
  const listings = await store.list({ signal: new AbortController().signal });
  return listings.map((one) => (one.kind === 'valid' ? one.manifest.name : 'invalid'));
}

describe('installing from a server', () => {
  it('brings a pack that the program can use, and tells how far it is', async () => {
    const seen: number[] = [];
    const placed = await install({
      onProgress: ({ doneBytes, totalBytes }) => {
        seen.push(doneBytes / totalBytes);
      },
    });
    expect(placed).toBe(path.join(folder, 'served'));
    expect(await usable()).toEqual(['served']);
    expect(readFileSync(path.join(placed, 'weights/decoder.gguf'))).toEqual(server.decoder);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect(await readdir(path.join(folder, '.partial'))).toEqual([]);
  });

  it('finds the manifest of a folder, and follows to where large files lie', async () => {
    server.mischief = ({ path: name }, request, response) => {
      if (name !== 'weights/decoder.gguf' || request.url?.includes('?') === true) return undefined;
      response.writeHead(302, { location: `${request.url}?signed` }).end();
      return 'answered';
    };
    await install({}, server.manifest.replace('/manifest.json', ''));
    expect(await usable()).toEqual(['served']);
  });

  it('goes on behind what is there when the line breaks', async () => {
    let breaks = 0;
    server.mischief = (file, _request, response) => {
      if (file.path !== 'weights/decoder.gguf' || breaks++ >= 2) return undefined;
      response.writeHead(file.from > 0 ? 206 : 200, {
        'content-length': file.bytes.length - file.from,
        'content-range': `bytes ${file.from}-${file.bytes.length - 1}/${file.bytes.length}`,
      });
      response.write(file.bytes.subarray(file.from, file.from + 100_000), endBadly(response));
      return 'answered';
    };
    await install();
    expect(await usable()).toEqual(['served']);
    const asked = server.asked.filter((one) => one.startsWith('weights/'));
    expect(asked).toHaveLength(3);
    const starts = asked.map((one) => Number(/bytes=(\d+)/.exec(one)?.[1] ?? 0));
    expect(starts[0]).toBe(0);
    expect(starts[1]).toBeGreaterThan(0);
    expect(starts[2]).toBeGreaterThan(starts[1]!);
  });

  it('goes on behind what is there after it was stopped', async () => {
    const stop = new AbortController();
    server.mischief = (file, _request, response) => {
      if (file.path !== 'weights/decoder.gguf') return undefined;
      response.writeHead(200, { 'content-length': file.bytes.length });
      response.write(file.bytes.subarray(0, 150_000));
      return 'answered';
    };
    const stopped = install({
      signal: stop.signal,
      onProgress: ({ doneBytes }) => {
        if (doneBytes >= 150_000) stop.abort();
      },
    });
    await expect(stopped).rejects.toSatisfy(isCancellation);
    expect(await usable()).toEqual([]);
    server.mischief = wellBehaved;
    server.asked.length = 0;
    await install();
    expect(server.asked).toContain('weights/decoder.gguf bytes=150000-');
    expect(await usable()).toEqual(['served']);
  });

  it('begins anew where the server knows no ranges', async () => {
    let isFirst = true;
    server.mischief = (file, _request, response) => {
      if (file.path !== 'weights/decoder.gguf') return undefined;
      response.writeHead(200, { 'content-length': file.bytes.length });
      if (isFirst) response.write(file.bytes.subarray(0, 90_000), endBadly(response));
      else response.end(file.bytes);
      isFirst = false;
      return 'answered';
    };
    await install();
    expect(await usable()).toEqual(['served']);
  });

  it('fetches once more what was spoiled on the disk', async () => {
    const stop = new AbortController();
    const halted = install({
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    });
    await expect(halted).rejects.toSatisfy(isCancellation);
    const [draft = ''] = await readdir(path.join(folder, '.partial'));
    const part = path.join(folder, '.partial', draft, 'weights', 'decoder.gguf.part');
    writeFileSync(part, Buffer.alloc(1000));
    await install();
    expect(await usable()).toEqual(['served']);
  });

  it.each<[string, PackServer['mischief'], string]>([
    [
      'a web page instead of a file',
      ({ path: name }, _request, response) => {
        if (name !== 'weights/decoder.gguf') return undefined;
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.end('<html>Sign in</html>');
        return 'answered';
      },
      'model.unreachable At ORIGIN/packs/served/weights/decoder.gguf is a web page and no such file, maybe the page of a proxy or a sign-in.',
    ],
    [
      'another file of the same length',
      (file, _request, response) => {
        if (file.path !== 'weights/decoder.gguf') return undefined;
        sendFrom({ ...file, bytes: Buffer.alloc(file.bytes.length) }, response);
        return 'answered';
      },
      'model.fileMismatch weights/decoder.gguf from ORIGIN/packs/served/manifest.json has another sha256 than its manifest says.',
    ],
    [
      'a shorter file',
      (file, _request, response) => {
        if (file.path !== 'weights/decoder.gguf') return undefined;
        sendFrom({ ...file, bytes: file.bytes.subarray(0, 1000) }, response);
        return 'answered';
      },
      'model.fileMismatch weights/decoder.gguf has 1000 bytes there, and its manifest says 300000.',
    ],
    [
      'nothing at the address',
      ({ path: name }, _request, response) => {
        if (name !== 'vision.onnx') return undefined;
        response.writeHead(404).end('no such file');
        return 'answered';
      },
      'model.unreachable The model pack at ORIGIN/packs/served/manifest.json cannot be downloaded: it refuses (404): no such file.',
    ],
    [
      'a file that never comes to its end',
      (file, _request, response) => {
        if (file.path !== 'weights/decoder.gguf') return undefined;
        response.destroy();
        return 'answered';
      },
      'model.unreachable The model pack at ORIGIN/packs/served/manifest.json cannot be downloaded: ',
    ],
    [
      'a manifest that is none',
      ({ path: name }, _request, response) => {
        if (name !== 'manifest.json') return undefined;
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"schemaVersion":1}');
        return 'answered';
      },
      'model.invalidManifest ORIGIN/packs/served/manifest.json is not a valid manifest: ',
    ],
  ])(
    'ends with a sentence on %s, and nothing half installed',
    async (_what, mischief, sentence) => {
      server.mischief = mischief;
      const told = await failure(install());
      expect(told.replaceAll(server.origin, 'ORIGIN')).toContain(sentence);
      expect(await usable()).toEqual([]);
      expect(existsSync(path.join(folder, 'served'))).toBe(false);
    },
  );

  it.each([
    ['7', 7000],
    ['86400', 300_000],
  ])('waits %s s for a server that has too much to do, and never long', async (wanted, waitMs) => {
    let isBusy = true;
    server.mischief = ({ path: name }, _request, response) => {
      if (name !== 'vision.onnx' || !isBusy) return undefined;
      isBusy = false;
      response.writeHead(503, { 'retry-after': wanted }).end();
      return 'answered';
    };
    await install();
    expect(waits).toEqual([waitMs]);
    expect(await usable()).toEqual(['served']);
  });

  it('asks for room before it begins, and only for what is missing', async () => {
    const source = packSource(server.manifest);
    const options = {
      hasAcceptedTerms: false,
      onProgress: vi.fn(),
      signal: new AbortController().signal,
    };
    const told = await failure(installer(50e6).install(source, options));
    expect(told).toMatch(
      /^model\.noRoom served 0\.1\.0 needs 0\.0 GB more, and the disk of .* has/,
    );
    expect(server.asked).toEqual(['manifest.json']);
  });

  it('installs nothing whose terms are not accepted', async () => {
    await using licensed = await servePack({
      origins: [
        { name: 'A', licence: 'MIT', address: 'https://example.org/a', mustAccept: false },
        { name: 'B', licence: 'B terms', address: 'https://example.org/b', mustAccept: true },
      ],
    });
    expect(await failure(install({}, licensed.manifest))).toBe(
      'model.termsNotAccepted served 0.1.0 comes under terms that have to be accepted first: B, B terms (https://example.org/b).',
    );
    expect(licensed.asked).toEqual(['manifest.json']);
    await install({ hasAcceptedTerms: true }, licensed.manifest);
    expect(await usable()).toEqual(['served']);
  });

  it('lets nobody else install the same meanwhile', async () => {
    const one = installer();
    const options = {
      hasAcceptedTerms: false,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    };
    const source = packSource(server.manifest);
    const results = await Promise.allSettled([
      one.install(source, options),
      one.install(source, options),
    ]);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ reason: { code: 'model.inUse' } });
    expect(await usable()).toEqual(['served']);
  });
});

describe('installing from a folder', () => {
  it('imports a pack, in place of an older one', async () => {
    const first = writePack(path.join(root, 'first'));
    await install({}, first);
    const second = { ...sampleManifest(), version: '0.2.0' };
    await install({}, path.join(writePack(path.join(root, 'second'), second), 'manifest.json'));
    const manifest = JSON.parse(
      readFileSync(path.join(folder, 'sample', 'manifest.json'), 'utf8'),
    ) as { version: string };
    expect(manifest.version).toBe('0.2.0');
    expect(await usable()).toEqual(['sample']);
  });

  it('names a file that is not there', async () => {
    const from = writePack(path.join(root, 'first'));
    rmSync(path.join(from, 'vision.onnx'));
    expect(await failure(install({}, from))).toBe(
      `model.fileMismatch vision.onnx in ${from} cannot be read.`,
    );
    expect(await usable()).toEqual([]);
  });
});

describe('removing', () => {
  it('takes a pack away, and what is there of one that was not installed to its end', async () => {
    await install();
    await installer().remove('served');
    expect(await usable()).toEqual([]);
    const stop = new AbortController();
    const halted = install({
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    });
    await expect(halted).rejects.toSatisfy(isCancellation);
    expect(await readdir(path.join(folder, '.partial'))).toHaveLength(1);
    await installer().remove('served');
    expect(await readdir(path.join(folder, '.partial'))).toEqual([]);
  });

  it.each(['missing', '..', '.partial', '../models', ''])(
    'knows no pack named "%s"',
    async (name) => {
      await mkdir(folder, { recursive: true });
      expect(await failure(installer().remove(name))).toMatch(/^model\.notFound/);
    },
  );
});
