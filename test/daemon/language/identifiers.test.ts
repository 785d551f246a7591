import { describe, expect, it } from 'vitest';
import { nameAt } from '../../../daemon/language/identifiers.ts';
import { withCursor } from './texts.ts';

const check = (marked: string, expected: string | undefined, languageId?: string): void => {
  const { document, position } = withCursor(marked, languageId);
  const found = nameAt(document, position);
  expect(found?.name).toBe(expected);
  if (found) expect(document.getText(found.range)).toBe(expected);
};

describe('the name under the cursor', () => {
  it.each([
    ['const |userName = 1', 'userName'],
    ['const user|Name = 1', 'userName'],
    ['const userName| = 1', 'userName'],
    ['one\n\n  this.#cou|nt += 1', 'count'],
    ['echo $HOME|_DIR', 'HOME_DIR'],
    ['us|er$.next()', 'user$'],
    ['let grö|ße = 3', 'größe'],
    ['"𝒳𝒳" + oth|er', 'other'],
    ['a.b.c.|fetchData', 'fetchData'],
  ])('of %s is %s', (marked, expected) => {
    check(marked, expected);
  });

  it.each([
    ['an empty line', '|'],
    ['white space', 'one | two'],
    ['a number', 'x = 12|34'],
    ['a sign', 'a =|> b'],
    ['a keyword', 'func|tion add() {}'],
    ['a short name', 'for (let i|d = 0;;)'],
    ['a name that is data', `x = ${'a'.repeat(150)}|${'b'.repeat(150)}`],
    ['the end of the text', 'one  |'],
  ])('is none at %s', (_what, marked) => {
    check(marked, undefined);
  });

  it('is only read near the cursor in a line without end', () => {
    check(`${'x;'.repeat(100_000)}userN|ame;${'y;'.repeat(100_000)}`, 'userName');
  });

  it.each([
    ['the val|ue is set', undefined],
    ['the user|Name is set', 'userName'],
    ['see max|_size', 'max_size'],
  ])('in prose, %s, counts when no sentence has such a word', (marked, expected) => {
    check(marked, expected, 'markdown');
  });

  it('behind the end of the document is the last one', () => {
    const { document } = withCursor('one|');
    expect(nameAt(document, { line: 99, character: 99 })?.name).toBe('one');
  });
});
