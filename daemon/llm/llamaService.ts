/** The decoder's methods in the engine process: models, sequences and replies by handle, one native call at a time. */
import { availableParallelism } from 'node:os';
import type { TokenId } from './backend.ts';
import type { Handle, LlamaHandlers, LoadOptions, SequenceState } from './llamaCalls.ts';
import { LlamaModel } from './llamaModel.ts';
import {
  openRuntime,
  type DevicePreference,
  type LlamaRuntime,
  type LogLine,
} from './llamaRuntime.ts';
import { LlamaSampler } from './llamaSampler.ts';
import { LlamaSequence, type ComputeOptions } from './llamaSequence.ts';
import { readLogits } from './logits.ts';
import { NativeTurns, type Turn } from './nativeTurns.ts';

/**
 * One core stays free for everything else: with all cores busy, llama.cpp's threads wait for each other in spin loops.
 * @source on two loaded cores a decode of 0.6 ms took 4 ms with two threads, its 95th percentile 270 ms
 */
const defaultThreads = Math.max(1, availableParallelism() - 1);

/** Takes a frame with a screen full of new text in one decode. */
const defaultBatchSize = 512;

interface OpenModel {
  readonly model: LlamaModel;
  readonly compute: ComputeOptions;
}

interface OpenSequence {
  readonly sequence: LlamaSequence;
  readonly owner: OpenModel;
  readonly isUrgent: boolean;
}

interface OpenReply {
  readonly sequence: LlamaSequence;
  readonly owner: OpenModel;
  readonly sampler: LlamaSampler;
  readonly stopTokens: ReadonlySet<TokenId>;
  readonly isUrgent: boolean;
  /** Lets others go on; of an urgent sequence. */
  readonly release: () => void;
}

/** Objects under the numbers by which the host names them. */
class Handles<Thing> {
  readonly #things = new Map<Handle, Thing>();
  #last = 0;

  add(thing: Thing): Handle {
    this.#things.set(++this.#last, thing);
    return this.#last;
  }

  find(handle: Handle): Thing | undefined {
    return this.#things.get(handle);
  }

  get(handle: Handle): Thing {
    const thing = this.find(handle);
    if (!thing) throw new Error(`there is nothing under handle ${handle}`);
    return thing;
  }

  /** @returns undefined when it was taken before. */
  take(handle: Handle): Thing | undefined {
    const thing = this.#things.get(handle);
    this.#things.delete(handle);
    return thing;
  }
}

/**
 * @param log receives what llama.cpp has to say
 * @param options of which `usesCards` is whether graphics cards are used where they are asked for
 */
