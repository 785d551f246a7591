/** Pictures → embedding rows, ready for the decoder. */
import type { Picture } from '../media/frameSource.ts';
import { letterbox, normalizeToTensor, type Colour } from '../media/pixels.ts';
import type { VisionManifest } from '../weights/manifest.ts';
import type { OrtSession } from './ortSession.ts';
import type { FrameEmbedding } from './perception.ts';

/** Pictures that go through the network at once: 3.5 MB of input at 256 × 144. */
const maxBatch = 8;

export class PictureEncoder {
  readonly #session: Pick<OrtSession, 'run'>;
  readonly #manifest: VisionManifest;

  constructor(session: Pick<OrtSession, 'run'>, manifest: VisionManifest) {
    this.#session = session;
    this.#manifest = manifest;
  }

  /** @param pictures of any size. @returns one per picture, same order, shape [frameTokens, width of the decoder]. */
  async encode(pictures: readonly Picture[]): Promise<FrameEmbedding[]> {
    const embeddings: FrameEmbedding[] = [];
    for (let start = 0; start < pictures.length; start += maxBatch) {
      const batch = pictures.slice(start, start + maxBatch);
      embeddings.push(...(await this.#encodeBatch(batch)));
    }
    return embeddings;
  }

  async #encodeBatch(pictures: readonly Picture[]): Promise<FrameEmbedding[]> {
    const { width, height, mean, std, padColour } = this.#manifest;
    const size = 3 * width * height;
    const input = new Float32Array(pictures.length * size);
    const canvas = { width, height, padColour: padColour as Colour };
    pictures.forEach((picture, index) => {
      const target = input.subarray(index * size, (index + 1) * size);
      const normalisation = { mean: mean as Colour, std: std as Colour };
      normalizeToTensor(letterbox(picture, canvas), normalisation, target);
    });
    const dims = [pictures.length, 3, height, width];
    const { data } = await this.#session.run({ data: input, dims });
    const rowLength = data.length / pictures.length;
    // Copies, so that each can be handed to another thread on its own.
    return pictures.map((_, index) => data.slice(index * rowLength, (index + 1) * rowLength));
  }
}
