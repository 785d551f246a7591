/**
 * A model that narrates as it was trained to, of which only those sentences are heard that fulfil a request. The others stay in its stream:
 * it has said them, to nobody.
 */
import type { GeneratedReply, ReplyOptions } from '../llm/replyGeneration.ts';
import type { StreamLine } from '../llm/streamTemplate.ts';
import type { Frame } from '../media/frameSource.ts';
import type { RequestMatch } from '../perception/perception.ts';
import type { EncodedFrame, FrameDecision, StreamingModel } from './streamingModel.ts';

export interface RequestedModelParts {
  /** Owned: freed with this one. */
  readonly narrator: StreamingModel;
  readonly request: string;
  /** Whether a sentence fulfils a request. */
  readonly match: (
    request: string,
    sentence: string,
    options: { signal: AbortSignal },
  ) => Promise<RequestMatch>;
  /** Sentences with a smaller likelihood are not shown whatever they say, and fulfil nothing; 0 … 1. */
  readonly minReplyLikelihood: number;
}

export class RequestedModel implements StreamingModel {
  readonly name: string;
  readonly #parts: RequestedModelParts;
  /** How often the request was fulfilled. */
  #fulfilled = 0;
  /** Whether the last reply fulfilled it, so that taking it back takes that back, too. */
  #isFulfilling = false;

  constructor(parts: RequestedModelParts) {
    this.#parts = parts;
    this.name = parts.narrator.name;
  }

  get usage(): StreamingModel['usage'] {
    return this.#parts.narrator.usage;
  }

  encode(
    frames: readonly Frame[],
    options: { signal: AbortSignal },
  ): Promise<readonly EncodedFrame[]> {
    return this.#parts.narrator.encode(frames, options);
  }

  rowsOf(frame: EncodedFrame): Float32Array | undefined {
    return this.#parts.narrator.rowsOf?.(frame);
  }

  appendFrame(
    frame: EncodedFrame,
    newLines: readonly StreamLine[],
    options: { signal: AbortSignal },
  ): Promise<FrameDecision> {
    return this.#parts.narrator.appendFrame(frame, newLines, options);
  }

  async reply(options: ReplyOptions): Promise<GeneratedReply> {
    const { narrator, request, match, minReplyLikelihood } = this.#parts;
    this.#isFulfilling = false;
    const reply = await narrator.reply(options);
    if (reply.ending !== 'finished' || reply.likelihood < minReplyLikelihood) return reply;
    const { isFulfilled, isEachTime } = await match(request, reply.text, options);
    if (!isFulfilled || (this.#fulfilled > 0 && !isEachTime)) {
      return { ...reply, ending: 'unasked' };
    }
    this.#fulfilled++;
    this.#isFulfilling = true;
    return reply;
  }

  async recite(text: string, options: { signal: AbortSignal }): Promise<void> {
    await this.#parts.narrator.recite(text, options);
    this.#fulfilled++;
  }

  async rollback(options: { signal: AbortSignal }): Promise<void> {
    await this.#parts.narrator.rollback(options);
    if (this.#isFulfilling) this.#fulfilled--;
    this.#isFulfilling = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.narrator[Symbol.asyncDispose]();
  }
}
