/** Reads line crops in batches of like width. */
import { decodeBestPath } from './ctcDecode.ts';
import { cropLine, type LineCrop, type LumaPicture } from './lineCrop.ts';
import type { PlacedLine } from './lineLayout.ts';
import type { OrtSession } from './ortSession.ts';
import type { Box } from './perception.ts';
import type { ReaderManifest } from '../weights/manifest.ts';

/** Widths are rounded up to this many columns, so that the runtime meets few shapes. */
const widthStep = 32;
/** The widest line of a batch may be this much wider than the narrowest: padding costs as much as text. */
const maxWidthRatio = 1.15;
/** Columns of one batch with its padding: about 6 MB of activations. */
const maxBatchColumns = 8192;

interface Entry {
  readonly index: number;
  readonly crop: LineCrop;
}

export class LineRecognizer {
  readonly #session: Pick<OrtSession, 'run'>;
  readonly #manifest: ReaderManifest;
  readonly #alphabet: readonly string[];

  constructor(session: Pick<OrtSession, 'run'>, manifest: ReaderManifest) {
    this.#session = session;
    this.#manifest = manifest;
    this.#alphabet = Array.from(manifest.alphabet);
  }

  /** @returns one reading per box, same order; without characters where nothing is written. */
  async recognize(picture: LumaPicture, boxes: readonly Box[]): Promise<PlacedLine[]> {
    const entries = boxes
      .map((box, index) => ({ index, crop: cropLine(picture, box, this.#manifest) }))
      .sort((a, b) => a.crop.width - b.crop.width);
    const lines = new Array<PlacedLine>(boxes.length);
    for (const batch of batchesOf(entries)) {
      const width = paddedWidth(batch);
      const readings = await this.#run(batch, width);
      batch.forEach(({ index, crop }, row) => {
        lines[index] = this.#place(boxes[index]!, crop, readings(row));
      });
    }
    return lines;
  }

  /** @returns the class probabilities of a batch's row. */
  async #run(batch: readonly Entry[], width: number): Promise<(row: number) => Float32Array> {
    const { height } = this.#manifest;
    const input = new Float32Array(batch.length * height * width);
    batch.forEach(({ crop }, row) => {
      for (let y = 0; y < height; y++) {
        const line = crop.data.subarray(y * crop.width, (y + 1) * crop.width);
        input.set(line, (row * height + y) * width);
      }
    });
    const output = await this.#session.run({ data: input, dims: [batch.length, 1, height, width] });
    const size = output.data.length / batch.length;
    return (row) => output.data.subarray(row * size, (row + 1) * size);
  }

  #place(box: Box, crop: LineCrop, probabilities: Float32Array): PlacedLine {
    const { stride } = this.#manifest;
    const frames = crop.width / stride;
    const read = decodeBestPath({ probabilities, frames, alphabet: this.#alphabet });
    const positions = read.frames.map((frame) => crop.left + ((frame + 0.5) * stride) / crop.scale);
    const { confidence, characters, certainties } = read;
    return { box, confidence, characters, certainties, positions };
  }
}

function paddedWidth(batch: readonly Entry[]): number {
  return Math.ceil(batch.at(-1)!.crop.width / widthStep) * widthStep;
}

/** Cuts entries, sorted by width, into batches whose padding stays small. */
function batchesOf(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  for (const entry of entries) {
    const batch = batches.at(-1);
    const columns = paddedWidth([...(batch ?? []), entry]) * ((batch?.length ?? 0) + 1);
    const isLike = batch && paddedWidth([entry]) <= maxWidthRatio * paddedWidth([batch[0]!]);
    if (batch && isLike && columns <= maxBatchColumns) batch.push(entry);
    else batches.push([entry]);
  }
  return batches;
}
