/** What the C structs and functions of each known llama.cpp release look like; a test compares it with that release's llama.h. */

/** A C type as koffi names it. Enums are `int`; every pointer is `void*` except strings that are passed in or returned. */
type NativeType = 'void' | 'void*' | 'str' | 'bool' | 'float' | IntegerType;
type IntegerType = 'int' | 'int8' | 'int32' | 'uint32' | 'int64' | 'size_t';

/** Name of a struct that is passed or returned by value. */
export type StructName =
  | 'llama_model_params'
  | 'llama_context_params'
  | 'llama_batch'
  | 'llama_sampler_chain_params'
  | 'llama_token_data'
  | 'llama_token_data_array'
  | 'llama_model_quantize_params';

type StructLayout = Readonly<Record<string, NativeType>>;

/** Return type and parameter types of a C function. */
type Signature = readonly [NativeType | StructName, readonly (NativeType | StructName)[]];

export interface ReleaseLayout {
  readonly structs: Readonly<Record<StructName, StructLayout>>;
  /** Values that the library's own defaults must have at these fields; a shifted field would show another value. */
  readonly defaults: {
    readonly llama_model_params: Readonly<Record<string, unknown>>;
    readonly llama_context_params: Readonly<Record<string, unknown>>;
  };
}

/** The functions that are called. @source include/llama.h of llama.cpp v0.4.0 */
export const signatures = {
  llama_version: ['str', []],
  llama_model_default_params: ['llama_model_params', []],
  llama_context_default_params: ['llama_context_params', []],
  llama_model_load_from_file: ['void*', ['str', 'llama_model_params']],
  llama_model_free: ['void', ['void*']],
  llama_init_from_model: ['void*', ['void*', 'llama_context_params']],
  llama_free: ['void', ['void*']],
  llama_model_get_vocab: ['void*', ['void*']],
  llama_model_n_embd: ['int32', ['void*']],
  llama_model_n_embd_inp: ['int32', ['void*']],
  llama_model_n_ctx_train: ['int32', ['void*']],
  llama_model_n_swa: ['int32', ['void*']],
  llama_model_rope_type: ['int', ['void*']],
  llama_vocab_n_tokens: ['int32', ['void*']],
  llama_vocab_get_text: ['str', ['void*', 'int32']],
  llama_vocab_get_attr: ['int', ['void*', 'int32']],
  llama_vocab_is_eog: ['bool', ['void*', 'int32']],
  llama_tokenize: ['int32', ['void*', 'void*', 'int32', 'void*', 'int32', 'bool', 'bool']],
  llama_token_to_piece: ['int32', ['void*', 'int32', 'void*', 'int32', 'int32', 'bool']],
  llama_decode: ['int32', ['void*', 'llama_batch']],
  llama_synchronize: ['void', ['void*']],
  llama_get_logits_ith: ['void*', ['void*', 'int32']],
  llama_get_memory: ['void*', ['void*']],
  llama_memory_seq_rm: ['bool', ['void*', 'int32', 'int32', 'int32']],
  llama_memory_seq_add: ['void', ['void*', 'int32', 'int32', 'int32', 'int32']],
  llama_memory_can_shift: ['bool', ['void*']],
  llama_memory_seq_pos_max: ['int32', ['void*', 'int32']],
  llama_memory_clear: ['void', ['void*', 'bool']],
  llama_state_seq_get_size: ['size_t', ['void*', 'int32']],
  llama_state_seq_get_data: ['size_t', ['void*', 'void*', 'size_t', 'int32']],
  llama_state_seq_set_data: ['size_t', ['void*', 'void*', 'size_t', 'int32']],
  llama_state_seq_save_file: ['size_t', ['void*', 'str', 'int32', 'void*', 'size_t']],
  llama_state_seq_load_file: ['size_t', ['void*', 'str', 'int32', 'void*', 'size_t', 'void*']],
  llama_sampler_chain_init: ['void*', ['llama_sampler_chain_params']],
  llama_sampler_chain_add: ['void', ['void*', 'void*']],
  llama_sampler_init_greedy: ['void*', []],
  llama_sampler_init_dist: ['void*', ['uint32']],
  llama_sampler_init_top_k: ['void*', ['int32']],
  llama_sampler_init_top_p: ['void*', ['float', 'size_t']],
  llama_sampler_init_temp: ['void*', ['float']],
  llama_sampler_init_grammar: ['void*', ['void*', 'str', 'str']],
  llama_sampler_apply: ['void', ['void*', 'void*']],
  llama_sampler_accept: ['void', ['void*', 'int32']],
  llama_sampler_free: ['void', ['void*']],
  llama_model_quantize_default_params: ['llama_model_quantize_params', []],
  llama_model_quantize: ['uint32', ['str', 'str', 'void*']],
} as const satisfies Readonly<Record<string, Signature>>;

