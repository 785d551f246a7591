/** The decoder by itself: what a silent frame costs, early and late, and against a bare decode of as many tokens. */
import { systemClock } from '../../daemon/base/clock.ts';
import { createLlamaService } from '../../daemon/llm/llamaService.ts';
import type { Bench } from './bench.ts';
import { sequenceWindow } from './settings.ts';
import { mean, median } from './statistics.ts';
import type { Measurement } from './table.ts';

/** A decoder that is told so many tokens at a time; its cache grows as a stream's does. */
interface PlainDecoder {
  /** @returns ms, or undefined when the cache is full */
  step(): Promise<number | undefined>;
}

/** Plain steps and silent frames take turns, so that whatever else the machine does meets both. */
export async function measureDecoder(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  const { pack, screens, settings } = bench;
  await using model = await pack.createModel({ signal });
  const [frame] = await model.encode(screens.slice(0, 1), { signal });
  const frameMs: number[] = [];
  let fullAt = Infinity;
  const plainMs: number[] = [];
  let plain: PlainDecoder | undefined;
  for (let i = 0; i < settings.silentFrames; i++) {
    const before = model.usage.tokens;
    const startMs = systemClock.monotonicMs();
    await model.appendFrame(frame!, [], { signal });
    frameMs.push(systemClock.monotonicMs() - startMs);
    if (model.usage.evicted > 0) fullAt = Math.min(fullAt, i);
    // The first frame also brings the beginning of the sequence.
    if (i === 1) plain = await openPlainDecoder(bench, model.usage.tokens - before, { signal });
    const tookMs = await plain?.step();
    if (tookMs !== undefined) plainMs.push(tookMs);
  }
  const { warmUp, length } = sequenceWindow;
  const early = frameMs.slice(warmUp, warmUp + length);
  const late = frameMs.slice(-length);
  const full = frameMs.slice(fullAt, fullAt + length);
  const paired = frameMs.slice(2, 2 + plainMs.length);
  return [
    {
      ...{ key: 'llm', name: 'LLM step alone, a silent frame', unit: 'framesPerSecond' },
      ...{ sample: 1000 / mean(early), longRun: 1000 / mean(late) },
      note: `frames ${warmUp}–${warmUp + length}; the last ${length} of ${frameMs.length}`,
    },
    {
      ...{ key: 'llmGrowth', name: 'LLM step alone, late ÷ early', unit: 'ratio' },
      longRun: mean(late) / mean(early),
      note: 'the cache is nearly empty at first',
    },
    {
      ...{ key: 'llmGrowthFull', name: 'LLM step alone, late ÷ first full cache', unit: 'ratio' },
      longRun: full.length < length ? null : mean(late) / mean(full),
      note: full.length < length ? 'the run is too short' : `from frame ${fullAt} on`,
    },
    {
      ...{ key: 'llmOverhead', name: 'LLM step ÷ plain llama.cpp decode', unit: 'ratio' },
      sample: median(paired) / median(plainMs),
      note: `as many tokens, in this process; ${plainMs.length} in turn, medians`,
    },
  ];
}

/** The same library and settings, called in this very process: no messages between processes, no template, no rows. */
async function openPlainDecoder(
  { modelPack }: Bench,
  tokensPerStep: number,
  options: { signal: AbortSignal },
): Promise<PlainDecoder> {
  const { contextTokens } = modelPack.manifest.decoder;
  const service = createLlamaService(() => undefined);
  const load = { path: modelPack.files.decoder, device: 'auto' } as const;
  const { model, vocabularySize } = await service.load(load, options);
  const create = { model, options: { contextSize: contextTokens } };
  const { sequence } = await service.createSequence(create, options);
  let used = 0;
  return {
    step: async () => {
      if (used + tokensPerStep > contextTokens) return undefined;
      const tokens = Array.from({ length: tokensPerStep }, (_, i) => (used + i) % vocabularySize);
      used += tokensPerStep;
      const parts = [{ kind: 'tokens', tokens }] as const;
      const startMs = systemClock.monotonicMs();
      await service.append({ sequence, parts, probabilitiesOf: undefined }, options);
      return systemClock.monotonicMs() - startMs;
    },
  };
}
