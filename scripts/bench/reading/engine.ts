/** What reads lines: ours, and those that it is compared with. */
import { layOutLines } from '../../../daemon/perception/lineLayout.ts';
import { LineRecognizer } from '../../../daemon/perception/lineRecognizer.ts';
import { OrtSession } from '../../../daemon/perception/ortSession.ts';
import type { Box } from '../../../daemon/perception/perception.ts';
import { toLuma } from '../../../daemon/media/pixels.ts';
import type { Picture } from '../../../daemon/media/frameSource.ts';
import type { ReaderManifest } from '../../../daemon/weights/manifest.ts';

/** What stands in one box. */
export interface ReadLine {
  readonly box: Box;
  readonly text: string;
  /** As the engine itself says, 0 … 1; engines do not mean the same by it. */
  readonly confidence: number;
}

/** Reads lines that somebody else has found. */
export interface ReadingEngine extends AsyncDisposable {
  /** @returns what was read, in no particular order; boxes without text may be left out. */
  read(picture: Picture, boxes: readonly Box[]): Promise<ReadLine[]>;
}

/** The shipped recogniser with the spaces that the geometry of its characters gives. */
export async function openOwnEngine(
  file: string,
  manifest: ReaderManifest,
): Promise<ReadingEngine> {
  const session = await OrtSession.open(file, 'cpu');
  const recognizer = new LineRecognizer(session, manifest);
  return {
    async read(picture, boxes) {
      const { width, height } = picture;
      const read = await recognizer.recognize({ width, height, data: toLuma(picture) }, boxes);
      return layOutLines(read.filter(({ characters }) => characters.some((c) => c !== ' ')));
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
