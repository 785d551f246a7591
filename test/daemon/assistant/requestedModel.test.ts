import { describe, expect, it } from 'vitest';
import { RequestedModel } from '../../../daemon/assistant/requestedModel.ts';
import { mediaMs } from '../../../protocol/index.ts';
import { ScriptedModel } from '../../helpers/scriptedSession.ts';

const { signal } = new AbortController();
const options = { signal };

/** A narrator that says something at every frame, and a matcher to which whatever passes fulfils the request. */
function modelOf(script: Readonly<Record<number, string>>, isEachTime = false) {
  const narrator = new ScriptedModel(script);
  const judged: string[] = [];
  const model = new RequestedModel({
    ...{ narrator, request: 'Tell me when the tests pass.', minReplyLikelihood: 0.5 },
    match: (_, sentence) => {
      judged.push(sentence);
      return Promise.resolve({ isFulfilled: sentence.includes('pass'), isEachTime });
    },
  });
  const hear = async (ptsMs: number): Promise<string> => {
    await model.appendFrame({ ptsMs: mediaMs(ptsMs) }, [], options);
    return (await model.reply(options)).ending;
  };
  return { model, narrator, judged, hear };
}

describe('a model that was asked for something', () => {
  it('says to nobody what does not fulfil the request, and keeps it in its stream', async () => {
    const { narrator, hear } = modelOf({ 0: 'Opened a file.', 500: 'All tests pass.' });
    expect([await hear(0), await hear(500)]).toEqual(['unasked', 'finished']);
    expect(narrator.calls).not.toContain('rollback');
  });

  it('fulfils it once, or each time where that was asked for', async () => {
    const script = { 0: 'All tests pass.', 500: 'The tests pass.' };
    const [once, always] = [modelOf(script), modelOf(script, true)];
    expect([await once.hear(0), await once.hear(500)]).toEqual(['finished', 'unasked']);
    expect([await always.hear(0), await always.hear(500)]).toEqual(['finished', 'finished']);
  });

  it('has not fulfilled it with what was taken back', async () => {
    const { model, narrator, hear } = modelOf({ 0: 'All tests pass.', 500: 'All tests pass.' });
    await hear(0);
    await model.rollback(options);
    expect(narrator.calls).toContain('rollback');
    expect(await hear(500)).toBe('finished');
    await model.rollback(options);
    await model.rollback(options);
    expect(await hear(0)).toBe('finished');
    expect(await hear(500)).toBe('unasked');
  });

  it('has fulfilled it with what was said before', async () => {
    const { model, narrator, hear } = modelOf({ 500: 'All tests pass.' });
    await model.recite('All tests pass.', options);
    expect(narrator.calls).toEqual(['recite All tests pass.']);
    expect(await hear(500)).toBe('unasked');
  });

  it('judges neither what came to no end nor what is too unlikely to be shown', async () => {
    const { narrator, judged, hear } = modelOf({ 0: 'The tests pass', 500: 'The tests pass.' });
    narrator.endings = { 0: 'looping' };
    narrator.likelihoods = { 500: 0.4 };
    expect([await hear(0), await hear(500)]).toEqual(['looping', 'finished']);
    expect(judged).toEqual([]);
  });
});
