/** A converted pack has neither reader nor recall: the shipped one reads the screen and answers for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import { PackShelf } from '../../daemon/packs.ts';
import { ModelStore } from '../../daemon/weights/modelStore.ts';
import { mediaMs } from '../../protocol/index.ts';
import { signal, startEngine } from '../helpers/engine.ts';
import { readPng } from '../helpers/readPng.ts';

const root = resolve(import.meta.dirname, '../..');
const stack = new DisposalStack();
let shelf: PackShelf;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-borrowed-'));
  stack.defer(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const store = new ModelStore({
    folders: [join(root, 'test/fixtures'), join(root, 'models')],
    defaultPack: 'live-tiny',
    cacheFile: join(folder, 'hashes.json'),
  });
  const engine = stack.use(startEngine());
  shelf = stack.use(new PackShelf({ store, engine, stateFolder: join(folder, 'states') }));
});
afterAll(() => stack[Symbol.asyncDispose]());

it('a converted pack looks with its own encoder, and reads and answers with those of the shipped pack', async () => {
  const pack = await shelf.find('videollm-miniature-f32', { signal });
  expect(pack.recall.name).toMatch(/^live-tiny/);
  const loaded = await pack.load({ signal });
  const screen = readPng(new URL('../fixtures/codeScreen.png', import.meta.url));
  const frames = [0, 500, 1000].map((at) => ({ ptsMs: mediaMs(at), ...screen }));

  await using model = await loaded.createModel({ signal });
  const seen = await model.encode(frames, { signal });
  for (const frame of seen) {
    const { silenceProbability } = await model.appendFrame(frame, [], { signal });
    expect(silenceProbability).toBeGreaterThan(0);
  }
  expect(model.usage.tokens).toBeGreaterThan(3 * 11);

  await using reader = loaded.createScreenReader();
  const lines: string[] = [];
  for (const frame of frames) {
    const change = await reader.read(frame, { isRepeat: false, signal });
    lines.push(...change.newLines.map(({ text }) => text));
  }
  expect(lines.length).toBeGreaterThan(5);
});
