/** Packs that were converted from published checkpoints do in the daemon what the published loops did in PyTorch. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineProcess } from '../../daemon/engine/engineProcess.ts';
import { measureParity, type ParityReport } from '../../scripts/packParity.ts';
import { signal, startEngine } from '../helpers/engine.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures');
const quantizer = resolve(import.meta.dirname, '../../scripts/quantizeGguf.ts');

let engine: EngineProcess;
let folder: string;
beforeAll(() => {
  engine = startEngine();
  folder = mkdtempSync(join(tmpdir(), 'codealong-converted-'));
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The pack with its decoder stored in another way, as models/convert does it. */
function quantized(pack: string, quantisation: string): string {
  const target = join(folder, `${basename(pack)}-${quantisation}`);
  cpSync(pack, target, { recursive: true });
  const decoder = join(target, 'decoder.gguf');
  const { status, stderr } = spawnSync(
    process.execPath,
    [quantizer, join(pack, 'decoder.gguf'), decoder, quantisation],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  const bytes = readFileSync(decoder);
  const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')) as {
    files: { decoder: object };
  };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  manifest.files.decoder = { path: 'decoder.gguf', sha256, bytes: bytes.length };
  writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest));
  return target;
}

function expectTheSameStream(report: ParityReport): void {
  expect(report.rows).toBeLessThan(1e-3);
  expect(report.sameDecisions).toBe(report.frames);
  expect(report.sameReplies).toBe(report.replies);
  expect(report.sameLengths).toBe(report.steps);
}

describe('VideoLLM-online, in miniature', () => {
  const pack = join(fixtures, 'videollm-miniature-f32');

  it('is silent, speaks and answers as in PyTorch, number by number', async () => {
    const report = await measureParity(engine, pack, { cacheType: 'f32', signal });
    expectTheSameStream(report);
    expect(report.probability).toBeLessThan(1e-4);
    expect([report.frames, report.replies]).toEqual([19, 12]);
  });

  it('does so with the cache that the daemon keeps', async () => {
    const report = await measureParity(engine, pack, { signal });
    expectTheSameStream(report);
    expect(report.probability).toBeLessThan(0.01);
  });

  it.each([
    ['f16', 0.01],
    ['bf16', 0.06],
    ['q8_0', 0.06],
  ])('does much the same stored as %s', async (quantisation, tolerance) => {
    const report = await measureParity(engine, quantized(pack, quantisation), { signal });
    expect(report.probability).toBeLessThan(tolerance);
    expect(report.sameLengths).toBe(report.steps);
    expect(report.sameReplies).toBeGreaterThanOrEqual(report.replies - 2);
  });
});

describe.each([
  ['SmolVLM2, asked where the picture changes', 'smolvlm-miniature-f32', 5],
  ['LLaVA-OneVision, with two scores', 'onevision-miniature-f32', 5],
  ['InternVL, asked about every frame', 'internvl-miniature-f32', 7],
])('%s, in miniature', (_, name, replies) => {
  const pack = join(fixtures, name);

  it('speaks and answers as in PyTorch, number by number', async () => {
    const report = await measureParity(engine, pack, { cacheType: 'f32', signal });
    expectTheSameStream(report);
    expect(report.probability).toBeLessThan(1e-4);
    expect([report.frames, report.replies]).toEqual([18, replies]);
  });

  it('does much the same with the cache that the daemon keeps, stored as q8_0', async () => {
    const report = await measureParity(engine, quantized(pack, 'q8_0'), { signal });
    expect(report.probability).toBeLessThan(0.06);
    expect(report.sameLengths).toBe(report.steps);
  });
});
