import { describe, expect, it } from 'vitest';
import { cropLine } from '../../../daemon/perception/lineCrop.ts';
import golden from '../../golden/readerCrop.json' with { type: 'json' };

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const picture = { width: golden.width, height: golden.height, data: bytes(golden.luma) };

describe('cropLine', () => {
  golden.cases.forEach(({ box, width, crop }) => {
    it(`agrees with the crop that the reader was trained on at ${box.join(', ')}`, () => {
      const [x, y, boxWidth, height] = box as [number, number, number, number];
      const made = cropLine(picture, { x, y, width: boxWidth, height }, golden.manifest);
      expect(made.width).toBe(width);
      const expected = bytes(crop);
      expect(made.data).toHaveLength(expected.length);
      let worst = 0;
      made.data.forEach((value, i) => {
        worst = Math.max(worst, Math.abs((value + 1) * 127.5 - expected[i]!));
      });
      expect(worst).toBeLessThanOrEqual(1.2);
    });
  });

  it('says which picture column each of its columns shows', () => {
    const made = cropLine(picture, { x: 8, y: 11, width: 60, height: 15 }, golden.manifest);
    expect(made.left).toBe(8 - golden.manifest.padX);
    expect(made.scale).toBeCloseTo((32 / (15 * 1.2)) * 1.3, 6);
  });
});
