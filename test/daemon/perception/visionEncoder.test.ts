import { describe, expect, it } from 'vitest';
import { fitCanvas } from '../../../daemon/media/pixels.ts';
import type { OrtSession } from '../../../daemon/perception/ortSession.ts';
import { PictureEncoder } from '../../../daemon/perception/visionEncoder.ts';

const manifest = {
  width: 256,
  height: 144,
  resize: 'area',
  fit: 'contain',
  padColour: [9, 18, 27],
  mean: [127, 126, 125],
  std: [64, 63, 62],
  frameTokens: 1,
} as const;

describe('a picture that was made to fit before', () => {
  it.each([
    [1280, 720],
    [1920, 1200],
    [333, 777],
    [100, 50],
    [256, 144],
  ])('looks the same to the network as one of %i × %i', async (width, height) => {
    const inputs: Float32Array[] = [];
    const session: Pick<OrtSession, 'run'> = {
      run: ({ data }) => {
        inputs.push(data);
        return Promise.resolve({ data: new Float32Array(1), dims: [1, 1] });
      },
    };
    const encoder = new PictureEncoder(session, manifest);
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i) % 251);
    const picture = { width, height, data };
    const { padColour } = manifest;
    const fitting = fitCanvas(picture, { width: 256, height: 144, padColour });
    expect(fitCanvas(fitting, { width: 256, height: 144, padColour })).toBe(fitting);
    await encoder.encode([picture]);
    await encoder.encode([fitting]);
    const [whole, small] = inputs.map(({ buffer }) => Buffer.from(buffer));
    expect(whole?.length).toBe(3 * 256 * 144 * 4);
    expect(Buffer.compare(small!, whole!)).toBe(0);
  });
});
