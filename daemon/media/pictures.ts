/** Single pictures of videos: what is on screen at a moment. */
import type { MediaMs } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { OutputBuffer, runFfmpeg, type FfmpegRunOptions } from './ffmpegRun.ts';
import { pictureArgs, readFirstPicture, type PictureView } from './playbackArgs.ts';
import { type FfmpegTools, stalledError } from './probing.ts';
import { SharedWork, WorkSlots } from './sharedWork.ts';

/** A video that pictures are taken of. */
export interface PictureSource {
  readonly path: string;
  /** Tells this state of the file from all others. */
  readonly key: string;
  readonly containers: readonly string[];
  readonly durationMs?: MediaMs;
}

/** A piece of a recording: an MP4 of its own that begins with a key frame. */
export interface PictureStretch {
  /** Tells it from all others. */
  readonly key: string;
  /** @returns undefined when it is gone */
  readonly read: () => Promise<Buffer | undefined>;
}

export interface PicturesOptions {
  readonly tools: (options: { signal: AbortSignal }) => Promise<FfmpegTools>;
  /** What is kept takes no more than this. */
  readonly cacheBytes: number;
  /** So many are taken at a time. */
  readonly slots: number;
  /** So many may wait; what is above is refused. */
  readonly maxWaiting: number;
}

/** Enough for a dozen pictures of the size of a screen, and for more than a thousand small ones. */
export const picturesDefaults = { cacheBytes: 48_000_000, slots: 2, maxWaiting: 64 } as const;

/** The largest that a JPEG of the largest picture can be, and more. */
const maxPictureBytes = 100_000_000;

/**
 * How far before a moment decoding begins, one try after the other; then from the start of the file. MP4, Matroska and GIF give the
 * key frame before; MPEG-TS and AVI land somewhere, so that they need more room to meet one.
 */
const seekMarginsMs = { exact: [1000, 30_000], rough: [10_000, 60_000] } as const;

export class Pictures {
  readonly #options: PicturesOptions;
  readonly #slots: WorkSlots;
  readonly #running = new Map<string, SharedWork<Buffer>>();
  /** The least recently used one first. */
  readonly #cache = new Map<string, Buffer>();
  #cachedBytes = 0;

  constructor(options: PicturesOptions) {
    this.#options = options;
    this.#slots = new WorkSlots(options.slots);
  }

  /**
   * What is on screen at a moment, as a JPEG; beyond the end, the last picture.
   * @param atMs of a file from its start, of a stretch in its own times
   * @param view.crop this part of it alone
   * @param view.maxWidth larger pictures are scaled down to it, px
   * @returns undefined when too many wait already
   * @throws AppError source.*, ffmpeg.*
   */
  async pictureAt(
    source: PictureSource | PictureStretch,
    { atMs, signal, ...view }: { atMs: number; signal: AbortSignal } & PictureView,
  ): Promise<Buffer | undefined> {
    const durationMs = 'read' in source ? undefined : source.durationMs;
    const moment = Math.min(atMs, durationMs ?? atMs);
    const { crop, maxWidth } = view;
    const part = crop ? [crop.x, crop.y, crop.width, crop.height] : [];
    const key = [source.key, moment, part.join(), maxWidth ?? ''].join('\n');
    const known = this.#cache.get(key);
    if (known) {
      this.#cache.delete(key);
      this.#cache.set(key, known);
      return known;
    }
    let work = this.#running.get(key);
    if (!work || work.isAbandoned) {
      if (this.#slots.waiting >= this.#options.maxWaiting) return undefined;
      const fresh = new SharedWork(async (scope) => {
        try {
          const take = (): Promise<Buffer> =>
            'read' in source
              ? this.#takeOf(source, moment, view, scope)
              : this.#take(source, moment, view, scope);
          const picture = await this.#slots.run(take, scope);
          this.#keep(key, picture);
          return picture;
        } finally {
          if (this.#running.get(key) === fresh) this.#running.delete(key);
        }
      });
      work = fresh;
      this.#running.set(key, fresh);
    }
    return work.join({ signal });
  }

  async #take(
    { path, containers }: PictureSource,
    atMs: number,
    view: PictureView,
    { signal }: { signal: AbortSignal },
  ): Promise<Buffer> {
    const tools = await this.#options.tools({ signal });
    for (const fromMs of seekStarts(atMs, containers)) {
      let first: ReturnType<typeof readFirstPicture>;
      const onLine = (line: string): void => {
        first ??= readFirstPicture(line);
      };
      const args = pictureArgs({ path, atMs, fromMs, ...view });
      const { bytes, exit, report } = await decode({ ...tools, args, onLine }, { signal });
      // A decoder that began in the middle may show what never was on screen.
      const isSure = first?.isKey === true && first.ptsMs <= atMs;
      if (bytes.length > 0 && (isSure || fromMs === 0)) return bytes;
      if (fromMs === 0) throw report.noFramesError(exit);
    }
    throw new AppError('source.noFrames');
  }

  async #takeOf(
    { read }: PictureStretch,
    atMs: number,
    view: PictureView,
    { signal }: { signal: AbortSignal },
  ): Promise<Buffer> {
    const stretch = await read();
    if (!stretch) throw new AppError('source.notRecorded');
    const feed = async function* () {
      yield await Promise.resolve(stretch);
    };
    const tools = await this.#options.tools({ signal });
    const args = pictureArgs({ atMs, fromMs: 0, ...view });
    const { bytes, exit, report } = await decode({ ...tools, args, feed }, { signal });
    if (bytes.length === 0) throw report.noFramesError(exit);
    return bytes;
  }

  #keep(key: string, picture: Buffer): void {
    this.#cache.set(key, picture);
    this.#cachedBytes += picture.length;
    for (const [oldest, { length }] of this.#cache) {
      if (this.#cachedBytes <= this.#options.cacheBytes) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= length;
    }
  }
}

/** Where decoding begins for a moment: each try is surer and slower. */
export function seekStarts(atMs: number, containers: readonly string[]): number[] {
  const isRough = containers.some((name) => name === 'mpegts' || name === 'avi');
  const margins = seekMarginsMs[isRough ? 'rough' : 'exact'];
  return [...new Set([...margins.map((margin) => Math.max(0, atMs - margin)), 0])];
}

/** @returns a JPEG in `bytes`, or nothing in them and why @throws AppError ffmpeg.* when it stalled */
async function decode(run: Omit<FfmpegRunOptions, 'onOutput'>, options: { signal: AbortSignal }) {
  const output = new OutputBuffer(maxPictureBytes);
  const { exit, isStalled, report } = await runFfmpeg({ ...run, onOutput: output.add }, options);
  if (isStalled) throw stalledError(report.tail);
  return { bytes: output.bytes, exit, report };
}
