/** A sequence that outlives the engine process: it remembers what went in since its last saved state and plays it again. */
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { isAppError } from '../base/errors.ts';
import { SerialQueue } from '../base/lifetime.ts';
import type {
  GenerateOptions,
  LlmSequence,
  SequencePart,
  SequenceReading,
  TokenId,
} from './backend.ts';

/** Replays one change on a sequence. */
type Change = (sequence: LlmSequence, signal: AbortSignal) => Promise<unknown>;

export interface RecoveryOptions {
  /** Makes an empty sequence in the engine that runs now, starting one if need be. */
  readonly create: (options: { signal: AbortSignal }) => Promise<LlmSequence>;
  /** A new file name for a saved state; the sequence removes the file. */
  readonly newStateFile: () => string;
  /** A state is saved each time this many positions were added. Bounds both the replay and the memory of the journal. */
  readonly saveEveryPositions: number;
}

/** Work that belongs to a recovery is not given up half-way. */
const never = new AbortController().signal;

export class RecoveringSequence implements LlmSequence {
  readonly #options: RecoveryOptions;
  readonly #turns = new SerialQueue();
  readonly #stateFile: string;
  #hasState: boolean;
  #journal: Change[] = [];
  #positionsSinceSave = 0;
  #inner: LlmSequence;
  #isLost = false;

  /** @param stateFile holds the state of `inner`; absent when that is empty */
  private constructor(options: RecoveryOptions, inner: LlmSequence, stateFile?: string) {
    this.#options = options;
    this.#inner = inner;
    this.#stateFile = stateFile ?? options.newStateFile();
    this.#hasState = stateFile !== undefined;
  }

  static async create(
    options: RecoveryOptions,
    { signal }: { signal: AbortSignal },
  ): Promise<RecoveringSequence> {
    return new RecoveringSequence(options, await retryWhenLost(() => options.create({ signal })));
  }

  get length(): number {
    return this.#inner.length;
  }

  get contextSize(): number {
    return this.#inner.contextSize;
  }

  append(
    parts: readonly SequencePart[],
    options: { probabilitiesOf?: readonly TokenId[]; signal: AbortSignal },
  ): Promise<SequenceReading | undefined> {
    return this.#turns.run(async () => {
      const before = this.length;
      const reading = await this.#surviving((inner) => inner.append(parts, options));
      await this.#record((inner, signal) => inner.append(parts, { signal }), this.length - before);
      return reading;
    });
  }

  async *generate(options: GenerateOptions): AsyncGenerator<TokenId> {
    const seed = options.seed ?? randomInt(2 ** 32);
    const generated = [...(options.resumeAfter ?? [])];
    const end = generated.length + options.maxTokens;
    let running: AsyncIterator<TokenId> | undefined;
    const next = (): Promise<IteratorResult<TokenId, unknown>> =>
      this.#surviving(async (inner) => {
        // A reply that died with its engine goes on in the next one, behind what was already said.
        running ??= inner
          .generate({
            ...options,
            seed,
            maxTokens: end - generated.length,
            resumeAfter: [...generated],
          })
          [Symbol.asyncIterator]();
        try {
          return await running.next();
        } catch (error) {
          running = undefined;
          throw error;
        }
      });
    try {
      for (;;) {
        const token = await this.#turns.run(async () => {
          const { done, value } = await next();
          if (done === true) return undefined;
          generated.push(value);
          // Played back one by one, as they came: another batch size could round differently.
          const parts = [{ kind: 'tokens', tokens: [value] }] as const;
          await this.#record((inner, signal) => inner.append(parts, { signal }), 1);
          return value;
        });
        if (token === undefined) return;
        yield token;
      }
    } finally {
      await running?.return?.();
    }
  }

  truncate(length: number, options: { signal: AbortSignal }): Promise<void> {
    return this.#change((inner, signal) => inner.truncate(length, { signal }), options);
  }

  removeRange(start: number, end: number, options: { signal: AbortSignal }): Promise<void> {
    return this.#change((inner, signal) => inner.removeRange(start, end, { signal }), options);
  }

  /** Goes through a saved state, which the copy needs anyway as the beginning of its own history. */
  fork({ signal }: { signal: AbortSignal }): Promise<LlmSequence> {
    return this.#turns.run(async () => {
      const stateFile = this.#options.newStateFile();
      await this.#surviving((inner) => inner.save(stateFile, { signal }));
      const fill = (copy: LlmSequence): Promise<void> => copy.restore(stateFile, { signal });
      const inner = await retryWhenLost(() => this.#createFilled(fill, signal));
      return new RecoveringSequence(this.#options, inner, stateFile);
    });
  }

  save(file: string, options: { signal: AbortSignal }): Promise<void> {
    return this.#turns.run(() => this.#surviving((inner) => inner.save(file, options)));
  }

  restore(file: string, options: { signal: AbortSignal }): Promise<void> {
    return this.#turns.run(async () => {
      await this.#surviving(async (inner) => {
        await inner.restore(file, options);
        // The given file may be gone when it is needed.
        await this.#save();
      });
    });
  }

  /** Frees the cache and removes the saved state. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns.run(async () => {
      await this.#inner[Symbol.asyncDispose]();
      await rm(this.#stateFile, { force: true });
    });
  }

  #change(change: Change, { signal }: { signal: AbortSignal }): Promise<void> {
    return this.#turns.run(async () => {
      await this.#surviving((inner) => change(inner, signal));
      await this.#record(change, 0);
    });
  }

  /** Runs a call; when the engine is lost during it, brings the sequence back and runs it again. */
  #surviving<Result>(call: (inner: LlmSequence) => Promise<Result>): Promise<Result> {
    return retryWhenLost(async () => {
      if (this.#isLost) await this.#recover();
      try {
        return await call(this.#inner);
      } catch (error) {
        if (isAppError(error, 'engine.lost')) this.#isLost = true;
        throw error;
      }
    });
  }

  async #recover(): Promise<void> {
    this.#inner = await this.#createFilled(async (inner) => {
      if (this.#hasState) await inner.restore(this.#stateFile, { signal: never });
      for (const change of this.#journal) await change(inner, never);
    }, never);
    this.#isLost = false;
  }

  /** A cache that cannot be filled is not left behind. */
  async #createFilled(
    fill: (inner: LlmSequence) => Promise<void>,
    signal: AbortSignal,
  ): Promise<LlmSequence> {
    const inner = await this.#options.create({ signal });
    try {
      await fill(inner);
      return inner;
    } catch (error) {
      await discard(inner);
      throw error;
    }
  }

  async #record(change: Change, positions: number): Promise<void> {
    this.#journal.push(change);
    this.#positionsSinceSave += positions;
    if (this.#positionsSinceSave < this.#options.saveEveryPositions) return;
    await this.#surviving(() => this.#save());
  }

  async #save(): Promise<void> {
    await this.#inner.save(this.#stateFile, { signal: never });
    this.#hasState = true;
    this.#journal = [];
    this.#positionsSinceSave = 0;
  }
}

/** Whoever gave up on it has the reason already. */
async function discard(sequence: LlmSequence): Promise<void> {
  try {
    await sequence[Symbol.asyncDispose]();
  } catch {
    // An engine that is gone has freed it.
  }
}

/** Repeats work that starts from nothing. The engine's restart policy is what ends the loop: it answers engine.crashLoop then. */
export async function retryWhenLost<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error, 'engine.lost')) throw error;
    }
  }
}
