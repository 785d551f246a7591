import { describe, expect, it } from 'vitest';
import { containment, resemblanceFilter } from '../../../daemon/timeline/alignment.ts';

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
