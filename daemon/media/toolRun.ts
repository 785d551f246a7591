/** Runs small programs of others that answer a question and end. */
import { AppError, isAppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { OutputBuffer, runFfmpeg } from './ffmpegRun.ts';

/** A description of a web page has a megabyte at most; lists of windows are far smaller. */
const maxOutputBytes = 8_000_000;

export interface ToolAnswer {
  readonly isDone: boolean;
  /** What it wrote on stdout. */
  readonly output: string;
  /** The last lines that it wrote on stderr. */
  readonly errors: string;
}

export interface ToolOptions {
  readonly clock: Clock;
  /** A tool that writes nothing for so long is ended. */
  readonly stallMs: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** @param program a name on the PATH. @returns undefined when it is not installed */
export async function runTool(
  program: string,
  args: readonly string[],
  { signal, ...options }: ToolOptions,
): Promise<ToolAnswer | undefined> {
  const output = new OutputBuffer(maxOutputBytes);
  try {
    const run = { ...options, program, args, onOutput: output.add };
    const { exit, isStalled, report } = await runFfmpeg(run, { signal });
    const errors = isStalled ? `${program} did not answer.` : report.tail;
    return { isDone: exit.code === 0, output: output.bytes.toString(), errors };
  } catch (error) {
    if (isAppError(error, 'ffmpeg.missing')) return undefined;
    if (isAppError(error)) throw new AppError('internal', undefined, { cause: error });
    throw error;
  }
}
