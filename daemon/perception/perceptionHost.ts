/**
 * Perception for the engine process: worker threads, one that looks, one that reads, one that tells which rows a question may
 * mean, one that tells what fulfils a standing request.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../base/errors.ts';
import { DisposalStack } from '../base/lifetime.ts';
import type { Picture } from '../media/frameSource.ts';
import type { PackManifest } from '../weights/manifest.ts';
import type { FrameEmbedding, PlacedText, RequestMatch, ScreenLine } from './perception.ts';
import type { VisionPlace } from './visionProviders.ts';
import { WorkerChannel } from './workerChannel.ts';
import type { WorkerTask } from './workerMessages.ts';

/** Everything takes and gives plain data, so that it can be forwarded between processes as it is. */
export interface Perception extends AsyncDisposable {
  /** @throws AppError perception.workerLost, perception.modelUnreadable, model.unsupported */
  encode(
    pictures: readonly Picture[],
    options: { signal: AbortSignal },
  ): Promise<readonly FrameEmbedding[]>;
  /** Where pictures are computed, which opens the encoder; nowhere without one in the pack. @throws as `encode` */
  place(options: { signal: AbortSignal }): Promise<VisionPlace | undefined>;
  /**
   * Reads the next picture of a stream; a stream begins with its first picture. Without a reader in the pack there is no text.
   * @returns the lines that stand on screen now.
   */
  read(
    streamId: string,
    picture: Picture,
    options: { signal: AbortSignal },
  ): Promise<readonly ScreenLine[]>;
  /** Forgets a stream's screen. */
  endStream(streamId: string, options: { signal: AbortSignal }): Promise<void>;
  /** How likely each row answers a question, about -1 … 1. Rejects without a retriever in the pack. */
  score(
    question: string,
    rows: readonly PlacedText[],
    options: { signal: AbortSignal },
  ): Promise<Float32Array>;
  /** What a sentence of guidance is to a standing request. Rejects without a matcher in the pack. */
  match(request: string, sentence: string, options: { signal: AbortSignal }): Promise<RequestMatch>;
}

export interface PerceptionOptions {
  /**
   * Execution providers of onnxruntime for the vision encoder, tried in their order. The other networks are small: on a card they would
   * wait for the bus.
   */
  readonly visionProviders?: readonly string[];
}

const processor = 'cpu';

/** Starts no thread yet: each starts with its first request. @param manifestFolder holds the files that the manifest names */
export function createPerception(
  manifestFolder: string,
  manifest: PackManifest,
  { visionProviders = [processor] }: PerceptionOptions = {},
): Perception {
  const stack = new DisposalStack();
  const channelFor = (task: WorkerTask | undefined): WorkerChannel | undefined =>
    task && stack.use(new WorkerChannel(() => startWorker(task)));
  const vision = channelFor(visionTask(manifestFolder, manifest, visionProviders));
  const reader = channelFor(readerTask(manifestFolder, manifest));
  const retriever = channelFor(retrieverTask(manifestFolder, manifest));
  const matcher = channelFor(matcherTask(manifestFolder, manifest));
  return {
    encode(pictures, options) {
      if (vision) return vision.request('encode', { pictures }, options);
      return Promise.reject(new AppError('model.unsupported', 'This pack has no vision encoder.'));
    },
    place: async (options) => vision?.request('place', undefined, options),
    read: async (streamId, picture, options) =>
      reader ? reader.request('read', { streamId, picture }, options) : [],
    endStream: async (streamId, options) => {
      await reader?.request('endStream', { streamId }, options);
    },
    score(question, rows, options) {
      if (retriever) return retriever.request('score', { question, rows }, options);
      return Promise.reject(new AppError('model.unsupported', 'This pack has no retriever.'));
    },
    match(request, sentence, options) {
      if (matcher) return matcher.request('match', { request, sentence }, options);
      return Promise.reject(new AppError('model.unsupported', 'This pack has no matcher.'));
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

function visionTask(
  folder: string,
  { vision, files }: PackManifest,
  providers: readonly string[],
): WorkerTask | undefined {
  if (!vision || !files.vision) return undefined;
  return { role: 'vision', file: join(folder, files.vision.path), providers, manifest: vision };
}

function readerTask(
  folder: string,
  { reader, regions, files }: PackManifest,
): WorkerTask | undefined {
  if (!reader || !files.reader || !regions || !files.regions) return undefined;
  const file = join(folder, files.reader.path);
  const places = { file: join(folder, files.regions.path), manifest: regions };
  return { role: 'reader', file, provider: processor, manifest: reader, regions: places };
}

function retrieverTask(folder: string, { retriever, files }: PackManifest): WorkerTask | undefined {
  if (!retriever || !files.retriever) return undefined;
  const file = join(folder, files.retriever.path);
  return { role: 'retriever', file, provider: processor, manifest: retriever };
}

function matcherTask(folder: string, { matcher, files }: PackManifest): WorkerTask | undefined {
  if (!matcher || !files.matcher) return undefined;
  const file = join(folder, files.matcher.path);
  return { role: 'matcher', file, provider: processor, manifest: matcher };
}

/** The worker lies beside this file: as source under test, as its own bundle when built. */
function startWorker(task: WorkerTask): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = new URL(`./perceptionWorker.${extension}`, import.meta.url);
  return new Worker(entry, { name: `perception-${task.role}`, workerData: task });
}
