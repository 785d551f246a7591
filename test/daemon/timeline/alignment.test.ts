import { describe, expect, it } from 'vitest';
import { containment } from '../../../daemon/timeline/alignment.ts';

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
