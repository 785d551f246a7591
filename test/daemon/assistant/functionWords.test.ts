import { describe, expect, it } from 'vitest';
import { contentWords } from '../../../daemon/assistant/functionWords.ts';

describe('contentWords', () => {
  it.each([
    ['Which port does the server use?', 'port server use?'],
    ["What is the developer's name?", 'name?'],
    ['When was main.py opened?', 'main.py opened?'],
    ['Who is it?', 'Who is it?'],
    ['', ''],
  ])('of %j', (text, expected) => {
    expect(contentWords(text)).toBe(expected);
  });
});
