/** Streams of other kinds than HLS, from servers on this machine: RTMP and SRT from an ffmpeg that listens, UDP, DASH from a folder, RTSP. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
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
import { end } from '../../scripts/virtualDisplay.ts';

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
  const last = sender;
  sender = undefined;
  if (last) await end(last);
  await folder[Symbol.asyncDispose]();
});

/** Sends a test picture at its own pace; one that a receiver has left is ready for the next. */
function send(...output: readonly string[]): void {
  const picture = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10'];
  const sound = ['-f', 'lavfi', '-i', 'sine'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10'];
  const args = ['-nostdin', '-v', 'error', ...picture, ...sound, ...coding, '-c:a', 'aac'];
  const child = spawn('ffmpeg', [...args, ...output], { stdio: 'ignore' });
  sender = child;
  child.once('exit', () => {
    if (sender === child) send(...output);
  });
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

const rtspScript = fileURLToPath(new URL('../helpers/rtspServer.py', import.meta.url));

/** Why there is no server here, if there is none: what is missing is no part of the program. */
function rtspObstacle(): string | undefined {
  const look = "import gi; gi.require_version('GstRtspServer', '1.0')";
  const { status } = spawnSync('/usr/bin/python3', ['-c', look]);
  if (status === 0) return undefined;
  return ' (not run: install gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly)';
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

  it.each([
    ['SRT', 'srt', '?mode=listener'],
    ['UDP', 'udp', '?pkt_size=1316'],
  ])('%s is watched and recorded with its sound', async (_what, scheme, how) => {
    const url = `${scheme}://127.0.0.1:${await freePort()}`;
    send('-f', 'mpegts', `${url}${how}`);
    const frames = await watch(url, 4);
    expect(frames[0]).toMatchObject({ ptsMs: 0, width: 320, height: 240 });
    const recording = await recordings.find(videoId);
    expect(recording?.inits[0]?.codecs).toMatch(/^avc1\.[0-9a-f]{6},flac$/);
  });

  const noRtsp = rtspObstacle();
  it.skipIf(noRtsp)(`RTSP is watched and recorded with its sound${noRtsp ?? ''}`, async () => {
    const server = spawn('/usr/bin/python3', [rtspScript], { stdio: ['ignore', 'pipe', 'ignore'] });
    sender = server;
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const frames = await watch(line.toString().trim(), 4);
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
