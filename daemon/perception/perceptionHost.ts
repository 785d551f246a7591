/** Perception for the engine process: two worker threads, one that looks and one that reads. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../base/errors.ts';
import { DisposalStack } from '../base/lifetime.ts';
import type { Frame, Picture } from '../media/frameSource.ts';
import type { PackManifest } from '../weights/manifest.ts';
import type { FrameEmbedding, ScreenReading } from './perception.ts';
import { WorkerChannel } from './workerChannel.ts';
import type { WorkerTask } from './workerMessages.ts';

/** Everything takes and gives plain data, so that it can be forwarded between processes as it is. */
export interface Perception extends AsyncDisposable {
  /** @throws AppError perception.workerLost, perception.modelUnreadable, model.unsupported */
  encode(
    pictures: readonly Picture[],
    options: { signal: AbortSignal },
  ): Promise<readonly FrameEmbedding[]>;
  /** Reads the next frame of a stream; a stream begins with its first frame. Without a reader in the pack there is no text. */
  read(streamId: string, frame: Frame, options: { signal: AbortSignal }): Promise<ScreenReading>;
  /** Ends a stream, or begins it anew after a seek. @returns the lines this closes. */
  reset(streamId: string, options: { signal: AbortSignal }): Promise<ScreenReading['closed']>;
}

export interface PerceptionOptions {
  /** Execution provider of onnxruntime. The shipped networks are small: elsewhere they would wait for the bus. */
  readonly provider?: string;
}

const nothing: ScreenReading = { lines: [], opened: [], closed: [], newTexts: [] };

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
    read: async (streamId, frame, options) =>
      reader ? reader.request('read', { streamId, frame }, options) : nothing,
    reset: async (streamId, options) =>
      reader ? reader.request('reset', { streamId }, options) : [],
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
  { reader, files, stream }: PackManifest,
  provider: string,
): WorkerTask | undefined {
  if (!reader || !files.reader) return undefined;
  const file = join(folder, files.reader.path);
  return { role: 'reader', file, provider, manifest: reader, limits: stream.screenText };
}

/** The worker lies beside this file: as source under test, as its own bundle when built. */
function startWorker(task: WorkerTask): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = new URL(`./perceptionWorker.${extension}`, import.meta.url);
  return new Worker(entry, { name: `perception-${task.role}`, workerData: task });
}
