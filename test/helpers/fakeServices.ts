/** Everything that a daemon does, played: the fake service, and videos that become playable when the test says so. */
import path from 'node:path';
import type { DaemonService } from '../../daemon/assistant/service.ts';
import { AppError } from '../../daemon/base/errors.ts';
import type { MediaService } from '../../daemon/media/mediaService.ts';
import type { DaemonControl, Services } from '../../daemon/server.ts';
import { mediaMs, type MediaInfo, type FileSource } from '../../protocol/index.ts';
import { createFakeService } from './fakeService.ts';

/** How a video plays: made ready to so much. */
export function mediaAt(progress: number): MediaInfo {
  const isReady = progress >= 1;
  return {
    durationMs: mediaMs(20_000),
    ...{ width: 640, height: 360, chapters: [], hasSound: true, notices: [] },
    ...(isReady ? { videoUrl: 'http://127.0.0.1:9/t/v/video' } : { progress }),
    state: isReady ? 'ready' : 'preparing',
    frameUrl: 'http://127.0.0.1:9/t/v/frame',
  };
}

/** One opening of a video, as the service sees it. */
export interface Opening {
  readonly source: FileSource;
  readonly onChange: (media: MediaInfo) => void;
  readonly signal: AbortSignal;
}

/** `early.mp4` changes before it is answered, `slow.mp4` is answered never, `missing.mp4` is not there. */
export class FakeMedia implements MediaService {
  readonly openings: Opening[] = [];

  open(
    source: FileSource,
    onChange: (media: MediaInfo) => void,
    { signal }: { signal: AbortSignal },
  ): Promise<MediaInfo> {
    this.openings.push({ source, onChange, signal });
    const name = path.basename(source.path);
    if (name === 'missing.mp4') return Promise.reject(new AppError('source.notFound'));
    if (name === 'early.mp4') onChange(mediaAt(0.5));
    if (name !== 'slow.mp4') return Promise.resolve(mediaAt(0));
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** A shelf on which nothing is; installing tells two steps. */
const fakeModels: Services['models'] = {
  list: () =>
    Promise.resolve({ models: [], broken: [], offers: [], notices: [], devices: ['a card'] }),
  inspect: () => Promise.reject(new AppError('model.notFound')),
  install: (from, { onProgress }) => {
    onProgress({ file: 'decoder.gguf', doneBytes: 1, totalBytes: 2 });
    onProgress({ file: 'decoder.gguf', doneBytes: 2, totalBytes: 2 });
    return Promise.resolve(path.basename(from));
  },
  remove: () => Promise.resolve(),
};

/** A system without any; installing tells two steps. */
const fakeGpuLibraries: Services['gpuLibraries'] = {
  list: () => Promise.resolve({ libraries: [], devices: [] }),
  install: ({ type = 'vulkan', onProgress }) => {
    onProgress({ type, doneBytes: 1, totalBytes: 2 });
    onProgress({ type, doneBytes: 2, totalBytes: 2 });
    return Promise.resolve({ type, isNew: true });
  },
  remove: () => Promise.resolve(),
};

export function createFakeServices(
  assistant: DaemonService = createFakeService(),
  media: MediaService = new FakeMedia(),
): Services {
  const dispose = (): PromiseLike<void> => assistant[Symbol.asyncDispose]();
  return {
    ...{ assistant, media, models: fakeModels, gpuLibraries: fakeGpuLibraries },
    [Symbol.asyncDispose]: dispose,
  };
}

/** A process that does not end. */
export const fakeControl: DaemonControl = {
  retire: () => undefined,
  end: () => undefined,
  status: () => ({ pid: 1, version: '0.0.1', buildId: 'b', home: '/home', clients: 1 }),
  leavingReason: undefined,
};
