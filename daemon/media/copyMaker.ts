/** Playable copies of videos: found where they lie, else made, with the next best plan when one does not work. */
import { createHash } from 'node:crypto';
import type { Log } from '../base/log.ts';
import { makeCopy, StepFailure } from './copying.ts';
import type { MediaProbe } from './mediaProbe.ts';
import type { PlayableCopies } from './playableCopies.ts';
import { copyArgs } from './playbackArgs.ts';
import { type CopyPlan, planPlayback, type PlaybackPlan } from './playbackPlan.ts';
import { type FfmpegTools, listEncoders } from './probing.ts';
import { WorkSlots } from './sharedWork.ts';
import { identifyVideo } from './videoIdentity.ts';

export interface CopyMakerOptions {
  readonly tools: (options: { signal: AbortSignal }) => Promise<FfmpegTools>;
  readonly copies: PlayableCopies;
  /** So many are made at a time. */
  readonly slots: number;
  readonly log: Log;
}

/** A file that was looked into. */
export interface Subject {
  readonly path: string;
  readonly bytes: number;
  readonly probe: MediaProbe;
  readonly isWebm: boolean;
}

/** What came out: a copy that lies at `copy`, or a plan that needs none. */
export interface Made {
  readonly plan: PlaybackPlan;
  readonly copy?: string;
}

/** A copy of the video track is about as large as the original, and everything else on the disk needs room too. */
const spareBytes = 64_000_000;

export class CopyMaker {
  readonly #options: CopyMakerOptions;
  readonly #slots: WorkSlots;

  constructor(options: CopyMakerOptions) {
    this.#options = options;
    this.#slots = new WorkSlots(options.slots);
  }

  /** @param failed encoders that did not work, or `copy` */
  async plan(
    subject: Subject,
    { failed = new Set(), signal }: { failed?: ReadonlySet<string>; signal: AbortSignal },
  ): Promise<PlaybackPlan> {
    // Most of the time nothing has to be encoded, and ffmpeg need not be asked.
    const early = planPlayback({ ...subject, encoders: new Set(), failed });
    if (early.kind === 'original' && early.hasSound) return early;
    const encoders = await listEncoders(await this.#options.tools({ signal }), { signal });
    return planPlayback({ ...subject, encoders, failed });
  }

  /** Name of the copy that this plan gives: by what is in the file, wherever it lies, and by what ffmpeg is told. */
  async nameOf(
    { path, probe }: Subject,
    plan: CopyPlan,
    { signal }: { signal: AbortSignal },
  ): Promise<string> {
    const video = await identifyVideo(path, { signal });
    const args = copyArgs({ path: '/', probe, plan, target: '/' });
    const how = createHash('sha256').update(args.join('\n')).digest('hex');
    return `${video}-${how.slice(0, 12)}.${plan.container}`;
  }

  /**
   * Makes a copy unless there is one already. When a step of the plan does not work, the next plan is tried.
   * @param options.onProgress 0 … 1; falls back to 0 when another plan is tried
   * @throws AppError ffmpeg.failed, store.unavailable, source.*
   */
  async make(
    subject: Subject,
    first: CopyPlan,
    options: {
      /** Keeps a copy of this name until the video is closed. */
      readonly use: (name: string) => void;
      readonly onProgress: (progress: number) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<Made> {
    const failed = new Set<string>();
    let plan: PlaybackPlan = first;
    for (;;) {
      if (plan.kind !== 'copy') return { plan };
      try {
        return { plan, copy: await this.#makeOne(subject, plan, options) };
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        this.#options.log.warning('a step towards a playable copy failed', { error });
        failed.add(error.step);
        plan = await this.plan(subject, { failed, signal: options.signal });
        if (plan.kind === 'none') throw error.cause;
      }
    }
  }

  async #makeOne(
    subject: Subject,
    plan: CopyPlan,
    {
      use,
      onProgress,
      signal,
    }: { use: (name: string) => void; onProgress: (progress: number) => void; signal: AbortSignal },
  ): Promise<string> {
    const { copies, tools, log } = this.#options;
    const name = await this.nameOf(subject, plan, { signal });
    use(name);
    const work = async (): Promise<string> => {
      // Another window may have had it made while this one waited.
      const found = await copies.find(name);
      if (found !== undefined) return found;
      onProgress(0);
      const bytes = plan.video === 'copy' ? subject.bytes : 0;
      await using draft = await copies.draft(name, bytes + spareBytes);
      const { path, probe } = subject;
      await makeCopy(
        { path, probe, plan, target: draft.path, tools: await tools({ signal }), onProgress },
        { signal },
      );
      const copy = await draft.keep();
      log.info('a playable copy was made', { plan });
      await copies.evict();
      return copy;
    };
    return this.#slots.run(work, { signal });
  }
}
