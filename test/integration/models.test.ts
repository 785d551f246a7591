/** Model packs through the whole daemon and the command line: installed from servers, through a proxy, checked, removed. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealDaemon, shippedPack } from '../helpers/realDaemon.ts';
import { servePack, type PackServer } from '../helpers/packServer.ts';
import { createTemporaryFolder } from '../helpers/fixtures.ts';
import { typed } from '../helpers/realCli.ts';

let daemon: RealDaemon;
let server: PackServer;

beforeEach(async () => {
  daemon = new RealDaemon();
  server = await servePack();
});
afterEach(async () => {
  await daemon[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const codealong = (...argv: readonly string[]) => typed(daemon, argv);

const names = async (): Promise<readonly string[]> => {
  const { out } = await codealong('models', 'list', '--json');
  const { models } = JSON.parse(out) as { models: readonly { name: string }[] };
  return models.map(({ name }) => name);
};

describe('codealong models', () => {
  it('installs, lists, checks and removes a pack', async () => {
    expect(await names()).toEqual(['live-tiny']);
    const installed = await codealong('models', 'install', server.manifest);
    expect(installed).toMatchObject({ code: 0, out: '' });
    expect(installed.notes).toMatch(/^0\.3 MB; needs 500\.3 MB, runs on the processor .*; MIT\.\n/);
    expect(await names()).toEqual(['served', 'live-tiny']);
    expect(await codealong('models', 'verify', 'served')).toMatchObject({ code: 0 });

    const decoder = path.join(daemon.home, 'models', 'served', 'weights', 'decoder.gguf');
    const bytes = readFileSync(decoder);
    bytes[7]! ^= 1;
    writeFileSync(decoder, bytes);
    const spoiled = await codealong('models', 'verify', 'served');
    expect(spoiled.code).toBe(1);
    expect(spoiled.out).toContain(`${decoder} has another sha256 than its manifest says.`);

    expect(await codealong('models', 'remove', 'served')).toMatchObject({ code: 0 });
    expect(await names()).toEqual(['live-tiny']);
    const kept = await codealong('models', 'remove', 'live-tiny');
    expect(kept.code).toBe(1);
    expect(kept.notes).toContain('live-tiny came with Codealong and stays.');
  });

  it('imports what lies on this machine', async () => {
    await using folder = await createTemporaryFolder();
    const copy = folder.path('copy');
    cpSync(shippedPack, copy, { recursive: true });
    const manifest = JSON.parse(readFileSync(path.join(copy, 'manifest.json'), 'utf8')) as object;
    const renamed = { ...manifest, name: 'tiny-copy' };
    writeFileSync(path.join(copy, 'manifest.json'), JSON.stringify(renamed));
    expect(await codealong('models', 'import', copy)).toMatchObject({ code: 0 });
    expect(await names()).toEqual(['tiny-copy', 'live-tiny']);
    expect(await codealong('models', 'import', server.manifest)).toMatchObject({ code: 2 });
  });

  it('tells the terms, and installs when they are accepted', async () => {
    const notice = 'Built with a model of somebody else';
    const origin = { name: 'Base', licence: 'Base terms', address: 'https://example.org/terms' };
    const origins = [{ ...origin, mustAccept: true, notice }];
    await using licensed = await servePack({ origins });
    const refused = await codealong('models', 'install', licensed.manifest);
    expect(refused.code).toBe(1);
    expect(refused.notes).toContain('Base: Base terms, https://example.org/terms');
    expect(refused.notes).toContain(notice);
    expect(await names()).toEqual(['live-tiny']);
    const agreed = await codealong('models', 'install', licensed.manifest, '--accept-terms');
    expect(agreed.code).toBe(0);
    expect(await names()).toEqual(['served', 'live-tiny']);
  });

  it('offers what a catalogue names, and says what of it cannot be read', async () => {
    const places = ['packs/served/', 'packs/missing/manifest.json', 'http://['];
    const models = places.map((manifest) => ({ manifest }));
    server.others.set('/catalogue.json', JSON.stringify({ schemaVersion: 1, models }));
    const { code, out, notes } = await codealong(
      'models',
      'list',
      `${server.origin}/catalogue.json`,
    );
    expect(code).toBe(0);
    expect(out).toContain(`served 0.1.0  0.3 MB; needs`);
    expect(out).toContain(`install ${server.origin}/packs/served/`);
    expect(notes).toContain('packs/missing/manifest.json cannot be downloaded: it refuses (404)');
    expect(notes).toContain('"http://[" in');
  });

  it('goes through the proxy that the environment names, and never to what runs here', async () => {
    const asked: string[] = [];
    const { port } = new URL(server.origin);
    // A tunnel, whatever host was asked for: that one exists nowhere.
    const proxy = createServer().on('connect', ({ url }, socket) => {
      asked.push(url ?? '');
      const onward = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const { code } = await codealong(
        ...['models', 'install', 'http://models.invalid/packs/served/manifest.json'],
      );
      expect(code).toBe(0);
      expect(new Set(asked)).toEqual(new Set(['models.invalid:80']));
      asked.length = 0;
      expect((await codealong('models', 'install', server.manifest)).code).toBe(0);
      expect(asked).toEqual([]);
    } finally {
      delete process.env['HTTP_PROXY'];
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it.each([
    [['models'], 'needs list|install|import|verify|remove'],
    [['models', 'dance'], 'not "dance"'],
    [['models', 'install'], 'needs ADDRESS or DIR'],
    [['models', 'install', 'nowhere'], 'neither an address nor a folder'],
    [['models', 'remove'], 'needs NAME'],
  ])('says what is wrong with %j', async (argv, sentence) => {
    const { code, notes } = await codealong(...argv);
    expect(code).toBe(2);
    expect(notes).toContain(sentence);
  });
});
