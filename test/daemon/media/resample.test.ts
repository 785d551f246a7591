import { describe, expect, it } from 'vitest';
import { fitCanvas } from '../../../daemon/media/pixels.ts';
import { resample, type FilterName } from '../../../daemon/media/resample.ts';
import golden from '../../golden/resample.json' with { type: 'json' };

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const plain = (width: number, height: number, value: number) => ({
  ...{ width, height, data: new Uint8Array(width * height * 3).fill(value) },
});

describe('resample', () => {
  it.each(golden.cases)(
    'agrees with Pillow in every value: $filter from $from to $to',
    ({ filter, from, to, source, expected }) => {
      const picture = { width: from[0]!, height: from[1]!, data: bytes(source) };
      const small = resample(picture, { width: to[0]!, height: to[1]! }, filter as FilterName);
      expect([small.width, small.height]).toEqual(to);
      expect(Buffer.compare(small.data, bytes(expected))).toBe(0);
    },
  );

  it('gives a picture of the right size back as it is', () => {
    const picture = plain(4, 3, 7);
    expect(resample(picture, { width: 4, height: 3 }, 'bicubic')).toBe(picture);
  });
});

describe('a canvas', () => {
  const canvas = { width: 16, height: 16, padColour: [0, 0, 0], resize: 'bicubic' } as const;
  const brightRows = ({ data }: { data: Uint8Array }): number =>
    Array.from({ length: 16 }, (_, y) => data[y * 16 * 3]! > 0).filter(Boolean).length;

  it('has bars beside a picture whose sides are rounded to its multiple', () => {
    const picture = plain(160, 70, 200);
    expect(brightRows(fitCanvas(picture, canvas))).toBe(7);
    expect(brightRows(fitCanvas(picture, { ...canvas, sideMultiple: 2 }))).toBe(8);
  });

  it('is covered by a picture that is stretched', () => {
    expect(brightRows(fitCanvas(plain(160, 70, 200), { ...canvas, fit: 'stretch' }))).toBe(16);
  });
});
