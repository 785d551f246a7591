import { describe, expect, it } from 'vitest';
import {
  EventReader,
  readChatAnswer,
  readChatDelta,
  readModels,
  readYesNo,
} from '../../../daemon/endpoint/chatAnswer.ts';
import { isNotSeen, readCitedRows } from '../../../daemon/endpoint/citedAnswer.ts';

const answerOf = (choice: object): string =>
  JSON.stringify({ choices: [choice], usage: { prompt_tokens: 7 } });
const said = (content: string) => answerOf({ message: { content }, finish_reason: 'stop' });

describe('yes or no', () => {
  const top = (...tokens: [string, number][]) =>
    answerOf({
      message: { content: tokens[0]?.[0] ?? '' },
      logprobs: {
        content: [
          {
            top_logprobs: tokens.map(([token, share]) => ({ token, logprob: Math.log(share) })),
          },
        ],
      },
    });

  it.each([
    ['tokens of one meaning together', top(['Yes', 0.5], [' yes', 0.1], ['NO', 0.2]), 0.75],
    ['tokens as vocabularies have them', top(['▁Yes', 0.3], ['Ġno', 0.1]), 0.75],
    ['one side alone', top(['No', 0.9], ['Maybe', 0.1]), 0],
    ['the word, where nothing else is told', said('Yes.'), 1],
    ['the word behind signs', said('**No**, nothing'), 0],
    ['neither', said('Nothing happened'), undefined],
    ['no word', said(''), undefined],
  ])('%s', (_, body, expected) => {
    const yes = readYesNo(readChatAnswer(body));
    if (expected === undefined) expect(yes).toBeUndefined();
    else expect(yes).toBeCloseTo(expected, 9);
  });
});

describe('an answer', () => {
  it('tells its positions and its end', () => {
    expect(readChatAnswer(said('a'))).toMatchObject({ finish: 'stop', promptTokens: 7 });
  });

  it.each(['', '<html>', '[]', '{"choices":[]}', '{"choices":[{"message":{"content":3}}]}'])(
    'that is none is told: %j',
    (body) => {
      expect(() => readChatAnswer(body)).toThrow("does not speak OpenAI's API");
    },
  );

  it('has a last piece without words', () => {
    expect(readChatDelta('{"choices":[],"usage":{"prompt_tokens":3}}')).toEqual({
      ...{ text: '', finish: undefined, promptTokens: 3 },
    });
    expect(() => readChatDelta('{"error":"x"}')).toThrow('API');
  });
});

describe('EventReader', () => {
  it.each([1, 2, 3, 7, 100])('reads a stream in pieces of %i', (size) => {
    const stream = 'data: one\r\n\r\n: comment\ndata:two\n\nevent: x\rdata: three\r\rdata: half';
    const reader = new EventReader();
    const found: string[] = [];
    for (let at = 0; at < stream.length; at += size) {
      found.push(...reader.read(stream.slice(at, at + size)));
    }
    expect(found).toEqual(['one', 'two', 'three']);
  });
});

describe('models', () => {
  it.each([
    [{ id: 'a', max_model_len: 32_768 }, 32_768],
    [{ id: 'a', meta: { n_ctx_train: 8192, n_ctx: 4096 } }, 4096],
    [{ id: 'a', context_length: '8k' }, undefined],
  ])('tell what they hold: %j', (model, contextTokens) => {
    expect(readModels(JSON.stringify({ data: [model] }))).toEqual([{ id: 'a', contextTokens }]);
  });
});

describe('the rows that an answer names', () => {
  it.each([
    ['ROWS: 2, 1', [1, 0]],
    ['ROWS: 3.', [2]],
    ['ROWS: 1,1,2', [0, 1]],
    ['ROWS: 4', []],
    ['ROWS: 0', []],
    ['ROWS: 1, 9', []],
    ['ROWS: [1]', []],
    ['The rows are 1 and 2.', []],
    ['ROWS:', []],
    ['NOT SEEN', []],
    ['', []],
  ])('%s', (line, rows) => {
    expect(readCitedRows(line, 3)).toEqual(rows);
  });

  it('are none when nothing was seen', () => {
    expect(['NOT SEEN', ' NOT SEEN. ', 'Not sure'].map(isNotSeen)).toEqual([true, true, false]);
  });
});
