/** Frames of something live, in media time that goes on by the clock; an ffmpeg that ends or stalls is started again. */
import type { LiveState } from '../../protocol/index.ts';
import { backOff } from '../base/backOff.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, isAppError } from '../base/errors.ts';
import { childController, untilAborted } from '../base/lifetime.ts';
import { FfmpegProcess, type Feed, type FfmpegExit } from './ffmpegProcess.ts';
import type { FfmpegReport, PictureSize } from './ffmpegReport.ts';
import { FrameRun } from './frameRun.ts';
import {
  SourceResized,
  type FrameSource,
  type SourceGap,
  type SourceInfo,
  type SourceItem,
} from './frameSource.ts';
import type { HearingPlan } from './hearingArgs.ts';
import { LiveClock } from './liveClock.ts';
import { hasBroken } from './liveErrors.ts';
import type { HeardRun, LiveHearing } from './liveHearing.ts';
import type { NutPacket, NutReader } from './nutReader.ts';
import type { RecordingPlan } from './recordingArgs.ts';

/** What ffmpeg is given for one run. */
export interface LiveInput {
  readonly args: readonly string[];
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on stdin. */
  readonly feed?: Feed;
  /** The playlist that the stream may have been found in, if it is one of HLS. */
  readonly playlist?: HeardRun['playlist'];
}

export interface LiveLimits {
  /** An ffmpeg that gives no picture for so long, while one is awaited, is ended; a run that lasts longer was a good one. */
  readonly stallMs: number;
  /** A source that gave no picture for so long is told to be silent. */
  readonly quietMs: number;
  /** Waits between two starts, ms; the last one is kept to. */
  readonly backOffMs: readonly number[];
  /** What has not come back for so long is over. */
  readonly giveUpMs: number;
  readonly maxLagMs: number;
  readonly maxAheadMs: number;
  readonly gapToleranceMs: number;
}

/**
 * Numbers for everyday use. A piece of an HLS stream lasts up to ten seconds, and nothing comes in between; whoever restarts a
 * broadcast takes a minute. A start of ffmpeg takes about a second, which is no gap worth telling.
 */
export const liveLimits: LiveLimits = {
  stallMs: 20_000,
  quietMs: 5000,
  backOffMs: [500, 1000, 2000, 4000, 8000],
  giveUpMs: 120_000,
  maxLagMs: 15_000,
  maxAheadMs: 20_000,
  gapToleranceMs: 2500,
};

