import { describe, expect, it } from 'vitest';
import { KeptPicture, within } from '../../../daemon/media/keptPicture.ts';
import type { X11Cursor } from '../../../daemon/media/x11Wire.ts';
import type { PixelRectangle } from '../../../protocol/index.ts';

const size = { width: 4, height: 3 };
const corner = [100, 100] as const;
const part = (value: number, box: PixelRectangle) => ({
  pixels: Buffer.alloc(box[2] * box[3] * 4, value),
  box,
});
const whole = (value: number) => part(value, [0, 0, 4, 3]);
const pointer = (x: number, y: number, value: number): X11Cursor => ({
  box: [x, y, 2, 1],
  pixels: Buffer.from([value, value, value, 255, value, value, value, 255]),
  look: Buffer.from([x, y]),
});
/** One sign a pixel. */
const drawn = ({ pixels }: KeptPicture): string =>
  [0, 1, 2]
    .map((row) => [0, 1, 2, 3].map((column) => pixels[(row * 4 + column) * 4]).join(' '))
    .join('\n');

describe('a picture that is kept up to date', () => {
  it('takes parts, and is black where something is left out', () => {
    const picture = new KeptPicture(size);
    const hidden: PixelRectangle[] = [[102, 99, 9, 2]];
    picture.update({ parts: [whole(1)], corner, hidden, cursor: undefined });
    expect(drawn(picture)).toBe('1 1 0 0\n1 1 1 1\n1 1 1 1');
    const parts = [part(2, [1, 0, 2, 2])];
    expect(picture.update({ parts, corner, hidden, cursor: undefined })).toBe(true);
    expect(drawn(picture)).toBe('1 2 0 0\n1 2 2 1\n1 1 1 1');
    expect(picture.update({ parts: [], corner, hidden, cursor: undefined })).toBe(false);
  });

  it('has the pointer on top, and what was below it when that has moved on', () => {
    const picture = new KeptPicture(size);
    const hidden: PixelRectangle[] = [[100, 102, 1, 1]];
    picture.update({ parts: [whole(1)], corner, hidden, cursor: pointer(103, 100, 9) });
    expect(drawn(picture)).toBe('1 1 1 9\n1 1 1 1\n0 1 1 1');
    expect(picture.update({ parts: [], corner, hidden, cursor: pointer(103, 100, 9) })).toBe(false);
    expect(picture.update({ parts: [], corner, hidden, cursor: pointer(100, 102, 9) })).toBe(true);
    expect(drawn(picture)).toBe('1 1 1 1\n1 1 1 1\n0 9 1 1');
    const parts = [part(2, [0, 2, 4, 1])];
    picture.update({ parts, corner, hidden, cursor: pointer(98, 100, 9) });
    expect(drawn(picture)).toBe('1 1 1 1\n1 1 1 1\n0 2 2 2');
  });
});

it.each<[PixelRectangle, PixelRectangle, PixelRectangle | undefined]>([
  [
    [0, 0, 5, 5],
    [2, 3, 9, 9],
    [2, 3, 3, 2],
  ],
  [[0, 0, 2, 2], [2, 0, 2, 2], undefined],
])('of %j the part in %j is %j', (inner, outer, expected) => {
  expect(within(inner, outer)).toEqual(expected);
});
