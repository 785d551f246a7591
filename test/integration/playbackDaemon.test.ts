/** Playing as a client of the whole daemon sees it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  closeMedia,
  mediaChanged,
  type MediaInfo,
  openMedia,
  type SourceSpec,
} from '../../protocol/index.ts';
import { noAbort } from '../helpers/daemonHome.ts';
import {
  createTemporaryFolder,
  movingPicture,
  runFfmpeg,
  type TemporaryFolder,
} from '../helpers/fixtures.ts';
import { untilGone } from '../helpers/liveProcesses.ts';
import { patiently, writeSlowFfmpeg } from '../helpers/playback.ts';
import { RealDaemon } from '../helpers/realDaemon.ts';

let folder: TemporaryFolder;
let source: SourceSpec;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  source = { kind: 'file', path: folder.path('aac.mp4') };
  await runFfmpeg([
    ...['-f', 'lavfi', '-i', movingPicture, '-f', 'lavfi', '-i', 'sine=duration=2'],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', source.path],
  ]);
});
afterAll(() => folder[Symbol.asyncDispose]());

const status = async (url: string): Promise<number> =>
  (await fetch(url, { method: 'HEAD' }).catch(() => ({ status: 0 }))).status;

describe('the daemon', () => {
  it('plays a video as long as its client has it open', async () => {
    await using daemon = new RealDaemon();
    using client = await daemon.connect();
    const changed = Promise.withResolvers<MediaInfo>();
    client.onNotification(mediaChanged, ({ media }) => {
      if (media.state !== 'preparing') changed.resolve(media);
    });
    const first = await client.request(openMedia, { source }, { signal: noAbort });
    expect(first).toMatchObject({ state: 'preparing', hasSound: false });
    const media = await changed.promise;
    expect(media).toMatchObject({ state: 'ready', hasSound: true });
    expect(await status(media.videoUrl!)).toBe(200);
    expect(await status(`${media.frameUrl}/500.jpg`)).toBe(200);
    await client.request(closeMedia, { source }, { signal: noAbort });
    await expect.poll(() => status(media.videoUrl!), patiently).toBe(404);
    const again = await client.request(openMedia, { source }, { signal: noAbort });
    expect(again).toMatchObject({ state: 'ready', hasSound: true });
    client.close();
    // The daemon leaves after its last client.
    await expect.poll(() => status(again.videoUrl!), patiently).not.toBe(200);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('leaves no ffmpeg behind after %s', async (signal) => {
    const { program, pids } = await writeSlowFfmpeg(folder.path(`slow${signal}`));
    await using daemon = new RealDaemon();
    using client = await daemon.connect(['--ffmpeg', program]);
    const media = await client.request(openMedia, { source }, { signal: noAbort });
    expect(media).toMatchObject({ state: 'preparing' });
    await expect.poll(pids, patiently).toHaveLength(1);
    process.kill(daemon.pid, signal);
    await untilGone((await pids())[0]!);
  });
});
