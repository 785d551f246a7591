/** What a session was asked to tell: each request has a voice of its own beside the one that speaks unasked. */
import type { GuidanceRow } from '../../protocol/index.ts';
import type { SpeakConfig } from '../llm/speakPolicy.ts';
import type { GuidanceVerdict } from './guidance.ts';
import type { Reply } from './recorder.ts';
import type { StageTimer } from './stageTimer.ts';
import type { StreamingModel } from './streamingModel.ts';
import { Voice, type SeenFrame } from './voice.ts';

/** Opens a model that is told the request, and nothing else, before its first frame. */
export type RequestOpener = (
  request: string,
  options: { signal: AbortSignal },
) => Promise<StreamingModel>;

export interface StandingRequestsParts {
  readonly open: RequestOpener;
  readonly speak: SpeakConfig;
  readonly timer: StageTimer;
}

interface Listening {
  readonly model: StreamingModel;
  readonly voice: Voice;
}

/**
 * A voice begins with the next frame, and knows nothing of the screen but what is new from there on: what was so already when somebody
 * asked to be told of it is no news.
 */
export class StandingRequests implements AsyncDisposable {
  readonly #parts: StandingRequestsParts;
  readonly #listening = new Map<string, Listening>();
  #wanted: readonly string[] = [];
  /** Of voices that have gone. */
  #unfinished = 0;

  constructor(parts: StandingRequestsParts) {
    this.#parts = parts;
  }

  /** From the next frame on; those that were wanted before go on listening. */
  want(requests: readonly string[]): void {
    this.#wanted = [...new Set(requests)];
  }

  /** Replies that came to no end. */
  get unfinished(): number {
    return [...this.#listening.values()].reduce(
      (sum, { voice }) => sum + voice.unfinished,
      this.#unfinished,
    );
  }

  /** @returns what there is to say to a frame, in the order of the requests */
  async see(frame: SeenFrame, options: { signal: AbortSignal }): Promise<readonly Reply[]> {
    await this.#gather(options);
    const replies: Reply[] = [];
    for (const { voice } of this.#listening.values()) {
      const reply = await voice.see(frame, options);
      if (reply) replies.push(reply);
    }
    return replies;
  }

  /** What became of the reply to a request. */
  async settle(
    request: string,
    verdict: GuidanceVerdict,
    options: { signal: AbortSignal },
  ): Promise<void> {
    await this.#listening.get(request)?.voice.settle(verdict, options);
  }

  /** A frame that was seen before, with what was said to it. */
  async lookBack(
    frame: SeenFrame,
    said: readonly GuidanceRow[],
    options: { signal: AbortSignal },
  ): Promise<void> {
    await this.#gather(options);
    for (const [request, { voice }] of this.#listening) {
      const row = said.find((each) => each.request === request);
      await voice.lookBack(frame, row?.text, options);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = [];
    await this.#letGo();
  }

  /** Lets the voices go that nobody wants any more, and opens those that are missing. */
  async #gather({ signal }: { signal: AbortSignal }): Promise<void> {
    await this.#letGo();
    const { open, speak, timer } = this.#parts;
    for (const request of this.#wanted) {
      if (this.#listening.has(request)) continue;
      const model = await open(request, { signal });
      const voice = new Voice({ model, speak, timer, request });
      this.#listening.set(request, { model, voice });
    }
  }

  async #letGo(): Promise<void> {
    for (const [request, { model, voice }] of [...this.#listening]) {
      if (this.#wanted.includes(request)) continue;
      this.#listening.delete(request);
      this.#unfinished += voice.unfinished;
      await model[Symbol.asyncDispose]();
    }
  }
}
