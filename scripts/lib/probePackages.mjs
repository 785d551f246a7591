// Loads every package that brings native code, so that a broken installation is found by set-up and not by a user.
//   node scripts/lib/probePackages.mjs
import { transform } from 'esbuild';
import koffi from 'koffi';
import { getLlama } from 'node-llama-cpp';
import ort from 'onnxruntime-node';
import { DatabaseSync } from 'node:sqlite';

const { code } = await transform('let answer: number = 42', { loader: 'ts' });
if (!code.includes('42')) throw new Error('esbuild gives no code');
if (koffi.sizeof('int64_t') !== 8) throw new Error('koffi does not know int64_t');
if (!ort.listSupportedBackends().some(({ name }) => name === 'cpu')) {
  throw new Error('onnxruntime has no CPU provider');
}
new DatabaseSync(':memory:').exec('CREATE VIRTUAL TABLE words USING fts5(word)');
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' });
await llama.dispose();
