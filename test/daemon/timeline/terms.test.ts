import { describe, expect, it } from 'vitest';
import { stem, termsOf, wordsOf } from '../../../daemon/timeline/terms.ts';

describe('termsOf', () => {
  it.each<[string, string[]]>([
    ['parseManifest', ['parsemanifest', 'pars', 'manifest']],
    ['user_name', ['user_name', 'user', 'nam']],
    ['docker-compose.yml', ['docker-compose.yml', 'docker-compose', 'docker', 'compos', 'yml']],
    ['HTTPServer2', ['httpserver2', 'http', 'server', '2']],
    ['localhost:3500', ['localhost:3500', 'localhost', '3500']],
    ['6/6 tests passed (100%)', ['6/6', '6', 'test', 'pass', '100']],
    ['self.user_id = id', ['self.user_id', 'self', 'user_id', 'user', 'id', 'id']],
    ['C++ and C#', ['c++', 'c', 'and', 'c#', 'c']],
    ['"Über" naïve 漢字', ['über', 'naïve', '漢字']],
    ['🙂 … — ""', []],
  ])('splits %s', (text, expected) => {
    expect(termsOf(text)).toEqual(expected);
  });

  it('keeps a sentence’s punctuation out of its words', () => {
    expect(wordsOf('Open main.py. Then run it!').map((word) => word.whole)).toEqual([
      'open',
      'main.py',
      'then',
      'run',
      'it',
    ]);
  });

  it.each<[string, boolean]>([
    ['main.py', true],
    ['userName', true],
    ['40s', true],
    ['Reverse', false],
    ['terminal', false],
  ])('knows whether %s is a name', (text, expected) => {
    expect(wordsOf(text)[0]?.isName).toBe(expected);
  });
});

describe('stem', () => {
  it.each([
    ['rename', 'renames', 'renamed', 'renaming'],
    ['test', 'tests', 'tested', 'testing'],
    ['run', 'runs', 'running'],
    ['entry', 'entries'],
    ['class', 'classes'],
    ['change', 'changes', 'changed', 'changing'],
    ['pass', 'passes', 'passed'],
  ])('brings forms of %s together', (word, ...forms) => {
    for (const form of forms) expect(stem(form)).toBe(stem(word));
  });

  it.each(['status', 'this', 'string', 'red', 'bus'])('leaves %s alone', (word) => {
    expect(stem(word)).toBe(word);
  });
});
