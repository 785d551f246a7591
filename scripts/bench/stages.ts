/** Each stage of watching by itself, with nothing else at work: decoding, encoding, reading. */
import { systemClock } from '../../daemon/base/clock.ts';
import { RemotePerception } from '../../daemon/engine/remotePerception.ts';
import { openVideo, type Bench } from './bench.ts';
import { fileQueues } from '../../daemon/watchSession.ts';
import { median } from './statistics.ts';
import type { Measurement } from './table.ts';

/** Frames per second that ffmpeg gives when somebody only takes them; its start does not count. */
export async function measureDecoding(
  bench: Bench,
  options: { signal: AbortSignal },
): Promise<Measurement[]> {
  const { decodedFrames } = bench.settings;
  const { frameRateFps } = bench.pack;
  const decode = { frameRateFps, maxFrames: decodedFrames, ...options };
  const sample = await decodeRate(bench.sample, decode);
  const longRun = await decodeRate(bench.longRun, decode);
  const name = 'Decoding alone';
  return [{ key: 'decode', name, unit: 'framesPerSecond', sample, longRun }];
}

async function decodeRate(
  file: string,
  options: {
    readonly frameRateFps: number;
    readonly maxFrames: number;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const { frameRateFps, maxFrames, signal } = options;
  let frames = 0;
  let firstMs = 0;
  let lastMs = 0;
  for await (const { kind } of openVideo(file).open({ frameRateFps, signal })) {
    if (kind === 'gap') continue;
    lastMs = systemClock.monotonicMs();
    if (frames++ === 0) firstMs = lastMs;
    if (frames === maxFrames) break;
  }
  return ((frames - 1) * 1000) / (lastMs - firstMs);
}

const { visionBatch } = fileQueues;

/** Frames per second through the vision encoder, in batches as a session hands them over. */
export async function measureEncoding(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  // The first batch loads the network.
  await encodeFor(bench, 0, { signal });
  const sample = await encodeFor(bench, bench.settings.encodingMs, { signal });
  const name = 'Vision encoding alone';
  const note = `${visionBatch} together, one thread`;
  return [{ key: 'vision', name, unit: 'framesPerSecond', sample, note }];
}

/** Encodes one batch after the other for at least so long. @returns frames per second */
export async function encodeFor(
  { engine, modelPack, screens }: Bench,
  durationMs: number,
  { signal }: { signal: AbortSignal },
): Promise<number> {
  const perception = new RemotePerception(engine, modelPack.folder);
  const startMs = systemClock.monotonicMs();
  let frames = 0;
  let tookMs = 0;
  do {
    const batch = Array.from(
      { length: visionBatch },
      (_, i) => screens[(frames + i) % screens.length]!,
    );
    await perception.encode(batch, { signal });
    frames += batch.length;
    tookMs = systemClock.monotonicMs() - startMs;
  } while (tookMs < durationMs);
  return (frames * 1000) / tookMs;
}

/** Frames per second through the screen reader: screens that are read for the first time, and the same ones once more. */
export async function measureReading(
  { pack, modelPack, screens }: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  const newMs: number[] = [];
  const sameMs: number[] = [];
  const read = { isRepeat: false, signal };
  for (const [index, screen] of screens.entries()) {
    // A reader of its own has nothing in its memory yet.
    await using reader = pack.createScreenReader();
    const startMs = systemClock.monotonicMs();
    await reader.read(screen, read);
    const middleMs = systemClock.monotonicMs();
    await reader.read(screen, read);
    // The first one loads the network.
    if (index === 0) continue;
    newMs.push(middleMs - startMs);
    sameMs.push(systemClock.monotonicMs() - middleMs);
  }
  const rate = (tookMs: readonly number[]): number | null =>
    modelPack.manifest.reader ? 1000 / median(tookMs) : null;
  const name = 'Reading alone';
  return [
    {
      ...{ key: 'readNew', name: `${name}, a new screen`, unit: 'framesPerSecond' },
      ...{ sample: rate(newMs), note: 'every line of the screen' },
    },
    {
      ...{ key: 'readSame', name: `${name}, an unchanged screen`, unit: 'framesPerSecond' },
      sample: rate(sameMs),
    },
  ];
}