export function createLlamaService(
  log: LogLine,
  { usesCards = true }: { readonly usesCards?: boolean } = {},
): LlamaHandlers {
  const native = new NativeTurns();
  const models = new Handles<OpenModel>();
  const sequences = new Handles<OpenSequence>();
  const replies = new Handles<OpenReply>();
  let runtime: Promise<LlamaRuntime> | undefined;

  const runtimeOn = (device: DevicePreference): Promise<LlamaRuntime> =>
    (runtime ??= openRuntime(usesCards ? device : 'cpu', log));

  /** Handlers that touch a context take their turn: an urgent sequence's first. */
  const inTurn =
    <Args extends object, Result>(
      work: (args: Args, options: { signal: AbortSignal }) => Promise<Result> | Result,
    ) =>
    (args: Args, options: { readonly signal: AbortSignal }): Promise<Result> =>
      native.run(turnOf(args), async () => {
        options.signal.throwIfAborted();
        return await work(args, options);
      });
  const turnOf = (args: { readonly sequence?: Handle; readonly reply?: Handle }): Turn => {
    const reply = args.reply === undefined ? undefined : replies.find(args.reply);
    const isUrgent =
      reply?.isUrgent ?? (args.sequence !== undefined && sequences.find(args.sequence)?.isUrgent);
    return isUrgent === true ? 'urgent' : 'ordinary';
  };

  const stateOf = (handle: Handle): SequenceState => ({
    sequence: handle,
    length: sequences.get(handle).sequence.length,
  });

  const load = async ({ path, device, threads, batchSize, cachePositions }: LoadOptions) => {
    const opened = await runtimeOn(device);
    const { library, devices } = opened;
    const model = await LlamaModel.load(opened, path, { cachePositions });
    const compute = {
      threads: threads ?? defaultThreads,
      batchSize: batchSize ?? defaultBatchSize,
    };
    return {
      model: models.add({ model, compute }),
      vocabularySize: model.vocabularySize,
      rowWidth: model.rowWidth,
      trainedContext: model.trainedContext,
      canShift: canShift(model),
      specialTokens: model.specialTokens,
      release: library.release,
      libraryPath: library.path,
      devices,
      deviceLayers: model.deviceLayers,
    };
  };

  return {
    memory: async ({ device }) => {
      const opened = await runtimeOn(device);
      return {
        devices: opened.devices,
        deviceFreeBytes: await opened.deviceFreeBytes(),
        gpu: opened.gpu,
        supportedGpus: await opened.supportedGpus(),
      };
    },
    load: inTurn(load),
    freeModel: inTurn(({ model }) => {
      models.take(model)?.model[Symbol.dispose]();
      return undefined;
    }),
    // The vocabulary never changes, so these need not wait for a decode.
    tokenize: ({ model, text, parseSpecial }) =>
      Promise.resolve(models.get(model).model.tokenize(text, parseSpecial)),
    detokenize: ({ model, tokens }) => Promise.resolve(models.get(model).model.detokenize(tokens)),
    createSequence: inTurn(({ model, options }) => {
      const owner = models.get(model);
      const sequence = new LlamaSequence(owner.model, { ...options, ...owner.compute });
      return stateOf(sequences.add({ sequence, owner, isUrgent: options.isUrgent ?? false }));
    }),
    freeSequence: inTurn(({ sequence }) => {
      sequences.take(sequence)?.sequence[Symbol.dispose]();
      return undefined;
    }),
    append: inTurn(async ({ sequence: handle, parts, probabilitiesOf }, { signal }) => {
      const { sequence } = sequences.get(handle);
      const reading = await sequence.append(parts, {
        ...(probabilitiesOf ? { probabilitiesOf } : {}),
        signal,
      });
      return { ...stateOf(handle), reading };
    }),
    beginReply: inTurn(({ sequence: handle, rule, stopTokens, accepted }) => {
      const { sequence, owner, isUrgent } = sequences.get(handle);
      const sampler = new LlamaSampler(owner.model, rule, accepted);
      const release = isUrgent ? native.hold() : () => undefined;
      const reply = { sequence, owner, sampler, stopTokens: new Set(stopTokens) };
      return replies.add({ ...reply, isUrgent, release });
    }),
    nextToken: inTurn(async ({ reply }, { signal }) => {
      const { sequence, owner, sampler, stopTokens } = replies.get(reply);
      const logits = sequence.logits();
      const token = sampler.pick(logits);
      if (token === undefined) return { token, probability: undefined, length: sequence.length };
      const probability = readLogits(logits, [token]).probabilities.get(token);
      if (stopTokens.has(token) || owner.model.isEndOfGeneration(token)) {
        return { token: undefined, probability, length: sequence.length };
      }
      await sequence.append([{ kind: 'tokens', tokens: [token] }], { signal });
      sampler.accept(token);
      return { token, probability, length: sequence.length };
    }),
    endReply: inTurn(({ reply }) => {
      const ended = replies.take(reply);
      ended?.sampler[Symbol.dispose]();
      ended?.release();
      return undefined;
    }),
    truncate: inTurn(({ sequence, length }) => {
      sequences.get(sequence).sequence.truncate(length);
      return stateOf(sequence);
    }),
    removeRange: inTurn(({ sequence, start, end }) => {
      sequences.get(sequence).sequence.removeRange(start, end);
      return stateOf(sequence);
    }),
    fork: inTurn(async ({ sequence: handle }) => {
      const { sequence, owner } = sequences.get(handle);
      const copy = { sequence: await sequence.fork(), owner, isUrgent: false };
      return stateOf(sequences.add(copy));
    }),
    save: inTurn(async ({ sequence, path }) => {
      await sequences.get(sequence).sequence.save(path);
      return undefined;
    }),
    restore: inTurn(async ({ sequence, path }) => {
      await sequences.get(sequence).sequence.restore(path);
      return stateOf(sequence);
    }),
  };
}

/** Only a context can tell, so a small one is made for the question. */
function canShift(model: LlamaModel): boolean {
  const size = Math.min(32, model.trainedContext);
  using probe = new LlamaSequence(model, { contextSize: size, threads: 1, batchSize: size });
  return probe.canShift;
}
