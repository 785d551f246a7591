/** Watching a file or something live: everything that one session needs, freed with it. */
import {
  mediaMs,
  requestSentence,
  type Chapter,
  type FileSource,
  type LiveCondition,
  type LiveSource as LiveSourceSpec,
  type SessionOptions,
  type WallMs,
} from '../protocol/index.ts';
import { ChapterKeeper } from './assistant/chapterKeeper.ts';
import { RecallChapterTitler } from './assistant/chapterTitler.ts';
import { watchedWith, type PackDescription, type Subject } from './assistant/collaborators.ts';
import {
  defaultResumeConfig,
  readEarlierWatching,
  type EarlierWatching,
} from './assistant/earlierWatching.ts';
import {
  defaultGuidanceConfig,
  quotingEvidenceWindowMs,
  type GuidanceConfig,
} from './assistant/guidance.ts';
import { defaultSceneCutConfig } from './assistant/sceneCuts.ts';
import {
  Session,
  type LiveConfig,
  type SessionConfig,
  type SessionParts,
} from './assistant/session.ts';

import type { OwnedSession, WatchListener } from './assistant/watching.ts';
import { systemClock } from './base/clock.ts';
import { DiskRoom, type RoomProbe } from './base/diskRoom.ts';
import { isAppError, toError } from './base/errors.ts';
import { DisposalStack } from './base/lifetime.ts';
import type { Log, LogFields } from './base/log.ts';
import { FramesFile } from './framesFile.ts';
import { defaultSpeakConfig } from './llm/speakPolicy.ts';
import { readSidecarCaptions, type Captions, type Cue } from './media/captionSource.ts';
import { chooseSubtitles, readEmbeddedCaptions } from './media/embeddedCaptions.ts';
import { FfmpegSource, ffmpegSourceDefaults } from './media/ffmpegSource.ts';
import { FrameSampler } from './media/frameSampler.ts';
import { LiveHearing } from './media/liveHearing.ts';
import { liveName } from './media/liveName.ts';
import { FittingRecorder } from './media/liveRecorder.ts';
import { liveLimits, LiveSource } from './media/liveSource.ts';
import type { MediaProbe } from './media/mediaProbe.ts';
import { listEncoders, probeMedia, type FfmpegTools } from './media/probing.ts';
import type { Recordings } from './media/recordings.ts';
import { captureInput, type CaptureTools } from './media/screenCapture.ts';
import { ScreenHearing, type ScreenHearingOptions } from './media/screenHearing.ts';
import { findSound } from './media/soundCapture.ts';
import { Transcriber } from './media/transcriber.ts';
import { streamInput } from './media/streamAddress.ts';
import { Stillness } from './perception/stillness.ts';

/** Queue lengths and batch of a watched file: enough to batch and to bridge a reply, few enough to keep native pictures in bounds. */
export const fileQueues = { sampledCapacity: 8, encodedCapacity: 16, visionBatch: 4 };

/** Of what does not wait: few, so that what is seen is new. A live session looks at frames one at a time. */
export const liveQueues = { sampledCapacity: 2, encodedCapacity: 16, visionBatch: 1 };

/** A reply takes up to ten seconds on a slow machine; what is older than this no longer helps anybody. */
export const liveConfig: LiveConfig = { maxLagMs: 20_000 };

/** Finds the ffmpeg to run. @throws AppError ffmpeg.missing */
type FfmpegFinder = (options: { signal: AbortSignal }) => Promise<string>;

/** An ffmpeg that gives no sign for so long while a file is looked into is ended. */
const probeStallMs = 20_000;

