/**
 * A converted pack on the daemon's own path (engine process, vision encoder, decoder, stream), as one side of `npm run bench -- peers`.
 *   node ours.js PACK --engine FILE --pictures FILE --size 640x360 --frames 1200 --cache f32 --out FILE
 * Pictures are made small and encoded while the decoder takes those before, with the queues of a watching.
 * Writes one object. @see models/convert/peers.py, which writes the same of the published loop
 */
import {
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../daemon/base/clock.ts';
import { toError } from '../../../daemon/base/errors.ts';
import { BoundedQueue } from '../../../daemon/base/boundedQueue.ts';
import { DisposalStack } from '../../../daemon/base/lifetime.ts';
import { EngineProcess } from '../../../daemon/engine/engineProcess.ts';
import { RemotePerception } from '../../../daemon/engine/remotePerception.ts';
import type { SequenceOptions } from '../../../daemon/llm/backend.ts';
import { LlamaBackend } from '../../../daemon/llm/llamaBackend.ts';
import { StreamingSequence, type StreamBackend } from '../../../daemon/llm/streamingSequence.ts';
import type { Picture } from '../../../daemon/media/frameSource.ts';
import { fitCanvas } from '../../../daemon/media/pixels.ts';
import { fileQueues } from '../../../daemon/watchSession.ts';
import { parseManifest } from '../../../daemon/weights/manifest.ts';

/** What either side writes. */
export interface PeerRun {
  /** When each frame was decided, from the first picture on. */
  readonly frameEndsMs: readonly number[];
  readonly firstTokenMs: number;
  /** Probability of silence behind each frame. */
  readonly silences: readonly number[];
  /** Of the cache, at the end. */
  readonly positions: number;
}

const question = 'Which colour is it?';
const { visionBatch } = fileQueues;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      engine: { type: 'string' },
      pictures: { type: 'string' },
      size: { type: 'string' },
      frames: { type: 'string' },
      cache: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const [pack = ''] = positionals;
  const { signal } = new AbortController();
  await using stack = new DisposalStack();
  const engine = stack.use(
    new EngineProcess({
      nodePath: process.execPath,
      scriptPath: values.engine ?? '',
      ...{ clock: systemClock, log: () => undefined },
    }),
  );
  const stateFolder = mkdtempSync(path.join(tmpdir(), 'codealong-peers-'));
  stack.defer(() => {
    rmSync(stateFolder, { recursive: true, force: true });
  });
  const file = path.join(pack, 'manifest.json');
  const manifest = parseManifest(readFileSync(file, 'utf8'), file);
  const decoderFile = path.join(pack, manifest.files.decoder.path);
  const model = { path: decoderFile, device: 'cpu', threads: 1 } as const;
  const backend = stack.use(
    await LlamaBackend.open({ channel: engine, model, stateFolder }, { signal }),
  );
  const cacheType = values.cache as SequenceOptions['cacheType'];
  const { stream, decoder, vision } = manifest;
  if (!vision) throw new Error('a pack without eyes has nothing to watch');
  const sequence = stack.use(
    await StreamingSequence.open(
      {
        backend: withCache(backend, cacheType ?? 'f16'),
        ...{ manifest: { ...stream, maxReplyTokens: 1 }, contextSize: decoder.contextTokens },
      },
      { signal },
    ),
  );
  const perception = new RemotePerception(engine, pack);
  const pictures = readPictures(values.pictures ?? '', values.size ?? '');
  const frames = Number(values.frames);
  const encode = (first: number): Promise<readonly Float32Array[]> => {
    const count = Math.min(visionBatch, frames - first);
    const seen = Array.from({ length: count }, (_, index) => pictures(first + index));
    const small = seen.map((picture) => fitCanvas(picture, vision));
    return perception.encode(small, { signal });
  };
  const silences: number[] = [];
  const frameEndsMs: number[] = [];
  // Both networks are loaded before the clock starts, as the other side's are.
  await encode(frames - 1);
  const startMs = performance.now();
  const encoded = new BoundedQueue<Float32Array>({
    ...{ capacity: fileQueues.encodedCapacity, policy: 'block' },
  });
  const looking = (async () => {
    for (let first = 0; first < frames; first += visionBatch) {
      for (const rows of await encode(first)) await encoded.push(rows, { signal });
    }
    encoded.close();
  })();
  looking.catch((error: unknown) => {
    encoded.fail(toError(error));
  });
  for await (const rows of encoded) {
    const { silenceProbability } = await sequence.appendFrame({ lines: [], rows }, { signal });
    silences.push(silenceProbability);
    frameEndsMs.push(performance.now() - startMs);
  }
  await looking;
  const askedMs = performance.now();
  await sequence.answer(question, { signal });
  const firstTokenMs = performance.now() - askedMs;
  const result: PeerRun = { frameEndsMs, firstTokenMs, silences, positions: sequence.length };
  writeFileSync(values.out ?? '', JSON.stringify(result));
}

/** The same precision for keys and values as the other side has. */
function withCache(
  backend: LlamaBackend,
  cacheType: NonNullable<SequenceOptions['cacheType']>,
): StreamBackend {
  const { specialTokens, canShift, rowWidth } = backend;
  return {
    ...{ specialTokens, canShift, rowWidth },
    tokenize: (text, options) => backend.tokenize(text, options),
    detokenize: (tokens, options) => backend.detokenize(tokens, options),
    createSequence: (options) => backend.createSequence({ ...options, cacheType }),
  };
}

/** @param size of each, `640x360`. @returns the n-th picture of a file, from the first again behind the last */
function readPictures(file: string, size: string): (number: number) => Picture {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const bytes = width * height * 3;
  const count = statSync(file).size / bytes;
  const descriptor = openSync(file, 'r');
  return (number) => {
    const data = new Uint8Array(bytes);
    readSync(descriptor, data, 0, bytes, (number % count) * bytes);
    return { width, height, data };
  };
}

await main();
process.exit(0);
