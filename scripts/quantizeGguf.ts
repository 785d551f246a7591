/**
 * Stores a decoder's weights smaller, with the very llama.cpp that the daemon runs.
 *   node scripts/quantizeGguf.ts FROM.gguf TO.gguf f16|bf16|q8_0|q6_K|q5_K_M|q4_K_M
 * What decides between silence and speech stays exact enough: the output layer has at least q6_K, and the embedding table q8_0 at most,
 * of which the daemon can read rows (daemon/llm/tokenEmbedding.ts).
 */
import path from 'node:path';
import koffi from 'koffi';
import { callAsync } from '../daemon/llm/llamaLibrary.ts';
import { openRuntime } from '../daemon/llm/llamaRuntime.ts';

/** llama_ftype, and the ggml_type of the embedding table. @source include/llama.h, ggml/include/ggml.h of llama.cpp v0.4.0 */
const forms: Readonly<Record<string, { readonly file: number; readonly table: number }>> = {
  f16: { file: 1, table: 1 },
  bf16: { file: 32, table: 30 },
  q8_0: { file: 7, table: 8 },
  q6_K: { file: 18, table: 8 },
  q5_K_M: { file: 17, table: 8 },
  q4_K_M: { file: 15, table: 8 },
};

async function quantize(from: string, to: string, name: string): Promise<void> {
  const form = forms[name];
  if (!form) throw new Error(`${name} is none of ${Object.keys(forms).join(', ')}`);
  const { library } = await openRuntime('cpu', (line) => {
    process.stderr.write(`${line}\n`);
  });
  const { calls, structs } = library;
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
  if (code !== 0) throw new Error(`llama.cpp could not store ${from} as ${name}: code ${code}`);
}

const [from, to, name] = process.argv.slice(2);
if (from === undefined || to === undefined || name === undefined) {
  process.stderr.write('usage: node scripts/quantizeGguf.ts FROM.gguf TO.gguf FORM\n');
  process.exitCode = 2;
} else {
  await quantize(path.resolve(from), path.resolve(to), name);
  // The library's threads would keep the process.
  process.exit(0);
}
