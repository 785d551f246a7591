import { describe, expect, it } from 'vitest';
import type { Picture } from '../../../daemon/media/frameSource.ts';
import { fitCanvas, normalizeToTensor, resizeArea, toLuma } from '../../../daemon/media/pixels.ts';
import golden from '../../golden/areaResize.json' with { type: 'json' };

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

function plain(width: number, height: number, colour: readonly number[]): Picture {
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => colour[i % 3]!),
  };
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe('resizeArea', () => {
  for (const { from, to, source, expected } of golden.cases) {
    it(`agrees with Pillow from ${from.join('×')} to ${to.join('×')}`, () => {
      const [width, height] = from as [number, number];
      const small = resizeArea({ width, height, data: bytes(source) }, to[0]!, to[1]!);
      expect([small.width, small.height]).toEqual(to);
      expect(largestDifference(small.data, bytes(expected))).toBeLessThanOrEqual(1);
    });
  }

  it('averages whole boxes exactly', () => {
    const data = Uint8Array.from([0, 10, 255, 1, 20, 255, 2, 30, 255, 3, 41, 254]);
    expect([...resizeArea({ width: 2, height: 2, data }, 1, 1).data]).toEqual([2, 25, 255]);
  });

  it('gives a picture of the right size back as it is', () => {
    const picture = plain(4, 3, [1, 2, 3]);
    expect(resizeArea(picture, 4, 3)).toBe(picture);
  });

  it('stays in range on a large white picture', () => {
    expect(new Set(resizeArea(plain(1280, 720, [255, 255, 255]), 3, 2).data)).toEqual(
      new Set([255]),
    );
  });

  it('refuses sizes that are none', () => {
    for (const size of [0, -1, 1.5, Number.NaN]) {
      expect(() => resizeArea(plain(2, 2, [0]), size, 1)).toThrow(RangeError);
    }
  });
});

describe('fitCanvas', () => {
  const canvas = { width: 8, height: 6, padColour: [9, 8, 7] } as const;
  const red = [200, 0, 0];

  it.each([
    [
      'a wide picture gets bars above and below',
      plain(16, 4, red),
      { left: 0, top: 2, width: 8, height: 2 },
    ],
    [
      'a tall picture gets bars at the sides',
      plain(4, 12, red),
      { left: 3, top: 0, width: 2, height: 6 },
    ],
    [
      'the same aspect fills the canvas',
      plain(80, 60, red),
      { left: 0, top: 0, width: 8, height: 6 },
    ],
    ['a small picture grows', plain(1, 1, red), { left: 1, top: 0, width: 6, height: 6 }],
    ['a line stays visible', plain(1000, 1, red), { left: 0, top: 2, width: 8, height: 1 }],
  ])('%s', (_, picture, inner) => {
    const { data } = fitCanvas(picture, canvas);
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 8; x++) {
        const isInside =
          x >= inner.left &&
          x < inner.left + inner.width &&
          y >= inner.top &&
          y < inner.top + inner.height;
        const at = (y * 8 + x) * 3;
        expect([...data.subarray(at, at + 3)]).toEqual(isInside ? red : [9, 8, 7]);
      }
    }
  });
});

describe('normalizeToTensor', () => {
  const normalisation = { mean: [10, 20, 30], std: [2, 4, 5] } as const;

  it('orders by channel, then row, then column', () => {
    const picture = { width: 2, height: 1, data: Uint8Array.from([12, 24, 35, 14, 28, 40]) };
    expect([...normalizeToTensor(picture, normalisation)]).toEqual([1, 2, 1, 2, 1, 2]);
  });

  it('fills its part of a batch', () => {
    const batch = new Float32Array(6);
    normalizeToTensor(plain(1, 1, [12, 24, 35]), normalisation, batch.subarray(3));
    expect([...batch]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('refuses a target of another size', () => {
    expect(() => normalizeToTensor(plain(2, 2, [0]), normalisation, new Float32Array(3))).toThrow(
      RangeError,
    );
  });
});

describe('toLuma', () => {
  it('agrees with Pillow', () => {
    for (const { from, source, luma } of golden.cases) {
      const [width, height] = from as [number, number];
      expect([...toLuma({ width, height, data: bytes(source) })]).toEqual([...bytes(luma)]);
    }
  });
});
