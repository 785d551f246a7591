import { describe, expect, it } from 'vitest';
import { Indentation } from '../../../daemon/perception/indentation.ts';
import { layOutLines, type PlacedLine } from '../../../daemon/perception/lineLayout.ts';

const pitch = 8.4;

/** A monospaced line; the network reports runs of spaces as one, or not at all, and places letters within a pixel. */
function mono(
  text: string,
  column: number,
  row: number,
  options: { lostSpaces?: boolean } = {},
): PlacedLine {
  const x = 50 + column * pitch;
  const characters: string[] = [];
  const positions: number[] = [];
  Array.from(text, (sign, i) => {
    const isRepeated = sign === ' ' && characters.at(-1) === ' ';
    if (isRepeated || (sign === ' ' && options.lostSpaces)) return;
    characters.push(sign);
    positions.push(x + (i + 0.5) * pitch + ((i * 7) % 5) / 5 - 0.4);
  });
  const box = { x, y: row * 20, width: text.length * pitch, height: 14 };
  return { box, confidence: 0.9, characters, positions };
}

/** A line whose letters are as wide as they like. */
function proportional(text: string, x: number, row: number): PlacedLine {
  let end = x;
  const positions = Array.from(text, (sign) => {
    const width = 'iljt.,I '.includes(sign) ? 3.6 : 'mwMW'.includes(sign) ? 12 : 7.5;
    end += width;
    return end - width / 2;
  });
  const box = { x, y: row * 20, width: end - x, height: 14 };
  return { box, confidence: 0.9, characters: Array.from(text), positions };
}

const texts = (lines: readonly PlacedLine[]): string[] =>
  layOutLines(lines).map((line) => line.text);

describe('layOutLines', () => {
  it('keeps single spaces and rebuilds runs of them', () => {
    expect(texts([mono('x = 1  # count of items', 0, 0)])).toEqual(['x = 1  # count of items']);
  });

  it('inserts spaces that the network did not see', () => {
    expect(texts([mono('for item in values:', 0, 0, { lostSpaces: true })])).toEqual([
      'for item in values:',
    ]);
  });

  it('lends short lines the pitch of a longer one nearby', () => {
    const lines = [mono('return total / count', 0, 0), mono('a  b', 0, 1)];
    expect(texts(lines)).toEqual(['return total / count', 'a  b']);
  });

  it('leaves proportional text as the network read it', () => {
    const [line] = layOutLines([proportional('Show All Commands willingly', 20, 0)]);
    expect(line!.text).toBe('Show All Commands willingly');
    expect(line!.pitch).toBeUndefined();
  });

  it('drops spaces at both ends', () => {
    const line = mono('total = sum(values)', 0, 0);
    const padded = {
      ...line,
      characters: [' ', ...line.characters, ' '],
      positions: [40, ...line.positions, 400],
    };
    expect(texts([padded])).toEqual(['total = sum(values)']);
  });
});

describe('Indentation', () => {
  const code = [
    mono('def mean(values):', 0, 0),
    mono('total = sum(values)', 4, 1),
    mono('if len(values) == 0:', 4, 2),
    mono('return None', 8, 3),
  ];

  it('counts columns from the left edge of the block', () => {
    expect(new Indentation().measure(layOutLines(code))).toEqual([0, 4, 4, 8]);
  });

  it('remembers the edge when only indented lines are left', () => {
    const indentation = new Indentation();
    indentation.measure(layOutLines(code));
    expect(indentation.measure(layOutLines(code.slice(1)))).toEqual([4, 4, 8]);
  });

  it('does not count from line numbers', () => {
    const numbers = [0, 1, 2, 3].map((row) => mono(String(row + 10), -5, row));
    const columns = new Indentation().measure(layOutLines([...numbers, ...code]));
    expect(columns.slice(4)).toEqual([0, 4, 4, 8]);
  });

  it('does not count columns of interface text', () => {
    const lines = layOutLines([proportional('Show All Commands', 3, 0), ...code]);
    expect(new Indentation().measure(lines)).toEqual([0, 0, 4, 4, 8]);
  });
});
