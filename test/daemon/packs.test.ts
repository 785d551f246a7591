import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { mediaMs } from '../../protocol/index.ts';
import { fitCanvas } from '../../daemon/media/pixels.ts';
import type { Frame, Picture } from '../../daemon/media/frameSource.ts';
import type { StreamingModel } from '../../daemon/assistant/streamingModel.ts';
import { LocalPack, PackShelf } from '../../daemon/packs.ts';
import { ModelStore } from '../../daemon/weights/modelStore.ts';
import { loadedModel, ScriptedChannel, type Answers } from '../helpers/scriptedChannel.ts';
import { sampleManifest, writePack } from './weights/packs.ts';

const { signal } = new AbortController();
let root: string;
let states: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'codealong-packs-'));
  states = join(root, 'state');
  writePack(join(root, 'models'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const createStore = (): ModelStore =>
  new ModelStore({
    folders: [join(root, 'models')],
    defaultPack: 'sample',
    cacheFile: join(root, 'hashes.json'),
  });

const createEngine = (answers: Answers = {}): ScriptedChannel =>
  new ScriptedChannel({
    load: () => loadedModel,
    tokenize: () => [6],
    createSequence: () => ({ sequence: 1, length: 0 }),
    freeSequence: () => undefined,
    freeModel: () => undefined,
    ...answers,
  });

const createShelf = (engine: ScriptedChannel): PackShelf =>
  new PackShelf({ store: createStore(), engine, stateFolder: states });

const countOf = ({ calls }: ScriptedChannel, method: string): number =>
  calls.filter((call) => call === method).length;

/** Encodes a black picture, and shows it to the decoder. */
async function showFrame(model: StreamingModel): Promise<void> {
  const size = { width: 16, height: 9 };
  const data = new Uint8Array(size.width * size.height * 3);
  const [frame] = await model.encode([{ ptsMs: mediaMs(0), ...size, data }], { signal });
  await model.appendFrame(frame!, [], { signal });
}

/** Answers of an engine that sees, and keeps what the decoder is told in `told`. */
const seeing = (told: string[]) => ({
  tokenize: ({ text }: { text: string }) => {
    told.push(text);
    return [6];
  },
  encode: ({ pictures }: { pictures: readonly Picture[] }) =>
    pictures.map(() => new Float32Array(4 * 192)),
  append: () => ({ length: 5 }),
});

describe('a shelf of packs', () => {
  it('tells how long a pack with a policy pauses after speaking', async () => {
    const { silenceToken: _, ...stream } = sampleManifest()['stream'] as Record<string, unknown>;
    const policy = { kind: 'change', rowChange: 0.3, refractoryMs: 4000 };
    await using shelf = createShelf(createEngine());
    expect((await shelf.load('sample', { signal })).refractoryMs).toBeUndefined();
    const changed = { ...sampleManifest(), name: 'untrained', stream: { ...stream, policy } };
    writePack(join(root, 'models'), changed);
    expect((await shelf.load('untrained', { signal })).refractoryMs).toBe(4000);
  });

  it('opens a pack once for all who wait, of whom each may leave', async () => {
    const started = Promise.withResolvers<undefined>();
    const loading = Promise.withResolvers<typeof loadedModel>();
    const engine = createEngine({
      load: () => {
        started.resolve(undefined);
        return loading.promise;
      },
    });
    await using shelf = createShelf(engine);
    const controller = new AbortController();
    const first = shelf.load(undefined, { signal: controller.signal });
    const second = shelf.load('sample', { signal });
    await started.promise;
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    loading.resolve(loadedModel);
    expect((await second).name).toBe('sample 0.1.0');
    expect(await shelf.load(undefined, { signal })).toBe(await second);
    expect(countOf(engine, 'load')).toBe(1);
  });

  it('tries a pack anew that could not be opened', async () => {
    const engine = createEngine({
      load: () => {
        throw new AppError('engine.modelUnreadable');
      },
    });
    await using shelf = createShelf(engine);
    await expect(shelf.load(undefined, { signal })).rejects.toMatchObject({
      code: 'engine.modelUnreadable',
    });
    engine.answers['load'] = () => loadedModel;
    expect((await shelf.load(undefined, { signal })).name).toBe('sample 0.1.0');
  });

  it('opens a pack anew that was replaced', async () => {
    const engine = createEngine();
    await using shelf = createShelf(engine);
    const before = await shelf.load(undefined, { signal });
    writePack(join(root, 'models'), { ...sampleManifest(), version: '0.2.0' });
    const after = await shelf.load(undefined, { signal });
    expect([before.name, after.name]).toEqual(['sample 0.1.0', 'sample 0.2.0']);
    expect(countOf(engine, 'load')).toBe(2);
  });

  it('keeps its states apart from those of others, and clears up behind the dead', async () => {
    const alive = String(process.ppid);
    // Above the largest process id of every system.
    const dead = '999999999';
    for (const name of [alive, dead, 'draft']) mkdirSync(join(states, name), { recursive: true });
    writeFileSync(join(states, dead, '1.state'), '');
    const shelf = createShelf(createEngine());
    await shelf.load(undefined, { signal });
    expect(readdirSync(states).sort()).toEqual([alive, String(process.pid)].sort());
    expect(readdirSync(join(states, String(process.pid)))).toHaveLength(1);
    await shelf[Symbol.asyncDispose]();
    expect(readdirSync(states)).toEqual([alive]);
  });
});

describe('a pack that was only found', () => {
  it('tells what its manifest says, and starts no engine before it must speak', async () => {
    const engine = createEngine();
    await using shelf = createShelf(engine);
    const pack = await shelf.find('sample', { signal });
    expect(pack).toMatchObject({
      ...{ name: 'sample 0.1.0', frameRateFps: 2, silenceThreshold: 0.5, isDemonstration: true },
    });
    expect(pack.recall.name).toBe('sample 0.1.0');
    expect(engine.calls).toEqual([]);
    await pack.recall
      .recall({ evidence: [], question: 'What?' }, { signal })
      .catch(() => undefined);
    expect(countOf(engine, 'load')).toBe(1);
    expect(await pack.load({ signal })).toBe(await shelf.load('sample', { signal }));
    expect(countOf(engine, 'load')).toBe(1);
  });

  it('is no pack when its files are not what they should be', async () => {
    await using shelf = createShelf(createEngine());
    await expect(shelf.find('nowhere', { signal })).rejects.toMatchObject({
      code: 'model.notFound',
    });
  });
});

describe('a pack that can neither read nor answer', () => {
  it('has both from the shipped one', async () => {
    const recall = {
      ...{ guidance: '{text}{ref}', screenOpen: '', screenLine: '{text}{ref}', refs: ['<1>'] },
      ...{ maxRefs: 1, maxListRefs: 1, maxRowChars: 96, notSeenThreshold: 0.5, titlePrompt: 'T' },
      listPrompts: { commands: 'C', files: 'F', errors: 'E' },
    };
    const sample = sampleManifest();
    const stream = { ...(sample['stream'] as object), recall };
    writePack(join(root, 'models'), { ...sample, stream });
    writePack(join(root, 'models'), sampleManifest('published'));
    const engine = createEngine();
    await using shelf = createShelf(engine);
    const pack = await shelf.find('published', { signal });
    expect([pack.name, pack.recall.name]).toEqual(['published 0.1.0', 'sample 0.1.0']);
    expect(pack.recall.limits.maxRows).toBe(1);
    const loaded = await pack.load({ signal });
    expect(loaded.recall.name).toBe('sample 0.1.0');
    expect(countOf(engine, 'load')).toBe(2);
  });
});

describe('a pack', () => {
  it('is asked before its engine counts as well', async () => {
    const engine = createEngine();
    await using shelf = createShelf(engine);
    const pack = await shelf.load(undefined, { signal });
    expect(await pack.probe({ signal })).toMatchObject({ release: 'b1' });
    engine.lose();
    engine.answers['load'] = () => {
      throw new AppError('engine.crashLoop');
    };
    await expect(pack.probe({ signal })).rejects.toMatchObject({ code: 'engine.crashLoop' });
    engine.answers['load'] = () => ({ ...loadedModel, release: 'b2' });
    expect(await pack.probe({ signal })).toMatchObject({ release: 'b2' });
  });

  it('sends pictures as small as its encoder sees them', async () => {
    const seen: Picture[] = [];
    const engine = createEngine({
      encode: ({ pictures }: { pictures: readonly Picture[] }) => {
        seen.push(...pictures);
        return pictures.map(() => new Float32Array(4 * 192));
      },
    });
    await using shelf = createShelf(engine);
    const pack = await shelf.load(undefined, { signal });
    await using model = await pack.createModel({ signal });
    const data = Uint8Array.from({ length: 320 * 200 * 3 }, (_, i) => (i * 7) % 256);
    const frame: Frame = { ptsMs: 0 as Frame['ptsMs'], width: 320, height: 200, data };
    await model.encode([frame], { signal });
    const canvas = { width: 256, height: 144, padColour: [0, 0, 0] } as const;
    expect(seen.map(({ width, height }) => [width, height])).toEqual([[256, 144]]);
    expect(Buffer.compare(seen[0]!.data, fitCanvas(frame, canvas).data)).toBe(0);
  });

  it('is told what it was asked to do, in place of what its manifest says', async () => {
    const told: string[] = [];
    const engine = createEngine({
      ...seeing(told),
    });
    await using shelf = createShelf(engine);
    const pack = await shelf.load(undefined, { signal });
    await using model = await pack.createModel({ instruction: 'Tell me when it ends.', signal });
    await showFrame(model);
    expect(told.join()).toContain('Tell me when it ends.');
  });

  it('narrates whatever it is asked for where a matcher tells what fulfils it', async () => {
    const told: string[] = [];
    const matched: string[] = [];
    const engine = createEngine({
      ...seeing(told),
      beginReply: () => 1,
      nextToken: () => ({ token: undefined, probability: 1, length: 5 }),
      endReply: () => undefined,
      ...{ truncate: () => ({ length: 5 }), detokenize: () => 'It began.' },
      match: ({ request, sentence }: { request: string; sentence: string }) => {
        matched.push(request, sentence);
        return { isFulfilled: false, isEachTime: false };
      },
    });
    const found = await createStore().locate(undefined, { signal });
    const { manifest } = found;
    const matcher = { buckets: 64, maxFeatures: 16, threshold: 0.5 };
    const stream = { ...manifest.stream, instruction: 'Narrate.' };
    const judging = { ...found, manifest: { ...manifest, stream, matcher } } as typeof found;
    const host = { engine, stateFolder: states };
    await using pack = await LocalPack.open(judging, host, { signal });
    await using model = await pack.createModel({ instruction: 'Tell me when it ends.', signal });
    await showFrame(model);
    expect(told.join()).toContain('Narrate.');
    expect(told.join()).not.toContain('Tell me when it ends.');
    expect((await model.reply({ signal })).ending).toBe('unasked');
    expect(matched).toEqual(['Tell me when it ends.', 'It began.']);
  });

  it('frees the sequence of a model that cannot be made', async () => {
    const engine = createEngine();
    const found = await createStore().locate(undefined, { signal });
    const { manifest } = found;
    const stream = { ...manifest.stream, instruction: 'Narrate.', seams: {} };
    const broken = { ...found, manifest: { ...manifest, stream } } as typeof found;
    const host = { engine, stateFolder: states };
    await using pack = await LocalPack.open(broken, host, { signal });
    await expect(pack.createModel({ signal })).rejects.toThrow(RangeError);
    expect(countOf(engine, 'createSequence')).toBe(1);
    expect(countOf(engine, 'freeSequence')).toBe(1);
  });
});
