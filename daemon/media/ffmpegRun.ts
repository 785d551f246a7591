/** One ffmpeg from its start to its end. */
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import { type Feed, type FfmpegExit, FfmpegProcess } from './ffmpegProcess.ts';
import type { FfmpegReport } from './ffmpegReport.ts';

export interface FfmpegRunOptions {
  /** Path of an ffmpeg. */
  readonly program: string;
  readonly args: readonly string[];
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on stdin. */
  readonly feed?: Feed;
  readonly clock: Clock;
  /** An ffmpeg that writes nothing on stdout or stderr for so long is ended. */
  readonly stallMs: number;
  /** Hears what it writes on stderr. */
  readonly onLine?: (line: string) => void;
  /** Hears what it writes on stdout. */
  readonly onOutput: (chunk: Buffer) => void;
}

export interface FfmpegOutcome {
  readonly exit: FfmpegExit;
  readonly isStalled: boolean;
  readonly report: FfmpegReport;
}

/**
 * Runs ffmpeg to its end; whatever that is, it is no error here.
 * @throws AppError ffmpeg.missing when it cannot be started; the signal's reason, after the process has ended
 */
export async function runFfmpeg(
  options: FfmpegRunOptions,
  { signal }: { signal: AbortSignal },
): Promise<FfmpegOutcome> {
  signal.throwIfAborted();
  const { clock, stallMs, onOutput } = options;
  let hasSpoken = true;
  let isStalled = false;
  const onLine = (line: string): void => {
    hasSpoken = true;
    options.onLine?.(line);
  };
  const { program, args, env, feed } = options;
  const given = { ...(env ? { env } : {}), ...(feed ? { feed } : {}) };
  await using process = new FfmpegProcess(program, args, { onLine, ...given });
  using watch = childController(signal);
  const onAbort = (): void => {
    process.kill();
  };
  watch.signal.addEventListener('abort', onAbort, { once: true });
  const patience = async (): Promise<void> => {
    while (hasSpoken) {
      hasSpoken = false;
      await clock.sleep(stallMs, { signal: watch.signal });
    }
    isStalled = true;
    process.kill();
  };
  patience().catch(() => undefined);
  try {
    for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
      hasSpoken = true;
      onOutput(chunk);
    }
    const exit = await process.exited();
    signal.throwIfAborted();
    return { exit, isStalled, report: process.report };
  } catch (error) {
    signal.throwIfAborted();
    process.kill();
    // That it could not be started says more than a pipe that ended.
    await process.exited();
    throw error;
  } finally {
    watch.signal.removeEventListener('abort', onAbort);
    watch.abort();
  }
}

/** Collects what ffmpeg writes on stdout. @throws AppError ffmpeg.failed when that is more than `maxBytes` */
export class OutputBuffer {
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  readonly add = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) throw new AppError('ffmpeg.failed');
    this.#chunks.push(chunk);
  };

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