export interface LiveSourceOptions {
  /** Asked at every start: addresses expire. @throws AppError */
  readonly locate: (options: {
    /** Where to go on in a stream that has an end, seconds from its start. */
    readonly fromSeconds?: number;
    /** How it is recorded beside. */
    readonly recording?: RecordingPlan;
    /** What else it is to give. */
    readonly hearing?: HearingPlan;
    readonly signal: AbortSignal;
  }) => Promise<LiveInput>;
  /** Gives the path of the ffmpeg to use. @throws AppError ffmpeg.missing */
  readonly ffmpeg: (options: { signal: AbortSignal }) => Promise<string>;
  /** Why ffmpeg gives no picture. */
  readonly explain: (report: FfmpegReport, exit: FfmpegExit) => AppError;
  /** What has not come back. */
  readonly lostCode: 'stream.lost' | 'capture.lost';
  readonly frameRateFps: number;
  readonly clock: Clock;
  readonly limits: LiveLimits;
  /** Hears why a run has ended, or could not begin. */
  readonly onTrouble: (sentence: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Takes the recording of what is watched; nothing is recorded without it. */
  readonly recorder?: LiveRecorder;
  /** Hears captions and what is spoken; nothing is heard without it. */
  readonly hearing?: Pick<LiveHearing, 'plan' | 'fits' | 'take'>;
  /** Hears how the source is whenever that changes; first when its first picture has come. */
  readonly onCondition?: (state: LiveState, reason?: string) => void;
}

/** What a source is recorded by. */
export interface LiveRecorder {
  /** How to record it; asked at every start. @returns undefined when it cannot be */
  plan(options: { signal: AbortSignal }): Promise<RecordingPlan | undefined>;
  /** Whether the plan fits what ffmpeg says of the source; otherwise the next one is another. */
  fits(report: FfmpegReport): boolean;
  /**
   * Takes what a run writes, to its end. Never fails.
   * @param anchorMs media time of the run's time 0, once that is known
   * @param size of the source's pictures, once that is known
   */
  take(
    stream: AsyncIterable<Buffer>,
    anchorMs: () => number | undefined,
    size: () => PictureSize | undefined,
  ): Promise<void>;
}

/** An ffmpeg that has given its first picture. */
interface OpenedRun {
  readonly run: FrameRun;
  readonly nut: NutReader;
  readonly first: NutPacket;
  /** Where in a stream that has an end it began, seconds. */
  readonly fromSeconds: number;
}

/** How a run ended. resized: its pictures have another size from now on. */
interface RunEnd {
  readonly kind: 'ended' | 'broke' | 'stalled' | 'resized' | 'paused';
  /** How far a stream that has an end was played, and its length; absent when it has none. */
  readonly played?: { readonly seconds: number; readonly ofSeconds: number };
}

const reasons: Readonly<Record<RunEnd['kind'], string>> = {
  ended: 'The source ended and came back.',
  broke: 'The connection to the source broke.',
  stalled: 'The source gave no more pictures.',
  resized: 'The pictures changed their size.',
  paused: 'Watching was paused.',
};

/** When a source was lost, on the clock, and how often a start was tried since. */
interface Loss {
  readonly atMs: number;
  attempts: number;
}

/** What it is called that a source is silent from its start. */
const silentCode = {
  'stream.lost': 'stream.unreachable',
  'capture.lost': 'capture.refused',
} as const;

/** The recording, captions and sound: each has a descriptor of its own, also when the others are not wanted. */
const sideCount = 3;

/** A stream that has an end is over when less than this is missing, seconds: sound may be longer than the pictures. */
const endToleranceSeconds = 2;

/** How far a stream that has an end was played. */
function playedOf({ process }: FrameRun, seconds: number): Pick<RunEnd, 'played'> {
  const { durationMs } = process.report;
  return durationMs === undefined ? {} : { played: { seconds, ofSeconds: durationMs / 1000 } };
}

export class LiveSource implements FrameSource {
  readonly #options: LiveSourceOptions;
  readonly #live: LiveClock;
  #opened: OpenedRun | undefined;
  /** Since the last good run. */
  #lost: Loss | undefined;
  /** Resolves when somebody wants pictures again; undefined while they are wanted. */
  #pause: PromiseWithResolvers<void> | undefined;
  #following: FrameRun | undefined;
  /** The run that a pause has ended: it may be over, and pictures wanted again, before anybody looks. */
  #cut: FrameRun | undefined;
  #condition: LiveState | undefined;

  constructor(options: LiveSourceOptions) {
    this.#options = options;
    const { frameRateFps } = options;
    this.#live = new LiveClock({ frameRateFps, ...options.limits });
  }

  /** Starts; `open` goes on with what this has begun. @throws AppError when there is no picture */
  async probe({ signal }: { signal: AbortSignal }): Promise<SourceInfo> {
    this.#opened ??= await this.#start({ signal });
    const { width, height } = this.#opened.nut;
    return { width, height };
  }

  /** Ends when the source does. @throws AppError when it is lost and does not come back */
  async *open({ signal }: { signal: AbortSignal }): AsyncGenerator<SourceItem> {
    let opened = this.#opened ?? (await this.#start({ signal }));
    this.#opened = undefined;
    for (;;) {
      const end = yield* this.#follow(opened, signal);
      const next = await this.#resume(end, signal);
      if (next === undefined) return;
      if (next.kind === 'lost') {
        if (next.gap) yield { kind: 'gap', gap: next.gap };
        throw next.error;
      }
      opened = next.opened;
    }
  }

  /** The present in its media time. */
  get liveMs(): number {
    return this.#live.liveMs(this.#options.clock.monotonicMs());
  }