interface Surroundings {
  readonly ffmpeg: FfmpegFinder;
  readonly recordings: Recordings;
  /** Whether the disk has room for what is watched. */
  readonly hasRoom: RoomProbe;
  /** Goes along to a transcriber. */
  readonly transcriberKey?: string | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What files and live sources have each in their own way. */
interface Feed extends Pick<
  SessionParts,
  'source' | 'sampler' | 'hearing' | 'onBegin' | 'stillness' | 'room'
> {
  readonly cues: readonly Cue[];
  /** Chapters that the container names. */
  readonly chapters: readonly Chapter[];
  readonly config: Pick<
    SessionConfig,
    'speed' | 'live' | 'sampledCapacity' | 'encodedCapacity' | 'visionBatch'
  >;
  /** Of what is live. */
  readonly setPaused?: (isPaused: boolean) => void;
}

/** @param surroundings.log hears what was wrong with the captions, and with what is live */
export async function createWatchSession(
  subject: Subject,
  listener: WatchListener,
  surroundings: Surroundings,
): Promise<OwnedSession> {
  const { source, options, video } = subject;
  const { log, signal } = surroundings;
  const { frameRateFps, silenceThreshold } = watchedWith(options, subject.pack);
  const guidance = guidanceConfigOf(subject.pack, options);
  const resume = defaultResumeConfig;
  const horizonMs = Math.max(resume.warmUpMs, guidance.repeatWindowMs, guidance.evidenceWindowMs);
  const earlier = readEarlierWatching(video, horizonMs);
  if (source.kind === 'kept') throw new Error('what is kept is not watched again');
  await using opening = new DisposalStack();
  const { cues, chapters, config, setPaused, ...feed } =
    source.kind === 'file'
      ? await feedOfFile({ ...subject, source }, earlier, surroundings)
      : feedOfLive({ ...subject, source }, listener, { ...surroundings, opening });
  const pack = await subject.pack.load({ signal });
  const { instruction, isUngrounded, framesFile } = options;
  const frames =
    framesFile === undefined ? undefined : opening.use(await FramesFile.create(framesFile));
  const model = opening.use(
    await pack.createModel({
      ...(instruction === undefined ? {} : { instruction }),
      ...(isUngrounded === undefined ? {} : { isUngrounded }),
      ...(frames ? { onFrame: frames.add } : {}),
      isLive: config.live !== undefined,
      signal,
    }),
  );
  const screen = opening.use(pack.createScreenReader());
  const session = new Session({
    ...feed,
    model,
    screen,
    cues,
    openRequest: (request, scope) =>
      pack.createModel({
        ...{ instruction: requestSentence(request), isLive: config.live !== undefined },
        ...(isUngrounded === undefined ? {} : { isUngrounded }),
        ...scope,
      }),
    timeline: video,
    chapters: new ChapterKeeper({
      ...{ timeline: video, titler: new RecallChapterTitler(pack.recall) },
      ...{ named: chapters, frameRateFps, cuts: defaultSceneCutConfig },
      isLive: config.live !== undefined,
      onProblem: (error) => {
        log.warning('a chapter has got no title', { error: toError(error).message });
      },
      ...(earlier ? { watchedMs: earlier.watchedMs } : {}),
    }),
    ...(earlier ? { earlier } : {}),
    listener,
    clock: systemClock,
    engineRestarts: () => pack.engineRestarts,
    config: {
      ...config,
      frameRateFps,
      speak: {
        ...{ ...defaultSpeakConfig, silenceThreshold },
        ...(pack.refractoryMs === undefined ? {} : { refractoryMs: pack.refractoryMs }),
      },
      requestSilenceThreshold: pack.requestSilenceThreshold ?? pack.silenceThreshold,
      guidance,
      resume,
    },
  });
  const owned = opening.move();
  return Object.assign(session, {
    ...(setPaused ? { setPaused } : {}),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  });
}

async function feedOfFile(
  { source, options, pack }: Subject<FileSource>,
  earlier: EarlierWatching | undefined,
  { ffmpeg, log, signal }: Surroundings,
): Promise<Feed> {
  const tools = { program: await ffmpeg({ signal }), clock: systemClock, stallMs: probeStallMs };
  const probe = await lookInto(source.path, tools, { signal });
  const { cues, problems } = await readCaptions(source.path, probe, tools, { signal });
  for (const problem of problems) log.warning(problem);
  const { frameRateFps } = watchedWith(options, pack);
  const speed = options.speed ?? 'max';
  return {
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
    cues,
    chapters: probe?.chapters ?? [],
    config: { ...fileQueues, speed },
  };
}

function feedOfLive(
  { source, options, pack, video }: Subject<LiveSourceSpec>,
  listener: WatchListener,
  {
    ffmpeg,
    log,
    recordings,
    hasRoom,
    transcriberKey,
    opening,
  }: Surroundings & { readonly opening: DisposalStack },
): Feed {
  const { frameRateFps } = watchedWith(options, pack);
  const name = liveName(source);
  const tools = { ffmpeg, clock: systemClock, platform: process.platform };
  const input =
    source.kind === 'screen'
      ? captureInput(
          source,
          { frameRateFps, ...(options.excluded ? { excluded: options.excluded } : {}) },
          tools,
        )
      : streamInput(source, frameRateFps, systemClock);
  const running =
    recordings.isWanted &&
    opening.use(
      recordings.begin(video.videoId, () => {
        return { liveMs: live.liveMs, state: live.condition ?? 'live' };
      }),
    );
  const encoders = async (scope: { signal: AbortSignal }): Promise<ReadonlySet<string>> => {
    const tools = { program: await ffmpeg(scope), clock: systemClock, stallMs: probeStallMs };
    return listEncoders(tools, scope);
  };
  const onTrouble = (sentence: string, fields: LogFields): void => {
    log.warning(sentence, { ...fields, source: name });
  };
  const transcriber =
    options.transcriber === undefined
      ? {}
      : { transcriber: new Transcriber(options.transcriber, transcriberKey) };
  const hearing =
    source.kind === 'stream'
      ? opening.use(new LiveHearing({ clock: systemClock, onTrouble, ...transcriber }))
      : hearingOfScreen(options, { ...transcriber, onTrouble }, tools, opening);
  const live: LiveSource = new LiveSource({
    ...(hearing ? { hearing } : {}),
    ...(running ? { recorder: new FittingRecorder(source.kind, running, encoders) } : {}),
    ...input,
    ...{ ffmpeg, frameRateFps, clock: systemClock, limits: liveLimits },
    onTrouble,
    onCondition: (state, reason) => {
      const sinceMs = systemClock.now();
      told = { state, sinceMs, ...(reason === undefined ? {} : { reason }) };
      tell();
    },
  });
  /** How the source is, and whether there is room for what it shows: where there is none, nothing is watched. */
  let told: LiveCondition | undefined;
  let fullSinceMs: WallMs | undefined;
  const tell = (): void => {
    const isFull = fullSinceMs !== undefined && told?.state !== 'paused';
    const condition = isFull ? ({ state: 'full', sinceMs: fullSinceMs! } as const) : told;
    if (condition) listener.condition?.(condition);
  };
  const room = new DiskRoom({
    ...{ hasRoom, clock: systemClock },
    onChange: (isFull) => {
      log.warning(isFull ? 'the disk is full; watching waits' : 'the disk has room again', {
        source: name,
      });
      fullSinceMs = isFull ? systemClock.now() : undefined;
      tell();
    },
  });
  return {
    source: live,
    ...(hearing ? { hearing } : {}),
    setPaused: (isPaused) => {
      live.setPaused(isPaused);
    },
    // It comes at its own pace.
    sampler: new FrameSampler({ speed: 'max', frameRateFps, clock: systemClock }),
    stillness: new Stillness(),
    room,
    onBegin: (startedMs) => {
      video.beginLive({ name, startedMs });
    },
    cues: [],
    chapters: [],
    config: { ...liveQueues, speed: 'realtime', live: liveConfig },
  };
}

/** A screen is silent, unless somebody has said what is to be heard beside it, and who is to transcribe that. */
function hearingOfScreen(
  { sound }: SessionOptions,
  parts: Pick<ScreenHearingOptions, 'onTrouble'> & { readonly transcriber?: Transcriber },
  tools: CaptureTools,
  opening: DisposalStack,
): ScreenHearing | undefined {
  const { transcriber, onTrouble } = parts;
  if (!sound || !transcriber) return undefined;
  return opening.use(
    new ScreenHearing({
      ...{ sound, transcriber, onTrouble, clock: systemClock, ffmpeg: tools.ffmpeg },
      locate: (scope) => findSound(sound, tools, scope),
    }),
  );
}

/** How what the pack says unasked is judged. */
export function guidanceConfigOf(
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
