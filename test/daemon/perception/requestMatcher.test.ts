import { expect, it } from 'vitest';
import type { DenseTensor } from '../../../daemon/perception/ortSession.ts';
import { RequestMatcher } from '../../../daemon/perception/requestMatcher.ts';
import { rowFeatures } from '../../../daemon/perception/rowFeatures.ts';

const manifest = { buckets: 64, maxFeatures: 16, threshold: 0.6 };

function matcherOf(eachTime: number, fulfilled: number) {
  const asked: DenseTensor[] = [];
  const session = {
    run: (texts: DenseTensor) => {
      asked.push(texts);
      return Promise.resolve({ data: Float32Array.of(eachTime, fulfilled), dims: [2] });
    },
  };
  return { matcher: new RequestMatcher(session, manifest), asked };
}

it.each([
  [2, 3, { isEachTime: true, isFulfilled: true }],
  [-2, 0.3, { isEachTime: false, isFulfilled: false }],
  [-2, 0.5, { isEachTime: false, isFulfilled: true }],
])('turns logits %d and %d into a verdict', async (eachTime, fulfilled, expected) => {
  const { matcher } = matcherOf(eachTime, fulfilled);
  expect(await matcher.match('Tell me when it ends.', 'It ended.')).toEqual(expected);
});

it('shows the request before the sentence, the shorter one filled up', async () => {
  const { matcher, asked } = matcherOf(0, 0);
  await matcher.match('When it ends.', 'Ran `ls`.');
  const request = rowFeatures('When it ends.', 'request', manifest);
  const sentence = rowFeatures('Ran `ls`.', 'guidance', manifest);
  const [{ data, dims }] = asked as [DenseTensor];
  const width = Math.max(request.length, sentence.length);
  expect(dims).toEqual([2, width]);
  const row = (list: readonly number[]) => [...list, ...Array<number>(width - list.length).fill(0)];
  expect([...data]).toEqual([...row(request), ...row(sentence)]);
});
