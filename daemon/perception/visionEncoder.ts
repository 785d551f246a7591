/** Pictures → embedding rows, ready for the decoder. */
import type { Picture } from '../media/frameSource.ts';
import { fitCanvas, normalizeToTensor, type Colour } from '../media/pixels.ts';
import type { VisionManifest } from '../weights/manifest.ts';
import type { OrtSession } from './ortSession.ts';
import type { FrameEmbedding } from './perception.ts';

export class PictureEncoder {
  readonly #session: Pick<OrtSession, 'run'>;
  readonly #manifest: VisionManifest;
  /** The network's input, used for one picture after the other: a new one each time would be megabytes that wait to be collected. */
  readonly #input: Float32Array;

  constructor(session: Pick<OrtSession, 'run'>, manifest: VisionManifest) {
    this.#session = session;
    this.#manifest = manifest;
    this.#input = new Float32Array(3 * manifest.width * manifest.height);
  }

  /**
   * Each goes through the network alone: in company it would be rounded otherwise, and what is said of a video must not depend on which
   * frames happened to wait together (2e-6 in a row moves the silence probability by up to 1e-3).
   * Not for concurrent calls.
   * @param pictures of any size. @returns one per picture, same order, shape [frameTokens, width of the decoder].
   */
  async encode(pictures: readonly Picture[]): Promise<FrameEmbedding[]> {
    const embeddings: FrameEmbedding[] = [];
    for (const picture of pictures) embeddings.push(await this.#encode(picture));
    return embeddings;
  }

  async #encode(picture: Picture): Promise<FrameEmbedding> {
    const { width, height, mean, std } = this.#manifest;
    const normalisation = { mean: mean as Colour, std: std as Colour };
    normalizeToTensor(fitCanvas(picture, this.#manifest), normalisation, this.#input);
    const { data } = await this.#session.run({ data: this.#input, dims: [1, 3, height, width] });
    return data;
  }
}
