import { describe, expect, it } from 'vitest';
import { guidanceGrammar } from '../../../daemon/llm/groundedGrammar.ts';
import { patternOf } from '../../helpers/gbnfPattern.ts';

const plain = ['ran', 'opened', 'the', 'file', 'all', 'tests', 'pass'];
const accepts = (lines: readonly string[], quote = '`') => {
  const pattern = patternOf(guidanceGrammar({ plain, lines, quote })!);
  return (sentence: string): boolean => pattern.test(sentence);
};

describe('guidance under its grammar', () => {
  const says = accepts(['$ pytest -x tests/test_app.py', 'func main() {', 'x = "3 failed"']);

  it.each([
    'Ran `pytest -x`: all tests pass.',
    'Ran `$ pytest -x tests/test_app.py`.',
    'opened the file `test_app.py`, `tests/test_app.py`!',
    'Opened `main`.',
    'The `func main() {`',
    '`main()`',
    '`3 failed`; `"3 failed"`',
    'Opened',
  ])('may be %s', (sentence) => {
    expect(says(sentence)).toBe(true);
  });

  it.each([
    ['an invented name', 'Ran `npm test`.'],
    ['a name that is not quoted', 'Ran pytest.'],
    ['a number that is not quoted', 'All 3 tests pass.'],
    ['a part of a word', 'Opened `mai`.'],
    ['a part of a word at its end', 'Opened `est_app.py`.'],
    ['words that do not stand beside each other', 'Ran `pytest tests/test_app.py`.'],
    ['words of two lines', 'Ran `test_app.py func`.'],
    ['a blank at an end of a quotation', 'Ran `pytest `.'],
    ['a quotation that is empty', 'Ran ``.'],
    ['a quotation that does not end', 'Ran `pytest'],
    ['a quotation in another case', 'Ran `Pytest`.'],
    ['plain words in quotes', 'Ran `opened`.'],
    ['no blank between words', 'Ran`pytest`.'],
    ['two blanks', 'Ran  `pytest`.'],
    ['nothing', ''],
    ['a sign on its own', 'Ran !'],
    ['a bracket between words that could begin nothing', 'Opened `() {`'],
  ])('is never %s', (_, sentence) => {
    expect(says(sentence)).toBe(false);
  });

  it('quotes whatever signs a line has, letter by letter', () => {
    const speaks = accepts([String.raw`"C:\temp" → naïve 🙂`, '</s> <|user|>']);
    for (const line of [String.raw`"C:\temp" → naïve 🙂`, 'temp', 'naïve', '🙂', '</s> <|user|>']) {
      expect(speaks(`Opened \`${line}\`.`), line).toBe(true);
    }
    expect(speaks('Opened `naive`.')).toBe(false);
  });

  it('leaves the quote itself out of what it quotes', () => {
    const speaks = accepts(['run `npm test` now']);
    expect(speaks('Ran `npm test`.')).toBe(true);
    expect(speaks('Ran `run `npm test` now`.')).toBe(false);
    expect(speaks('Ran `run `.')).toBe(false);
    expect(accepts(['run `npm test` now'], '´')('Ran ´run `npm test` now´.')).toBe(true);
  });

  it('quotes no more than 64 signs', () => {
    const line = Array.from({ length: 30 }, (_, at) => `w${at}`).join(' ');
    const speaks = accepts([line]);
    const upTo = (word: string): string => line.slice(0, line.indexOf(word) + word.length);
    expect([upTo('w17').length, upTo('w18').length]).toEqual([61, 65]);
    expect(speaks(`\`${upTo('w17')}\``)).toBe(true);
    expect(speaks(`\`${upTo('w17')} \``)).toBe(false);
    expect(speaks(`\`${upTo('w18')}\``)).toBe(false);
    expect(speaks('`w17 w18 w19`')).toBe(true);
  });

  it('has only plain words while nothing was read', () => {
    const speaks = accepts([]);
    expect(speaks('All tests pass.')).toBe(true);
    expect(speaks('Ran `pytest`.')).toBe(false);
    expect(accepts(['', '   '])('Opened.')).toBe(true);
  });

  it('says nothing when there is nothing to say it with', () => {
    expect(guidanceGrammar({ plain: [], lines: [], quote: '`' })).toBeUndefined();
    const onlyQuotes = patternOf(guidanceGrammar({ plain: [], lines: ['a b'], quote: '`' })!);
    expect(onlyQuotes.test('`a b` `b`.')).toBe(true);
  });

  it('does not grow with what it was told before', () => {
    const one = guidanceGrammar({ plain, lines: ['def load_user(id):'], quote: '`' });
    const again = guidanceGrammar({
      ...{ plain, quote: '`' },
      lines: Array.from({ length: 100 }, () => 'def load_user(id):'),
    });
    expect(again).toBe(one);
  });

  it('is one of the sentences of a pack that has a list of them', () => {
    const sentences = ['Ran {}.', 'Ran {}: all {} tests pass.', 'All tests pass.', '{} failed.'];
    const grammar = guidanceGrammar({
      plain,
      sentences,
      lines: ['$ pytest -x', '3 failed'],
      quote: '`',
    });
    const pattern = patternOf(grammar!);
    for (const said of [
      'Ran `pytest -x`.',
      'Ran `pytest`: all `3` tests pass.',
      'All tests pass.',
      '`3` failed.',
    ]) {
      expect(pattern.test(said), said).toBe(true);
    }
    for (const said of [
      'Ran `pytest` failed.',
      'Ran `npm`.',
      'Ran.',
      'All tests pass',
      'Opened `3`.',
      'Ran pytest.',
    ]) {
      expect(pattern.test(said), said).toBe(false);
    }
    const unread = guidanceGrammar({ plain, sentences, lines: [], quote: '`' });
    expect(patternOf(unread!).test('All tests pass.')).toBe(true);
    expect(
      guidanceGrammar({ plain, sentences: ['Ran {}.'], lines: [], quote: '`' }),
    ).toBeUndefined();
  });
});
