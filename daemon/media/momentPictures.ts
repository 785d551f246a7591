/** Pictures of moments of what was watched, for a model that is to see them once more. */
import type { StoredSource } from '../../protocol/index.ts';
import { isAppError } from '../base/errors.ts';
import { recordedPicture } from './livePlayback.ts';
import { Pictures, picturesDefaults } from './pictures.ts';
import type { FfmpegTools } from './probing.ts';
import type { Recordings } from './recordings.ts';
import { statSourceFile } from './sourceFile.ts';

export class MomentPictures {
  readonly #pictures: Pictures;
  readonly #recordings: Pick<Recordings, 'find'>;

  constructor(
    tools: (options: { signal: AbortSignal }) => Promise<FfmpegTools>,
    recordings: Pick<Recordings, 'find'>,
  ) {
    this.#pictures = new Pictures({ tools, ...picturesDefaults });
    this.#recordings = recordings;
  }

  /**
   * @param view.maxWidth larger pictures are scaled down to it, px
   * @returns a JPEG; undefined when there is none: the file is gone, nothing was recorded, ffmpeg cannot read it
   */
  async pictureAt(
    source: StoredSource,
    atMs: number,
    view: { readonly maxWidth: number; readonly signal: AbortSignal },
  ): Promise<Buffer | undefined> {
    try {
      if (source.kind === 'kept') {
        const recording = await this.#recordings.find(source.videoId);
        return recording && (await recordedPicture(recording, this.#pictures, { atMs, ...view }));
      }
      const { path } = source;
      const { size, mtimeMs } = await statSourceFile(path);
      const file = { path, key: [path, size, mtimeMs].join('\n'), containers: [] };
      return await this.#pictures.pictureAt(file, { atMs, ...view });
    } catch (error) {
      view.signal.throwIfAborted();
      if (isAppError(error)) return undefined;
      throw error;
    }
  }
}
