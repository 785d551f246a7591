import { describe, expect, it } from 'vitest';
import { partsOfText, plainText, sentenceParts, withoutQuotes } from '../../protocol/index.ts';

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

  it('is plain text without its quotes', () => {
    expect(withoutQuotes('Ran `pytest -x`: `a` fails.')).toBe('Ran pytest -x: a fails.');
  });
});

describe('the words of a row', () => {
  const text = 'echo `date` done';
  it('quote where the assistant said them', () => {
    expect(plainText({ kind: 'guidance', text })).toBe('echo date done');
    expect(partsOfText({ kind: 'guidance', text })).toHaveLength(3);
  });

  it('stand as they were read everywhere else', () => {
    for (const kind of ['screenText', 'cue', 'answer', 'chapter'] as const) {
      expect(plainText({ kind, text })).toBe(text);
      expect(partsOfText({ kind, text })).toEqual([{ text, isQuoted: false }]);
    }
  });
});
