/** The decoder's methods in the engine process: models, sequences and replies by handle, one native call at a time. */
import { availableParallelism } from 'node:os';
import { SerialQueue } from '../base/lifetime.ts';
import type { TokenId } from './backend.ts';
import type { Handle, LlamaHandlers, LoadOptions, SequenceState } from './llamaCalls.ts';
import { LlamaModel } from './llamaModel.ts';
import { openRuntime, type LlamaRuntime, type LogLine } from './llamaRuntime.ts';
import { LlamaSampler } from './llamaSampler.ts';
import { LlamaSequence, type ComputeOptions } from './llamaSequence.ts';
import { readLogits } from './logits.ts';

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

interface OpenReply {
  readonly sequence: LlamaSequence;
  readonly owner: OpenModel;
  readonly sampler: LlamaSampler;
  readonly stopTokens: ReadonlySet<TokenId>;
}

/** Objects under the numbers by which the host names them. */
class Handles<Thing> {
  readonly #things = new Map<Handle, Thing>();
  #last = 0;

  add(thing: Thing): Handle {
    this.#things.set(++this.#last, thing);
    return this.#last;
  }

  get(handle: Handle): Thing {
    const thing = this.#things.get(handle);
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

/** @param log receives what llama.cpp has to say */
export function createLlamaService(log: LogLine): LlamaHandlers {
  const native = new SerialQueue();
  const models = new Handles<OpenModel>();
  const sequences = new Handles<{ readonly sequence: LlamaSequence; readonly owner: OpenModel }>();
  const replies = new Handles<OpenReply>();
  let runtime: Promise<LlamaRuntime> | undefined;

  /** Handlers that touch a context take their turn. */
  const inTurn =
    <Args, Result>(
      work: (args: Args, options: { signal: AbortSignal }) => Promise<Result> | Result,
    ) =>
    (args: Args, options: { readonly signal: AbortSignal }): Promise<Result> =>
      native.run(async () => {
        options.signal.throwIfAborted();
        return await work(args, options);
      });

  const stateOf = (handle: Handle): SequenceState => ({
    sequence: handle,
    length: sequences.get(handle).sequence.length,
  });

  const load = async ({ path, device, threads, batchSize }: LoadOptions) => {
    runtime ??= openRuntime(device, log);
    const opened = await runtime;
    const { library, devices } = opened;
    const model = await LlamaModel.load(opened, path);
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
    };
  };

  return {
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
      return stateOf(sequences.add({ sequence, owner }));
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
      const { sequence, owner } = sequences.get(handle);
      const sampler = new LlamaSampler(owner.model, rule, accepted);
      return replies.add({ sequence, owner, sampler, stopTokens: new Set(stopTokens) });
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
      replies.take(reply)?.sampler[Symbol.dispose]();
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
      return stateOf(sequences.add({ sequence: await sequence.fork(), owner }));
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
