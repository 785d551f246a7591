/** The protocol's own promises: units that refuse nonsense, times as people read them, one sentence for every error. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../daemon/base/errors.ts';
import * as protocol from '../../protocol/index.ts';

describe('units', () => {
  it('round and refuse', () => {
    expect(protocol.mediaMs(1.6)).toBe(2);
    expect(() => protocol.mediaMs(Number.NaN)).toThrow(RangeError);
    expect(() => protocol.wallMs(Infinity)).toThrow(RangeError);
    expect(() => protocol.tokenCount(-1)).toThrow(RangeError);
    expect(() => protocol.tokenCount(1.5)).toThrow(RangeError);
  });

  it.each([
    [0, '0:00'],
    [7999, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('%d ms is %s', (time, text) => {
    expect(protocol.formatMediaTime(time)).toBe(text);
  });
});

describe('methods', () => {
  const methods = Object.values(protocol).flatMap((value) =>
    typeof value === 'object' && 'method' in value ? [value.method] : [],
  );

  it('have names of their own in one family', () => {
    expect(methods.length).toBeGreaterThanOrEqual(13);
    expect(new Set(methods).size).toBe(methods.length);
    for (const method of methods) expect(method).toMatch(/^codealong\/[a-z][A-Za-z]+$/);
  });
});

describe('errors', () => {
  it.each(protocol.errorCodes)('%s has one sentence and one remedy', (code) => {
    const { sentence, remedy } = catalogue[code];
    for (const text of [sentence, remedy]) expect(text).toMatch(/^[A-Za-z].*[.]$/);
  });
});