/** @source include/llama.h of llama.cpp v0.4.0, the release inside node-llama-cpp 3.21.1 */
const release040: ReleaseLayout = {
  structs: {
    llama_model_params: {
      devices: 'void*',
      tensor_buft_overrides: 'void*',
      n_gpu_layers: 'int32',
      split_mode: 'int',
      load_mode: 'int',
      lazy_mode: 'int',
      main_gpu: 'int32',
      tensor_split: 'void*',
      progress_callback: 'void*',
      progress_callback_user_data: 'void*',
      kv_overrides: 'void*',
      vocab_only: 'bool',
      check_tensors: 'bool',
      use_extra_bufts: 'bool',
      no_host: 'bool',
      no_alloc: 'bool',
      load_mtp: 'bool',
    },
    llama_context_params: {
      n_ctx: 'uint32',
      n_batch: 'uint32',
      n_ubatch: 'uint32',
      n_seq_max: 'uint32',
      n_rs_seq: 'uint32',
      n_outputs_max: 'uint32',
      n_outputs_max_per_seq: 'uint32',
      n_threads: 'int32',
      n_threads_batch: 'int32',
      ctx_type: 'int',
      rope_scaling_type: 'int',
      pooling_type: 'int',
      attention_type: 'int',
      flash_attn_type: 'int',
      rope_freq_base: 'float',
      rope_freq_scale: 'float',
      yarn_ext_factor: 'float',
      yarn_attn_factor: 'float',
      yarn_beta_fast: 'float',
      yarn_beta_slow: 'float',
      yarn_orig_ctx: 'uint32',
      defrag_thold: 'float',
      cb_eval: 'void*',
      cb_eval_user_data: 'void*',
      type_k: 'int',
      type_v: 'int',
      abort_callback: 'void*',
      abort_callback_data: 'void*',
      embeddings: 'bool',
      offload_kqv: 'bool',
      no_perf: 'bool',
      op_offload: 'bool',
      swa_full: 'bool',
      kv_unified: 'bool',
      samplers: 'void*',
      n_samplers: 'size_t',
      ctx_other: 'void*',
    },
    llama_batch: {
      n_tokens: 'int32',
      token: 'void*',
      embd: 'void*',
      pos: 'void*',
      n_seq_id: 'void*',
      seq_id: 'void*',
      logits: 'void*',
    },
    llama_sampler_chain_params: { no_perf: 'bool' },
    llama_token_data: { id: 'int32', logit: 'float', p: 'float' },
    llama_token_data_array: { data: 'void*', size: 'size_t', selected: 'int64', sorted: 'bool' },
    llama_model_quantize_params: {
      nthread: 'int32',
      ftype: 'int',
      output_tensor_type: 'int',
      token_embedding_type: 'int',
      allow_requantize: 'bool',
      quantize_output_tensor: 'bool',
      only_copy: 'bool',
      pure: 'bool',
      keep_split: 'bool',
      dry_run: 'bool',
      imatrix: 'void*',
      kv_overrides: 'void*',
      tt_overrides: 'void*',
      prune_layers: 'void*',
      max_buf_size: 'size_t',
    },
  },
  defaults: {
    llama_model_params: {
      devices: null,
      n_gpu_layers: -1,
      split_mode: 1,
      load_mode: -1,
      lazy_mode: 1,
      main_gpu: 0,
      kv_overrides: null,
      vocab_only: false,
      use_extra_bufts: true,
      load_mtp: false,
    },
    llama_context_params: {
      n_ctx: 512,
      n_batch: 2048,
      n_ubatch: 512,
      n_seq_max: 1,
      n_threads: 4,
      rope_scaling_type: -1,
      flash_attn_type: -1,
      yarn_ext_factor: -1,
      defrag_thold: -1,
      type_k: 1,
      type_v: 1,
      abort_callback: null,
      offload_kqv: true,
      no_perf: true,
      swa_full: true,
      kv_unified: false,
      n_samplers: 0,
      ctx_other: null,
    },
  },
};

/** Keyed by what `llama_version()` returns. A release that is not here is refused: a wrong layout corrupts memory. */
export const releases: ReadonlyMap<string, ReleaseLayout> = new Map([['0.4.0-dev', release040]]);
