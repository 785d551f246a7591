/** A sequence in the engine process, seen from the host: its handle dies with that process. */
import { randomInt } from 'node:crypto';
import type {
  GenerateOptions,
  LlmSequence,
  SequencePart,
  SequenceReading,
  TokenId,
} from './backend.ts';
import type { EngineChannel } from './engineChannel.ts';
import {
  llamaServiceName,
  type Handle,
  type LlamaMethods,
  type SequenceState,
} from './llamaCalls.ts';

/** Calls the decoder service with its types. `incarnation` as in `EngineChannel.call`. */
export async function callLlama<Method extends keyof LlamaMethods>(
  channel: EngineChannel,
  method: Method,
  args: LlamaMethods[Method]['args'],
  options: { signal: AbortSignal; incarnation?: number },
): Promise<LlamaMethods[Method]['result']> {
  return (await channel.call(
    llamaServiceName,
    method,
    args,
    options,
  )) as LlamaMethods[Method]['result'];
}

/** Native work that must happen whatever the caller has given up. */
const never = new AbortController().signal;

export class RemoteSequence implements LlmSequence {
  readonly contextSize: number;
  readonly #channel: EngineChannel;
  readonly #incarnation: number;
  readonly #handle: Handle;
  #length: number;

  constructor(
    channel: EngineChannel,
    incarnation: number,
    state: SequenceState & { readonly contextSize: number },
  ) {
    this.#channel = channel;
    this.#incarnation = incarnation;
    this.#handle = state.sequence;
    this.#length = state.length;
    this.contextSize = state.contextSize;
  }

  get length(): number {
    return this.#length;
  }

  async append(
    parts: readonly SequencePart[],
    { probabilitiesOf, signal }: { probabilitiesOf?: readonly TokenId[]; signal: AbortSignal },
  ): Promise<SequenceReading | undefined> {
    const args = { sequence: this.#handle, parts, probabilitiesOf };
    const { length, reading } = await this.#call('append', args, signal);
    this.#length = length;
    return reading;
  }

  async *generate(options: GenerateOptions): AsyncGenerator<TokenId> {
    const { maxTokens, stopTokens, temperature, topK, topP, grammar, signal } = options;
    const rule = {
      temperature,
      seed: options.seed ?? randomInt(2 ** 32),
      ...(topK === undefined ? {} : { topK }),
      ...(topP === undefined ? {} : { topP }),
      ...(grammar === undefined ? {} : { grammar }),
    };
    const accepted = options.resumeAfter ?? [];
    const begin = { sequence: this.#handle, rule, stopTokens, accepted };
    const reply = await this.#call('beginReply', begin, signal);
    try {
      for (let count = 0; count < maxTokens; count++) {
        const { token, probability, length } = await this.#call('nextToken', { reply }, signal);
        this.#length = length;
        if (probability !== undefined) options.onPick?.(probability);
        if (token === undefined) return;
        yield token;
      }
    } finally {
      // When the engine is lost, so is the reply: the failure that is already on its way says so.
      await this.#call('endReply', { reply }, never).catch(() => undefined);
    }
  }

  async truncate(length: number, { signal }: { signal: AbortSignal }): Promise<void> {
    this.#adopt(await this.#call('truncate', { sequence: this.#handle, length }, signal));
  }

  async removeRange(
    start: number,
    end: number,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    this.#adopt(await this.#call('removeRange', { sequence: this.#handle, start, end }, signal));
  }

  async fork({ signal }: { signal: AbortSignal }): Promise<RemoteSequence> {
    const state = await this.#call('fork', { sequence: this.#handle }, signal);
    return new RemoteSequence(this.#channel, this.#incarnation, {
      ...state,
      contextSize: this.contextSize,
    });
  }

  async save(file: string, { signal }: { signal: AbortSignal }): Promise<void> {
    await this.#call('save', { sequence: this.#handle, path: file }, signal);
  }

  async restore(file: string, { signal }: { signal: AbortSignal }): Promise<void> {
    this.#adopt(await this.#call('restore', { sequence: this.#handle, path: file }, signal));
  }

  /** Frees the cache; when the engine was lost there is nothing left to free. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#call('freeSequence', { sequence: this.#handle }, never).catch(() => undefined);
  }

  #adopt(state: SequenceState): void {
    this.#length = state.length;
  }

  #call<Method extends keyof LlamaMethods>(
    method: Method,
    args: LlamaMethods[Method]['args'],
    signal: AbortSignal,
  ): Promise<LlamaMethods[Method]['result']> {
    return callLlama(this.#channel, method, args, { signal, incarnation: this.#incarnation });
  }
}
