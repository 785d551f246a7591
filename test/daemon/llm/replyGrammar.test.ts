import { describe, expect, it } from 'vitest';
import { sentenceGrammar, wordsIn } from '../../../daemon/llm/replyGrammar.ts';

describe('wordsIn', () => {
  it.each([
    ['"app.py", line 3', ['"app.py",', 'app.py', 'app', 'py', 'line', '3']],
    ['def main():', ['def', 'main():', 'main()', 'main']],
    [
      'http://localhost:5173/',
      ['http://localhost:5173/', 'http', 'localhost', '5173', 'localhost:5173'],
    ],
    ['naïve 日本語.', ['naïve', '日本語.', '日本語']],
    ['   ', []],
  ])('of %j', (text, expected) => {
    const words = wordsIn(text);
    for (const word of expected) expect([...words]).toContain(word);
    expect([...words].every((word) => word !== '' && !/\s/.test(word))).toBe(true);
  });
});

describe('sentenceGrammar', () => {
  it('lets words that begin alike share their beginning', () => {
    const grammar = sentenceGrammar({ plain: ['test', 'tests', 'ten'], texts: [] });
    expect(grammar.split('\n').at(-1)).toBe(
      'word ::= "te" ("st" ("s")? | "n") | "Te" ("st" ("s")? | "n")',
    );
  });

  it('writes every sign so that it is only itself', () => {
    const grammar = sentenceGrammar({ plain: [], texts: ['"\\é🙂'] });
    expect(grammar).toContain(String.raw`"\"\\\U000000e9\U0001f642"`);
  });

  it('takes words like those of prose from a model without a list, and names from the texts', () => {
    const grammar = sentenceGrammar({ plain: undefined, texts: ['fooBar'] });
    expect(grammar).toContain('"fooBar" | [A-Z]? [a-z]+');
    expect(sentenceGrammar({ plain: undefined, texts: [] })).toContain('word ::= [A-Z]? [a-z]+');
  });
});
