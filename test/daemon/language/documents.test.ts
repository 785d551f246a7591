import { describe, expect, it } from 'vitest';
import { Documents } from '../../../daemon/language/documents.ts';

const opened = (text: string) => ({ languageId: 'typescript', version: 1, text });
const at = (line: number, character: number) => ({ line, character });

describe('documents', () => {
  it('follow changes of both kinds, in their order', () => {
    const documents = new Documents();
    documents.open('a', opened('one\ntwo\n'));
    documents.change('a', 2, [
      { range: { start: at(0, 0), end: at(0, 3) }, text: 'eins' },
      { range: { start: at(0, 4), end: at(1, 0) }, text: ' ' },
    ]);
    expect(documents.get('a')?.getText()).toBe('eins two\n');
    expect(documents.get('a')?.version).toBe(2);
    documents.change('a', 3, [{ text: 'three' }]);
    expect(documents.get('a')?.getText()).toBe('three');
  });

  it('count in UTF-16, as the editor does', () => {
    const documents = new Documents();
    documents.open('a', opened('𝒳 = 1'));
    documents.change('a', 2, [{ range: { start: at(0, 0), end: at(0, 2) }, text: 'x' }]);
    expect(documents.get('a')?.getText()).toBe('x = 1');
  });

  it('are gone when closed, or never known', () => {
    const documents = new Documents();
    documents.open('a', opened('one'));
    documents.close('a');
    documents.close('b');
    documents.change('b', 2, [{ text: 'two' }]);
    expect(documents.get('a')).toBeUndefined();
    expect(documents.get('b')).toBeUndefined();
  });

  it('are not kept when they are too long, from the start or by a change', () => {
    const documents = new Documents();
    documents.open('a', opened('x'.repeat(2_000_001)));
    expect(documents.get('a')).toBeUndefined();
    documents.open('b', opened('x'.repeat(1_999_999)));
    documents.change('b', 2, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'yy' }]);
    expect(documents.get('b')).toBeUndefined();
    documents.change('b', 3, [{ range: { start: at(0, 0), end: at(0, 0) }, text: 'z' }]);
    expect(documents.get('b')).toBeUndefined();
    documents.open('b', opened('short again'));
    expect(documents.get('b')?.getText()).toBe('short again');
  });

  it('take a bounded room: what was touched longest ago goes', () => {
    const documents = new Documents();
    for (let index = 0; index < 20; index++) {
      documents.open(`file ${index}`, opened('x'.repeat(1_900_000)));
      documents.change('file 0', index, [{ text: 'y'.repeat(1_900_000) }]);
    }
    expect(documents.get('file 0')).toBeDefined();
    expect(documents.get('file 1')).toBeUndefined();
    expect(documents.get('file 19')).toBeDefined();
    for (let index = 0; index < 600; index++) documents.open(`small ${index}`, opened('x'));
    expect(documents.get('small 99')).toBeUndefined();
    expect(documents.get('small 100')).toBeDefined();
  });
});
