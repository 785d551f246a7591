/** The seam to a model that watches: a vision encoder with a local decoder behind it, or an endpoint that takes pictures. */
import type { MediaMs, ServerStats } from '../../protocol/index.ts';
import type { GeneratedReply, ReplyOptions } from '../llm/replyGeneration.ts';
import type { StreamLine } from '../llm/streamTemplate.ts';
import type { Frame } from '../media/frameSource.ts';

/** A frame in the form that its model takes: plain data made by `encode`; what is inside concerns only the model. */
export interface EncodedFrame {
  readonly ptsMs: MediaMs;
}

/** What the model thinks after a frame. */
export interface FrameDecision {
  /** Probability of silence at the frame's last row, 0 … 1. */
  readonly silenceProbability: number;
}

export interface StreamingModel<
  Encoded extends EncodedFrame = EncodedFrame,
> extends AsyncDisposable {
  /** Name and version, as shown wherever the model speaks. */
  readonly name: string;
  /** Positions in use and dropped so far, and the percentage of their positions that frames have taken, 0 … 100. */
  readonly usage: {
    readonly tokens: number;
    readonly evicted: number;
    readonly keptPercent: number;
  };
  /** Of a model on a server: where it is, and what was sent there. */
  readonly server?: ServerStats;
  /** Why it can be told nothing just now, as a sentence. What is live does not wait for it. */
  readonly absence?: string | undefined;
  /** Looks at frames. May run while a reply is generated. @returns one per frame, same order. */
  encode(frames: readonly Frame[], options: { signal: AbortSignal }): Promise<readonly Encoded[]>;
  /** What a frame looks like to the model, for the timeline to keep; undefined when no question will bring it back. */
  rowsOf?(frame: Encoded): Float32Array | undefined;
  /**
   * Adds a frame and the text that newly stands on screen.
   * @throws AppError endpoint.away, endpoint.busy when the model cannot be reached and should not be waited for
   */
  appendFrame(
    frame: Encoded,
    newLines: readonly StreamLine[],
    options: { signal: AbortSignal },
  ): Promise<FrameDecision>;
  /** Speaks after the last frame. Only a reply that came to its end stays in the stream, all others are rolled back. */
  reply(options: ReplyOptions): Promise<GeneratedReply>;
  /** Has the model say now, word for word, what it said here when it saw this frame before. */
  recite(text: string, options: { signal: AbortSignal }): Promise<void>;
  /** Takes the last reply back, so that the sequence stands where it stood before it. */
  rollback(options: { signal: AbortSignal }): Promise<void>;
}
