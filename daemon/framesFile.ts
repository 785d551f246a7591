/** What a model is given of each frame, on disk, one JSON object a line: what its training is to be like. */
import { open, type FileHandle } from 'node:fs/promises';
import type { FrameListener } from './assistant/localStreamingModel.ts';

/** A frame as a line of the file. */
export interface GivenFrame {
  /** Presentation time, ms. */
  readonly ptsMs: number;
  /** Text that newly stands on screen, before the template limits it. */
  readonly lines: readonly { readonly text: string; readonly region: string }[];
  /** The decoder's rows, behind the projector: base64 of little-endian float32, shape [frameTokens, rowWidth]. */
  readonly rows: string;
}

export class FramesFile implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Makes the file anew. */
  static async create(path: string): Promise<FramesFile> {
    return new FramesFile(await open(path, 'w'));
  }

  readonly add: FrameListener = async ({ ptsMs, rows }, newLines) => {
    const { buffer, byteOffset, byteLength } = rows;
    const frame: GivenFrame = {
      ptsMs,
      lines: newLines.map(({ text, region }) => ({ text, region })),
      rows: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
    };
    await this.#file.write(`${JSON.stringify(frame)}\n`);
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}
