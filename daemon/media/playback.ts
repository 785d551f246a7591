/** The service that plays videos in editors: everything that it needs, put together. */
import path from 'node:path';
import type { FileSource, MediaInfo, StoredSource } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { untilAborted } from '../base/lifetime.ts';
import type { Log } from '../base/log.ts';
import { CopyMaker } from './copyMaker.ts';
import { LivePlayback } from './livePlayback.ts';
import { MediaServer } from './mediaServer.ts';
import type { MediaService } from './mediaService.ts';
import { OpenVideo, type OpenVideoParts } from './openVideo.ts';
import { Pictures, picturesDefaults } from './pictures.ts';
import { PlayableCopies } from './playableCopies.ts';
import type { FfmpegTools } from './probing.ts';
import type { Recordings } from './recordings.ts';
import { statSourceFile } from './sourceFile.ts';

export interface MediaServiceOptions {
  /** Copies are kept in a folder of it. */
  readonly home: string;
  /** Gives the path of the ffmpeg to use; asked whenever one is needed. @throws AppError ffmpeg.missing */
  readonly ffmpeg: (options: { signal: AbortSignal }) => Promise<string>;
  readonly log: Log;
  readonly clock: Clock;
  /** All copies together may take so much disk; those that are played stay even above it. */
  readonly copiesMaxBytes: number;
  /** Of live sessions. */
  readonly recordings: Recordings;
  /** An ffmpeg that gives no sign for so long is ended. */
  readonly stallMs?: number;
}

/**
 * Moving the index of a very large copy to its front is the longest that ffmpeg says nothing: some ten gigabytes are read and
 * written again.
 */
const defaultStallMs = 300_000;
/** One uses several cores already; a second one keeps a short video from waiting for a long one. */
const copySlots = 2;

/** Leftovers of earlier processes are removed in passing. */
export function createMediaService(options: MediaServiceOptions): MediaService {
  const { home, ffmpeg, log, clock, copiesMaxBytes, stallMs = defaultStallMs } = options;
  const tools = async (scope: { signal: AbortSignal }): Promise<FfmpegTools> => {
    const program = await ffmpeg(scope);
    scope.signal.throwIfAborted();
    return { program, clock, stallMs };
  };
  const folder = path.join(home, 'playable');
  const copies = new PlayableCopies({ folder, maxBytes: copiesMaxBytes, clock });
  const server = new MediaServer(log);
  const pictures = new Pictures({ tools, ...picturesDefaults });
  return new Playback(
    {
      ...{ tools, copies, log, server, pictures },
      maker: new CopyMaker({ tools, copies, log, slots: copySlots }),
    },
    new LivePlayback(server, pictures, options.recordings),
  );
}

/** Videos by the state of their files: whoever opens the same one shares it. */
class Playback implements MediaService {
  readonly #parts: OpenVideoParts;
  readonly #live: LivePlayback;
  readonly #videos = new Map<string, { readonly video: OpenVideo; openers: number }>();
  /** Things that are being ended. */
  readonly #ending = new Set<Promise<unknown>>();
  #isDisposed = false;

  constructor(parts: OpenVideoParts, live: LivePlayback) {
    this.#parts = parts;
    this.#live = live;
    this.#await(parts.copies.tidy());
  }

  open(
    source: StoredSource,
    onChange: (media: MediaInfo) => void,
    options: { signal: AbortSignal },
  ): Promise<MediaInfo> {
    if (source.kind === 'kept') return this.#live.open(source.videoId, options);
    return this.#openFile(source, onChange, options);
  }

  async #openFile(
    source: FileSource,
    onChange: (media: MediaInfo) => void,
    { signal }: { signal: AbortSignal },
  ): Promise<MediaInfo> {
    signal.throwIfAborted();
    const { size, mtimeMs } = await statSourceFile(source.path);
    signal.throwIfAborted();
    if (this.#isDisposed) throw new AppError('connection.lost');
    const key = [source.path, size, mtimeMs].join('\n');
    const entry = this.#videos.get(key) ?? {
      video: new OpenVideo({ path: source.path, bytes: size, key }, this.#parts),
      openers: 0,
    };
    this.#videos.set(key, entry);
    entry.openers++;
    const leave = (): void => {
      signal.removeEventListener('abort', leave);
      if (--entry.openers === 0) this.#close(key);
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      await untilAborted(entry.video.opened, { signal });
    } catch (error) {
      // Otherwise it has left by itself.
      if (!signal.aborted) leave();
      throw error;
    }
    entry.video.retry();
    const listening = entry.video.listen(onChange);
    const stop = (): void => {
      listening[Symbol.dispose]();
    };
    signal.addEventListener('abort', stop, { once: true });
    return entry.video.media;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    for (const key of [...this.#videos.keys()]) this.#close(key);
    await Promise.all(this.#ending);
    await this.#parts.server[Symbol.asyncDispose]();
  }

  #close(key: string): void {
    const entry = this.#videos.get(key);
    if (!entry) return;
    this.#videos.delete(key);
    this.#await(entry.video[Symbol.asyncDispose]().then(() => this.#parts.copies.evict()));
  }

  /** Remembers what nobody waits for, so that the end can. */
  #await(work: Promise<unknown>): void {
    const ending = work
      .catch((error: unknown) => {
        this.#parts.log.error('a video was not closed as it should', { error });
      })
      .then(() => {
        this.#ending.delete(ending);
      });
    this.#ending.add(ending);
  }
}
