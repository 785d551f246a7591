import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFile,
  copyFile,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  truncate,
} from 'node:fs/promises';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createTemporaryFolder,
  makeClip,
  runFfmpeg,
  type TemporaryFolder,
} from '../helpers/fixtures.ts';
import { patiently, TestPlayback } from '../helpers/playback.ts';

let folder: TemporaryFolder;
let playback: TestPlayback;
/** A few megabytes that play as they are: more than sockets hold. */
let clip: string;
let bytes: Buffer;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  playback = await TestPlayback.create();
  const noise = 'nullsrc=size=640x480:rate=25:duration=6,geq=random(1)*255:128:128';
  clip = await makeClip(folder.path('clip.mp4'), noise);
  bytes = await readFile(clip);
  expect(bytes.length).toBeGreaterThan(8_000_000);
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function copyOfClip(name: string): Promise<string> {
  const path = folder.path(name);
  await copyFile(clip, path);
  return path;
}

const body = async (response: Response): Promise<Buffer> =>
  Buffer.from(await response.arrayBuffer());

/** Files that this process has open. */
async function openFiles(path: string): Promise<number> {
  const links = await readdir('/proc/self/fd');
  const targets = await Promise.all(
    links.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith(path)).length;
}

describe('a video over HTTP', () => {
  const ask = async (headers: Record<string, string> = {}, method = 'GET'): Promise<Response> => {
    using player = await playback.open(clip);
    const response = await fetch(player.media.videoUrl!, { method, headers });
    // What is being sent breaks off when the player is closed.
    const content = await body(response);
    return new Response(content.length === 0 ? null : content, response);
  };

  it('comes whole', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-length': String(bytes.length),
      'content-type': 'video/mp4',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect((await body(response)).equals(bytes)).toBe(true);
  });

  it.each([
    ['bytes=0-', 0, Infinity],
    ['bytes=100-199', 100, 200],
    ['bytes=-500', -500, Infinity],
    ['bytes=1000000-99999999999', 1_000_000, Infinity],
  ])('comes in parts: %s', async (range, start, end) => {
    const response = await ask({ range });
    expect(response.status).toBe(206);
    const expected = bytes.subarray(start, end);
    const from = start < 0 ? bytes.length + start : start;
    expect(response.headers.get('content-range')).toBe(
      `bytes ${from}-${from + expected.length - 1}/${bytes.length}`,
    );
    expect((await body(response)).equals(expected)).toBe(true);
  });

  it('has nothing beyond its end', async () => {
    const response = await ask({ range: `bytes=${bytes.length}-` });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
  });

  it('comes whole when several parts are asked for', async () => {
    const response = await ask({ range: 'bytes=0-1,5-6' });
    expect(response.status).toBe(200);
    expect((await body(response)).length).toBe(bytes.length);
  });

  it('tells its size without a body', async () => {
    const response = await ask({}, 'HEAD');
    expect([response.status, response.headers.get('content-length')]).toEqual([
      200,
      String(bytes.length),
    ]);
    expect((await ask({ range: 'bytes=5-9' }, 'HEAD')).headers.get('content-length')).toBe('5');
  });

  it('takes no other method', async () => {
    const response = await ask({}, 'POST');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('says when it is still the same', async () => {
    const etag = (await ask({}, 'HEAD')).headers.get('etag')!;
    expect((await ask({ 'if-none-match': `"x", ${etag}` })).status).toBe(304);
    expect((await ask({ 'if-none-match': '"x"' })).status).toBe(200);
    expect((await ask({ 'if-range': etag, range: 'bytes=0-9' })).status).toBe(206);
    expect((await ask({ 'if-range': '"x"', range: 'bytes=0-9' })).status).toBe(200);
  });
});

describe('an address', () => {
  it.each<[string, (url: string) => string]>([
    ['has a secret of the service', (url) => url.replace(/\/[\da-f]{32}\//, `/${'0'.repeat(32)}/`)],
    ['has a secret of the video', (url) => url.replace(/[\da-f]{32}\/video/, 'x/video')],
    ['names one thing', (url) => `${url}/more`],
    ['is no path', (url) => url.replace(/video\/.*$/, 'video/../../../etc/passwd')],
    ['is no encoded path', (url) => url.replace(/video\/.*$/, 'video/..%2f..%2fetc%2fpasswd')],
    ['is not the root', (url) => new URL('/', url).href],
    ['is for pictures at whole milliseconds', (url) => url.replace(/video\/.*$/, 'frame/1.5.jpg')],
    ['is for pictures of a sane width', (url) => url.replace(/video\/.*$/, 'frame/1.jpg?width=0')],
    ...['', '1,2,3', '1,2,3,0', '-1,2,3,4', '9999,0,5,5', '0,0,1e3,5', '0,0,iw,ih'].map(
      (crop): [string, (url: string) => string] => [
        `is for parts that lie in the picture, not "${crop}"`,
        (url) => url.replace(/video\/.*$/, `frame/1.jpg?crop=${crop}`),
      ],
    ),
  ])('%s', async (_, change) => {
    using player = await playback.open(clip);
    const address = change(player.media.videoUrl!);
    const response = await fetch(address);
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  it('lives as long as somebody has the video open, and is another one later', async () => {
    const [first, second] = [await playback.open(clip), await playback.open(clip)];
    const url = first.media.videoUrl!;
    expect(second.media.videoUrl).toBe(url);
    first.close();
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    second.close();
    await expect
      .poll(async () => (await fetch(url, { method: 'HEAD' })).status, patiently)
      .toBe(404);
    using third = await playback.open(clip);
    expect(third.media.videoUrl).not.toBe(url);
  });

  it('ends with the service', async () => {
    await using other = await TestPlayback.create();
    const player = await other.open(clip);
    await other.service[Symbol.asyncDispose]();
    await expect(fetch(player.media.videoUrl!)).rejects.toThrow('fetch failed');
    await expect(other.open(clip)).rejects.toMatchObject({ code: 'connection.lost' });
  });

  it('is of this machine alone', async () => {
    using player = await playback.open(clip);
    expect(new URL(player.media.videoUrl!).hostname).toBe('127.0.0.1');
  });
});

describe('a player that', () => {
  /** A response whose body nobody has read yet. */
  const begin = async (url: string) => {
    const request = get(url);
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    return { request, response };
  };

  it.runIf(process.platform === 'linux')('breaks off leaves no file open', async () => {
    const path = await copyOfClip('broken.mp4');
    using player = await playback.open(path);
    for (let n = 0; n < 20; n++) {
      const { request } = await begin(player.media.videoUrl!);
      request.on('error', () => undefined).destroy();
    }
    await expect.poll(() => openFiles(path), patiently).toBe(0);
  });

  it.runIf(process.platform === 'linux')('does not read is waited for', async () => {
    const path = await copyOfClip('slow.mp4');
    using player = await playback.open(path);
    const { response } = await begin(player.media.videoUrl!);
    await sleep(200);
    expect(await openFiles(path)).toBe(1);
    const hash = createHash('sha256');
    for await (const chunk of response) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    await expect.poll(() => openFiles(path), patiently).toBe(0);
  });

  it('closes the video hears no more of it', async () => {
    const player = await playback.open(clip);
    const { response } = await begin(player.media.videoUrl!);
    player.close();
    await expect(text(response)).rejects.toThrow('aborted');
  });
});

describe('a file that', () => {
  it('is gone is not found', async () => {
    const path = await copyOfClip('gone.mp4');
    using player = await playback.open(path);
    await rm(path);
    expect((await fetch(player.media.videoUrl!)).status).toBe(404);
  });

  it('becomes shorter breaks the connection instead of keeping it waiting', async () => {
    const path = await copyOfClip('shorter.mp4');
    using player = await playback.open(path);
    const request = get(player.media.videoUrl!);
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    await truncate(path, 100_000);
    await expect(text(response)).rejects.toThrow('aborted');
  });

  it('becomes longer is another one', async () => {
    const path = await copyOfClip('longer.mp4');
    using player = await playback.open(path);
    const head = () => fetch(player.media.videoUrl!, { method: 'HEAD' });
    const before = (await head()).headers.get('etag');
    await appendFile(path, 'more');
    const after = await head();
    expect(after.headers.get('etag')).not.toBe(before);
    expect(after.headers.get('content-length')).toBe(String((await stat(path)).size));
    using again = await playback.open(path);
    expect(again.media.videoUrl).not.toBe(player.media.videoUrl);
  });

  it('plays without an index at its front, too', async () => {
    const path = folder.path('fragments.mp4');
    const flags = ['-movflags', 'frag_keyframe+empty_moov'];
    await runFfmpeg(['-i', clip, '-c', 'copy', ...flags, path]);
    using player = await playback.open(path);
    expect(player.media).toMatchObject({ state: 'ready', hasSound: true });
  });
});
