/**
 * Entry of `npm run bench -- capture`: what it costs to capture a screen, frames for the model alone, nothing recorded. Linux with Xvfb
 * and xterm. Started by ../../bench.mjs, in a process that is no larger than it must be.
 */
import type { ChildProcess } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../daemon/base/clock.ts';
import { childController } from '../../../daemon/base/lifetime.ts';
import { LiveSource, liveLimits } from '../../../daemon/media/liveSource.ts';
import { captureInput } from '../../../daemon/media/screenCapture.ts';
import type { ExcludedWindows } from '../../../protocol/index.ts';
import { readProcess } from '../../processes.ts';
import { VirtualDisplay } from '../../virtualDisplay.ts';
import { processorSeconds } from '../memory.ts';

const screenSize = { width: 1920, height: 1080 } as const;
const windowCount = 8;
const frameRateFps = 2;
/** Starting takes no part in it. */
const framesBefore = 4;
const typingMs = 300;
const ffmpeg = (): Promise<string> => Promise.resolve('ffmpeg');

/** Shares of one core, by who takes them. */
interface CaptureCost {
  /** The process that takes the pictures, where it is not ffmpeg, and their reader. */
  readonly daemon: number;
  readonly ffmpeg: number;
  readonly server: number;
  readonly all: number;
  readonly frames: number;
}

interface CaptureCosts {
  readonly size: string;
  readonly windows: number;
  readonly seconds: number;
  /** ffmpeg's own x11grab. */
  readonly whole: Readonly<Record<Scene, CaptureCost>>;
  /** Pictures from which two of the windows are left out. */
  readonly leftOut: Readonly<Record<Scene, CaptureCost>>;
}

/** still: nothing moves. typing: a line is written into one of the windows every 0.3 s. */
type Scene = 'still' | 'typing';

/** @param options.seconds of each of the four runs */
async function measureCapture({
  seconds,
  signal,
}: {
  readonly seconds: number;
  readonly signal: AbortSignal;
}): Promise<CaptureCosts> {
  await using display = await VirtualDisplay.start(screenSize);
  const terminals: ChildProcess[] = [];
  for (let index = 0; index < windowCount; index++) {
    const place = { x: 60 + (index % 4) * 440, y: 60 + Math.floor(index / 4) * 480, size: '48x20' };
    const title = index < 2 ? `secret ${index}` : `window ${index}`;
    terminals.push(await display.openTerminal(title, ['const answer = 42;'], place));
  }
  const run = async (scene: Scene, excluded?: ExcludedWindows): Promise<CaptureCost> => {
    let lines = 0;
    const typing = setInterval(() => {
      if (scene === 'typing') display.type(terminals.at(-1)!, `line ${lines++}`);
    }, typingMs);
    try {
      return await capture(display, { excluded, seconds, signal });
    } finally {
      clearInterval(typing);
    }
  };
  const excluded = { names: ['secret'] };
  return {
    ...{ size: `${screenSize.width} × ${screenSize.height}`, windows: windowCount, seconds },
    whole: { still: await run('still'), typing: await run('typing') },
    leftOut: { still: await run('still', excluded), typing: await run('typing', excluded) },
  };
}

async function capture(
  display: VirtualDisplay,
  options: {
    readonly excluded: ExcludedWindows | undefined;
    readonly seconds: number;
    readonly signal: AbortSignal;
  },
): Promise<CaptureCost> {
  const { excluded, seconds } = options;
  using scope = childController(options.signal);
  const { signal } = scope;
  const live = new LiveSource({
    ...captureInput(
      { kind: 'screen', display: display.name },
      { frameRateFps, ...(excluded ? { excluded } : {}) },
      { ffmpeg, clock: systemClock, platform: process.platform },
    ),
    ...{ ffmpeg, frameRateFps, clock: systemClock, limits: liveLimits },
    onTrouble: () => undefined,
  });
  let frames = 0;
  let before: Spent | undefined;
  let after: Spent | undefined;
  for await (const item of live.open({ signal })) {
    if (item.kind !== 'frame') continue;
    frames++;
    if (frames === framesBefore) before = spent(display);
    if (!before || systemClock.monotonicMs() - before.atMs < seconds * 1000) continue;
    // The ffmpeg that is looked at ends with this loop.
    after = spent(display);
    break;
  }
  if (!before || !after) throw new Error('the screen gave too few pictures');
  const [from, to] = [before, after];
  const share = (part: 'daemon' | 'ffmpeg' | 'server'): number =>
    rounded((to[part] - from[part]) / ((to.atMs - from.atMs) / 1000));
  const [daemon, ffmpegs, server] = [share('daemon'), share('ffmpeg'), share('server')];
  const all = rounded(daemon + ffmpegs + server);
  return { daemon, ffmpeg: ffmpegs, server, all, frames: frames - framesBefore };
}

const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;

/** Seconds of processor time until now. */
interface Spent {
  readonly atMs: number;
  readonly daemon: number;
  readonly ffmpeg: number;
  readonly server: number;
}

function spent(display: VirtualDisplay): Spent {
  const { user, system } = process.cpuUsage();
  const capturing = display.captures();
  const secondsOf = (pid: number): number => processorSeconds(readProcess(pid, 'stat'));
  return {
    atMs: systemClock.monotonicMs(),
    daemon: (user + system) / 1e6,
    ffmpeg: capturing.reduce((sum, pid) => sum + secondsOf(pid), 0),
    server: secondsOf(display.pid),
  };
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const interrupted = new AbortController();
process.once('SIGINT', () => {
  interrupted.abort();
});
const seconds = Number(values.seconds);
const load = [loadavg()[0]!];
const costs = await measureCapture({ seconds, signal: interrupted.signal });
load.push(loadavg()[0]!);
const loadAverages = load.map((one) => Math.round(one * 10) / 10);
const result = { ...costs, cores: availableParallelism(), loadAverages };
process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
