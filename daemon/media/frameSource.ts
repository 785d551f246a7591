/** What a source of frames is, whatever it reads from. */
import type { MediaMs } from '../../protocol/index.ts';

/** A picture as decoded: RGB, 8 bits a channel, row-major, no padding. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Length width × height × 3. */
  readonly data: Uint8Array;
}

/** One sampled frame. */
export interface Frame extends Picture {
  /** Presentation time of the sample: what stood on screen at that moment. */
  readonly ptsMs: MediaMs;
}

/** What is known of a source before the first frame. */
export interface SourceInfo {
  readonly width: number;
  readonly height: number;
  /** Absent when the container does not say. */
  readonly durationMs?: MediaMs;
}

/** A stretch that could not be decoded. */
/** What is captured has another size than at its beginning: it is to be begun again. */
export class SourceResized extends Error {
  override readonly name = 'SourceResized';
}

export interface SourceGap {
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  readonly reason: string;
  /** True when the decoder failed, so that another try may see what is missing; false when the file holds no more. */
  readonly isFailure: boolean;
}

export type SourceItem =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'gap'; readonly gap: SourceGap };

/** Yields samples in the order of their presentation times, as fast as they are taken: not reading stops the decoder. */
export interface FrameSource {
  probe(options: { signal: AbortSignal }): Promise<SourceInfo>;
  /** @param options.fromMs a sample's time: the first one that is given, the very picture that a run from the start has there */
  open(options: {
    readonly frameRateFps: number;
    readonly fromMs?: MediaMs;
    readonly signal: AbortSignal;
  }): AsyncIterable<SourceItem>;
}
