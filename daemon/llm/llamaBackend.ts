/** Host side of the decoder: loads the model into whichever engine runs now, and makes sequences that outlive an engine. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LlmBackend, LlmSequence, SequenceOptions, TokenId } from './backend.ts';
import type { EngineChannel } from './engineChannel.ts';
import type { LoadedModel, LoadOptions } from './llamaCalls.ts';
import { RecoveringSequence, retryWhenLost } from './recoveringSequence.ts';
import { callLlama, RemoteSequence } from './remoteSequence.ts';

export interface LlamaBackendOptions {
  readonly channel: EngineChannel;
  readonly model: LoadOptions;
  /** Where saved states lie. Belongs to this backend alone: it is emptied at the start and removed at the end. */
  readonly stateFolder: string;
  /** @see RecoveryOptions.saveEveryPositions */
  readonly saveEveryPositions?: number;
}

/** About a minute of video at 2 fps; playing that many positions again takes less time than loading the model. */
const defaultSaveEveryPositions = 512;

interface LoadedIn {
  readonly incarnation: number;
  readonly model: LoadedModel;
}

/** Loading is shared by all who wait for it, so nobody's cancellation ends it. */
const never = new AbortController().signal;

export class LlamaBackend implements LlmBackend {
  readonly #options: LlamaBackendOptions;
  /** Absent after a load that failed. */
  #loading: { readonly incarnation: number; readonly result: Promise<LoadedIn> } | undefined;
  #facts: LoadedModel;
  #stateFiles = 0;

  private constructor(options: LlamaBackendOptions, loaded: LoadedIn) {
    this.#options = options;
    this.#facts = loaded.model;
    this.#loading = { incarnation: loaded.incarnation, result: Promise.resolve(loaded) };
  }

  /**
   * Loads the model. @throws AppError engine.modelUnreadable, model.unsupported, engine.libraryUnknown, engine.crashLoop
   */
  static async open(
    options: LlamaBackendOptions,
    { signal }: { signal: AbortSignal },
  ): Promise<LlamaBackend> {
    await rm(options.stateFolder, { recursive: true, force: true });
    await mkdir(options.stateFolder, { recursive: true, mode: 0o700 });
    const loaded = await retryWhenLost(() => load(options, signal));
    return new LlamaBackend(options, loaded);
  }

  get vocabularySize(): number {
    return this.#facts.vocabularySize;
  }

  get rowWidth(): number {
    return this.#facts.rowWidth;
  }

  get canShift(): boolean {
    return this.#facts.canShift;
  }

  get trainedContext(): number {
    return this.#facts.trainedContext;
  }

  get specialTokens(): readonly string[] {
    return this.#facts.specialTokens;
  }

  get runtime(): LlmBackend['runtime'] {
    const { release, devices, deviceLayers, libraryPath } = this.#facts;
    return { release, devices, deviceLayers, libraryPath };
  }

  get restarts(): number {
    return this.#options.channel.restarts;
  }

  tokenize(
    text: string,
    { parseSpecial, signal }: { parseSpecial: boolean; signal: AbortSignal },
  ): Promise<TokenId[]> {
    return retryWhenLost(async () => {
      const { incarnation, model } = await this.#current();
      const args = { model: model.model, text, parseSpecial };
      return await callLlama(this.#options.channel, 'tokenize', args, { signal, incarnation });
    });
  }

  detokenize(tokens: readonly TokenId[], { signal }: { signal: AbortSignal }): Promise<string> {
    return retryWhenLost(async () => {
      const { incarnation, model } = await this.#current();
      const args = { model: model.model, tokens };
      return await callLlama(this.#options.channel, 'detokenize', args, { signal, incarnation });
    });
  }

  createSequence({
    signal,
    ...given
  }: SequenceOptions & { signal: AbortSignal }): Promise<LlmSequence> {
    // Stays with the sequence when a later engine has the decoder elsewhere: its saved states must fit.
    const options = { flashAttention: this.#facts.deviceLayers > 0, ...given };
    const recovery = {
      create: (scope: { signal: AbortSignal }) => this.#createRemote(options, scope),
      newStateFile: () => join(this.#options.stateFolder, `${++this.#stateFiles}.state`),
      saveEveryPositions: this.#options.saveEveryPositions ?? defaultSaveEveryPositions,
    };
    return RecoveringSequence.create(recovery, { signal });
  }

  /** Frees the model; sequences must have been disposed before. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { channel, stateFolder } = this.#options;
    const loaded = await this.#loading?.result.catch(() => undefined);
    if (loaded) {
      const { incarnation, model } = loaded;
      const args = { model: model.model };
      // An engine that is gone has freed everything.
      await callLlama(channel, 'freeModel', args, { signal: never, incarnation }).catch(
        () => undefined,
      );
    }
    await rm(stateFolder, { recursive: true, force: true });
  }

  async #createRemote(
    options: SequenceOptions,
    { signal }: { signal: AbortSignal },
  ): Promise<RemoteSequence> {
    const { channel } = this.#options;
    const { incarnation, model } = await this.#current();
    const args = { model: model.model, options };
    const state = await callLlama(channel, 'createSequence', args, { signal, incarnation });
    return new RemoteSequence(channel, incarnation, {
      ...state,
      contextSize: options.contextSize,
    });
  }

  /** The model in the engine that runs now. */
  async #current(): Promise<LoadedIn> {
    const { incarnation } = this.#options.channel;
    if (this.#loading?.incarnation !== incarnation) {
      const loading = { incarnation, result: load(this.#options, never) };
      this.#loading = loading;
      // Whoever awaits it hears of a failure; the next caller tries anew.
      loading.result.catch(() => {
        if (this.#loading === loading) this.#loading = undefined;
      });
    }
    const loaded = await this.#loading.result;
    this.#facts = loaded.model;
    return loaded;
  }
}

async function load(
  { channel, model }: LlamaBackendOptions,
  signal: AbortSignal,
): Promise<LoadedIn> {
  const { incarnation } = channel;
  const loaded = await callLlama(channel, 'load', model, { signal, incarnation });
  return { incarnation, model: loaded };
}
