/** What the model is given of videos, frame by frame, as a watching gives it: recordings become training data so. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { SessionOptions } from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { watch } from './watch.ts';

export interface FramesOptions {
  /** Absolute paths. */
  readonly videos: readonly string[];
  readonly session: SessionOptions;
  /** Gets a line for each sampled frame: the daemon's, with the name of the video before it. */
  readonly onLine: (line: string) => void;
  /** Told how far the video has come, ms. */
  readonly onProgress: (positionMs: number) => void;
}

/** @throws AppError of the daemon; AbortError */
export async function printFrames(
  connection: DaemonConnection,
  { videos, session, onLine, onProgress }: FramesOptions,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'codealong-frames-'));
  try {
    for (const [index, video] of videos.entries()) {
      const framesFile = path.join(folder, `${index}.jsonl`);
      const source = { kind: 'file' as const, path: video };
      const options = { ...session, framesFile };
      await watch(connection, { source, options }, { onPosition: onProgress, signal });
      const name = { video: path.basename(video) };
      for await (const line of createInterface({ input: createReadStream(framesFile) })) {
        onLine(JSON.stringify({ ...name, ...(JSON.parse(line) as object) }));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