  /** How it is; undefined before its first picture. */
  get condition(): LiveState | undefined {
    return this.#condition;
  }

  /** Ends the capture at once, or begins it again. */
  setPaused(isPaused: boolean): void {
    if (isPaused === (this.#pause !== undefined)) return;
    if (isPaused) {
      this.#pause = Promise.withResolvers();
      this.#cut = this.#following;
      this.#cut?.process.kill();
      // Before the first picture there is nothing yet that could be told to be paused.
      if (this.#condition !== undefined) this.#tell('paused');
    } else {
      this.#pause?.resolve();
      this.#pause = undefined;
      if (this.#condition === 'paused') this.#tell('reconnecting');
    }
  }

  #tell(state: LiveState, reason?: string): void {
    if (state === this.#condition) return;
    this.#condition = state;
    this.#options.onCondition?.(state, reason);
  }

  async *#follow(opened: OpenedRun, signal: AbortSignal): AsyncGenerator<SourceItem, RunEnd> {
    const { nut, first, fromSeconds } = opened;
    const { clock, limits } = this.#options;
    await using run = opened.run;
    this.#following = run;
    const { width, height } = nut;
    const beganMs = clock.monotonicMs();
    let packet: NutPacket | undefined = first;
    let playedSeconds = fromSeconds;
    while (packet && !this.#pause && this.#cut !== run) {
      this.#tell('live');
      // The header of the stream tells the first size only; another length is another size.
      if (packet.data.length !== width * height * 3) return { kind: 'resized' };
      const { ptsSeconds, data } = packet;
      playedSeconds = fromSeconds + ptsSeconds;
      const place = this.#live.place(ptsSeconds * 1000, clock.monotonicMs());
      if (place) {
        const { ptsMs, waitMs, gap } = place;
        if (gap) yield { kind: 'gap', gap };
        if (waitMs > 0) await clock.sleep(waitMs, { signal });
        yield { kind: 'frame', frame: { ptsMs, width, height, data } };
        signal.throwIfAborted();
      }
      if (clock.monotonicMs() - beganMs > limits.stallMs) this.#lost = undefined;
      packet = await this.#next(run, nut);
    }
    this.#following = undefined;
    if (this.#pause || this.#cut === run)
      return { kind: 'paused', ...playedOf(run, playedSeconds) };
    const { code } = await run.process.exited();
    signal.throwIfAborted();
    const { report, feedError } = run.process;
    if (feedError instanceof SourceResized) return { kind: 'resized' };
    const { tail } = report;
    // A screen has no end of its own; a window that is closed tells so when it is looked for.
    const isScreen = this.#options.lostCode === 'capture.lost';
    const isBroken = code !== 0 || isScreen || hasBroken(report);
    const kind = run.isStalled ? 'stalled' : isBroken ? 'broke' : 'ended';
    this.#options.onTrouble(reasons[kind], {
      ...{ code, stderr: tail },
      ...(feedError ? { feed: feedError.message } : {}),
    });
    this.#tell('reconnecting', reasons[kind]);
    return { kind, ...playedOf(run, playedSeconds) };
  }

  /** Says meanwhile when it takes long. */
  async #next(run: FrameRun, nut: NutReader): Promise<NutPacket | undefined> {
    const { clock, limits } = this.#options;
    using patience = childController(run.signal);
    clock.sleep(limits.quietMs, { signal: patience.signal }).then(
      () => {
        if (!this.#pause) this.#tell('silent');
      },
      () => undefined,
    );
    const packet = await run.nextPacket(nut);
    patience.abort();
    return packet;
  }

  async #whilePaused(signal: AbortSignal): Promise<void> {
    while (this.#pause) {
      await untilAborted(this.#pause.promise, { signal });
      // What was not looked for was not lost.
      this.#lost = undefined;
    }
  }

  /** @returns undefined when the source is over */
  async #resume(
    end: RunEnd,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'again'; readonly opened: OpenedRun }
    | { readonly kind: 'lost'; readonly gap: SourceGap | undefined; readonly error: AppError }
    | undefined
  > {
    const { clock, limits, onTrouble, lostCode } = this.#options;
    const { played } = end;
    this.#live.endRun(reasons[end.kind]);
    const isPlayed = played && played.ofSeconds - played.seconds < endToleranceSeconds;
    if (end.kind === 'ended' && isPlayed) return undefined;
    await this.#whilePaused(signal);
    const begin = (): Loss => (this.#lost ??= { atMs: clock.monotonicMs(), attempts: 0 });
    let lost = begin();
    let cause: unknown;
    do {
      const pauseMs = backOff(limits.backOffMs, lost.attempts);
      const isWanted = end.kind === 'resized' || end.kind === 'paused';
      if (!isWanted || lost.attempts > 0) await clock.sleep(pauseMs, { signal });
      await this.#whilePaused(signal);
      lost = begin();
      lost.attempts++;
      try {
        const opened = await this.#start({
          ...(played ? { fromSeconds: played.seconds } : {}),
          signal,
        });
        const hasEnd = opened.run.process.report.durationMs !== undefined;
        if (played || !hasEnd) return { kind: 'again', opened };
        // It was endless and has an end now: what comes again was seen.
        await opened.run[Symbol.asyncDispose]();
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        if (!isAppError(error)) throw error;
        cause = error;
        onTrouble('The source did not come back.', { error: error.message });
        // A window that was closed.
        if (error.data['isGone'] === true) return undefined;
      }
    } while (clock.monotonicMs() - lost.atMs < limits.giveUpMs);
    if (end.kind === 'ended') return undefined;
    const gap = this.#live.trailingGap(clock.monotonicMs(), reasons[end.kind]);
    return { kind: 'lost', gap, error: new AppError(lostCode, undefined, { cause }) };
  }

