import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../../daemon/base/errors.ts';
import { ModelStore } from '../../../daemon/weights/modelStore.ts';
import { sampleManifest, writePack } from './packs.ts';

const { signal } = new AbortController();
let root: string;
let own: string;
let shipped: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'codealong-models-'));
  own = join(root, 'own');
  shipped = join(root, 'shipped');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const createStore = (): ModelStore =>
  new ModelStore({
    folders: [own, shipped],
    defaultPack: 'sample',
    cacheFile: join(root, 'hashes.json'),
  });

async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return isAppError(error) ? `${error.code} ${error.message}` : String(error);
}

describe('ModelStore', () => {
  it('finds the default pack, a named one and a folder', async () => {
    const folder = writePack(shipped);
    const other = writePack(join(root, 'elsewhere'), sampleManifest('other'));
    const store = createStore();
    const pack = await store.locate(undefined, { signal });
    expect(pack.folder).toBe(folder);
    expect(pack.files.decoder).toBe(join(folder, 'decoder.gguf'));
    expect(pack.files.vision).toBe(join(folder, 'vision.onnx'));
    expect((await store.locate('sample', { signal })).folder).toBe(folder);
    expect((await store.locate(other, { signal })).manifest.name).toBe('other');
  });

  it("prefers the user's pack to the shipped one of the same name", async () => {
    writePack(shipped);
    const folder = writePack(own);
    expect((await createStore().locate('sample', { signal })).folder).toBe(folder);
    expect(await createStore().list({ signal })).toHaveLength(1);
  });

  it.each(['missing', '../own/sample', 'own/sample', '.', '..', ''])(
    'knows no pack by the name "%s"',
    async (name) => {
      writePack(own);
      expect(await failure(createStore().locate(name, { signal }))).toMatch(/^model\.notFound/);
    },
  );

  it('says which folder holds no pack', async () => {
    const message = await failure(createStore().locate(root, { signal }));
    expect(message).toBe(`model.notFound There is no model pack in ${root}.`);
  });

  it('names the file that is missing, too short or changed', async () => {
    const folder = writePack(own);
    const decoder = join(folder, 'decoder.gguf');
    writeFileSync(decoder, 'dec');
    expect(await failure(createStore().locate('sample', { signal }))).toBe(
      `model.fileMismatch ${decoder} has 3 bytes, and its manifest says 7.`,
    );
    writeFileSync(decoder, 'DECODER');
    expect(await failure(createStore().locate('sample', { signal }))).toBe(
      `model.fileMismatch ${decoder} has another sha256 than its manifest says.`,
    );
    rmSync(decoder);
    expect(await failure(createStore().locate('sample', { signal }))).toBe(
      `model.fileMismatch ${decoder} is missing.`,
    );
  });

  it('sees a change behind a remembered hash', async () => {
    const decoder = join(writePack(own), 'decoder.gguf');
    await createStore().locate('sample', { signal });
    expect(readFileSync(join(root, 'hashes.json'), 'utf8')).toContain('decoder.gguf');
    writeFileSync(decoder, 'DECODER');
    utimesSync(decoder, 1, 1);
    expect(await failure(createStore().locate('sample', { signal }))).toMatch(/another sha256/);
  });

  it('trusts a remembered hash instead of reading again, and survives a broken memory', async () => {
    const decoder = join(writePack(own), 'decoder.gguf');
    utimesSync(decoder, 5, 5);
    await createStore().locate('sample', { signal });
    writeFileSync(decoder, 'DECODER');
    utimesSync(decoder, 5, 5);
    await createStore().locate('sample', { signal });
    writeFileSync(join(root, 'hashes.json'), 'garbage');
    expect(await failure(createStore().locate('sample', { signal }))).toMatch(/another sha256/);
  });

  it('lists good packs and says why others are not', async () => {
    writePack(shipped);
    writeFileSync(
      join(writePack(shipped, sampleManifest('broken')), 'manifest.json'),
      '{"schemaVersion":9}',
    );
    mkdirSync(join(shipped, 'empty'));
    const listings = await createStore().list({ signal });
    expect(listings.map((listing) => listing.kind)).toEqual(['invalid', 'valid']);
    const [broken] = listings;
    expect(broken?.kind === 'invalid' && broken.error.message).toMatch(/schemaVersion is 9/);
  });

  it('stops when asked to', async () => {
    writePack(own);
    const error: unknown = await createStore()
      .locate('sample', { signal: AbortSignal.abort() })
      .catch((thrown: unknown) => thrown);
    expect((error as Error).name).toBe('AbortError');
  });
});
