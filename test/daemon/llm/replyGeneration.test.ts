import { expect, it } from 'vitest';
import { defaultLoopRule, isLooping } from '../../../daemon/llm/replyGeneration.ts';

it.each<[string, boolean]>([
  ['', false],
  ['Ran the tests.', false],
  ['a......', false],
  ['a.........', true],
  ['abcabcab', false],
  ['abcabcabc', true],
  ['xabababab', false],
  ['xababababab', true],
  ['the same line, the same line, the same line, ', true],
  ['the same line, the same line, then ', false],
])('%j loops: %s', (text, expected) => {
  const tokens = Array.from(text, (letter) => letter.charCodeAt(0));
  expect(isLooping(tokens, defaultLoopRule)).toBe(expected);
});
