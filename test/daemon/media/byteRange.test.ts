import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../daemon/media/byteRange.ts';

describe('parseRange', () => {
  it.each([
    [undefined, 'whole'],
    ['', 'whole'],
    ['bytes=0-', [0, 999]],
    ['bytes=0-0', [0, 0]],
    ['bytes=10-19', [10, 19]],
    ['Bytes= 10-19', [10, 19]],
    ['bytes=990-5000', [990, 999]],
    ['bytes=999-', [999, 999]],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=99999999999999999999-', 'unsatisfiable'],
    ['bytes=0-99999999999999999999', [0, 999]],
    ['bytes=-1', [999, 999]],
    ['bytes=-5000', [0, 999]],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=20-10', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=1.5-2', 'whole'],
    ['items=0-1', 'whole'],
  ])('%s', (header, expected) => {
    const range = parseRange(header, 1000);
    expect(typeof range === 'string' ? range : [range.start, range.end]).toEqual(expected);
  });

  it('finds nothing in an empty file', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(parseRange('bytes=-5', 0)).toBe('unsatisfiable');
    expect(parseRange(undefined, 0)).toBe('whole');
  });
});
