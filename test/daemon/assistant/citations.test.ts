import { describe, expect, it } from 'vitest';
import { answerText, citationsOf, sentenceIn } from '../../../daemon/assistant/citations.ts';
import { noParts, type RetrievedRow } from '../../../daemon/assistant/retrieval.ts';
import { mediaMs } from '../../../protocol/index.ts';
import { guidance, screenText } from '../timeline/rowSamples.ts';

const row = (text: string, startMs: number, endMs: number, id = 1): RetrievedRow => ({
  row: { ...screenText(text, startMs, endMs), id },
  window: [mediaMs(startMs), mediaMs(endMs)],
  ...{ score: 1, parts: noParts },
});
const total = (citations: ReturnType<typeof citationsOf>): number =>
  citations.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

describe('citationsOf', () => {
  it('gives at most three, best first, together within their share of the video', () => {
    const rows = [5, 1, 3, 2].map((at) => row(`line ${at}`, at * 1000, 60_000, at));
    const citations = citationsOf(rows, { durationMs: mediaMs(60_000) });
    expect(citations.map(({ startMs }) => startMs)).toEqual([5000, 1000, 3000]);
    expect(total(citations)).toBeLessThanOrEqual(12_000);
    expect(total(citationsOf(rows, { durationMs: mediaMs(10_000) }))).toBeLessThanOrEqual(6000);
  });

  it('cites in plain text what was said', () => {
    const line = row('echo `date`', 1000, 1500);
    const said = { ...line, row: { ...guidance('Ran `pytest -x`.', 1000), id: 2 } };
    const citations = citationsOf([line, said], { durationMs: mediaMs(60_000) });
    expect(citations.map(({ text }) => text)).toEqual(['echo `date`', 'Ran pytest -x.']);
    expect(answerText('', citations)).toBe('“echo `date`” “Ran pytest -x.” (0:01)');
    expect(answerText('They Ran pytest -x.', citations.slice(1))).toBe(
      'They Ran pytest -x. (0:01)',
    );
  });

  it('leaves a short window whole', () => {
    const [citation] = citationsOf([row('a', 1000, 1500)], { durationMs: mediaMs(60_000) });
    expect(citation).toMatchObject({ startMs: 1000, endMs: 1500, rowId: 1, text: 'a' });
  });

  it('cites what is still there at the moment of the question a second time, there', () => {
    const at = { durationMs: mediaMs(30_000), atMs: mediaMs(29_000) };
    const citations = citationsOf([row('a', 0, 30_000)], at);
    expect(citations).toMatchObject([
      { startMs: 0, endMs: 3000 },
      { startMs: 26_000, endMs: 29_000 },
    ]);
    expect(citationsOf([row('a', 26_000, 30_000)], at)).toHaveLength(1);
    expect(citationsOf([row('a', 0, 20_000)], at)).toHaveLength(1);
  });
});

describe('answerText', () => {
  const cited = citationsOf([row('$ npm test', 65_000, 70_000), row('4 passed', 68_000, 70_000)], {
    durationMs: mediaMs(90_000),
  });

  it.each([
    ['They ran npm test.', 'They ran npm test. “$ npm test” “4 passed” (1:05)'],
    ['It was $ npm  test with 4 passed.', 'It was $ npm  test with 4 passed. (1:05)'],
    ['', '“$ npm test” “4 passed” (1:05)'],
  ])('quotes what the sentence does not contain: %j', (sentence, expected) => {
    expect(answerText(sentence, cited)).toBe(expected);
    if (sentence !== '') expect(sentenceIn(expected)).toBe(sentence);
  });

  it('stays within its length, and cuts long lines', () => {
    const long = [1, 2, 3].map((id) => row(`${id}${'x'.repeat(150)}`, id * 1000, 9000, id));
    const text = answerText('Yes.', citationsOf(long, { durationMs: mediaMs(90_000) }));
    expect(text.length).toBeLessThanOrEqual(240);
    expect(text).toContain('x…”');
    expect(text).toMatch(/\(0:01\)$/);
  });

  it('is told to the model as its own words only', () => {
    expect(sentenceIn('“$ npm test” (1:05)')).toBe('$ npm test');
  });
});
