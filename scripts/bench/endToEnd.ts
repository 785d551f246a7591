/** The whole way through the daemon: speed, growth over a long run, memory, and how soon an answer begins. */
import { systemClock } from '../../daemon/base/clock.ts';
import type { Bench } from './bench.ts';
import { DaemonRun, type Sighting } from './daemonRun.ts';
import { MemoryWatch, type MemoryPeak } from './memory.ts';
import { questions } from './settings.ts';
import { costPerStep, median } from './statistics.ts';
import type { Measurement } from './table.ts';

interface Watched {
  readonly sightings: readonly Sighting[];
  readonly memory: MemoryPeak | undefined;
}

/** The order matters: the first session loads the pack, and only then is the sample watched to its end. */
export async function measureEndToEnd(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  await using daemon = await DaemonRun.start(bench, { signal });
  const live: number[] = [];
  await daemon.watch(bench.sample, {
    speed: 'realtime',
    meanwhile: async () => {
      // A few frames first, so that there is something to ask about.
      await systemClock.sleep(2000, { signal });
      live.push(...(await askAll(daemon, bench, { signal })));
    },
    signal,
  });
  const sample = await watch(daemon, bench.sample, { signal });
  const indexed = await askAll(daemon, bench, { signal });
  const longRun = await watch(daemon, bench.longRun, { signal });
  return [
    {
      ...{ key: 'endToEnd', name: 'End to end', unit: 'framesPerSecond' },
      ...{ sample: rateOf(sample), longRun: rateOf(longRun) },
      note: `${framesOf(sample)} and ${framesOf(longRun)} frames; ms: ${describeStages(longRun)}`,
    },
    {
      ...{ key: 'firstTokenLive', name: 'Question to first words, running session', unit: 'ms' },
      ...{ sample: median(live), note: `median of ${live.length}, as a client sees it` },
    },
    {
      ...{ key: 'firstTokenIndexed', name: 'Question to first words, indexed file', unit: 'ms' },
      ...{ sample: median(indexed), note: `median of ${indexed.length}, search included` },
    },
    ...growth(bench, sample, longRun),
    {
      ...{ key: 'memory', name: 'Peak memory: daemon + engine + ffmpeg', unit: 'megabytes' },
      sample: sample.memory?.megabytes ?? null,
      longRun: longRun.memory?.megabytes ?? null,
      note: describeParts(longRun.memory),
    },
  ];
}

async function watch(
  daemon: DaemonRun,
  file: string,
  options: { signal: AbortSignal },
): Promise<Watched> {
  using memory = new MemoryWatch(daemon.pid);
  const sightings = await daemon.watch(file, options);
  return { sightings, memory: memory.peak };
}

async function askAll(
  daemon: DaemonRun,
  { sample, settings }: Bench,
  options: { signal: AbortSignal },
): Promise<number[]> {
  const tookMs: number[] = [];
  for (const question of questions.slice(0, settings.questions)) {
    tookMs.push(await daemon.firstWordsMs(sample, question, options));
  }
  return tookMs;
}

/**
 * The long run shows the same pictures again and again, so two of its stretches that begin at the same picture can be
 * compared: an early one, but not the first, in which everything is new, and the last.
 */
function growth({ settings }: Bench, sample: Watched, longRun: Watched): Measurement[] {
  const loop = framesOf(sample);
  const length = Math.min(2, Math.floor((settings.loops - 1) / 2)) * loop;
  const early = { from: loop, to: loop + length };
  const last = framesOf(longRun);
  const late = { from: last - length, to: last };
  const { sightings } = longRun;
  const points = sightings.map(({ atMs, stats }) => ({ atMs, count: stats.framesSeen }));
  const llmPoints = sightings.map(({ stats }) => ({
    atMs: stats.stageMs.llm * stats.framesSeen,
    count: stats.framesSeen,
  }));
  const cost = (window: { from: number; to: number }) => costPerStep(points, window) ?? null;
  const ratio = (steps: typeof points): number | null => {
    const before = costPerStep(steps, early);
    const after = costPerStep(steps, late);
    return before === undefined || after === undefined ? null : after / before;
  };
  const name = 'Cost of a frame, end to end';
  return [
    {
      ...{ key: 'costEarly', name: `${name}, early`, unit: 'ms', longRun: cost(early) },
      note: `frames ${early.from}–${early.to}`,
    },
    {
      ...{ key: 'costLate', name: `${name}, late`, unit: 'ms', longRun: cost(late) },
      note: `frames ${late.from}–${late.to}, the same pictures`,
    },
    { key: 'costGrowth', name: `${name}, late ÷ early`, unit: 'ratio', longRun: ratio(points) },
    {
      ...{ key: 'llmStageGrowth', name: 'LLM stage in it, late ÷ early', unit: 'ratio' },
      ...{ longRun: ratio(llmPoints), note: 'the window of the cache fills first' },
    },
  ];
}

function framesOf({ sightings }: Watched): number {
  return sightings.at(-1)?.stats.framesSeen ?? 0;
}

function rateOf({ sightings }: Watched): number | null {
  return sightings.at(-1)?.stats.framesPerSecond ?? null;
}

/** Mean ms that a frame waits for each stage; stages overlap, so the sum says nothing. */
function describeStages({ sightings }: Watched): string {
  const stages = Object.entries(sightings.at(-1)?.stats.stageMs ?? {});
  return stages.map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`).join(', ');
}

function describeParts(peak: MemoryPeak | undefined): string {
  if (!peak) return 'read from /proc, which is not here';
  const parts = Object.entries(peak.parts).map(([role, size]) => `${role} ${Math.round(size)}`);
  return `resident: ${parts.join(' + ')}`;
}
