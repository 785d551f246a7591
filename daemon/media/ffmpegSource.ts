/** Frames of a video file, on the grid of a frame rate, decoded by an ffmpeg that waits for its reader. */
import { mediaMs, type MediaMs } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import { sampleArgs } from './ffmpegArgs.ts';
import { FfmpegProcess } from './ffmpegProcess.ts';
import { sizeError } from './ffmpegReport.ts';
import type { FrameSource, SourceGap, SourceInfo, SourceItem } from './frameSource.ts';
import { NutReader } from './nutReader.ts';
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
    await using run = await this.#start({ frameRateFps: 1, maxFrames: 1, signal });
    const nut = await run.openStream();
    await run.nextFrame(nut);
    const { durationMs } = run.process.report;
    const { width, height } = nut;
    return durationMs === undefined ? { width, height } : { width, height, durationMs };
  }

  /** @throws AppError of the codes source.*, ffmpeg.* before the first frame; later trouble is a gap. */
  async *open({
    frameRateFps,
    signal,
  }: {
    frameRateFps: number;
    signal: AbortSignal;
  }): AsyncGenerator<SourceItem> {
    await using run = await this.#start({ frameRateFps, signal });
    const nut = await run.openStream();
    const { width, height } = nut;
    let endMs = 0;
    let packet = await run.nextFrame(nut);
    while (packet) {
      const ptsMs = mediaMs(packet.ptsSeconds * 1000);
      endMs = (packet.ptsSeconds + 1 / frameRateFps) * 1000;
      yield { kind: 'frame', frame: { ptsMs, width, height, data: packet.data } };
      signal.throwIfAborted();
      packet = await run.nextPacket(nut);
    }
    const gap = await this.#gapAtEnd(run, mediaMs(endMs));
    if (gap) yield { kind: 'gap', gap };
  }

  async #gapAtEnd(run: Run, endMs: MediaMs): Promise<SourceGap | undefined> {
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

  async #start(request: {
    readonly frameRateFps: number;
    readonly maxFrames?: number;
    readonly signal: AbortSignal;
  }): Promise<Run> {
    const { path, ffmpeg, clock, stallMs } = this.#options;
    const { signal } = request;
    signal.throwIfAborted();
    await statSourceFile(path);
    const program = await ffmpeg({ signal });
    signal.throwIfAborted();
    const process = new FfmpegProcess(program, sampleArgs({ ...request, path }));
    return new Run(process, { clock, stallMs, signal });
  }
}

interface RunOptions {
  readonly clock: Clock;
  readonly stallMs: number;
  readonly signal: AbortSignal;
}

/** One ffmpeg at work: every wait for it ends by an answer, the caller's signal, or the time limit. */
class Run implements AsyncDisposable {
  readonly process: FfmpegProcess;
  readonly signal: AbortSignal;
  isStalled = false;
  readonly #options: RunOptions;
  readonly #onAbort: () => void;

  constructor(process: FfmpegProcess, options: RunOptions) {
    this.process = process;
    this.signal = options.signal;
    this.#options = options;
    this.#onAbort = () => {
      process.kill();
    };
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** @throws AppError when ffmpeg gives no stream, or one of absurd size. */
  async openStream(): Promise<NutReader> {
    const nut = await this.#watch(NutReader.open(this.process.stdout));
    if (!nut) throw await this.#noFramesError();
    const tooLarge = sizeError(nut.width, nut.height);
    if (tooLarge) throw tooLarge;
    return nut;
  }

  /** The first packet. @throws AppError source.noFrames and others when there is none. */
  async nextFrame(nut: NutReader): ReturnType<NutReader['next']> {
    const packet = await this.nextPacket(nut);
    if (!packet) throw await this.#noFramesError();
    return packet;
  }

  nextPacket(nut: NutReader): ReturnType<NutReader['next']> {
    return this.#watch(nut.next());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    await this.process[Symbol.asyncDispose]();
  }

  /** Killing ffmpeg ends its output, so whatever waits for it goes on. */
  async #watch<Result>(answer: Promise<Result>): Promise<Result> {
    using patience = childController(this.signal);
    const { clock, stallMs } = this.#options;
    clock.sleep(stallMs, { signal: patience.signal }).then(
      () => {
        this.isStalled = true;
        this.process.kill();
      },
      () => undefined,
    );
    try {
      return await answer;
    } finally {
      patience.abort();
      this.signal.throwIfAborted();
    }
  }

  async #noFramesError(): Promise<AppError> {
    const exit = await this.process.exited();
    this.signal.throwIfAborted();
    if (!this.isStalled) return this.process.report.noFramesError(exit);
    const message = `ffmpeg gave no picture for ${Math.round(this.#options.stallMs / 1000)} s and was ended.`;
    return new AppError('ffmpeg.failed', message, { data: { stderr: this.process.report.tail } });
  }
}
