/** Makes a playable copy: one run of ffmpeg, and what its end means. */
import { AppError } from '../base/errors.ts';
import type { FfmpegExit } from './ffmpegProcess.ts';
import { runFfmpeg } from './ffmpegRun.ts';
import type { MediaProbe } from './mediaProbe.ts';
import { diskFullError } from './playableCopies.ts';
import { copyArgs, PacketTimes } from './playbackArgs.ts';
import type { CopyPlan } from './playbackPlan.ts';
import { type FfmpegTools, stalledError } from './probing.ts';

export interface CopyingOptions {
  readonly path: string;
  readonly probe: MediaProbe;
  readonly plan: CopyPlan;
  /** Written to, and half done after a failure. */
  readonly target: string;
  readonly tools: FfmpegTools;
  /** 0 … 1, growing, a few times a second. Never called for a video that does not say how long it is. */
  readonly onProgress: (progress: number) => void;
}

/** An encoder of the plan, or taking over its video track, does not work; another plan may. */
export class StepFailure extends Error {
  /** Name of an encoder, or `copy`. */
  readonly step: string;

  constructor(step: string, cause: AppError) {
    super(`${step} does not work`, { cause });
    this.step = step;
  }
}

/** Progress is told no more often than this. */
const progressIntervalMs = 250;

/** @throws StepFailure; AppError ffmpeg.failed, store.unavailable; the signal's reason */
export async function makeCopy(
  { path, probe, plan, target, tools, onProgress }: CopyingOptions,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const times = new PacketTimes();
  let rest = '';
  let told = 0;
  let toldAtMs = tools.clock.monotonicMs();
  const readPackets = (chunk: Buffer): void => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop()!;
    if (probe.durationMs === undefined) return;
    const reached = Math.max(...lines.map((line) => times.read(line) ?? 0), 0);
    const progress = Math.min(1, reached / probe.durationMs);
    const nowMs = tools.clock.monotonicMs();
    if (progress <= told || nowMs - toldAtMs < progressIntervalMs) return;
    told = progress;
    toldAtMs = nowMs;
    onProgress(progress);
  };
  const { exit, isStalled, report } = await runFfmpeg(
    {
      ...tools,
      args: copyArgs({ path, probe, plan, target }),
      onOutput: readPackets,
    },
    { signal },
  );
  if (exit.code === 0) return;
  const { tail } = report;
  if (/No space left on device|Disk quota exceeded/i.test(tail)) throw diskFullError(tail);
  const failure = isStalled
    ? stalledError(tail)
    : new AppError('ffmpeg.failed', endSentence(exit), { data: { ...exit, stderr: tail } });
  // Drivers of hardware that is not there may take ffmpeg down with them.
  const isSudden = (isStalled || exit.signal !== null) && plan.video !== 'copy';
  const step = failedStep(plan, tail) ?? (isSudden ? plan.video : undefined);
  throw step === undefined ? failure : new StepFailure(step, failure);
}

/** ffmpeg read the file to its end, and most of it could not be decoded. @source ffmpeg.c, `-max_error_rate` */
const tooManyErrorsCode = 69;

function endSentence({ code, signal }: FfmpegExit): string {
  if (code === tooManyErrorsCode) return 'Most of this file is damaged and cannot be played here.';
  const how = signal === null ? `error ${code ?? 'unknown'}` : signal;
  return `ffmpeg stopped (${how}) while it made a copy that can be played here.`;
}

/**
 * Which step could not do its work, as the report says.
 * @source ffmpeg_opt.c and ffmpeg.c up to 6, ffmpeg_enc.c and ffmpeg_mux.c from 7
 */
export function failedStep({ video, audio }: CopyPlan, tail: string): string | undefined {
  const encoder =
    /Unknown encoder '(\w+)'/.exec(tail)?.[1] ??
    /\[[va]ost#0:\d\/(\w+) @ \w+\] .*(?:opening encoder|encode|Encoder)/i.exec(tail)?.[1];
  if (encoder === video || encoder === audio) return encoder;
  const stream = /(?:opening encoder for output stream|output stream) #?0:(\d)/.exec(tail)?.[1];
  if (stream === '1') return audio;
  if (stream === '0') return video;
  // What cannot be taken over is found when it is written.
  const isRefused =
    /Could not write header|codec not currently supported|unknown timestamp|non monoton|Malformed|bitstream/i;
  if (video === 'copy' && isRefused.test(tail)) return 'copy';
  if (/Conversion failed|Error while encoding|Error encoding a frame/i.test(tail)) {
    return video === 'copy' ? audio : video;
  }
  return undefined;
}
