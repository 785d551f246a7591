/** One video being watched: a chain of stages, and one loop that takes every input in its order. */
import type { Manner, MediaMs, SessionStats, TimelineRow, WallMs } from '../../protocol/index.ts';
import { mediaMs, silenceThresholdOf, tokenCount, wallMs } from '../../protocol/index.ts';
import { BoundedQueue } from '../base/boundedQueue.ts';
import type { Clock } from '../base/clock.ts';
import type { DiskRoom } from '../base/diskRoom.ts';
import { isAppError, toError } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import type { Cue } from '../media/captionSource.ts';
import type { FrameSampler, SampledItem } from '../media/frameSampler.ts';
import type { FrameSource, SourceGap, SourceInfo } from '../media/frameSource.ts';
import type { SpeakConfig } from '../llm/speakPolicy.ts';
import { FrameKeeper } from './frameKeeper.ts';
import { warmUpStart, type EarlierWatching, type ResumeConfig } from './earlierWatching.ts';
import type { GuidanceConfig } from './guidance.ts';
import type { ChapterKeeper } from './chapterKeeper.ts';
import type { Stillness } from '../perception/stillness.ts';
import {
  Recorder,
  type Hearing,
  type LastLines,
  type Reply,
  type TimelineWriter,
} from './recorder.ts';
import type { ScreenReader, ScreenUpdate } from './screenReader.ts';
import { StageTimer } from './stageTimer.ts';
import { StandingRequests, type RequestOpener } from './standingRequests.ts';
import type { EncodedFrame, StreamingModel } from './streamingModel.ts';
import { UnseenStretches } from './unseenStretches.ts';
import { Voice } from './voice.ts';

export interface SessionConfig {
  readonly frameRateFps: number;
  readonly speed: 'max' | 'realtime';
  /** Sampled frames waiting for perception: enough to batch, few enough to keep native pictures (2.7 MB at 720p) in bounds. */
  readonly sampledCapacity: number;
  /** Perceived frames waiting for the decoder: eight seconds at 2 fps, so that a reply of that length stops nobody. */
  readonly encodedCapacity: number;
  /** Frames that are handed over together, so that encoder and reader work side by side. */
  readonly visionBatch: number;
  /** At the usual chattiness. */
  readonly speak: SpeakConfig;
  /** The silence threshold of standing requests, which no chattiness changes: whoever asks wants to know. As `speak` when left out. */
  readonly requestSilenceThreshold?: number;
  readonly guidance: GuidanceConfig;
  readonly resume: ResumeConfig;
  /** Set for a source that does not wait: the newest frames win. */
  readonly live?: LiveConfig;
}

export interface LiveConfig {
  /** A frame that is older when the decoder gets to it is passed over, if a newer one waits: what is live is worth more. */
  readonly maxLagMs: number;
}

export interface SessionListener {
  row(row: TimelineRow): void;
  stats(stats: SessionStats): void;
}

export interface SessionParts {
  readonly source: FrameSource;
  readonly sampler: Pick<FrameSampler, 'sample' | 'dropped'>;
  readonly model: StreamingModel;
  /** Opens a model for a standing request; without it none are heard. */
  readonly openRequest?: RequestOpener;
  readonly screen: ScreenReader;
  /** Of a live source: what shows nothing new is not looked at, however its bytes differ. */
  readonly stillness?: Pick<Stillness, 'hasChanged'>;
  /** Captions of the source, in the order of their start; each joins the timeline when the video has come to it. */
  readonly cues: readonly Cue[];
  /** What else is heard of the source while it is watched. */
  readonly hearing?: Hearing;
  readonly timeline: TimelineWriter;
  /** A frame that cannot be seen another time is not looked at before what it brings can be stored. */
  readonly room?: Pick<DiskRoom, 'wait'>;
  /** Keeps the chapters; none are made without it. */
  readonly chapters?: Pick<ChapterKeeper, 'see' | 'finish' | 'settled'>;
  /** What was watched before: this session goes on behind it. */
  readonly earlier?: EarlierWatching;
  readonly listener: SessionListener;
  readonly clock: Clock;
  /** Told when the first frame of a live source comes, which is 0 in its media time. */
  readonly onBegin?: (startedMs: WallMs) => void;
  readonly engineRestarts: () => number;
  readonly config: SessionConfig;
}

