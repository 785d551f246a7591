/** Handles of the videos that an agent has opened: it names them in every call, so that no call depends on one before it. */
import { storedSource, type StoredSource } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';

export class VideoHandles {
  readonly #names: string[] = [];

  /** The handle of a video; the same for the same name. @param name an absolute path, or the id of a live session */
  open(name: string): string {
    const known = this.#names.indexOf(name);
    const index = known < 0 ? this.#names.push(name) - 1 : known;
    return `video-${index + 1}`;
  }

  /** @throws AppError request.invalid for a handle that was never given out */
  source(handle: string): StoredSource {
    const number = /^video-([1-9]\d{0,6})$/.exec(handle)?.[1];
    const name = number === undefined ? undefined : this.#names[Number(number) - 1];
    if (name === undefined) {
      const known = this.#names.map((_, index) => `video-${index + 1}`).join(', ');
      throw new AppError(
        'request.invalid',
        `There is no video "${handle}": ${known === '' ? 'none is open' : `open are ${known}`}. Call open_video with the path of a file and use the handle that it gives.`,
      );
    }
    return storedSource(name);
  }
}
