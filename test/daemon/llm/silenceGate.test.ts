import { describe, expect, it } from 'vitest';
import { StreamingSequence } from '../../../daemon/llm/streamingSequence.ts';
import type { StreamManifest } from '../../../daemon/weights/streamManifest.ts';
import { FakeBackend } from '../../helpers/fakeBackend.ts';
import { tinyManifest, tinySpecialTokens } from '../../helpers/streamManifests.ts';

const { signal } = new AbortController();
const { silenceToken: _, ...untrained } = tinyManifest;
const probe = { ask: '<|user|>News?</s><|assistant|>', yes: ['Y', 'y'], no: ['N'] };

async function open(
  answers: string[],
  manifest: StreamManifest = { ...untrained, probe },
  contextSize = 400,
) {
  const backend = new FakeBackend(tinySpecialTokens, { favourites: answers });
  const stream = await StreamingSequence.open({ backend, manifest, contextSize }, { signal });
  const see = async (): Promise<number> => {
    const rows = new Float32Array(2 * backend.rowWidth);
    return (await stream.appendFrame({ lines: [], rows }, { signal })).silenceProbability;
  };
  return { stream, see, contents: () => backend.sequences[0]!.contents };
}

describe('a decoder that was not trained to be silent', () => {
  it('is asked behind each frame, and nothing of that stays', async () => {
    const { see, contents, stream } = await open(['N', 'N', 'N']);
    await see();
    await see();
    expect(contents()).toBe('<s>▦▦<|next|>▦▦');
    expect(stream.length).toBe(6);
  });

  it('is silent while it answers as ever, and speaks when an answer stands out', async () => {
    const { see } = await open([...Array<string>(30).fill('N'), 'y', 'N']);
    const silences: number[] = [];
    for (let frame = 0; frame < 32; frame++) silences.push(await see());
    expect(Math.min(...silences.slice(10, 30))).toBeGreaterThan(0.8);
    expect(silences[30]).toBeLessThan(0.5);
    expect(silences[31]).toBeGreaterThan(0.8);
  });

  it('is refused when an answer is not one token', async () => {
    const manifest = { ...untrained, probe: { ...probe, no: ['No'] } };
    await expect(open([], manifest)).rejects.toMatchObject({ code: 'model.unsupported' });
  });

  it('keeps room for the question', async () => {
    const { see, stream } = await open([], undefined, 30);
    for (let frame = 0; frame < 12; frame++) await see();
    expect(stream.length).toBeLessThanOrEqual(30 - 7);
    expect(stream.evicted).toBeGreaterThan(0);
  });
});
