import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { FfmpegSource, ffmpegSourceDefaults } from '../../daemon/media/ffmpegSource.ts';
import { Pictures, picturesDefaults, type PictureSource } from '../../daemon/media/pictures.ts';
import {
  createTemporaryFolder,
  makeClip,
  numberedPictures,
  pictureNumber,
  runFfmpeg,
  type TemporaryFolder,
  writeScript,
} from '../helpers/fixtures.ts';
import { isAlive } from '../helpers/liveProcesses.ts';
import { patiently, TestPlayback } from '../helpers/playback.ts';

let folder: TemporaryFolder;
let playback: TestPlayback;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  playback = await TestPlayback.create();
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels of a JPEG, by ffmpeg. */
async function decode(jpeg: Uint8Array): Promise<Decoded> {
  const file = folder.path('picture.jpg');
  await writeFile(file, jpeg);
  const args = ['-v', 'error', '-i', file, '-pix_fmt', 'rgb24', '-f', 'image2', '-c:v', 'ppm', '-'];
  const data = await new Promise<Buffer>((resolve, reject) => {
    execFile('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1e8 }, (error, stdout) => {
      if (error) reject(new Error('the picture is no JPEG', { cause: error }));
      else resolve(stdout);
    });
  });
  const [, width, height] = /^P6\n(\d+) (\d+)\n255\n/.exec(data.toString('latin1', 0, 40))!;
  const pixels = data.subarray(data.length - Number(width) * Number(height) * 3);
  return { width: Number(width), height: Number(height), data: pixels };
}