  async #start({
    fromSeconds = 0,
    signal,
  }: {
    readonly fromSeconds?: number;
    readonly signal: AbortSignal;
  }): Promise<OpenedRun> {
    const { locate, ffmpeg, clock, limits, explain, recorder, hearing } = this.#options;
    signal.throwIfAborted();
    const program = await ffmpeg({ signal });
    const recording = await recorder?.plan({ signal });
    const heard = hearing?.plan();
    const { args, env, feed, playlist } = await locate({
      ...(fromSeconds > 0 ? { fromSeconds } : {}),
      ...(recording ? { recording } : {}),
      ...(heard ? { hearing: heard } : {}),
      signal,
    });
    signal.throwIfAborted();
    const process = new FfmpegProcess(program, args, {
      sides: recording || heard ? sideCount : 0,
      ...(env ? { env } : {}),
      ...(feed ? { feed } : {}),
    });
    const run = new FrameRun(process, { clock, stallMs: limits.stallMs, explain, signal });
    let known: number | undefined;
    const anchorMs = (): number | undefined => {
      if (this.#following === run) known = this.#live.anchorMs ?? known;
      return known;
    };
    const [side] = process.sides;
    if (side && recording) void recorder?.take(side, anchorMs, () => process.report.size);
    hearing?.take({
      ...{ process, over: run.over, fromSeconds, anchorMs, liveMs: () => this.liveMs },
      ...(playlist ? { playlist } : {}),
    });
    /** A recording that cannot be written, and what cannot be heard, end the run with them. */
    const fits = (isBroken: boolean): boolean =>
      (!recording || recorder!.fits(process.report)) &&
      (hearing?.fits(process.report, { isBroken }) ?? true);
    try {
      const nut = await run.openStream();
      const first = await run.nextFrame(nut);
      if (fits(false)) return { run, nut, first, fromSeconds };
    } catch (error) {
      await run[Symbol.asyncDispose]();
      const mayTryOtherwise = !signal.aborted && !fits(true);
      if (!mayTryOtherwise) {
        if (!run.isStalled || signal.aborted) throw error;
        throw new AppError(silentCode[this.#options.lostCode], 'It gives no picture.', {
          cause: error,
        });
      }
    }
    await run[Symbol.asyncDispose]();
    return this.#start({ fromSeconds, signal });
  }
}
