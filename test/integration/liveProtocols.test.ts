/** Streams of other kinds than HLS, from servers on this machine: RTMP from an ffmpeg that listens, DASH from a folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { isAppError } from '../../daemon/base/errors.ts';
import { silentLog } from '../../daemon/base/log.ts';
import type { Frame } from '../../daemon/media/frameSource.ts';
import { FittingRecorder } from '../../daemon/media/liveRecorder.ts';
import { LiveSource, liveLimits } from '../../daemon/media/liveSource.ts';
import { Recordings } from '../../daemon/media/recordings.ts';
import { streamInput } from '../../daemon/media/streamAddress.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../helpers/fixtures.ts';
import { end } from '../helpers/xvfb.ts';

const running = new AbortController().signal;
const videoId = 'live-0123456789ab';

let folder: TemporaryFolder;
let recordings: Recordings;
let sender: ChildProcess | undefined;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  recordings = new Recordings({ folder: folder.path('r'), maxBytes: 1e9, log: silentLog });
});
afterEach(async () => {
  if (sender) await end(sender);
  sender = undefined;
  await folder[Symbol.asyncDispose]();
});

/** Sends a test picture at its own pace. */
function send(...output: readonly string[]): void {
  const picture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10'];
  const sound = ['-f', 'lavfi', '-i', 'sine'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10'];
  const args = ['-nostdin', '-v', 'error', ...picture, ...sound, ...coding, '-c:a', 'aac'];
  sender = spawn('ffmpeg', [...args, ...output], { stdio: 'ignore' });
}

/** Watches some frames, with a recording beside; a server that is not up yet is asked again. */
async function watch(url: string, count: number): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  await using recording = recordings.begin(videoId, () => ({ liveMs: 0, state: 'live' }));
  const encoders = (): Promise<ReadonlySet<string>> => Promise.resolve(new Set());
  const source = new LiveSource({
    ...streamInput({ kind: 'stream', url }, 2, systemClock),
    ffmpeg: () => Promise.resolve('ffmpeg'),
    ...{ frameRateFps: 2, clock: systemClock, limits: liveLimits },
    onTrouble: () => undefined,
    recorder: new FittingRecorder('stream', recording, encoders),
  });
  for (;;) {
    try {
      await source.probe({ signal: running });
      break;
    } catch (error) {
      if (!isAppError(error, 'stream.unreachable')) throw error;
      await systemClock.sleep(200, { signal: running });
    }
  }
  for await (const item of source.open({ signal: running })) {
    if (item.kind === 'frame') frames.push(item.frame);
    if (frames.length >= count && recording.recording.stretch) break;
  }
  return frames;
}

async function freePort(): Promise<number> {
  const server = createSocket();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('a stream over', () => {
  it('RTMP is watched and recorded with its sound', async () => {
    const url = `rtmp://127.0.0.1:${await freePort()}/live/key`;
    send('-f', 'flv', '-listen', '1', url);
    const frames = await watch(url, 4);
    expect(frames[0]).toMatchObject({ ptsMs: 0, width: 320, height: 240 });
    const recording = await recordings.find(videoId);
    expect(recording?.inits[0]?.codecs).toMatch(/^avc1\.[0-9a-f]{6},flac$/);
  });

  it('DASH is watched and recorded with its sound', async () => {
    const window = ['-seg_duration', '1', '-window_size', '5', '-extra_window_size', '5'];
    send('-f', 'dash', ...window, folder.path('live.mpd'));
    const server = createServer((request, response) => {
      readFile(folder.path(`.${request.url ?? ''}`)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(503).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const frames = await watch(`http://127.0.0.1:${port}/live.mpd`, 4);
      expect(frames[0]).toMatchObject({ ptsMs: 0, width: 320, height: 240 });
      const recording = await recordings.find(videoId);
      expect(recording?.inits[0]?.codecs).toMatch(/^avc1\.[0-9a-f]{6},flac$/);
    } finally {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });
});
