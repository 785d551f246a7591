/** The kind of model that another daemon runs, a hub: each frame goes there once, and what it has seen stays there. */
import type { ServerStats } from '../../protocol/index.ts';
import { isAppError } from '../base/errors.ts';
import { ServerRefusal } from '../base/foreignServer.ts';
import type { HubConnection } from '../endpoint/hubConnection.ts';
import {
  hubAnswers,
  packPicture,
  type HubDescription,
  type PackedPicture,
} from '../endpoint/hubWire.ts';
import type { RecallReply } from '../llm/recall.ts';
import type { GeneratedReply, ReplyOptions } from '../llm/replyGeneration.ts';
import type { StreamLine } from '../llm/streamTemplate.ts';
import type { Frame } from '../media/frameSource.ts';
import type { RecallModel, RecallOptions, RecallQuestion } from './recall.ts';
import type { EncodedFrame, FrameDecision, StreamingModel } from './streamingModel.ts';

/** A frame as it is sent. */
export interface PackedFrame extends EncodedFrame {
  readonly picture: PackedPicture;
}

export interface HubModelParts {
  readonly name: string;
  readonly hub: HubConnection;
  readonly instruction?: string | undefined;
  readonly isUngrounded: boolean;
  /** What is live does not wait for a hub that is away. */
  readonly isLive: boolean;
}

/** Whoever has asked something waits so long for a hub that is away, ms. */
const questionPatienceMs = 10_000;

export class HubStreamingModel implements StreamingModel<PackedFrame> {
  readonly name: string;
  readonly #parts: HubModelParts;
  readonly #patience: { readonly patienceMs: number };
  /** Of the stream at the hub; it is opened with the first frame, and anew when the hub knows it no more. */
  #id: string | undefined;
  #number = 0;
  #lastPicture: PackedPicture | undefined;
  /** A reply came to no end here; it may have there. */
  #isUnsure = false;
  #usage = { tokens: 0, evicted: 0, keptPercent: 100 };

  constructor(parts: HubModelParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#patience = { patienceMs: parts.isLive ? 0 : Infinity };
  }

  get usage(): StreamingModel['usage'] {
    return this.#usage;
  }

  get server(): ServerStats {
    const { hub, name } = this.#parts;
    return { ...hub.place, model: name, ...hub.sent, isAway: hub.outages.isAway };
  }

  get absence(): string | undefined {
    const { outages, place } = this.#parts.hub;
    if (!outages.isResting) return undefined;
    return `The model's server ${place.host} was away; what stood on screen was read all the same.`;
  }

  encode(frames: readonly Frame[]): Promise<readonly PackedFrame[]> {
    return Promise.all(
      frames.map(async (frame) => ({ ptsMs: frame.ptsMs, picture: await packPicture(frame) })),
    );
  }

  async appendFrame(
    { ptsMs, picture }: PackedFrame,
    lines: readonly StreamLine[],
    options: { signal: AbortSignal },
  ): Promise<FrameDecision> {
    if (this.#isUnsure) await this.rollback(options);
    return this.#atStream(options, async (path) => {
      const isSame = this.#number > 0 && picture === this.#lastPicture;
      const body = { number: this.#number, ptsMs, lines, ...(isSame ? {} : { picture }) };
      const asked = { ...this.#patience, ...options, body };
      // Which picture the hub has last is not known again before it answers.
      this.#lastPicture = undefined;
      const looked = await this.#parts.hub.ask('POST', `${path}/frames`, hubAnswers.looked, asked);
      this.#number++;
      this.#lastPicture = picture;
      this.#usage = looked.usage;
      return { silenceProbability: looked.silenceProbability };
    });
  }

  async reply({ signal, onText }: ReplyOptions): Promise<GeneratedReply> {
    this.#isUnsure = true;
    const asked = { ...this.#patience, signal, ...(onText ? { onWords: onText } : {}) };
    try {
      const path = `streams/${this.#id ?? ''}/reply`;
      const reply = await this.#parts.hub.stream(path, hubAnswers.replied, asked);
      this.#isUnsure = false;
      return reply;
    } catch (error) {
      if (!signal.aborted && !isOutage(error) && !(error instanceof ServerRefusal)) throw error;
      return { text: '', ending: 'interrupted', likelihood: 1 };
    }
  }

  async recite(text: string, options: { signal: AbortSignal }): Promise<void> {
    await this.#atStream(options, (path) =>
      this.#parts.hub.ask('POST', `${path}/recite`, hubAnswers.done, {
        ...{ ...this.#patience, ...options },
        body: { text },
      }),
    );
  }

