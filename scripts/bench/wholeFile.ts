/** A file of 720p at 30 frames a second, watched whole as a user has it watched. */
import path from 'node:path';
import { systemClock } from '../../daemon/base/clock.ts';
import { openVideo, runVideoProgram, type Bench } from './bench.ts';
import { DaemonRun } from './daemonRun.ts';
import { processorSecondsOf } from './memory.ts';
import type { Measurement } from './table.ts';

/** The sample at three times its rate, seen for the first time. */
export async function measureWholeFile(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  const file = path.join(bench.folder, '720p30.mp4');
  const filter = ['-vf', 'scale=1280:720,fps=30', '-pix_fmt', 'yuv420p'];
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-an'];
  await runVideoProgram(['-i', bench.sample, ...filter, ...coding, file], { signal });
  const { durationMs = 0 } = await openVideo(file).probe({ signal });
  await using daemon = await DaemonRun.start(bench, {
    signal,
    home: path.join(bench.folder, 'whole-file'),
  });
  // Loads the model, and stops at the first counters.
  await daemon.watch(bench.sample, { meanwhile: () => Promise.resolve(), signal });
  const startMs = systemClock.monotonicMs();
  const before = processorSecondsOf(daemon.pid);
  const sightings = await daemon.watch(file, { signal });
  const tookMs = systemClock.monotonicMs() - startMs;
  const after = processorSecondsOf(daemon.pid);
  const isKnown = before !== undefined && after !== undefined;
  const stages = Object.entries(sightings.at(-1)?.stats.stageMs ?? {});
  const name = 'A 720p30 file, watched whole';
  return [
    {
      ...{ key: 'timesRealTime', name: `${name}, times real time`, unit: 'ratio' },
      sample: durationMs / tookMs,
      note: `goal ≥ 5; ms: ${stages.map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`).join(', ')}`,
    },
    {
      ...{ key: 'processorShare', name: `${name}, processor time ÷ its length`, unit: 'ratio' },
      sample: isKnown ? ((after - before) * 1000) / durationMs : null,
      note: 'of all processes; what else the machine does hardly changes it',
    },
  ];
}
