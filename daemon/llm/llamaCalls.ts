/** What the host asks of the decoder in the engine process: one entry per method, plain data only. */
import type {
  GenerateOptions,
  SequenceOptions,
  SequencePart,
  SequenceReading,
  TokenId,
} from './backend.ts';
import type { DevicePreference, GpuName } from './llamaRuntime.ts';
import type { SamplingRule } from './llamaSampler.ts';

/** Name under which the engine process serves these methods. */
export const llamaServiceName = 'llm';

/** Number of an object that lives in the engine process. */
export type Handle = number;

export interface LoadOptions {
  readonly path: string;
  readonly device: DevicePreference;
  /** Threads of a decode; one fewer than the processor has when left out. */
  readonly threads?: number | undefined;
  /** Most positions in one decode. */
  readonly batchSize?: number | undefined;
  /** Positions of all caches that will be there at once: layers go to a graphics card only where these have room, too. */
  readonly cachePositions?: number | undefined;
}

export interface LoadedModel {
  readonly model: Handle;
  readonly vocabularySize: number;
  readonly rowWidth: number;
  readonly trainedContext: number;
  readonly canShift: boolean;
  readonly specialTokens: readonly string[];
  readonly release: string;
  readonly libraryPath: string;
  readonly devices: readonly string[];
  /** Layers of the model that lie on them. */
  readonly deviceLayers: number;
}

/** A sequence's handle and how long it is after the call. */
export interface SequenceState {
  readonly sequence: Handle;
  readonly length: number;
}

/** The graphics cards that models would be loaded on. */
export interface DeviceMemory {
  readonly devices: readonly string[];
  /** All together, now. */
  readonly deviceFreeBytes: number;
  /** What they are programmed by: cuda, vulkan, metal. */
  readonly gpu: GpuName | undefined;
  /** What the system has drivers and runtimes for; the best first. */
  readonly supportedGpus: readonly GpuName[];
}

/** Method name → arguments and result. */
export interface LlamaMethods {
  memory: { args: { readonly device: DevicePreference }; result: DeviceMemory };
  load: { args: LoadOptions; result: LoadedModel };
  freeModel: { args: { model: Handle }; result: undefined };
  tokenize: { args: { model: Handle; text: string; parseSpecial: boolean }; result: TokenId[] };
  detokenize: { args: { model: Handle; tokens: readonly TokenId[] }; result: string };
  createSequence: { args: { model: Handle; options: SequenceOptions }; result: SequenceState };
  freeSequence: { args: { sequence: Handle }; result: undefined };
  append: {
    args: {
      sequence: Handle;
      parts: readonly SequencePart[];
      probabilitiesOf: readonly TokenId[] | undefined;
    };
    result: SequenceState & { readonly reading: SequenceReading | undefined };
  };
  beginReply: {
    args: {
      sequence: Handle;
      rule: SamplingRule;
      stopTokens: GenerateOptions['stopTokens'];
      /** Tokens of the same reply that are already in the sequence. */
      accepted: readonly TokenId[];
    };
    result: Handle;
  };
  /** The next token, already in the sequence; undefined when the reply has ended. */
  nextToken: {
    args: { reply: Handle };
    result: {
      readonly token: TokenId | undefined;
      /** Of the token, or of the one that ended the reply, over the whole vocabulary; undefined when none fits the grammar. */
      readonly probability: number | undefined;
      readonly length: number;
    };
  };
  endReply: { args: { reply: Handle }; result: undefined };
  truncate: { args: { sequence: Handle; length: number }; result: SequenceState };
  removeRange: { args: { sequence: Handle; start: number; end: number }; result: SequenceState };
  fork: { args: { sequence: Handle }; result: SequenceState };
  save: { args: { sequence: Handle; path: string }; result: undefined };
  restore: { args: { sequence: Handle; path: string }; result: SequenceState };
}

/** The methods as functions, as the engine process implements them. */
export type LlamaHandlers = {
  readonly [Method in keyof LlamaMethods]: (
    args: LlamaMethods[Method]['args'],
    options: { readonly signal: AbortSignal },
  ) => Promise<LlamaMethods[Method]['result']>;
};
