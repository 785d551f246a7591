/** One ffmpeg that gives pictures, from its start to its end. */
import type { Clock } from '../base/clock.ts';
import { AppError, isAppError } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import type { FfmpegExit, FfmpegProcess } from './ffmpegProcess.ts';
import { type FfmpegReport, sizeError } from './ffmpegReport.ts';
import { NutReader, type NutPacket } from './nutReader.ts';

export interface FrameRunOptions {
  readonly clock: Clock;
  /** An ffmpeg that gives nothing for so long, while something is awaited, is ended. */
  readonly stallMs: number;
  /** Why a run ended without a picture; a file is spoken of when left out. */
  readonly explain?: (report: FfmpegReport, exit: FfmpegExit) => AppError;
  readonly signal: AbortSignal;
}

/** One ffmpeg at work: every wait for it ends by an answer, the caller's signal, or the time limit. */
export class FrameRun implements AsyncDisposable {
  readonly process: FfmpegProcess;
  readonly signal: AbortSignal;
  /** It was ended because it gave nothing. */
  isStalled = false;
  readonly #options: FrameRunOptions;
  readonly #over = new AbortController();
  readonly #onAbort: () => void;

  constructor(process: FfmpegProcess, options: FrameRunOptions) {
    this.process = process;
    this.signal = options.signal;
    this.#options = options;
    this.#onAbort = () => {
      process.kill();
    };
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Aborted when nobody takes its pictures any more. */
  get over(): AbortSignal {
    return this.#over.signal;
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
  async nextFrame(nut: NutReader): Promise<NutPacket> {
    const packet = await this.nextPacket(nut);
    if (!packet) throw await this.#noFramesError();
    return packet;
  }

  nextPacket(nut: NutReader): ReturnType<NutReader['next']> {
    return this.#watch(nut.next());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#over.abort();
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
    const { report, feedError } = this.process;
    if (isAppError(feedError)) return feedError;
    const { explain } = this.#options;
    if (!this.isStalled) return explain?.(report, exit) ?? report.noFramesError(exit);
    const message = `ffmpeg gave no picture for ${Math.round(this.#options.stallMs / 1000)} s and was ended.`;
    return new AppError('ffmpeg.failed', message, { data: { stderr: this.process.report.tail } });
  }
}
