/** Frames of a video file, on the grid of a frame rate, decoded by an ffmpeg that waits for its reader. */
import { mediaMs, type MediaMs } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { isAppError } from '../base/errors.ts';
import { sampleArgs, seekMarginMs, type SampleRequest } from './ffmpegArgs.ts';
import { FfmpegProcess } from './ffmpegProcess.ts';
import { FrameRun } from './frameRun.ts';
import type { FrameSource, SourceGap, SourceInfo, SourceItem } from './frameSource.ts';
import type { NutPacket, NutReader } from './nutReader.ts';
import { statSourceFile } from './sourceFile.ts';

export interface FfmpegSourceOptions {
  /** Absolute path of the video. */
  readonly path: string;
  /** Gives the path of the ffmpeg to use; asked at every start. @throws AppError ffmpeg.missing */
  readonly ffmpeg: (options: { signal: AbortSignal }) => Promise<string>;
  readonly clock: Clock;
  /** An ffmpeg that gives no frame for so long, while one is awaited, is ended. */
  readonly stallMs: number;
  /** A last frame that ends this much before the container's duration is a gap. */
  readonly gapToleranceMs: number;
}

/**
 * Numbers for everyday use. A minute is far above the slowest frame on record (4K, one busy core: seconds); containers round
 * their duration and count the last bit of sound, well below a second.
 */
export const ffmpegSourceDefaults = { stallMs: 60_000, gapToleranceMs: 1000 } as const;

/** ffmpeg read the file to its end, and most of it could not be decoded. @source ffmpeg.c, `-max_error_rate` */
const tooManyErrorsCode = 69;

export class FfmpegSource implements FrameSource {
  readonly #options: FfmpegSourceOptions;

  constructor(options: FfmpegSourceOptions) {
    this.#options = options;
  }

  /** @throws AppError of the codes source.*, ffmpeg.* */
  async probe({ signal }: { signal: AbortSignal }): Promise<SourceInfo> {
    const { nut, ...opened } = await this.#firstFrame({ frameRateFps: 1, maxFrames: 1, signal });
    await using run = opened.run;
    const { durationMs } = run.process.report;
    const { width, height } = nut;
    return durationMs === undefined ? { width, height } : { width, height, durationMs };
  }

  /** @throws AppError of the codes source.*, ffmpeg.* before the first frame; later trouble is a gap. */
  async *open(request: {
    readonly frameRateFps: number;
    readonly fromMs?: MediaMs;
    readonly signal: AbortSignal;
  }): AsyncGenerator<SourceItem> {
    const { frameRateFps, fromMs = 0, signal } = request;
    const { first, nut, ...opened } = await this.#openAt({ frameRateFps, fromMs, signal });
    await using run = opened.run;
    const { width, height } = nut;
    const intervalMs = 1000 / frameRateFps;
    let endMs = fromMs;
    let packet: NutPacket | undefined = first;
    while (packet) {
      const ptsMs = mediaMs(packet.ptsSeconds * 1000);
      if (ptsMs >= fromMs - intervalMs / 2) {
        endMs = packet.ptsSeconds * 1000 + intervalMs;
        yield { kind: 'frame', frame: { ptsMs, width, height, data: packet.data } };
        signal.throwIfAborted();
      }
      packet = await run.nextPacket(nut);
    }
    const gap = await this.#gapAtEnd(run, mediaMs(endMs));
    if (gap) yield { kind: 'gap', gap };
  }

  /** Seeks where that surely gives the same pictures; otherwise decodes the video from its start. */
  async #openAt({ fromMs, ...request }: OpenRequest): Promise<OpenedRun> {
    if (fromMs > seekMarginMs) {
      const seeking = await this.#firstFrame({ ...request, from: { fromMs, seeks: true } }).catch(
        (error: unknown) => {
          request.signal.throwIfAborted();
          // A container that cannot seek, or one that leads nowhere.
          if (!isAppError(error)) throw error;
          return undefined;
        },
      );
      if (seeking && seeking.first.ptsSeconds * 1000 <= fromMs) return seeking;
      await seeking?.run[Symbol.asyncDispose]();
    }
    const from = fromMs > 0 ? { from: { fromMs, seeks: false } } : {};
    return this.#firstFrame({ ...request, ...from });
  }

  async #firstFrame(request: RunRequest): Promise<OpenedRun> {
    const run = await this.#start(request);
    try {
      const nut = await run.openStream();
      return { run, nut, first: await run.nextFrame(nut) };
    } catch (error) {
      await run[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #gapAtEnd(run: FrameRun, endMs: MediaMs): Promise<SourceGap | undefined> {
    const { code, signal } = await run.process.exited();
    run.signal.throwIfAborted();
    const durationMs = run.process.report.durationMs ?? endMs;
    const isShort = durationMs - endMs > this.#options.gapToleranceMs;
    const isDamaged = code === tooManyErrorsCode;
    const isFailure = run.isStalled || signal !== null || (code !== 0 && !isDamaged);
    if (!isShort && !isFailure && !isDamaged) return undefined;
    const reason = run.isStalled
      ? 'ffmpeg gave no more frames and was ended.'
      : isFailure
        ? 'ffmpeg stopped with an error before the end of the video.'
        : isDamaged
          ? 'Most pictures of this file are damaged.'
          : 'The file says that it is longer, but no more pictures can be read from it.';
    return { startMs: endMs, endMs: mediaMs(Math.max(endMs, durationMs)), reason, isFailure };
  }

  async #start(request: RunRequest): Promise<FrameRun> {
    const { path, ffmpeg, clock, stallMs } = this.#options;
    const { signal } = request;
    signal.throwIfAborted();
    await statSourceFile(path);
    const program = await ffmpeg({ signal });
    signal.throwIfAborted();
    const process = new FfmpegProcess(program, sampleArgs({ ...request, path }));
    return new FrameRun(process, { clock, stallMs, signal });
  }
}

interface RunRequest extends Omit<SampleRequest, 'path'> {
  readonly signal: AbortSignal;
}

interface OpenRequest {
  readonly frameRateFps: number;
  readonly fromMs: number;
  readonly signal: AbortSignal;
}

/** An ffmpeg that has given its first picture. */
interface OpenedRun {
  readonly run: FrameRun;
  readonly nut: NutReader;
  readonly first: NutPacket;
}
