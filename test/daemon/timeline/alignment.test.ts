import { describe, expect, it } from 'vitest';
import {
  containment,
  intactPieces,
  resemblanceFilter,
  squeeze,
} from '../../../daemon/timeline/alignment.ts';

describe('containment', () => {
  it.each<[string, string, number]>([
    ['GRPC', 'Protocol grpc', 1],
    ['is Started', 'Server isStarted at', 1],
    ['hello', 'say he1lo', 0.8],
    ['hello', 'say helo', 0.8],
    ['', 'anything', 0],
    ['anything', '', 0],
    ['abcd', 'wxyz', 0],
  ])('of %s in %s', (needle, hay, expected) => {
    expect(containment(needle, hay)).toBeCloseTo(expected);
  });
});

describe('resemblanceFilter', () => {
  const lines = [
    'import requests',
    'irnport reqests',
    'pytest -q',
    'requests',
    '',
    'Import Request5!',
  ];

  it.each(['import requests', 'requests', 'pytest', 'tests'])(
    'lets every line pass that resembles %s enough',
    (needle) => {
      const mayResemble = resemblanceFilter(needle, 0.8);
      for (const line of lines) {
        if (containment(needle, line) >= 0.8) expect(mayResemble(line)).toBe(true);
      }
    },
  );

  it('spares the alignment of lines that share nothing', () => {
    expect(resemblanceFilter('import requests', 0.8)('def main(argv):')).toBe(false);
  });
});

describe('intactPieces', () => {
  it('leaves one piece whole in every text with as many misread signs as are forgiven', () => {
    const pieces = intactPieces('importrequests', 0.8, 6);
    expect(pieces).toEqual([
      ['imp', 'por'],
      ['tre', 'req'],
      ['ues', 'sts'],
    ]);
    const shown = squeeze('irnport request5');
    expect(pieces.some((piece) => piece.every((trigram) => shown.includes(trigram)))).toBe(true);
  });

  it('makes no more pieces than it may', () => {
    expect(intactPieces('a'.repeat(80), 0.8, 6)).toHaveLength(6);
  });

  it('leaves out what is shorter than a trigram', () => {
    expect(intactPieces('abcde', 0.8, 6)).toEqual([['abc']]);
  });
});