/** How often counters are told while no frame is seen. */
const pulseMs = 1000;

type SampledFrame = Extract<SampledItem, { kind: 'frame' }>;

/** Everything that can happen to a session, handled in one place. */
type SessionInput =
  | { readonly kind: 'frame'; readonly encoded: EncodedFrame; readonly screen: ScreenUpdate }
  | {
      readonly kind: 'gap';
      readonly gap: SourceGap;
      /** What only the frames before it have shown, when nothing of the screen goes on behind it. */
      readonly screen?: LastLines;
    };

type FrameInput = Extract<SessionInput, { kind: 'frame' }>;

/** How far a session came. */
export interface SessionEnd {
  /** Length of the video. */
  readonly durationMs: MediaMs;
  /** Whether every sample was seen: nothing dropped, nothing broken that another try could mend. */
  readonly isWhole: boolean;
}

export class Session {
  readonly #parts: SessionParts;
  readonly #sampled: BoundedQueue<SampledItem>;
  readonly #inputs: BoundedQueue<SessionInput>;
  readonly #timer: StageTimer;
  readonly #recorder: Recorder;
  #info: SourceInfo | undefined;
  #positionMs: MediaMs;
  #startedMs: number | undefined;
  #framesSeen = 0;
  #lastEncoded: EncodedFrame | undefined;
  readonly #keeper = new FrameKeeper();
  readonly #voice: Voice;
  readonly #requests: StandingRequests | undefined;
  #textChangedMs: MediaMs | undefined;
  #hasFailedGap = false;
  #startedWallMs: WallMs | undefined;
  /** When the source gave something last. */
  #cameMs: number | undefined;
  readonly #unseen: UnseenStretches;
  #framesStill = 0;
  /** Frames up to here were recorded by an earlier watching: they are looked at again, and nothing of them is told. */
  readonly #knownMs: number;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { config, timeline, cues, hearing, listener, earlier } = parts;
    this.#recorder = new Recorder({
      ...(hearing ? { hearing } : {}),
      ...{ timeline, cues, guidance: config.guidance, frameRateFps: config.frameRateFps },
      onRow: (row) => {
        listener.row(row);
      },
      ...(earlier ? { earlier } : {}),
      isLive: config.live !== undefined,
    });
    this.#positionMs = earlier?.watchedMs ?? mediaMs(0);
    this.#knownMs = earlier?.watchedMs ?? -1;
    this.#sampled = new BoundedQueue({
      capacity: config.sampledCapacity,
      policy: config.live ? 'dropOldest' : 'block',
      isDroppable: ({ kind }) => kind === 'frame',
    });
    this.#inputs = new BoundedQueue({
      capacity: config.encodedCapacity,
      policy: config.live ? 'thin' : 'block',
      isDroppable: (input) => input.kind === 'frame' && isStill(input.screen),
    });
    const timer = new StageTimer(parts.clock);
    this.#timer = timer;
    this.#unseen = new UnseenStretches(config.frameRateFps);
    const { model, openRequest: open } = parts;
    const { speak, requestSilenceThreshold = speak.silenceThreshold } = config;
    this.#voice = new Voice({ model, speak, timer });
    this.#requests =
      open &&
      new StandingRequests({
        ...{ open, timer, speak: { ...speak, silenceThreshold: requestSilenceThreshold } },
      });
  }

  /** Changes how it speaks, from the next frame on; what is left out stays as it is. */
  adjust({ chattiness, requests }: Manner): void {
    const { silenceThreshold } = this.#parts.config.speak;
    if (chattiness !== undefined) {
      this.#voice.silenceThreshold = silenceThresholdOf(silenceThreshold, chattiness);
    }
    if (requests !== undefined) this.#requests?.want(requests);
  }

  /**
   * Watches to the end of the source.
   * @throws AppError of the source, the model or the store; AbortError when the signal was aborted.
   */
  async run({ signal }: { signal: AbortSignal }): Promise<SessionEnd> {
    using stages = childController(signal);
    let running: readonly Promise<void>[] = [];
    let isFinished = false;
    try {
      this.#info = await this.#parts.source.probe({ signal });
      running = [
        this.#sample(stages.signal).catch((error: unknown) => {
          this.#sampled.fail(toError(error));
        }),
        this.#perceive(stages.signal).catch((error: unknown) => {
          this.#inputs.fail(toError(error));
        }),
      ];
      this.#pulse(stages.signal).catch(() => undefined);
      for await (const input of this.#inputs) {
        await this.#handle(input, signal);
      }
      await this.#parts.hearing?.settled({ signal });
      const endMs = this.#info.durationMs ?? this.#positionMs;
      const chapters = await this.#parts.chapters?.finish(endMs, { signal });
      this.#recorder.finish(this.#positionMs, this.#parts.screen.finish(), chapters);
      isFinished = true;
    } finally {
      stages.abort();
      this.#inputs.close();
      this.#sampled.close();
      await Promise.all([...running, this.#parts.chapters?.settled()]);
      await this.#requests?.[Symbol.asyncDispose]();
      // What is live is over when nobody watches it.
      const isCutShort = this.#parts.config.live && !isFinished && this.#framesSeen > 0;
      if (isCutShort) this.#recorder.finish(this.#positionMs, this.#parts.screen.finish());
    }
    return {
      durationMs: this.#info.durationMs ?? this.#positionMs,
      isWhole:
        this.#parts.config.live !== undefined || (this.#framesDropped === 0 && !this.#hasFailedGap),
    };
  }

  stats(): SessionStats {
    const { usage, server } = this.#parts.model;
    const speech = this.#parts.hearing?.speech;
    const { shown, unlikely, ungrounded, repeated, contradicted } = this.#recorder.replies;
    return {
      positionMs: this.#positionMs,
      ...(this.#info?.durationMs === undefined ? {} : { durationMs: this.#info.durationMs }),
      ...(this.#startedWallMs === undefined ? {} : { startedMs: this.#startedWallMs }),
      framesSeen: this.#framesSeen,
      framesPerSecond: this.#timer.framesPerSecond(this.#framesSeen),
      lagMs: this.#lagMs(),
      silentMs: this.#silentMs(),
      queueDepths: { sampled: this.#sampled.depth, encoded: this.#inputs.depth },
      framesStill: this.#framesStill,
      framesDropped: this.#framesDropped,
      droppedBy: this.#droppedBy,
      ...(this.#textChangedMs === undefined ? {} : { textChangedMs: this.#textChangedMs }),
      tokensInCache: tokenCount(usage.tokens),
      tokensEvicted: tokenCount(usage.evicted),
      tokensKeptPercent: Math.round(usage.keptPercent * 10) / 10,
      guidanceCount: shown,
      repliesWithheld: unlikely,
      repliesUngrounded: ungrounded,
      repliesRepeated: repeated,
      repliesContradicted: contradicted,
      repliesUnfinished: this.#voice.unfinished + (this.#requests?.unfinished ?? 0),
      stageMs: this.#timer.means(),
      ...(speech ? { speech } : {}),
      ...(server ? { server } : {}),
      engineRestarts: this.#parts.engineRestarts(),
    };
  }

  get #framesDropped(): number {
    return Object.values(this.#droppedBy).reduce((sum, count) => sum + count, 0);
  }

  get #droppedBy(): SessionStats['droppedBy'] {
    return {
      pace: this.#parts.sampler.dropped,
      unseen: this.#sampled.dropped,
      still: this.#inputs.dropped,
      behind: this.#unseen.passedOver,
    };
  }

  /** How far behind the video's own pace the model is. */
  #lagMs(): number {
    return this.#parts.config.speed === 'max' ? 0 : this.#ageMs(this.#positionMs);
  }

  #silentMs(): number {
    if (!this.#parts.config.live || this.#cameMs === undefined) return 0;
    return Math.round(this.#parts.clock.monotonicMs() - this.#cameMs);
  }

  /** How long ago a moment was live; the first frame starts the clock. */
  #ageMs(ptsMs: MediaMs): number {
    if (this.#startedMs === undefined) return 0;
    return Math.max(0, Math.round(this.#parts.clock.monotonicMs() - this.#startedMs - ptsMs));
  }

  /**
   * Whoever follows something live hears that nothing comes: counters that stand still would claim that it is watched. So does whoever waits
   * for a server.
   */
  async #pulse(signal: AbortSignal): Promise<void> {
    const { config, clock, listener, model } = this.#parts;
    if (!config.live && !model.server) return;
    for (let before = this.#framesSeen; ; before = this.#framesSeen) {
      await clock.sleep(pulseMs, { signal });
      if (this.#framesSeen === before) listener.stats(this.stats());
    }
  }

  async #sample(signal: AbortSignal): Promise<void> {
    const { source, sampler, config, earlier } = this.#parts;
    const { frameRateFps, resume } = config;
    const from = earlier ? { fromMs: warmUpStart(earlier, frameRateFps, resume) } : {};
    const items = source.open({ frameRateFps, ...from, signal });
    const frames = sampler.sample(items, { signal });
    for await (const item of this.#timer.each('decode', frames)) {
      this.#cameMs = this.#parts.clock.monotonicMs();
      if (item.kind === 'frame' && item.frame.ptsMs > this.#knownMs) {
        this.#begin(item.frame.ptsMs);
      }
      await this.#sampled.push(item, { signal });
    }
    this.#sampled.close();
  }

  #begin(ptsMs: MediaMs): void {
    if (this.#startedMs !== undefined) return;
    const { clock, config, onBegin } = this.#parts;
    this.#startedMs = clock.monotonicMs() - ptsMs;
    if (!config.live) return;
    this.#startedWallMs = wallMs(clock.now() - ptsMs);
    onBegin?.(this.#startedWallMs);
  }

  async #perceive(signal: AbortSignal): Promise<void> {
    const { live, visionBatch } = this.#parts.config;
    for (;;) {
      // Nothing waits for company that is live, and what stands behind a gap is not looked at before it.
      const batch = await this.#sampled.take(live ? 1 : visionBatch);
      if (batch.length === 0) break;
      const seen = batch.flatMap((item) => (item.kind === 'frame' ? [this.#compared(item)] : []));
      // Both run in threads of their own: the encoder looks at all of them while the reader reads its first frame.
      const [encoded, updates] = await Promise.all([
        this.#encode(seen, signal),
        this.#read(seen, signal),
      ]);
      let index = 0;
      for (const item of batch) {
        const input: SessionInput =
          item.kind === 'gap'
            ? { ...item, ...(live ? { screen: this.#parts.screen.finish() } : {}) }
            : { kind: 'frame', encoded: encoded[index]!, screen: updates[index++]! };
        await this.#inputs.push(input, { signal });
      }
    }
    this.#inputs.close();
  }

  /** A live frame repeats the one that was looked at last: the one that came last may have been dropped. */
  #compared(item: SampledFrame): SampledFrame {
    const { stillness } = this.#parts;
    const isRepeat = stillness ? !stillness.hasChanged(item.frame) : item.isRepeat;
    if (isRepeat) this.#framesStill++;
    return { ...item, isRepeat };
  }

  /** A repeated picture is not looked at again. */
  async #encode(items: readonly SampledFrame[], signal: AbortSignal): Promise<EncodedFrame[]> {
    const fresh = items.filter(({ isRepeat }) => !isRepeat).map(({ frame }) => frame);
    const encoded = await this.#timer.time('vision', items.length, async () =>
      fresh.length === 0 ? [] : await this.#parts.model.encode(fresh, { signal }),
    );
    let next = 0;
    return items.map(({ frame, isRepeat }) => {
      if (!isRepeat) this.#lastEncoded = encoded[next++];
      return { ...this.#lastEncoded, ptsMs: frame.ptsMs };
    });
  }

  async #read(items: readonly SampledFrame[], signal: AbortSignal): Promise<ScreenUpdate[]> {
    const updates: ScreenUpdate[] = [];
    for (const { frame, isRepeat } of items) {
      const read = (): Promise<ScreenUpdate> =>
        this.#parts.screen.read(frame, { isRepeat, signal });
      updates.push(await this.#timer.time('reading', 1, read));
    }
    return updates;
  }

  async #handle(input: SessionInput, signal: AbortSignal): Promise<void> {
    switch (input.kind) {
      case 'gap':
        if (input.gap.isFailure) this.#hasFailedGap = true;
        this.#unseen.told(input.gap.endMs);
        this.#recorder.recordGap(input.gap, input.screen ? { screen: input.screen } : {});
        return;
      case 'frame':
        await this.#parts.room?.wait({ signal });
        if (this.#parts.config.live) this.#tellUnseen(this.#unseen.before(input.encoded.ptsMs));
        if (input.encoded.ptsMs <= this.#knownMs) await this.#lookBack(input, signal);
        else if (this.#isTooLate(input)) this.#passOver(input);
        else if (this.#isAbsent()) this.#passOver(input, this.#parts.model.absence);
        else await this.#see(input, signal);
        this.#parts.listener.stats(this.stats());
        return;
    }
  }

  /** Shows the model what it has seen before, and has it say what it said then. */
  async #lookBack({ encoded, screen }: FrameInput, signal: AbortSignal): Promise<void> {
    const { ptsMs } = encoded;
    this.#recorder.lookBack(screen);
    await this.#parts.chapters?.see(ptsMs, screen, { isKnown: true, signal });
    const frame = { encoded, newLines: screen.newLines };
    const said = this.#parts.earlier?.guidance.filter(({ atMs }) => atMs === ptsMs) ?? [];
    const unasked = said.find(({ request }) => request === undefined);
    await this.#voice.lookBack(frame, unasked?.text, { signal });
    await this.#requests?.lookBack(frame, said, { signal });
  }

  #isTooLate({ encoded }: FrameInput): boolean {
    const { live } = this.#parts.config;
    return (
      live !== undefined && this.#inputs.depth > 0 && this.#ageMs(encoded.ptsMs) > live.maxLagMs
    );
  }

  /** What is live goes on, whether its model is there or not. */
  #isAbsent(): boolean {
    const { model, config } = this.#parts;
    return config.live !== undefined && model.absence !== undefined;
  }

  /** What was read is kept; the model does not see it. */
  #passOver({ encoded: { ptsMs }, screen }: FrameInput, absence?: string): void {
    this.#recorder.record({ ptsMs, screen });
    this.#unseen.passOver(ptsMs, absence);
  }

  /** What stood on screen before may still stand there. */
  #tellUnseen(gap: SourceGap | undefined): void {
    if (gap) this.#recorder.recordGap(gap, { linesStay: true });
  }

  async #see(input: FrameInput, signal: AbortSignal): Promise<void> {
    const { model } = this.#parts;
    const { encoded, screen } = input;
    const { ptsMs } = encoded;
    const replies = await this.#hear(input, signal);
    if (!replies) {
      this.#passOver(input, model.absence);
      return;
    }
    this.#tellUnseen(this.#unseen.seen(ptsMs));
    const chapters = await this.#parts.chapters?.see(ptsMs, screen, { isKnown: false, signal });
    const rows = this.#keeper.see(model.rowsOf?.(encoded), screen.newLines);
    const verdicts = this.#recorder.record({
      ...{ ptsMs, screen },
      ...(rows ? { rows } : {}),
      replies,
      ...(chapters ? { chapters } : {}),
    });
    this.#framesSeen++;
    this.#positionMs = ptsMs;
    if (!isStill(screen)) this.#textChangedMs = ptsMs;
    for (const [index, { request }] of replies.entries()) {
      const verdict = verdicts[index]!;
      if (request === undefined) await this.#voice.settle(verdict, { signal });
      else await this.#requests?.settle(request, verdict, { signal });
    }
  }

  /** @returns what there is to say to a frame; undefined when the model went away over what does not wait for it */
  async #hear({ encoded, screen }: FrameInput, signal: AbortSignal): Promise<Reply[] | undefined> {
    const frame = { encoded, newLines: screen.newLines };
    try {
      const unasked = await this.#voice.see(frame, { signal });
      // What was asked for goes first: of two that say the same, the second one is a repetition.
      const asked = (await this.#requests?.see(frame, { signal })) ?? [];
      return [...asked, ...(unasked ? [unasked] : [])];
    } catch (error) {
      if (this.#parts.config.live && isAway(error)) return undefined;
      throw error;
    }
  }
}

/** Whether the model could not be reached. */
const isAway = (error: unknown): boolean =>
  isAppError(error, 'endpoint.away') || isAppError(error, 'endpoint.busy');

/** Whether nothing of the text on screen has changed with a frame: then it can be spared. */
function isStill({ opened, closed, revised, moved = [], newLines }: ScreenUpdate): boolean {
  return [opened, closed, revised, moved, newLines].every(({ length }) => length === 0);
}
