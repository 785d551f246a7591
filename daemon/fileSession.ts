/** Watching a file: everything that one session needs, freed with it. */
import { mediaMs, type SessionOptions } from '../protocol/index.ts';
import { ChapterKeeper } from './assistant/chapterKeeper.ts';
import { RecallChapterTitler } from './assistant/chapterTitler.ts';
import { watchedWith, type PackDescription } from './assistant/collaborators.ts';
import { defaultResumeConfig, readEarlierWatching } from './assistant/earlierWatching.ts';
import {
  defaultGuidanceConfig,
  quotingEvidenceWindowMs,
  type GuidanceConfig,
} from './assistant/guidance.ts';
import { defaultSceneCutConfig } from './assistant/sceneCuts.ts';
import { Session, type SessionListener } from './assistant/session.ts';
import type { Subject } from './assistant/sessionManager.ts';
import { systemClock } from './base/clock.ts';
import { isAppError, toError } from './base/errors.ts';
import { DisposalStack } from './base/lifetime.ts';
import type { Log } from './base/log.ts';
import { FramesFile } from './framesFile.ts';
import { defaultSpeakConfig } from './llm/speakPolicy.ts';
import { readSidecarCaptions, type Captions } from './media/captionSource.ts';
import { chooseSubtitles, readEmbeddedCaptions } from './media/embeddedCaptions.ts';
import { FfmpegSource, ffmpegSourceDefaults } from './media/ffmpegSource.ts';
import { FrameSampler } from './media/frameSampler.ts';
import type { MediaProbe } from './media/mediaProbe.ts';
import { probeMedia, type FfmpegTools } from './media/probing.ts';

/** Queue lengths and batch of a watched file: enough to batch and to bridge a reply, few enough to keep native pictures in bounds. */
export const fileQueues = { sampledCapacity: 8, encodedCapacity: 16, visionBatch: 4 };

/** Finds the ffmpeg to run. @throws AppError ffmpeg.missing */
type FfmpegFinder = (options: { signal: AbortSignal }) => Promise<string>;

/** An ffmpeg that gives no sign for so long while a file is looked into is ended. */
const probeStallMs = 20_000;

/** @param options.log hears what was wrong with the captions */
export async function createFileSession(
  { source, options, video, ...subject }: Subject,
  listener: SessionListener,
  { ffmpeg, log, signal }: { ffmpeg: FfmpegFinder; log: Log; signal: AbortSignal },
): Promise<Session & AsyncDisposable> {
  const tools = { program: await ffmpeg({ signal }), clock: systemClock, stallMs: probeStallMs };
  const probe = await lookInto(source.path, tools, { signal });
  const { cues, problems } = await readCaptions(source.path, probe, tools, { signal });
  for (const problem of problems) log.warning(problem);
  const pack = await subject.pack.load({ signal });
  await using opening = new DisposalStack();
  const { instruction, isUngrounded, framesFile } = options;
  const frames =
    framesFile === undefined ? undefined : opening.use(await FramesFile.create(framesFile));
  const model = opening.use(
    await pack.createModel({
      ...(instruction === undefined ? {} : { instruction }),
      ...(isUngrounded === undefined ? {} : { isUngrounded }),
      ...(frames ? { onFrame: frames.add } : {}),
      signal,
    }),
  );
  const screen = opening.use(pack.createScreenReader());
  const { frameRateFps, silenceThreshold } = watchedWith(options, pack);
  const speed = options.speed ?? 'max';
  const guidance = guidanceConfigOf(pack, options);
  const resume = defaultResumeConfig;
  const horizonMs = Math.max(resume.warmUpMs, guidance.repeatWindowMs, guidance.evidenceWindowMs);
  const earlier = readEarlierWatching(video, horizonMs);
  const chapters = new ChapterKeeper({
    ...{ timeline: video, titler: new RecallChapterTitler(pack.recall) },
    ...{ named: probe?.chapters ?? [], frameRateFps, cuts: defaultSceneCutConfig },
    onProblem: (error) => {
      log.warning('a chapter has got no title', { error: toError(error).message });
    },
    ...(earlier ? { watchedMs: earlier.watchedMs } : {}),
  });
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
    chapters,
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

/** How what the pack says unasked is judged. */
function guidanceConfigOf(
  { plainWords, quote, minReplyLikelihood }: PackDescription,
  { instruction, isUngrounded = false }: SessionOptions,
): GuidanceConfig {
  const isHeldBack = !isUngrounded && minReplyLikelihood !== undefined;
  return {
    ...defaultGuidanceConfig,
    ...(plainWords ? { plainWords } : {}),
    ...(quote === undefined ? {} : { quote, evidenceWindowMs: quotingEvidenceWindowMs }),
    ...(instruction === undefined ? {} : { asked: instruction }),
    ...(isHeldBack ? { minLikelihood: minReplyLikelihood } : {}),
    isUngrounded,
  };
}

/** What the file holds beside its pictures; undefined when that cannot be told: why is told when the pictures are read. */
async function lookInto(
  path: string,
  tools: FfmpegTools,
  { signal }: { signal: AbortSignal },
): Promise<MediaProbe | undefined> {
  try {
    return (await probeMedia(path, tools, { signal })).probe;
  } catch (error) {
    signal.throwIfAborted();
    if (!isAppError(error)) throw error;
    return undefined;
  }
}

/** Captions beside the video, else those in it. */
async function readCaptions(
  path: string,
  probe: MediaProbe | undefined,
  tools: FfmpegTools,
  { signal }: { signal: AbortSignal },
): Promise<Captions> {
  const beside = await readSidecarCaptions(path, { signal });
  const track = chooseSubtitles(probe?.subtitles ?? []);
  if (beside.cues.length > 0 || !track) return beside;
  const inside = await readEmbeddedCaptions(path, track, tools, { signal });
  return { ...inside, problems: [...beside.problems, ...inside.problems] };
}
