/** From a decoded picture to the decision whether to speak, with screen reading off. */
import { systemClock } from '../../daemon/base/clock.ts';
import { fileQueues } from '../../daemon/watchSession.ts';
import type { Bench } from './bench.ts';
import type { Measurement } from './table.ts';

const { visionBatch } = fileQueues;

/** As in a session: the next batch is encoded while the decoder takes the last one. The cache is full, as it is after minutes. */
export async function measureDecisions(
  { pack, screens, settings }: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  await using model = await pack.createModel({ signal });
  const encodeFrom = (start: number) =>
    model.encode(
      Array.from({ length: visionBatch }, (_, i) => screens[(start + i) % screens.length]!),
      { signal },
    );
  // The first batch loads the network.
  const [first] = await encodeFrom(0);
  for (let i = 0; i < settings.silentFrames && model.usage.evicted === 0; i++) {
    await model.appendFrame(first!, [], { signal });
  }
  const startMs = systemClock.monotonicMs();
  let next = encodeFrom(0);
  let frames = 0;
  let tookMs = 0;
  do {
    const encoded = await next;
    frames += encoded.length;
    next = encodeFrom(frames);
    for (const frame of encoded) await model.appendFrame(frame, [], { signal });
    tookMs = systemClock.monotonicMs() - startMs;
  } while (tookMs < settings.encodingMs);
  await next;
  return [
    {
      ...{ key: 'decisions', name: 'Model, from decoded frame to decision' },
      ...{ unit: 'framesPerSecond', sample: (frames * 1000) / tookMs },
      note: 'screen reading off, cache full; goal ≥ 25',
    },
  ];
}
