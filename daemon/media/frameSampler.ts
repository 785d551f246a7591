/** Paces frames for watching in real time, and marks those that repeat the one before. */
import type { MediaMs } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Frame, Picture, SourceGap, SourceItem } from './frameSource.ts';

export type SampledItem =
  | {
      readonly kind: 'frame';
      readonly frame: Frame;
      /** True when every pixel equals the frame that was given before: what was found there holds here. */
      readonly isRepeat: boolean;
    }
  | { readonly kind: 'gap'; readonly gap: SourceGap };

export interface FrameSamplerOptions {
  /** `max`: as fast as they are taken. `realtime`: none before its time, and of those that are late only the newest. */
  readonly speed: 'max' | 'realtime';
  readonly frameRateFps: number;
  /** Earlier frames are only looked back at: they are given as fast as they are taken. */
  readonly paceFromMs?: MediaMs;
  readonly clock: Clock;
}

/** One sampler serves one watching. */
export class FrameSampler {
  readonly #options: FrameSamplerOptions;
  #dropped = 0;

  constructor(options: FrameSamplerOptions) {
    this.#options = options;
  }

  /** Frames that were left out because they came too late. */
  get dropped(): number {
    return this.#dropped;
  }

  async *sample(
    items: AsyncIterable<SourceItem>,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<SampledItem> {
    const paced = this.#options.speed === 'max' ? items : this.#pace(items, signal);
    let previous: Frame | undefined;
    for await (const item of paced) {
      signal.throwIfAborted();
      if (item.kind === 'gap') {
        yield item;
        continue;
      }
      const { frame } = item;
      yield { kind: 'frame', frame, isRepeat: previous !== undefined && isSame(previous, frame) };
      previous = frame;
    }
  }

  /** The first frame starts the clock: real time is counted from when there is something to see. */
  async *#pace(items: AsyncIterable<SourceItem>, signal: AbortSignal): AsyncGenerator<SourceItem> {
    const { clock, frameRateFps, paceFromMs = 0 } = this.#options;
    const intervalMs = 1000 / frameRateFps;
    let startedMs: number | undefined;
    let late: SourceItem | undefined;
    for await (const item of items) {
      if (item.kind === 'gap') {
        if (late) yield late;
        late = undefined;
        yield item;
        continue;
      }
      if (item.frame.ptsMs < paceFromMs) {
        yield item;
        continue;
      }
      startedMs ??= clock.monotonicMs() - item.frame.ptsMs;
      const waitMs = startedMs + item.frame.ptsMs - clock.monotonicMs();
      if (late && waitMs <= 0) this.#dropped++;
      else if (late) yield late;
      late = undefined;
      if (waitMs <= -intervalMs) {
        // The next one may be due already, and then this one is no longer on screen.
        late = item;
        continue;
      }
      const restMs = startedMs + item.frame.ptsMs - clock.monotonicMs();
      if (restMs > 0) await clock.sleep(restMs, { signal });
      yield item;
    }
    if (late) yield late;
  }
}

/** Whether every pixel of two pictures is equal. */
export function isSame(a: Picture, b: Picture): boolean {
  if (a.width !== b.width || a.height !== b.height) return false;
  // A picture that repeats comes as the very array of the one before.
  return a.data === b.data || Buffer.compare(a.data, b.data) === 0;
}
