/** Frames as a decoder was given them, once more: decoder, voice and recorder are the product's, reading and encoding are not repeated. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Session } from '../../../daemon/assistant/session.ts';
import { LocalStreamingModel } from '../../../daemon/assistant/localStreamingModel.ts';
import { defaultResumeConfig } from '../../../daemon/assistant/earlierWatching.ts';
import type { ScreenReader } from '../../../daemon/assistant/screenReader.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import { Scoring } from '../../../daemon/bench/scoring.ts';
import type { Clip, Truth } from '../../../daemon/bench/truth.ts';
import type { GivenFrame } from '../../../daemon/framesFile.ts';
import { LlamaBackend } from '../../../daemon/llm/llamaBackend.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import { StreamingSequence } from '../../../daemon/llm/streamingSequence.ts';
import type { FrameSource } from '../../../daemon/media/frameSource.ts';
import { TimelineStore } from '../../../daemon/timeline/timelineStore.ts';
import type { RowBudgetManifest } from '../../../daemon/weights/streamManifest.ts';
import { guidanceConfigOf } from '../../../daemon/watchSession.ts';
import { mediaMs, type ScreenRegion } from '../../../protocol/index.ts';
import type { Bench } from '../bench.ts';

export interface ReplayOptions {
  readonly truth: Truth;
  /** Of each clip, by the name of its file. */
  readonly given: ReadonlyMap<string, readonly GivenFrame[]>;
  /** Nothing is left out when undefined. */
  readonly rowBudget: RowBudgetManifest | undefined;
  readonly signal: AbortSignal;
}

/** @returns positions kept, F1, F1 of the right kind, names exact; each a share in a cell of its own, none where nothing was due */
export async function replay(
  bench: Bench,
  { truth, given, rowBudget, signal }: ReplayOptions,
): Promise<(number[] | undefined)[]> {
  const { engine, modelPack, folder } = bench;
  const model = { path: modelPack.files.decoder, device: 'auto' } as const;
  await using backend = await LlamaBackend.open(
    { channel: engine, model, stateFolder: path.join(folder, 'replay') },
    { signal },
  );
  const scoring = new Scoring(truth);
  let [kept, count] = [0, 0];
  for (const clip of truth.clips) {
    const frames = given.get(clip.file) ?? [];
    const { replies, keptPercent } = await watchAgain(bench, {
      ...{ backend, clip, frames, rowBudget, signal },
    });
    kept += keptPercent * frames.length;
    count += frames.length;
    const unheard = { withheld: 0, ungrounded: 0, looping: 0 };
    scoring.add({ ...clip, ...unheard, questions: [], replies, answers: [] });
  }
  const { stepF1, kindF1, slotExact } = scoring.summary;
  const shares = [kept / count / 100, stepF1, kindF1, slotExact];
  return shares.map((share) => (typeof share === 'number' ? [share] : undefined));
}

interface ClipOptions extends Pick<ReplayOptions, 'rowBudget' | 'signal'> {
  readonly backend: LlamaBackend;
  readonly clip: Clip;
  readonly frames: readonly GivenFrame[];
}

async function watchAgain(
  { pack, modelPack, folder }: Bench,
  { backend, clip, frames, rowBudget, signal }: ClipOptions,
) {
  const { stream, decoder } = modelPack.manifest;
  const { rowBudget: _, ...whole } = stream;
  const manifest = rowBudget ? { ...whole, rowBudget } : whole;
  const contextSize = decoder.contextTokens;
  const sequence = await StreamingSequence.open({ backend, manifest, contextSize }, { signal });
  const told = clip.instruction ?? stream.instruction;
  if (told !== undefined) sequence.appendUser(told);
  const byTime = new Map(frames.map((frame) => [frame.ptsMs, frame]));
  // One picture after the other is asked for, in the order of the frames.
  let next = 0;
  await using model = new LocalStreamingModel({
    ...{ name: pack.name, keepsFrames: false, sequence },
    encode: (pictures) => Promise.resolve(pictures.map(() => rowsOf(frames[next++]!))),
  });
  // A store of its own for each run: what was said under another policy must not count.
  const file = path.join(folder, `${randomUUID()}.sqlite`);
  using store = new TimelineStore({ file, onDamage: () => undefined });
  const timeline = store.openVideo({
    ...{ videoId: 'replay-00000000001', model: pack.name, frameRateFps: pack.frameRateFps },
    silenceThreshold: pack.silenceThreshold,
  });
  timeline.beginIndexing();
  const request = clip.instruction === undefined ? {} : { instruction: clip.instruction };
  const session = new Session({
    ...{ source: sourceOf(frames), model, screen: readerOf(byTime), timeline, cues: [] },
    sampler: { dropped: 0, sample: everyFrame },
    listener: { row: () => undefined, stats: () => undefined },
    ...{ clock: systemClock, engineRestarts: () => 0 },
    config: {
      ...{ frameRateFps: pack.frameRateFps, speed: 'max', visionBatch: 4 },
      ...{ sampledCapacity: 8, encodedCapacity: 16, resume: defaultResumeConfig },
      speak: { ...defaultSpeakConfig, silenceThreshold: pack.silenceThreshold },
      guidance: guidanceConfigOf(pack, request),
    },
  });
  await session.run({ signal });
  const replies = timeline
    .read({ kinds: ['guidance'] })
    .flatMap((row) =>
      row.kind === 'guidance' ? [{ seconds: row.atMs / 1000, text: row.text }] : [],
    );
  return { replies, keptPercent: sequence.keptPercent };
}

function rowsOf({ rows }: GivenFrame): Float32Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(rows, 'base64');
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** A grey pixel in the place of each picture. */
function sourceOf(frames: readonly GivenFrame[]): FrameSource {
  return {
    probe: () => Promise.resolve({ width: 1, height: 1 }),
    async *open() {
      for (const { ptsMs } of frames) {
        await Promise.resolve();
        const frame = { ptsMs: mediaMs(ptsMs), width: 1, height: 1, data: new Uint8Array(3) };
        yield { kind: 'frame', frame } as const;
      }
    },
  };
}

const everyFrame: ConstructorParameters<typeof Session>[0]['sampler']['sample'] = async function* (
  items,
) {
  for await (const item of items) yield item.kind === 'gap' ? item : { ...item, isRepeat: false };
};

/** The lines that were new, at their frames. */
function readerOf(frames: ReadonlyMap<number, GivenFrame>): ScreenReader {
  let id = 0;
  return {
    read: ({ ptsMs }) => {
      const lines = (frames.get(ptsMs)?.lines ?? []).map(({ text, region }) => ({
        text,
        region: region as ScreenRegion,
      }));
      const opened = lines.map((line) => ({
        ...{ ...line, id: ++id, startMs: ptsMs, box: [0, 0, 9, 9] as const, confidence: 0.9 },
        ...{ indentColumns: 0, provenance: { sightings: 1, readings: 1 }, isStable: true },
      }));
      return Promise.resolve({ opened, closed: [], revised: [], newLines: lines });
    },
    finish: () => ({ opened: [], closed: [], revised: [], newLines: [] }),
  };
}
