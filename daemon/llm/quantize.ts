/** A decoder's weights stored smaller, by the library that runs them. */
import koffi from 'koffi';
import { AppError } from '../base/errors.ts';
import { callAsync, type LlamaLibrary } from './llamaLibrary.ts';

/**
 * llama_ftype, and the ggml_type of the embedding table: never below q8_0, of which rows can be read (tokenEmbedding.ts).
 * @source include/llama.h and ggml/include/ggml.h of llama.cpp v0.4.0
 */
const forms: Readonly<Record<string, { readonly file: number; readonly table: number }>> = {
  f16: { file: 1, table: 1 },
  bf16: { file: 32, table: 30 },
  q8_0: { file: 7, table: 8 },
  q6_K: { file: 18, table: 8 },
  q5_K_M: { file: 17, table: 8 },
  q4_K_M: { file: 15, table: 8 },
};

/** Names of the ways to store weights. */
export const quantisations: readonly string[] = Object.keys(forms);

/**
 * Writes a GGUF file anew. The output layer, which decides between silence and speech, keeps at least q6_K.
 * @param name one of `quantisations`
 * @throws RangeError for another name, AppError engine.modelUnreadable when the library cannot read the file or write the other
 */
export async function quantizeDecoder(
  { calls, structs }: LlamaLibrary,
  { from, to }: { readonly from: string; readonly to: string },
  name: string,
): Promise<void> {
  const form = forms[name];
  if (!form) throw new RangeError(`${name} is none of ${quantisations.join(', ')}`);
  const layout = structs.llama_model_quantize_params;
  const parameters = koffi.alloc(layout, 1) as bigint;
  koffi.encode(parameters, layout, {
    ...calls.llama_model_quantize_default_params(),
    nthread: 1,
    ftype: form.file,
    token_embedding_type: form.table,
    allow_requantize: true,
  });
  const code = await callAsync(calls.llama_model_quantize, from, to, parameters);
  koffi.free(parameters);
  if (code !== 0) throw new AppError('engine.modelUnreadable', undefined, { data: { from, code } });
}
