/** Whether a session at the video's own pace keeps up while it is asked one question after the other. */
import path from 'node:path';
import { defaultGuidanceConfig } from '../../daemon/assistant/guidance.ts';
import { defaultResumeConfig } from '../../daemon/assistant/earlierWatching.ts';
import { answerQuestion, type AnsweringParts } from '../../daemon/assistant/questionAnswering.ts';
import { Session } from '../../daemon/assistant/session.ts';
import type { StreamingModel } from '../../daemon/assistant/streamingModel.ts';
import { systemClock } from '../../daemon/base/clock.ts';
import { isCancellation } from '../../daemon/base/errors.ts';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import { defaultSpeakConfig } from '../../daemon/llm/speakPolicy.ts';
import { FrameSampler } from '../../daemon/media/frameSampler.ts';
import { TimelineStore, type VideoTimeline } from '../../daemon/timeline/timelineStore.ts';
import { openVideo, type Bench } from './bench.ts';
import { fileQueues } from '../../daemon/watchSession.ts';
import { questions } from './settings.ts';
import { countOnTime, type PacedFrame, type Stretch } from './statistics.ts';
import type { Measurement } from './table.ts';

/**
 * Asks again as soon as the last question was answered and one more frame was seen. On time is a frame that was encoded
 * before the next one was due; repeated pictures are encoded like all others.
 */
export async function measurePaceDuringReplies(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  const { pack, settings } = bench;
  await using stack = new DisposalStack();
  const enough = new AbortController();
  const stop = AbortSignal.any([signal, enough.signal]);
  const watched = watchEncoding(stack.use(await pack.createModel({ signal })));
  const frames = new FrameSignal(stop);
  const timeline = openTimeline(bench, stack);
  const session = new Session({
    source: openVideo(bench.longRun),
    sampler: encodeEverything(bench),
    screen: stack.use(pack.createScreenReader()),
    ...{ model: watched.model, cues: [], clock: systemClock },
    timeline,
    listener: {
      row: () => undefined,
      stats: () => {
        frames.notify();
      },
    },
    engineRestarts: () => pack.engineRestarts,
    config: {
      ...{ ...fileQueues, frameRateFps: pack.frameRateFps, speed: 'realtime' },
      speak: { ...defaultSpeakConfig, silenceThreshold: pack.silenceThreshold },
      guidance: defaultGuidanceConfig,
      resume: defaultResumeConfig,
    },
  });
  const running = session.run({ signal: stop });
  const asked = { timeline, model: pack.recall };
  const asking = askUntil(asked, { frames, durationMs: settings.paceMs, signal });
  const replies = await Promise.race([asking, running.then(() => asking)]);
  enough.abort();
  await running.catch(ignoreCancellation);
  const intervalMs = 1000 / pack.frameRateFps;
  const { due, onTime } = countOnTime(watched.frames(intervalMs), replies, intervalMs);
  return [
    {
      ...{ key: 'onTimeDuringReplies', name: 'Frames encoded on time while replies ran' },
      ...{ unit: 'share', longRun: due === 0 ? null : onTime / due },
      note: `at the video’s own pace; ${onTime} of ${due} frames, ${replies.length} replies`,
    },
  ];
}

async function askUntil(
  asked: AnsweringParts,
  options: {
    readonly frames: FrameSignal;
    readonly durationMs: number;
    readonly signal: AbortSignal;
  },
): Promise<Stretch[]> {
  const { frames, durationMs, signal } = options;
  const replies: Stretch[] = [];
  await frames.next();
  const endMs = systemClock.monotonicMs() + durationMs;
  while (systemClock.monotonicMs() < endMs) {
    const fromMs = systemClock.monotonicMs();
    const question = questions[replies.length % questions.length]!;
    await answerQuestion({ text: question }, asked, { signal });
    replies.push({ fromMs, toMs: systemClock.monotonicMs() });
    await frames.next();
  }
  return replies;
}

/** Tells whoever waits that the session has seen a frame, or that it is over. */
class FrameSignal {
  #waiting = Promise.withResolvers<undefined>();

  constructor(stop: AbortSignal) {
    stop.addEventListener('abort', () => {
      this.notify();
    });
  }

  next(): Promise<undefined> {
    return this.#waiting.promise;
  }

  notify(): void {
    this.#waiting.resolve(undefined);
    this.#waiting = Promise.withResolvers();
  }
}

/** A sampler that takes no picture for a repeated one. */
function encodeEverything({ pack }: Bench): Pick<FrameSampler, 'sample' | 'dropped'> {
  const { frameRateFps } = pack;
  const sampler = new FrameSampler({ speed: 'realtime', frameRateFps, clock: systemClock });
  return {
    get dropped() {
      return sampler.dropped;
    },
    async *sample(items, options) {
      for await (const item of sampler.sample(items, options)) {
        yield item.kind === 'frame' ? { ...item, isRepeat: false } : item;
      }
    },
  };
}

/** Writes down when each frame was encoded. */
function watchEncoding(model: StreamingModel): {
  readonly model: StreamingModel;
  /** Every frame of the grid up to the last one that was encoded. */
  frames(intervalMs: number): PacedFrame[];
} {
  const doneMs = new Map<number, number>();
  let startedMs: number | undefined;
  return {
    model: {
      name: model.name,
      get usage() {
        return model.usage;
      },
      encode: async (frames, options) => {
        startedMs ??= systemClock.monotonicMs() - (frames[0]?.ptsMs ?? 0);
        const encoded = await model.encode(frames, options);
        for (const { ptsMs } of frames) doneMs.set(ptsMs, systemClock.monotonicMs());
        return encoded;
      },
      appendFrame: (...args) => model.appendFrame(...args),
      reply: (options) => model.reply(options),
      recite: (...args) => model.recite(...args),
      rollback: (options) => model.rollback(options),
      [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
    },
    frames: (intervalMs) => {
      const count = Math.round(Math.max(0, ...doneMs.keys()) / intervalMs) + 1;
      return Array.from({ length: count }, (_, index) => {
        const ptsMs = Math.round(index * intervalMs);
        return { dueMs: (startedMs ?? 0) + ptsMs, doneMs: doneMs.get(ptsMs) ?? Infinity };
      });
    },
  };
}

/** A timeline of its own, in the real store. */
function openTimeline(bench: Bench, stack: DisposalStack): VideoTimeline {
  const file = path.join(bench.folder, 'pace.db');
  const store = new TimelineStore({ file, onDamage: () => undefined });
  stack.defer(() => {
    store[Symbol.dispose]();
  });
  const { name: model, frameRateFps } = bench.pack;
  return store.openVideo({ videoId: 'pace', model, frameRateFps, silenceThreshold: 0.5 });
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
