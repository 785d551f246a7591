/**
 * Stores a decoder's weights smaller, with the very llama.cpp that the daemon runs.
 *   node scripts/quantizeGguf.ts FROM.gguf TO.gguf f16|bf16|q8_0|q6_K|q5_K_M|q4_K_M
 */
import path from 'node:path';
import { openRuntime } from '../daemon/llm/llamaRuntime.ts';
import { quantisations, quantizeDecoder } from '../daemon/llm/quantize.ts';

const [from, to, name] = process.argv.slice(2);
if (from === undefined || to === undefined || name === undefined) {
  process.stderr.write(`usage: quantizeGguf.ts FROM.gguf TO.gguf ${quantisations.join('|')}\n`);
  process.exit(2);
}
const { library } = await openRuntime('cpu', (line) => {
  process.stderr.write(`${line}\n`);
});
await quantizeDecoder(library, { from: path.resolve(from), to: path.resolve(to) }, name);
// The library's threads would keep the process.
process.exit(0);
