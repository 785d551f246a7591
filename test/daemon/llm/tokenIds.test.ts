import { expect, it } from 'vitest';
import { StreamingSequence } from '../../../daemon/llm/streamingSequence.ts';
import { FakeBackend } from '../../helpers/fakeBackend.ts';
import { tinyManifest, tinySpecialTokens } from '../../helpers/streamManifests.ts';

const { signal } = new AbortController();

it('a pack is refused by a decoder whose tokenizer makes other ids of its template', async () => {
  const backend = new FakeBackend(tinySpecialTokens, {});
  const silenceToken = tinyManifest.silenceToken!;
  const ids = await backend.tokenize(silenceToken, { parseSpecial: true });
  const open = (made: readonly number[]): Promise<StreamingSequence> => {
    const manifest = { ...tinyManifest, tokenIds: { [silenceToken]: made } };
    return StreamingSequence.open({ backend, manifest, contextSize: 400 }, { signal });
  };
  await (await open(ids))[Symbol.asyncDispose]();
  await expect(open([...ids, 1])).rejects.toMatchObject({ code: 'model.unsupported' });
});
