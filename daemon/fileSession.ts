/** Watching a file: everything that one session needs, freed with it. */
import { mediaMs } from '../protocol/index.ts';
import { watchedWith } from './assistant/collaborators.ts';
import { defaultResumeConfig, readEarlierWatching } from './assistant/earlierWatching.ts';
import { defaultGuidanceConfig } from './assistant/guidance.ts';
import { Session, type SessionListener } from './assistant/session.ts';
import type { Subject } from './assistant/sessionManager.ts';
import { systemClock } from './base/clock.ts';
import { DisposalStack } from './base/lifetime.ts';
import type { Log } from './base/log.ts';
import { defaultSpeakConfig } from './llm/speakPolicy.ts';
import { readSidecarCaptions } from './media/captionSource.ts';
import { FfmpegSource, ffmpegSourceDefaults } from './media/ffmpegSource.ts';
import { FrameSampler } from './media/frameSampler.ts';

/** Queue lengths and batch of a watched file: enough to batch and to bridge a reply, few enough to keep native pictures in bounds. */
export const fileQueues = { sampledCapacity: 8, encodedCapacity: 16, visionBatch: 4 };

/** Finds the ffmpeg to run. @throws AppError ffmpeg.missing */
type FfmpegFinder = (options: { signal: AbortSignal }) => Promise<string>;

/** @param options.log hears what was wrong with the captions */
export async function createFileSession(
  { source, options, video, ...subject }: Subject,
  listener: SessionListener,
  { ffmpeg, log, signal }: { ffmpeg: FfmpegFinder; log: Log; signal: AbortSignal },
): Promise<Session & AsyncDisposable> {
  const { cues, problems } = await readSidecarCaptions(source.path, { signal });
  for (const problem of problems) log.warning(problem);
  const pack = await subject.pack.load({ signal });
  await using opening = new DisposalStack();
  const model = opening.use(await pack.createModel({ signal }));
  const screen = opening.use(pack.createScreenReader());
  const { frameRateFps, silenceThreshold } = watchedWith(options, pack);
  const speed = options.speed ?? 'max';
  const guidance = {
    ...defaultGuidanceConfig,
    ...(pack.plainWords ? { plainWords: pack.plainWords } : {}),
  };
  const resume = defaultResumeConfig;
  const horizonMs = Math.max(resume.warmUpMs, guidance.repeatWindowMs, guidance.evidenceWindowMs);
  const earlier = readEarlierWatching(video, horizonMs);
  const session = new Session({
    source: new FfmpegSource({
      ...ffmpegSourceDefaults,
      path: source.path,
      ffmpeg,
      clock: systemClock,
    }),
    sampler: new FrameSampler({
      ...{ speed, frameRateFps, clock: systemClock },
      ...(earlier ? { paceFromMs: mediaMs(earlier.watchedMs + 1) } : {}),
    }),
    model,
    screen,
    cues,
    timeline: video,
    ...(earlier ? { earlier } : {}),
    listener,
    clock: systemClock,
    engineRestarts: () => pack.engineRestarts,
    config: {
      ...fileQueues,
      frameRateFps,
      speed,
      speak: { ...defaultSpeakConfig, silenceThreshold },
      guidance,
      resume,
    },
  });
  const owned = opening.move();
  return Object.assign(session, {
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  });
}
