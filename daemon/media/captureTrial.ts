/** Whether the screen can be captured here: asks ffmpeg what it has for that, and takes one picture. */
import type { ListScreensParams, ScreenSource } from '../../protocol/index.ts';
import { explainCapture } from './liveErrors.ts';
import { trialArgs, type Grabber } from './liveArgs.ts';
import { runFfmpeg } from './ffmpegRun.ts';
import { findGrabbed, type CaptureTools } from './screenCapture.ts';

export interface CaptureFinding {
  /** What this ffmpeg has for capturing, used here or not. */
  readonly grabbers: readonly string[];
  /** The one that was tried, and works. */
  readonly used: Grabber;
}

/** @source ffmpeg-devices, ffmpeg-filters */
const knownGrabbers = [
  ...['x11grab', 'pipewiregrab', 'kmsgrab', 'gdigrab', 'ddagrab', 'gfxcapture', 'avfoundation'],
];

/** A grabber that has given nothing by then waits for somebody to allow it. */
const stallMs = 8000;

/** @throws AppError capture.*, which says what is missing; ffmpeg.missing */
export async function tryCapture(
  display: ListScreensParams,
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<CaptureFinding> {
  const source: ScreenSource = { kind: 'screen', ...display };
  const { grabber, part, env, abilities } = await findGrabbed(source, tools, { signal });
  const { exit, report } = await runFfmpeg(
    {
      ...{ program: await tools.ffmpeg({ signal }), args: trialArgs(part, grabber), env },
      ...{ clock: tools.clock, stallMs, onOutput: () => undefined },
    },
    { signal },
  );
  if (exit.code !== 0) throw explainCapture(report, exit);
  const { devices, filters } = abilities;
  const grabbers = knownGrabbers.filter((name) => devices.has(name) || filters.has(name));
  return { grabbers, used: grabber };
}
