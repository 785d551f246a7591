import { describe, expect, it } from 'vitest';
import { sentenceParts, spoken } from '../../protocol/index.ts';

describe('a sentence', () => {
  it.each([
    [
      'Ran `pytest -x`: `test_login` fails.',
      ['Ran ', '[pytest -x]', ': ', '[test_login]', ' fails.'],
    ],
    ['`main`', ['[main]']],
    ['All tests pass.', ['All tests pass.']],
    ['Ran ``.', ['Ran ``.']],
    ['Ran `pytest', ['Ran `pytest']],
    ['a `b` c `d', ['a ', '[b]', ' c `d']],
    ['', []],
  ])('%s', (sentence, expected) => {
    const parts = sentenceParts(sentence);
    expect(parts.map(({ text, isQuoted }) => (isQuoted ? `[${text}]` : text))).toEqual(expected);
  });

  it('is read out without its quotes', () => {
    expect(spoken('Ran `pytest -x`: `a` fails.')).toBe('Ran pytest -x: a fails.');
  });
});
