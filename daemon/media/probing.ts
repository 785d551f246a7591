/** Asks ffmpeg what a file holds, and what it can encode itself. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { sizeError } from './ffmpegReport.ts';
import { OutputBuffer, runFfmpeg } from './ffmpegRun.ts';
import { isWebm, type MediaProbe, ProbeReport } from './mediaProbe.ts';
import { encodersArgs, probeArgs, readEncoders } from './playbackArgs.ts';

/** What every run of ffmpeg needs. */
export interface FfmpegTools {
  /** Path of an ffmpeg. */
  readonly program: string;
  readonly clock: Clock;
  /** An ffmpeg that gives no sign for so long is ended. */
  readonly stallMs: number;
}

/** A thousand chapters with long titles; far above the list of encoders. */
const maxOutputBytes = 4_000_000;

/** Looks into a file and decodes its first picture. @throws AppError of the codes that watching it has */
export async function probeMedia(
  path: string,
  tools: FfmpegTools,
  { signal }: { signal: AbortSignal },
): Promise<{ readonly probe: MediaProbe; readonly isWebm: boolean }> {
  const reader = new ProbeReport(resolve(path));
  const output = new OutputBuffer(maxOutputBytes);
  const { exit, isStalled, report } = await runFfmpeg(
    {
      ...tools,
      args: probeArgs(path),
      onOutput: output.add,
      onLine: (line) => {
        reader.read(line);
      },
    },
    { signal },
  );
  if (isStalled) throw stalledError(report.tail);
  const probe = exit.code === 0 ? reader.result(output.bytes.toString()) : undefined;
  if (!probe) throw report.noFramesError(exit);
  const tooLarge = sizeError(probe.width, probe.height);
  if (tooLarge) throw tooLarge;
  return { probe, isWebm: await readIsWebm(path) };
}

/** What this ffmpeg encodes, as it says itself; that an encoder works is another matter. */
export async function listEncoders(
  tools: FfmpegTools,
  { signal }: { signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const output = new OutputBuffer(maxOutputBytes);
  await runFfmpeg({ ...tools, args: encodersArgs, onOutput: output.add }, { signal });
  return readEncoders(output.bytes.toString());
}

/** ffmpeg was ended because it gave no sign. */
export function stalledError(tail: string): AppError {
  return new AppError('ffmpeg.failed', 'ffmpeg gave no sign for too long and was ended.', {
    data: { stderr: tail },
  });
}

async function readIsWebm(path: string): Promise<boolean> {
  await using file = await open(path);
  const head = new Uint8Array(64);
  await file.read(head, 0, head.length, 0);
  return isWebm(head);
}
