/**
 * How fast a pack is on the daemon's own path (engine process, vision encoder, decoder, stream), and what it takes of the memory.
 *   node scripts/packSpeed.ts PACK [--frames 8] [--device auto|cpu] [--threads N]
 * Prints one object: seconds to load; milliseconds of a frame in the encoder and in the decoder (medians), frames a second of both one
 * after the other, tokens a second of a reply, and the engine's largest memory where the system tells it, bytes.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { median } from '../daemon/base/median.ts';
import { RemotePerception } from '../daemon/engine/remotePerception.ts';
import { LlamaBackend } from '../daemon/llm/llamaBackend.ts';
import { StreamingSequence } from '../daemon/llm/streamingSequence.ts';
import { fitCanvas } from '../daemon/media/pixels.ts';
import { parseManifest } from '../daemon/weights/manifest.ts';
import { startEngine } from './packParity.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: 'string', default: '8' },
    device: { type: 'string', default: 'auto' },
    threads: { type: 'string' },
  },
});
const [given] = positionals;
if (given === undefined) throw new Error('usage: node scripts/packSpeed.ts PACK');
const pack = path.resolve(given);
const { signal } = new AbortController();
const file = path.join(pack, 'manifest.json');
const { files, stream, decoder, vision } = parseManifest(readFileSync(file, 'utf8'), file);
if (!vision) throw new Error(`${pack} has no vision encoder`);

/** Peak of what a process holds, bytes; undefined where the system does not say. */
function largestMemory(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return 1024 * Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}

/** A picture of the size of a screen; no two are alike. */
function picture(index: number) {
  const [width, height] = [1280, 720];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (i * (7 + index) + (i >> 9) * 31) & 255;
  return { width, height, data };
}

const stateFolder = mkdtempSync(path.join(tmpdir(), 'codealong-speed-'));
await using engine = startEngine();
const loading = performance.now();
const model = {
  path: path.join(pack, files.decoder.path),
  device: values.device === 'cpu' ? 'cpu' : 'auto',
  threads: values.threads === undefined ? undefined : Number(values.threads),
} as const;
await using backend = await LlamaBackend.open({ channel: engine, model, stateFolder }, { signal });
const loadSeconds = (performance.now() - loading) / 1000;
const contextSize = decoder.contextTokens;
await using sequence = await StreamingSequence.open(
  { backend, manifest: stream, contextSize },
  { signal },
);
const perception = new RemotePerception(engine, pack);
const encoding: number[] = [];
const decoding: number[] = [];
const silences: number[] = [];
for (let index = 0; index < Number(values.frames); index++) {
  const small = fitCanvas(picture(index), vision);
  const started = performance.now();
  const [rows] = await perception.encode([small], { signal });
  if (!rows) throw new Error('the encoder gave no rows');
  const encoded = performance.now();
  const { silenceProbability } = await sequence.appendFrame({ lines: [], rows }, { signal });
  encoding.push(encoded - started);
  decoding.push(performance.now() - encoded);
  silences.push(silenceProbability);
}
let pieces = 0;
const speaking = performance.now();
const onText = (): void => {
  pieces += 1;
};
const reply = await sequence.reply({ signal, onText });
const replySeconds = (performance.now() - speaking) / 1000;
// The first frame also pays for what is made once.
const encodeMs = median(encoding.slice(1)) ?? NaN;
const decodeMs = median(decoding.slice(1)) ?? NaN;
const report = {
  pack: path.basename(pack),
  devices: backend.runtime.devices,
  ...{ loadSeconds, encodeMs, decodeMs, framesPerSecond: 1000 / (encodeMs + decodeMs) },
  reply: { pieces, ending: reply.ending, seconds: replySeconds },
  peakBytes: largestMemory(engine.pid),
  silences,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
rmSync(stateFolder, { recursive: true, force: true });
