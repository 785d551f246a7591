/** Writes small model packs to disk: valid in every respect the store checks, with files that no engine would load. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const entry = (path: string, content: string): object => ({
  path,
  sha256: createHash('sha256').update(content).digest('hex'),
  bytes: content.length,
});

export const packContents = { 'decoder.gguf': 'decoder', 'vision.onnx': 'vision' } as const;

/** A complete manifest for `packContents`. */
export function sampleManifest(name = 'sample'): Record<string, unknown> {
  return {
    schemaVersion: 1,
    name,
    version: '0.1.0',
    description: 'A small demonstration model.',
    licence: 'MIT',
    files: {
      decoder: entry('decoder.gguf', packContents['decoder.gguf']),
      vision: entry('vision.onnx', packContents['vision.onnx']),
    },
    decoder: {
      architecture: 'llama',
      embeddingWidth: 192,
      vocabularySize: 2048,
      contextTokens: 2048,
    },
    vision: {
      width: 256,
      height: 144,
      resize: 'area',
      fit: 'contain',
      padColour: [0, 0, 0],
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      frameTokens: 4,
    },
    stream: {
      frameRateFps: 2,
      silenceToken: '<|next|>',
      endOfTurn: '</s>',
      silenceThreshold: 0.5,
      maxReplyTokens: 48,
      seams: {
        'begin>stream': '<s>',
        'begin>user': '<s><|user|>',
        'stream>stream': '<|next|>',
        'stream>assistant': '<|assistant|>',
        'stream>user': '<|user|>',
        'user>assistant': '</s><|assistant|>',
        'user>stream': '</s>',
        'user>user': '</s><|user|>',
        'assistant>stream': '</s>',
        'assistant>user': '</s><|user|>',
      },
    },
  };
}

/** @returns the pack's folder. */
export function writePack(
  root: string,
  manifest: Readonly<Record<string, unknown>> = sampleManifest(),
): string {
  const folder = join(root, String(manifest['name']));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  for (const [path, content] of Object.entries(packContents)) {
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
