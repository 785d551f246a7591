/** The local kind of streaming model: a vision encoder, and a decoder that keeps the whole stream in one sequence. */
import type { MediaMs } from '../../protocol/index.ts';
import type { GeneratedReply, ReplyOptions } from '../llm/replyGeneration.ts';
import type { StreamLine } from '../llm/streamTemplate.ts';
import type { StreamingSequence } from '../llm/streamingSequence.ts';
import type { Frame, Picture } from '../media/frameSource.ts';
import type { FrameEmbedding } from '../perception/perception.ts';
import type { EncodedFrame, FrameDecision, StreamingModel } from './streamingModel.ts';

/** A frame as embedding rows. */
export interface EmbeddedFrame extends EncodedFrame {
  readonly ptsMs: MediaMs;
  readonly rows: FrameEmbedding;
}

export type FrameListener = (
  frame: EmbeddedFrame,
  newLines: readonly StreamLine[],
) => Promise<void>;

export interface LocalModelParts {
  readonly name: string;
  /** Whether questions bring frames back. */
  readonly keepsFrames: boolean;
  readonly encode: (
    pictures: readonly Picture[],
    options: { signal: AbortSignal },
  ) => Promise<readonly FrameEmbedding[]>;
  /** Hears what the decoder is given, before it is. */
  readonly onFrame?: FrameListener | undefined;
  /** Owned: freed with the model. */
  readonly sequence: StreamingSequence;
}

export class LocalStreamingModel implements StreamingModel<EmbeddedFrame> {
  readonly name: string;
  readonly #parts: LocalModelParts;

  constructor(parts: LocalModelParts) {
    this.#parts = parts;
    this.name = parts.name;
  }

  get usage(): StreamingModel['usage'] {
    const { length, evicted, keptPercent } = this.#parts.sequence;
    return { tokens: length, evicted, keptPercent };
  }

  async encode(
    frames: readonly Frame[],
    options: { signal: AbortSignal },
  ): Promise<readonly EmbeddedFrame[]> {
    const embeddings = await this.#parts.encode(frames, options);
    return frames.map(({ ptsMs }, index) => ({ ptsMs, rows: embeddings[index]! }));
  }

  rowsOf({ rows }: EmbeddedFrame): Float32Array | undefined {
    return this.#parts.keepsFrames ? rows : undefined;
  }

  async appendFrame(
    frame: EmbeddedFrame,
    newLines: readonly StreamLine[],
    options: { signal: AbortSignal },
  ): Promise<FrameDecision> {
    await this.#parts.onFrame?.(frame, newLines);
    return this.#parts.sequence.appendFrame({ lines: newLines, rows: frame.rows }, options);
  }

  reply(options: ReplyOptions): Promise<GeneratedReply> {
    return this.#parts.sequence.reply(options);
  }

  recite(text: string, options: { signal: AbortSignal }): Promise<void> {
    return this.#parts.sequence.recite(text, options);
  }

  rollback(): Promise<void> {
    return this.#parts.sequence.rollback();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.sequence[Symbol.asyncDispose]();
  }
}
