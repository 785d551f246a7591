/** Handles of the videos that an agent has opened: it names them in every call, so that no call depends on one before it. */
import type { FileSource } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';

export class VideoHandles {
  readonly #paths: string[] = [];

  /** The handle of a file; the same for the same path. @param path absolute */
  open(path: string): string {
    const known = this.#paths.indexOf(path);
    const index = known < 0 ? this.#paths.push(path) - 1 : known;
    return `video-${index + 1}`;
  }

  /** @throws AppError request.invalid for a handle that was never given out */
  source(handle: string): FileSource {
    const number = /^video-([1-9]\d{0,6})$/.exec(handle)?.[1];
    const path = number === undefined ? undefined : this.#paths[Number(number) - 1];
    if (path === undefined) {
      const known = this.#paths.map((_, index) => `video-${index + 1}`).join(', ');
      throw new AppError(
        'request.invalid',
        `There is no video "${handle}": ${known === '' ? 'none is open' : `open are ${known}`}. Call open_video with the path of a file and use the handle that it gives.`,
      );
    }
    return { kind: 'file', path };
  }
}
