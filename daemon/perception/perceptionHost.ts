/** Perception for the engine process: two worker threads, one that looks and one that reads. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../base/errors.ts';
import { DisposalStack } from '../base/lifetime.ts';
import type { Picture } from '../media/frameSource.ts';
import type { PackManifest } from '../weights/manifest.ts';
import type { FrameEmbedding, ScreenLine } from './perception.ts';
import { WorkerChannel } from './workerChannel.ts';
import type { WorkerTask } from './workerMessages.ts';

/** Everything takes and gives plain data, so that it can be forwarded between processes as it is. */
export interface Perception extends AsyncDisposable {
  /** @throws AppError perception.workerLost, perception.modelUnreadable, model.unsupported */
  encode(
    pictures: readonly Picture[],
    options: { signal: AbortSignal },
  ): Promise<readonly FrameEmbedding[]>;
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
}

export interface PerceptionOptions {
  /** Execution provider of onnxruntime. The shipped networks are small: elsewhere they would wait for the bus. */
  readonly provider?: string;
}

/** Starts no thread yet: each starts with its first request. @param manifestFolder holds the files that the manifest names */
export function createPerception(
  manifestFolder: string,
  manifest: PackManifest,
  { provider = 'cpu' }: PerceptionOptions = {},
): Perception {
  const stack = new DisposalStack();
  const channelFor = (task: WorkerTask | undefined): WorkerChannel | undefined =>
    task && stack.use(new WorkerChannel(() => startWorker(task)));
  const vision = channelFor(visionTask(manifestFolder, manifest, provider));
  const reader = channelFor(readerTask(manifestFolder, manifest, provider));
  return {
    encode(pictures, options) {
      if (vision) return vision.request('encode', { pictures }, options);
      return Promise.reject(new AppError('model.unsupported', 'This pack has no vision encoder.'));
    },
    read: async (streamId, picture, options) =>
      reader ? reader.request('read', { streamId, picture }, options) : [],
    endStream: async (streamId, options) => {
      await reader?.request('endStream', { streamId }, options);
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

function visionTask(
  folder: string,
  { vision, files }: PackManifest,
  provider: string,
): WorkerTask | undefined {
  if (!vision || !files.vision) return undefined;
  return { role: 'vision', file: join(folder, files.vision.path), provider, manifest: vision };
}

function readerTask(
  folder: string,
  { reader, files }: PackManifest,
  provider: string,
): WorkerTask | undefined {
  if (!reader || !files.reader) return undefined;
  const file = join(folder, files.reader.path);
  return { role: 'reader', file, provider, manifest: reader };
}

/** The worker lies beside this file: as source under test, as its own bundle when built. */
function startWorker(task: WorkerTask): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = new URL(`./perceptionWorker.${extension}`, import.meta.url);
  return new Worker(entry, { name: `perception-${task.role}`, workerData: task });
}