  async rollback(options: { signal: AbortSignal }): Promise<void> {
    await this.#atStream(options, (path) =>
      this.#parts.hub.ask('POST', `${path}/rollback`, hubAnswers.done, {
        ...{ ...this.#patience, ...options },
      }),
    );
    this.#isUnsure = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const id = this.#id;
    if (id === undefined) return;
    this.#id = undefined;
    const { hub } = this.#parts;
    // One that cannot be told lets it go by itself.
    await hub
      .ask('DELETE', `streams/${id}`, hubAnswers.description.partial(), {
        signal: AbortSignal.timeout(farewellMs),
      })
      .catch(() => undefined);
  }

  /** @throws AppError endpoint.* */
  async #atStream<Value>(
    { signal }: { signal: AbortSignal },
    work: (path: string) => Promise<Value>,
  ): Promise<Value> {
    const { hub } = this.#parts;
    try {
      this.#id ??= await this.#open(signal);
      return await work(`streams/${this.#id}`);
    } catch (error) {
      const isLost = error instanceof ServerRefusal && [404, 409].includes(error.status);
      if (!isLost || this.#id === undefined) throw hub.outages.explained(error);
      // The hub was started anew: it has forgotten what it saw, and sees the rest.
      this.#forget();
      this.#id = await this.#open(signal);
      return work(`streams/${this.#id}`).catch((again: unknown) => {
        throw hub.outages.explained(again);
      });
    }
  }

  #forget(): void {
    this.#id = undefined;
    this.#number = 0;
    this.#lastPicture = undefined;
    this.#isUnsure = false;
  }

  async #open(signal: AbortSignal): Promise<string> {
    const { hub, instruction, isUngrounded, isLive } = this.#parts;
    const told = instruction === undefined ? {} : { instruction };
    const body = { ...told, isUngrounded, isLive };
    const asked = { ...this.#patience, signal, body };
    return (await hub.ask('POST', 'streams', hubAnswers.opened, asked)).id;
  }
}

/** Nobody waits longer for a hub to let a stream go, ms. */
const farewellMs = 2000;

const isOutage = (error: unknown): boolean =>
  isAppError(error, 'endpoint.away') || isAppError(error, 'endpoint.busy');

export interface HubRecallParts {
  readonly name: string;
  readonly hub: HubConnection;
  readonly description: HubDescription['recall'];
  readonly relevance?: RecallModel['relevance'];
}

/** Rows go there with each question; pictures and past stretches do not. */
export class HubRecall implements RecallModel {
  readonly name: string;
  readonly notSeenReply: string;
  readonly limits: RecallModel['limits'];
  readonly prompts: RecallModel['prompts'];
  readonly relevance?: NonNullable<RecallModel['relevance']>;
  readonly #hub: HubConnection;

  constructor({ name, hub, description, relevance }: HubRecallParts) {
    const { notSeenReply, maxRows, order, prompts } = description;
    this.name = name;
    this.notSeenReply = notSeenReply;
    this.limits = { maxRows, order };
    this.prompts = prompts;
    if (relevance) this.relevance = relevance;
    this.#hub = hub;
  }

  async recall(request: RecallQuestion, { signal, onText }: RecallOptions): Promise<RecallReply> {
    const { times: _times, pictures: _pictures, past: _past, ...body } = request;
    const asked = { signal, patienceMs: questionPatienceMs, body };
    try {
      return await this.#hub.stream('recall', hubAnswers.recalled, {
        ...asked,
        ...(onText ? { onWords: onText } : {}),
      });
    } catch (error) {
      throw this.#hub.outages.explained(error);
    }
  }
}
