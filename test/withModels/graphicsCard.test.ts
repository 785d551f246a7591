/** The decoder on a graphics card by Vulkan; a software device counts, as Mesa's lavapipe is one. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import type { DevicePreference } from '../../daemon/llm/llamaRuntime.ts';
import type { LlmSequence } from '../../daemon/llm/backend.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import { callLlama } from '../../daemon/llm/remoteSequence.ts';
import type { PackManifest } from '../../daemon/weights/manifest.ts';
import { measureParity } from '../../scripts/packParity.ts';
import {
  allProbabilities,
  largestDifference,
  signal,
  someRows,
  someTokens,
  startEngine,
} from '../helpers/engine.ts';

// llama.cpp leaves software devices alone unless they are named.
process.env['GGML_VK_VISIBLE_DEVICES'] ??= '0';
const stack = new DisposalStack();
const engine = stack.use(startEngine());
const memory = await callLlama(engine, 'memory', { device: 'auto' }, { signal });
const obstacle = memory.devices.length === 0 ? ': skipped, llama.cpp finds none' : undefined;
afterAll(() => stack[Symbol.asyncDispose]());

const pack = resolve(import.meta.dirname, '../../models/live-tiny');
const miniature = resolve(import.meta.dirname, '../fixtures/videollm-miniature-f32');
const { decoder, files } = JSON.parse(
  readFileSync(join(pack, 'manifest.json'), 'utf8'),
) as PackManifest;
const path = join(pack, files.decoder.path);

describe.skipIf(obstacle)(`a graphics card${obstacle ?? ''}`, () => {
  it('is named, and what is free on it', () => {
    expect(memory.devices[0]).not.toBe('');
    expect(memory.deviceFreeBytes).toBeGreaterThan(0);
    expect(memory.supportedGpus).toContain(memory.gpu);
  });

  it('gets the layers of a model, where the caches have room beside them', async () => {
    const cachePositions = 2 * decoder.contextTokens;
    const options = { path, device: 'auto', cachePositions } as const;
    const { model, deviceLayers } = await callLlama(engine, 'load', options, { signal });
    await callLlama(engine, 'freeModel', { model }, { signal });
    expect(deviceLayers).toBeGreaterThan(1);
  });

  it('is left alone by an engine that is to be cautious', async () => {
    await using cautious = startEngine({ arguments: ['--processor'] });
    const found = await callLlama(cautious, 'memory', { device: 'auto' }, { signal });
    expect([found.devices, found.gpu]).toEqual([[], undefined]);
    const { deviceLayers } = await callLlama(
      cautious,
      'load',
      { path, device: 'auto' },
      { signal },
    );
    expect(deviceLayers).toBe(0);
  });

  it('computes a published stream as PyTorch did', async () => {
    const report = await measureParity(engine, miniature, { signal });
    expect(report.probability).toBeLessThan(0.01);
    expect([report.sameDecisions, report.sameReplies]).toEqual([report.frames, report.replies]);
    expect(report.sameLengths).toBe(report.steps);
  });

  it('keeps, shifts, copies and restores what a processor does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'codealong-card-'));
    await using scope = new DisposalStack();
    scope.defer(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const other = scope.use(startEngine());
    const run = async (device: DevicePreference): Promise<number[][]> => {
      const channel = device === 'cpu' ? other : engine;
      const stateFolder = join(folder, device);
      const model = { path, device };
      await using backend = await LlamaBackend.open({ channel, model, stateFolder }, { signal });
      expect(backend.runtime.devices.length > 0).toBe(device === 'auto');
      const read = async (sequence: LlmSequence): Promise<number[]> => [
        ...(await allProbabilities(sequence, backend.vocabularySize)),
      ];
      await using sequence = await backend.createSequence({ contextSize: 256, signal });
      const rows = someRows(8, backend.rowWidth);
      const tokens = someTokens(40);
      await sequence.append(
        [
          { kind: 'tokens', tokens },
          { kind: 'rows', rows },
        ],
        { signal },
      );
      const found = [await read(sequence)];
      await sequence.removeRange(10, 20, { signal });
      await sequence.append([{ kind: 'tokens', tokens: [9, 10] }], { signal });
      found.push(await read(sequence));
      await using copy = await sequence.fork({ signal });
      found.push(await read(copy));
      const file = join(folder, `${device}.state`);
      await sequence.save(file, { signal });
      await sequence.truncate(0, { signal });
      await sequence.restore(file, { signal });
      found.push(await read(sequence));
      expect(largestDifference(found[2]!, found[1]!)).toBeLessThan(1e-6);
      expect(largestDifference(found[3]!, found[1]!)).toBeLessThan(1e-6);
      return found;
    };
    const [here, there] = [await run('cpu'), await run('auto')];
    // The tolerance of the pack's own fixture.
    for (const [at, probabilities] of here.entries()) {
      expect(largestDifference(there[at]!, probabilities)).toBeLessThan(0.03);
    }
  });

  it('leaves states behind that a processor takes over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'codealong-card-'));
    await using scope = new DisposalStack();
    scope.defer(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const file = join(folder, 'moved.state');
    const open = async (device: DevicePreference) => {
      const channel = device === 'cpu' ? scope.use(startEngine()) : engine;
      const stateFolder = join(folder, device);
      return LlamaBackend.open({ channel, model: { path, device }, stateFolder }, { signal });
    };
    const parts = [{ kind: 'tokens', tokens: someTokens(40) }] as const;
    await using card = await open('auto');
    await using processor = await open('cpu');
    await using before = await card.createSequence({ contextSize: 256, signal });
    await before.append(parts, { signal });
    await before.save(file, { signal });
    const options = { contextSize: 256, flashAttention: true, signal };
    await using behind = await processor.createSequence(options);
    await behind.restore(file, { signal });
    for (const sequence of [before, behind]) await sequence.append(parts, { signal });
    const size = card.vocabularySize;
    const expected = await allProbabilities(before, size);
    const found = await allProbabilities(behind, size);
    expect(largestDifference(found, expected)).toBeLessThan(0.03);
  });
});
