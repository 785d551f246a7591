/** Picks the next token from logits: greedily, or with llama.cpp's sampler chain, or within a grammar. */
import koffi from 'koffi';
import { AppError } from '../base/errors.ts';
import type { GenerateOptions, TokenId } from './backend.ts';
import type { Pointer } from './llamaLibrary.ts';
import type { LlamaModel } from './llamaModel.ts';
import { mostLikely } from './logits.ts';

/** How tokens are picked; the seed is always given, so that a reply can be continued after a restart. */
export type SamplingRule = Pick<GenerateOptions, 'temperature' | 'topK' | 'topP' | 'grammar'> & {
  readonly seed: number;
};

const candidateBytes = 12;

/**
 * State of one reply. The random numbers of a step depend only on the seed and the step's number, so a reply that is continued
 * after `accepted` tokens draws what it would have drawn without the interruption.
 */
export class LlamaSampler implements Disposable {
  readonly #model: LlamaModel;
  readonly #rule: SamplingRule;
  readonly #grammar: Pointer = null;
  #step = 0;
  #candidates: Pointer = null;
  #array: Pointer = null;

  /** @throws AppError engine.decodeFailed when the grammar is not valid GBNF with a root rule. */
  constructor(model: LlamaModel, rule: SamplingRule, accepted: readonly TokenId[]) {
    this.#model = model;
    this.#rule = rule;
    if (rule.grammar !== undefined) {
      const { llama_sampler_init_grammar: create } = model.library.calls;
      this.#grammar = create(model.vocabulary, rule.grammar, 'root');
      if (this.#grammar === null) {
        throw new AppError('engine.decodeFailed', 'The grammar of the reply is not valid.');
      }
    }
    for (const token of accepted) this.accept(token);
  }

  /** @returns undefined when nothing fits the grammar any more: the text is complete. */
  pick(logits: Float32Array): TokenId | undefined {
    const { temperature } = this.#rule;
    if (temperature === 0) {
      // Mostly what the model would say anyway fits, and a grammar takes long to look at a whole vocabulary.
      const best = mostLikely(logits);
      if (this.#grammar === null || this.#choose(logits, best, 1) === best) return best;
    }
    return this.#choose(logits, 0, logits.length);
  }

  /** Chooses among the tokens from `first` on. @returns undefined when none of them fits the grammar */
  #choose(logits: Float32Array, first: TokenId, count: number): TokenId | undefined {
    const { calls, structs } = this.#model.library;
    this.#fill(logits, first, count);
    if (this.#grammar !== null) calls.llama_sampler_apply(this.#grammar, this.#array);
    const chain = this.#chain();
    try {
      calls.llama_sampler_apply(chain, this.#array);
    } finally {
      calls.llama_sampler_free(chain);
    }
    const { data, selected } = koffi.decode(this.#array, structs.llama_token_data_array) as {
      data: bigint;
      selected: number;
    };
    const chosen = koffi.decode(
      data + BigInt(selected * candidateBytes),
      structs.llama_token_data,
    ) as { id: TokenId; logit: number };
    return chosen.logit === -Infinity ? undefined : chosen.id;
  }

  /** Moves grammar and random numbers behind a token that was picked. */
  accept(token: TokenId): void {
    this.#step++;
    if (this.#grammar !== null)
      this.#model.library.calls.llama_sampler_accept(this.#grammar, token);
  }

  [Symbol.dispose](): void {
    if (this.#grammar !== null) this.#model.library.calls.llama_sampler_free(this.#grammar);
    if (this.#candidates !== null) koffi.free(this.#candidates);
    if (this.#array !== null) koffi.free(this.#array);
  }

  #chain(): Pointer {
    const { calls } = this.#model.library;
    const { temperature, topK, topP, seed } = this.#rule;
    const chain = calls.llama_sampler_chain_init({ no_perf: true });
    const add = (sampler: Pointer): void => {
      calls.llama_sampler_chain_add(chain, sampler);
    };
    if (temperature === 0) {
      add(calls.llama_sampler_init_greedy());
      return chain;
    }
    if (topK !== undefined) add(calls.llama_sampler_init_top_k(topK));
    if (topP !== undefined) add(calls.llama_sampler_init_top_p(topP, 1));
    add(calls.llama_sampler_init_temp(temperature));
    // Weyl sequence: neighbouring steps get seeds that are far apart.
    add(calls.llama_sampler_init_dist((seed + Math.imul(this.#step, 0x9e3779b9)) >>> 0));
    return chain;
  }

  #fill(logits: Float32Array, first: TokenId, count: number): void {
    const { structs } = this.#model.library;
    this.#candidates ??= koffi.alloc(structs.llama_token_data, logits.length) as bigint;
    this.#array ??= koffi.alloc(structs.llama_token_data_array, 1) as bigint;
    const memory = koffi.view(this.#candidates, logits.length * candidateBytes);
    const ids = new Int32Array(memory);
    const values = new Float32Array(memory);
    for (let at = 0; at < count; at++) {
      ids[at * 3] = first + at;
      values[at * 3 + 1] = logits[first + at]!;
      values[at * 3 + 2] = 0;
    }
    koffi.encode(this.#array, structs.llama_token_data_array, {
      data: this.#candidates,
      size: count,
      selected: -1,
      sorted: false,
    });
  }
}
