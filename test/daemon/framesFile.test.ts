/** What the model is given, on disk: one line a frame, rows as little-endian float32. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocalStreamingModel } from '../../daemon/assistant/localStreamingModel.ts';
import { FramesFile, type GivenFrame } from '../../daemon/framesFile.ts';
import type { StreamingSequence } from '../../daemon/llm/streamingSequence.ts';
import { mediaMs } from '../../protocol/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codealong-frames-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const { signal } = new AbortController();

it('holds what the decoder is given, in order, and nothing of an earlier run', async () => {
  const path = join(folder, 'frames.jsonl');
  const appended: unknown[] = [];
  const sequence = {
    appendFrame: (frame: unknown) => {
      appended.push(frame);
      return Promise.resolve({ silenceProbability: 1 });
    },
  } as unknown as StreamingSequence;
  const many = new Float32Array([9, 0.5, -2, 9]);
  const rows = many.subarray(1, 3);
  const lines = [{ text: 'let été = 1;', region: 'editor' as const }];
  for (let run = 0; run < 2; run++) {
    await using file = await FramesFile.create(path);
    const model = new LocalStreamingModel({
      ...{ name: 'fake 1', keepsFrames: false, sequence, onFrame: file.add },
      encode: () => Promise.resolve([]),
    });
    await model.appendFrame({ ptsMs: mediaMs(0), rows }, lines, { signal });
    await model.appendFrame({ ptsMs: mediaMs(500), rows }, [], { signal });
  }
  const written = readFileSync(path, 'utf8').trimEnd().split('\n');
  const frames = written.map((line) => JSON.parse(line) as GivenFrame);
  expect(frames.map(({ ptsMs, lines: given }) => [ptsMs, given])).toEqual([
    [0, lines],
    [500, []],
  ]);
  const bytes = Buffer.from(frames[0]!.rows, 'base64');
  expect([bytes.length, bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([8, 0.5, -2]);
  expect(appended.slice(0, 2)).toEqual([
    { lines, rows },
    { lines: [], rows },
  ]);
});
