import { describe, expect, it } from 'vitest';
import { Gutters } from '../../../daemon/perception/gutters.ts';
import type { LaidOutLine } from '../../../daemon/perception/lineLayout.ts';

const pitch = 8;

/** A monospaced line that begins in a column; rows are 20 pixels apart. */
function line(text: string, column: number, row: number): LaidOutLine {
  const box = { x: column * pitch, y: row * 20, width: text.length * pitch, height: 12 };
  return { text, box, confidence: 0.9, left: box.x, pitch };
}

/** Ends in column 5. */
const number = (text: string, row: number): LaidOutLine => line(text, 5 - text.length, row);
const code = ['def total(rows):', 'result = 0', 'return result', 'print(total(rows))'].map(
  (text, row) => line(text, 8, row),
);
const textsOf = (lines: readonly LaidOutLine[]): string[] =>
  new Gutters().takeOff(lines).lines.map(({ text }) => text);
const program = code.map(({ text }) => text);

describe('Gutters', () => {
  it('takes line numbers off', () => {
    const numbers = ['8', '9', '10', '11'].map(number);
    expect(textsOf([...numbers, ...code])).toEqual(program);
    expect(new Gutters().takeOff([...numbers, ...code]).gutters).toMatchObject([
      { left: 24, right: 40, top: 0, bottom: 72 },
    ]);
  });

  it('hands on those that are numbers as they were read', () => {
    const numbers = ['8', 'q', '10', '11'].map(number);
    const taken = new Gutters().takeOff([...numbers, ...code]).numbers;
    expect(taken.map(({ text }) => text)).toEqual(['8', '10', '11']);
    expect(new Gutters().takeOff(code).numbers).toEqual([]);
  });

  it('takes off those that were read as letters, and marks beside them', () => {
    const numbers = ['8', 'q', '10', '11'].map(number);
    const marked = line('12+', 3, 4);
    expect(textsOf([...numbers, marked, ...code])).toEqual(program);
  });

  it('takes off a number that is one line with the code beside it, however it was read', () => {
    const numbers = ['8', '9', '10'].map(number);
    const joined = line('l1   print(total(rows))', 3, 3);
    const { lines } = new Gutters().takeOff([...numbers, ...code.slice(0, 3), joined]);
    expect(lines.map(({ text }) => text)).toEqual(program);
    expect(lines.at(-1)).toMatchObject({ left: 64, box: { x: 64, width: 18 * pitch } });
  });

  it('knows the numbers of some editors that count the distance to the cursor', () => {
    expect(textsOf([...['2', '1', '9', '1'].map(number), ...code])).not.toEqual(program);
    expect(textsOf([...['3', '2', '1', '0'].map(number), ...code])).toEqual(program);
  });

  it('leaves numbers of a table alone, and what a line begins with', () => {
    const prices = ['120', '95', '310', '42'].map(number);
    expect(textsOf([...prices, ...code])).toHaveLength(8);
    const sorted = ['17', '80', '443', '3306'].map(number);
    expect(textsOf([...sorted, ...code])).toHaveLength(8);
    expect(textsOf([line('13  return total', 3, 0)])).toEqual(['13  return total']);
  });

  it('remembers a column while most of it is covered', () => {
    const gutters = new Gutters();
    gutters.takeOff([...['8', '9', '10', '11'].map(number), ...code]);
    const { lines } = gutters.takeOff([number('9', 1), ...code]);
    expect(lines.map(({ text }) => text)).toEqual(program);
  });
});
