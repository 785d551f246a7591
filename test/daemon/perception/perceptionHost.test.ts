import { describe, expect, it } from 'vitest';
import { createPerception } from '../../../daemon/perception/perceptionHost.ts';
import type { PackManifest } from '../../../daemon/weights/manifest.ts';
import { tinyManifest } from '../../helpers/streamManifests.ts';

const signal = new AbortController().signal;
const picture = { width: 1, height: 1, data: new Uint8Array(3) };

/** A pack whose model neither sees nor reads. */
const manifest: PackManifest = {
  schemaVersion: 1,
  name: 'text-only',
  version: '1.0.0',
  description: '',
  licence: 'MIT',
  files: { decoder: { path: 'decoder.gguf', sha256: '0'.repeat(64), bytes: 1 } },
  decoder: { architecture: 'llama', embeddingWidth: 8, vocabularySize: 8, contextTokens: 8 },
  stream: tinyManifest,
};

describe('createPerception', () => {
  it('reads no text for a pack without a reader', async () => {
    await using perception = createPerception('/nowhere', manifest);
    expect(await perception.read('stream', picture, { signal })).toEqual([]);
    await perception.endStream('stream', { signal });
  });

  it('says that a pack without an encoder cannot look at pictures', async () => {
    await using perception = createPerception('/nowhere', manifest);
    const encoding = perception.encode([picture], { signal });
    await expect(encoding).rejects.toMatchObject({ code: 'model.unsupported' });
  });
});