async function pictureOf(frameUrl: string, atMs: number, query = ''): Promise<Decoded> {
  const response = await fetch(`${frameUrl}/${atMs}.jpg${query}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  return decode(new Uint8Array(await response.arrayBuffer()));
}

/** Numbers of the pictures at these moments, as the service shows them. */
async function shown(path: string, moments: readonly number[]): Promise<number[]> {
  using player = await playback.open(path);
  const numbers: number[] = [];
  for (const atMs of moments) {
    numbers.push(pictureNumber(await pictureOf(player.media.frameUrl, atMs)));
  }
  return numbers;
}

/** Numbers of the pictures that watching sees at these moments. */
async function watched(path: string, moments: readonly number[]): Promise<number[]> {
  const source = new FfmpegSource({
    path,
    ffmpeg: () => Promise.resolve('ffmpeg'),
    clock: systemClock,
    ...ffmpegSourceDefaults,
  });
  const numbers = new Map<number, number>();
  const signal = AbortSignal.timeout(600_000);
  for await (const item of source.open({ frameRateFps: 4, signal })) {
    if (item.kind === 'frame') numbers.set(item.frame.ptsMs, pictureNumber(item.frame));
  }
  return moments.map((atMs) => numbers.get(atMs) ?? -1);
}

describe('a picture', () => {
  const slow = numberedPictures({ rate: 5, count: 26 });
  const sparse = ['-g', '999', '-bf', '3', '-crf', '1'];

  it.each<[string, string, readonly string[]]>([
    ['one key frame, MP4', 'sparse.mp4', sparse],
    ['one key frame, MPEG-TS', 'sparse.ts', sparse],
    ['many key frames', 'dense.mp4', ['-g', '4', '-bf', '2']],
    ['GIF', 'plain.gif', []],
    ['lossless Matroska', 'plain.mkv', []],
    ['AVI', 'plain.avi', []],
    ['WebM', 'plain.webm', ['-g', '999']],
  ])('is what watching sees then: %s', async (_, name, output) => {
    const path = await makeClip(folder.path(name), slow, output);
    const moments = [0, 250, 500, 1000, 1750, 2500, 4750];
    expect(await shown(path, moments)).toEqual(await watched(path, moments));
  });

  it.each(['gif', 'mkv', 'mp4'])(
    'stands as long as the next one is not there, %s',
    async (kind) => {
      const filter = numberedPictures({ rate: 5, count: 23, keep: [0, 3, 16, 17, 22] });
      const path = await makeClip(folder.path(`variable.${kind}`), filter);
      expect(await shown(path, [0, 599, 600, 3199, 3200, 3399, 3400, 4399])).toEqual([
        ...[0, 0, 3, 3, 16, 16, 17, 17],
      ]);
    },
  );

  it('is found in a file whose time begins late', async () => {
    const plain = await makeClip(folder.path('zero.mp4'), slow, sparse);
    const late = folder.path('late.ts');
    await runFfmpeg(['-i', plain, '-c', 'copy', '-output_ts_offset', '77.3', late]);
    expect(await shown(late, [0, 199, 200, 2000, 5000])).toEqual([0, 0, 1, 10, 25]);
  });

  it('is the last one after the last one', async () => {
    const path = folder.path('longSound.mkv');
    await runFfmpeg([
      ...['-f', 'lavfi', '-i', numberedPictures({ rate: 5, count: 6 })],
      ...['-f', 'lavfi', '-i', 'sine=duration=20', '-c:v', 'ffv1', '-c:a', 'aac', path],
    ]);
    expect(await shown(path, [1199, 1200, 19_000, 9_999_999_999])).toEqual([5, 5, 5, 5]);
  });

  it('is the first one before the first one', async () => {
    const path = folder.path('latePicture.mkv');
    await runFfmpeg([
      ...['-itsoffset', '3', '-f', 'lavfi', '-i', numberedPictures({ rate: 5, count: 6 })],
      ...['-f', 'lavfi', '-i', 'sine=duration=5', '-c:v', 'ffv1', '-c:a', 'aac', path],
    ]);
    expect(await shown(path, [0, 2500, 3100, 3300])).toEqual([0, 0, 0, 1]);
  });

  it('comes from the middle of a long file without reading all of it', async () => {
    const filter = numberedPictures({ rate: 5, count: 1000 }).replaceAll(
      "'N*10'",
      "'mod(N,25)*10'",
    );
    const path = await makeClip(folder.path('long.mp4'), filter, ['-g', '50']);
    expect(await shown(path, [150_000, 150_200, 199_800])).toEqual([0, 1, 24]);
  });

  it('comes smaller, never larger', async () => {
    const path = await makeClip(folder.path('size.mp4'), 'testsrc2=size=320x240:duration=1');
    using player = await playback.open(path);
    const { frameUrl } = player.media;
    const sizes: number[][] = [];
    for (const query of ['', '?width=160', '?width=99', '?width=5000']) {
      const { width, height } = await pictureOf(frameUrl, 0, query);
      sizes.push([width, height]);
    }
    expect(sizes).toEqual([
      [320, 240],
      [160, 120],
      [99, 74],
      [320, 240],
    ]);
  });

  it('comes in part, in pixels of the video', async () => {
    // A red square at (101, 51), 40 px wide, on blue.
    const square =
      'color=blue:size=320x240:duration=1,drawbox=x=101:y=51:w=40:h=40:color=red:t=fill';
    const path = await makeClip(folder.path('part.mp4'), square, ['-crf', '1']);
    using player = await playback.open(path);
    const { frameUrl } = player.media;
    const redShare = async (query: string, size: readonly number[]): Promise<number> => {
      const { width, height, data } = await pictureOf(frameUrl, 0, query);
      expect([width, height]).toEqual(size);
      const reds = Array.from({ length: width * height }, (_, i) => Number(data[i * 3]! > 127));
      return reds.reduce((sum, red) => sum + red, 0) / reds.length;
    };
    expect(await redShare('?crop=103,53,36,36', [36, 36])).toBe(1);
    expect(await redShare('?crop=81,51,40,40', [40, 40])).toBeCloseTo(0.5, 1);
    expect(await redShare('?crop=81.5,51.2,39,39.5&width=20', [20, 20])).toBeCloseTo(0.5, 1);
    // What reaches over the edge is cut there; the whole picture is not mistaken for a part, nor a part for it.
    expect(await redShare('?crop=300,200,500,500', [20, 40])).toBe(0);
    expect(await redShare('', [320, 240])).toBeLessThan(0.1);
    expect(await redShare('?crop=103,53,36,36', [36, 36])).toBe(1);
  });

  it('is upright', async () => {
    const upright = await makeClip(folder.path('upright.mp4'), 'testsrc2=size=320x240:duration=1');
    const turned = folder.path('turned.mp4');
    await runFfmpeg(['-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned]);
    using player = await playback.open(turned);
    expect(await pictureOf(player.media.frameUrl, 500)).toMatchObject({ width: 240, height: 320 });
  });
});

describe('Pictures', () => {
  const signal = AbortSignal.timeout(600_000);

  /** A stand-in for ffmpeg that says that it runs, and gives four bytes when it may. */
  const setUp = async (
    name: string,
    options: Partial<Record<keyof typeof picturesDefaults, number>> = {},
  ) => {
    const log = folder.path(`${name}.log`);
    await writeFile(log, '');
    const key = '[Parsed_showinfo_0 @ 0x1] n:   0 pts: 0 pts_time:0 i:P iskey:1 type:I';
    const gate = folder.path(`${name}.gate`);
    const program = await writeScript(
      folder.path(name),
      `echo "$$" >> ${log}; echo "${key}" >&2; while [ ! -e ${gate} ]; do sleep 0.02; done; printf JPEG`,
    );
    const pictures = new Pictures({
      ...{ ...picturesDefaults, ...options },
      tools: () => Promise.resolve({ program, clock: systemClock, stallMs: 60_000 }),
    });
    const source: PictureSource = { path: '/video', key: name, containers: ['mov'] };
    return {
      take: (atMs: number, scope = signal) => pictures.pictureAt(source, { atMs, signal: scope }),
      open: () => writeFile(gate, ''),
      runs: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean).map(Number),
    };
  };

  it('takes two at a time and refuses what is too many', async () => {
    const { take, open, runs } = await setUp('crowd', { maxWaiting: 3 });
    const taken = [0, 1, 2, 3, 4].map((atMs) => take(atMs));
    await expect.poll(async () => (await runs()).length, patiently).toBe(2);
    expect(await take(5)).toBeUndefined();
    await open();
    expect((await Promise.all(taken)).map(String)).toEqual(Array(5).fill('JPEG'));
    expect(await runs()).toHaveLength(5);
  });

  it('takes one once, for all who ask and for later', async () => {
    const { take, open, runs } = await setUp('once');
    const both = [take(7), take(7)];
    await open();
    await Promise.all(both);
    await take(7);
    expect(await runs()).toHaveLength(1);
  });

  it('forgets the one that was not used for the longest time', async () => {
    const { take, open, runs } = await setUp('small', { cacheBytes: 8 });
    await open();
    for (const atMs of [1, 2, 1, 3, 1, 2]) await take(atMs);
    expect(await runs()).toHaveLength(4);
  });

  it('ends ffmpeg when nobody waits any more', async () => {
    const { take, runs } = await setUp('gone');
    const controller = new AbortController();
    const taken = [take(1, controller.signal), take(1, controller.signal)];
    await expect.poll(async () => (await runs()).length, patiently).toBe(1);
    const [pid] = await runs();
    controller.abort();
    for (const picture of taken) {
      await expect(picture).rejects.toMatchObject({ name: 'AbortError' });
    }
    await expect.poll(() => isAlive(pid!), patiently).toBe(false);
  });

  it('says so when there is no picture', async () => {
    const pictures = new Pictures({
      ...picturesDefaults,
      tools: () => Promise.resolve({ program: 'ffmpeg', clock: systemClock, stallMs: 60_000 }),
    });
    const source: PictureSource = { path: folder.path('none.mp4'), key: '', containers: ['mov'] };
    await expect(pictures.pictureAt(source, { atMs: 5000, signal })).rejects.toMatchObject({
      code: 'source.unreadable',
    });
  });
});
