/** Single pictures of a video for an agent, or a part of one. */
import {
  closeMedia,
  openMedia,
  type MediaMs,
  type PixelRectangle,
  type StoredSource,
} from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import type { DaemonLink } from './daemonLink.ts';

export interface PictureRequest {
  readonly source: StoredSource;
  readonly atMs: MediaMs;
  /** Only this part, px of the video. */
  readonly crop?: PixelRectangle;
}

/** Enough to read small text, and what vision models take without scaling it down. */
const widestPx = 1568;

export class FramePictures {
  readonly #daemon: Pick<DaemonLink, 'request'>;
  /** One at a time: a video that another call still looks at would be closed under it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(daemon: Pick<DaemonLink, 'request'>) {
    this.#daemon = daemon;
  }

  /** @returns a JPEG @throws AppError source.*, such as source.notRecorded, ffmpeg.*, request.invalid when the part lies outside the picture */
  take(request: PictureRequest, options: { signal: AbortSignal }): Promise<Uint8Array> {
    const picture = this.#last.then(() => this.#take(request, options));
    this.#last = picture.catch(() => undefined);
    return picture;
  }

  async #take(
    { source, atMs, crop }: PictureRequest,
    { signal }: { signal: AbortSignal },
  ): Promise<Uint8Array> {
    const { frameUrl } = await this.#daemon.request(openMedia, { source }, { signal });
    try {
      if (frameUrl === '') throw new AppError('source.notRecorded');
      const query = new URLSearchParams({
        width: String(widestPx),
        ...(crop ? { crop: crop.join() } : {}),
      });
      const response = await fetch(`${frameUrl}/${atMs}.jpg?${query.toString()}`, { signal });
      if (response.status === 404 && crop) {
        throw new AppError('request.invalid', 'The part does not lie in the picture.');
      }
      if (response.status === 410) throw new AppError('source.notRecorded');
      if (!response.ok) throw new AppError('source.noFrames');
      return new Uint8Array(await response.arrayBuffer());
    } finally {
      // Also ends the making of a copy that only a player would need. After an abort too, hence another signal.
      const { signal: unending } = new AbortController();
      await this.#daemon.request(closeMedia, { source }, { signal: unending }).catch(() => null);
    }
  }
}
