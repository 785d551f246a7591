/**
 * What is spoken beside a screen that is watched: into a microphone, or by what the machine plays. An ffmpeg of its own records it, so that
 * the pictures go on when it cannot, and ends with the pictures, also when they pause. It never fails.
 */
import type { SoundSource, SpeechStats } from '../../protocol/index.ts';
import { backOff } from '../base/backOff.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, isAppError, toError } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import type { Cue } from './captionSource.ts';
import { FfmpegProcess } from './ffmpegProcess.ts';
import { soundRateHz } from './hearingArgs.ts';
import { LiveCues } from './liveCues.ts';
import type { FfmpegReport } from './ffmpegReport.ts';
import type { HeardRun } from './liveHearing.ts';
import { explainSound } from './soundArgs.ts';
import { SpeechListener, type SpeechListenerOptions } from './speechListener.ts';

export interface ScreenHearingOptions extends Omit<SpeechListenerOptions, 'onCue'> {
  readonly sound: SoundSource;
  /** How it may be recorded, the first choice first. @throws AppError sound.*, ffmpeg.missing */
  readonly locate: (options: { signal: AbortSignal }) => Promise<readonly (readonly string[])[]>;
  readonly ffmpeg: (options: { signal: AbortSignal }) => Promise<string>;
  readonly clock: Clock;
  /** Variables of ffmpeg's environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Waits after failures, ms; the last one is kept to. */
const backOffMs = [1000, 2000, 4000, 8000, 15_000];
/** A microphone that has given nothing by then waits for somebody to allow it. */
const stallMs = 10_000;
/** A recorder that began longer ago had another clock. */
const longestAgeMs = 30 * 86_400_000;
const bytesPerMs = (soundRateHz * 2) / 1000;

export class ScreenHearing implements AsyncDisposable {
  readonly #options: ScreenHearingOptions;
  readonly #spoken = new LiveCues();
  readonly #listener: SpeechListener;
  /** Why nothing is heard. */
  #trouble: string | undefined;

  constructor(options: ScreenHearingOptions) {
    this.#options = options;
    const onCue = (cue: Cue): void => {
      this.#spoken.add(cue);
    };
    this.#listener = new SpeechListener({ ...options, onCue });
  }

  get speech(): SpeechStats {
    const trouble = this.#trouble === undefined ? {} : { trouble: this.#trouble };
    return { ...this.#listener.stats, sound: this.#options.sound.kind, ...trouble };
  }

  async settled(options: { readonly signal: AbortSignal }): Promise<void> {
    await this.#listener.settled(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
  }

  /** What is joining the timeline now. @param untilMs media time */
  due(untilMs: number): readonly Cue[] {
    return this.#spoken.due(untilMs);
  }

  /** The pictures' ffmpeg gives none of it. */
  plan(): undefined {
    return undefined;
  }

  fits(): boolean {
    return true;
  }

  /** Listens as long as a run gives pictures. */
  take(run: HeardRun): void {
    void this.#listen(run).catch(() => undefined);
  }

  async #listen(run: HeardRun): Promise<void> {
    const { clock, locate, ffmpeg } = this.#options;
    const signal = run.over;
    for (let failures = 0; ;) {
      signal.throwIfAborted();
      const hasHeard = await this.#tryAll(run, { locate, ffmpeg });
      failures = hasHeard ? 0 : failures + 1;
      await clock.sleep(backOff(backOffMs, Math.max(0, failures - 1)), { signal });
    }
  }

  /** @returns whether anything was heard before it ended */
  async #tryAll(
    run: HeardRun,
    { locate, ffmpeg }: Pick<ScreenHearingOptions, 'locate' | 'ffmpeg'>,
  ): Promise<boolean> {
    const signal = run.over;
    let first: AppError | undefined;
    try {
      const program = await ffmpeg({ signal });
      for (const args of await locate({ signal })) {
        const { hasHeard, error } = await this.#hear(program, args, run);
        if (signal.aborted) return hasHeard;
        // The first choice tells best what is wrong.
        first ??= error;
        if (!hasHeard) continue;
        this.#fail(error);
        return true;
      }
    } catch (error) {
      if (signal.aborted) return false;
      first ??= isAppError(error)
        ? error
        : new AppError('sound.lost', undefined, { cause: toError(error) });
    }
    if (first) this.#fail(first);
    return false;
  }

  #fail(error: AppError): void {
    if (this.#trouble === error.message) return;
    this.#trouble = error.message;
    this.#options.onTrouble(error.message, { ...error.data });
  }

  async #hear(
    program: string,
    args: readonly string[],
    run: HeardRun,
  ): Promise<{ readonly hasHeard: boolean; readonly error: AppError }> {
    const { clock, env, sound } = this.#options;
    await using process = new FfmpegProcess(program, args, env ? { env } : {});
    const kill = (): void => {
      process.kill();
    };
    run.over.addEventListener('abort', kill, { once: true });
    using patience = childController(run.over);
    clock.sleep(stallMs, { signal: patience.signal }).then(kill, () => undefined);
    /** On the clock: what has been recorded came no earlier than this, and some of it later. */
    let beganMs = Infinity;
    let bytes = 0;
    const heard = async function* (this: ScreenHearing): AsyncGenerator<Buffer> {
      for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
        patience.abort();
        this.#trouble = undefined;
        bytes += chunk.length;
        beganMs = Math.min(beganMs, clock.monotonicMs() - bytes / bytesPerMs);
        yield chunk;
      }
    }.bind(this);
    const anchorMs = (): number | undefined => {
      if (run.anchorMs() === undefined) return undefined;
      const ageMs = ageOf(process.report, clock) ?? clock.monotonicMs() - beganMs;
      return run.liveMs() - ageMs;
    };
    // What was said before the first picture is not of what is watched.
    await this.#listener.take(heard(), anchorMs, (startMs) => startMs >= 0);
    run.over.removeEventListener('abort', kill);
    if (run.over.aborted) return { hasHeard: bytes > 0, error: new AppError('sound.lost') };
    await process.exited();
    const isLost = bytes > 0;
    const error = isLost ? new AppError('sound.lost') : explainSound(sound, process.report.tail);
    return { hasHeard: isLost, error };
  }
}

/** Recorders that know how long a sound was on its way begin at the wall clock's time of it. @source libavdevice/pulse_audio_dec.c, alsa_dec.c */
function ageOf(
  { startSeconds }: Pick<FfmpegReport, 'startSeconds'>,
  clock: Clock,
): number | undefined {
  if (startSeconds === undefined) return undefined;
  const ageMs = clock.now() - startSeconds * 1000;
  // Others count from somewhere else.
  return ageMs >= 0 && ageMs < longestAgeMs ? ageMs : undefined;
}
