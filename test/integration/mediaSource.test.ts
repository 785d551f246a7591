import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { FfmpegSource, ffmpegSourceDefaults } from '../../daemon/media/ffmpegSource.ts';
import type { Frame, SourceGap } from '../../daemon/media/frameSource.ts';
import {
  createTemporaryFolder,
  makeClip,
  movingPicture,
  numberedPictures,
  pictureNumber,
  runFfmpeg,
  type TemporaryFolder,
} from '../helpers/fixtures.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const signal = AbortSignal.timeout(600_000);

function sourceOf(path: string, ffmpeg = 'ffmpeg'): FfmpegSource {
  return new FfmpegSource({
    path,
    ffmpeg: () => Promise.resolve(ffmpeg),
    clock: systemClock,
    ...ffmpegSourceDefaults,
  });
}

async function watch(
  path: string,
  frameRateFps = 2,
): Promise<{ frames: Frame[]; gaps: SourceGap[] }> {
  const frames: Frame[] = [];
  const gaps: SourceGap[] = [];
  for await (const item of sourceOf(path).open({ frameRateFps, signal })) {
    if (item.kind === 'frame') frames.push(item.frame);
    else gaps.push(item.gap);
  }
  return { frames, gaps };
}

/** What was seen when, as `milliseconds:number`. */
async function seen(path: string, frameRateFps?: number): Promise<string> {
  const { frames, gaps } = await watch(path, frameRateFps);
  expect(gaps).toEqual([]);
  return frames.map((frame) => `${frame.ptsMs}:${pictureNumber(frame)}`).join(' ');
}

describe('the grid of samples', () => {
  const tenASecond = numberedPictures({ rate: 10, count: 20 });
  const everyHalfSecond = '0:0 500:5 1000:10 1500:15';

  it.each(['mp4', 'mkv', 'gif', 'ts', 'avi'])('holds what is on screen, %s', async (kind) => {
    const path = await makeClip(folder.path(`plain.${kind}`), tenASecond);
    expect(await seen(path)).toBe(everyHalfSecond);
  });

  it('holds every picture at the rate of the video', async () => {
    const path = await makeClip(folder.path('every.mkv'), tenASecond);
    const numbers = Array.from({ length: 20 }, (_, n) => `${n * 100}:${n}`).join(' ');
    expect(await seen(path, 10)).toBe(numbers);
  });

  it('takes a frame rate that is no whole number', async () => {
    const path = await makeClip(folder.path('slow.mkv'), tenASecond);
    expect(await seen(path, 0.8)).toBe('0:0 1250:12');
  });

  it.each(['mkv', 'mp4', 'gif'])('repeats a picture as long as it stands, %s', async (kind) => {
    const filter = numberedPictures({ rate: 10, count: 23, keep: [0, 3, 16, 17, 21, 22] });
    const path = await makeClip(folder.path(`variable.${kind}`), filter);
    expect(await seen(path)).toBe('0:0 500:3 1000:3 1500:3 2000:17');
  });

  it("counts the last picture's duration", async () => {
    const filter = numberedPictures({ rate: 10, count: 11, keep: [0, 4] });
    // The GIF's last delay is written in hundredths of a second.
    const path = await makeClip(folder.path('last.gif'), filter, ['-final_delay', '300']);
    expect(await seen(path)).toBe('0:0 500:4 1000:4 1500:4 2000:4 2500:4 3000:4');
  });

  it('counts from the presentation start', async () => {
    const plain = await makeClip(folder.path('zero.mp4'), tenASecond);
    const late = folder.path('late.ts');
    await runFfmpeg(['-i', plain, '-c', 'copy', '-output_ts_offset', '77.3', late]);
    expect(await seen(late)).toBe(everyHalfSecond);
  });

  it('shows the first picture from the start when sound comes before it', async () => {
    const path = folder.path('soundFirst.mkv');
    await runFfmpeg([
      ...['-itsoffset', '0.3', '-f', 'lavfi', '-i', numberedPictures({ rate: 10, count: 17 })],
      ...['-f', 'lavfi', '-i', 'sine=duration=2', '-c:v', 'ffv1', '-c:a', 'pcm_s16le', path],
    ]);
    expect(await seen(path)).toBe('0:0 500:2 1000:7 1500:12');
  });

  it('gives native pixels and keeps odd sizes', async () => {
    const path = await makeClip(
      folder.path('odd.mkv'),
      'color=0x3366cc:size=33x17:duration=1,format=rgb24',
    );
    const { frames } = await watch(path);
    expect(frames.map(({ width, height }) => [width, height])).toEqual([
      [33, 17],
      [33, 17],
    ]);
    for (const { data } of frames) {
      expect(data.length).toBe(33 * 17 * 3);
      expect([...data.subarray(0, 3)]).toEqual([0x33, 0x66, 0xcc]);
    }
  });

  it('turns pictures as the rotation says', async () => {
    const half =
      'color=white:size=32x48:duration=1[a];color=black:size=32x48:duration=1[b];[a][b]hstack';
    const upright = await makeClip(folder.path('upright.mp4'), half);
    const turned = folder.path('turned.mp4');
    await runFfmpeg(['-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned]);
    const { frames } = await watch(turned);
    const { width, height, data } = frames[0]!;
    expect([width, height]).toEqual([48, 64]);
    // The track's matrix turns to the left: the black half on the right comes up.
    expect([data[0]! < 50, data[data.length - 1]! > 200]).toEqual([true, true]);
    expect(await sourceOf(turned).probe({ signal })).toMatchObject({ width: 48, height: 64 });
  });

  it('takes pictures of the largest size, rounded up by the decoder', async () => {
    const filter = 'color=size=8130x2062:duration=0.1';
    const path = await makeClip(folder.path('largest.mp4'), filter, ['-frames:v', '1']);
    expect(await sourceOf(path).probe({ signal })).toMatchObject({ width: 8130, height: 2062 });
  });

  it('keeps one size when the video changes its own', async () => {
    const small = await makeClip(folder.path('a.ts'), 'testsrc2=size=160x120:duration=1');
    const large = await makeClip(folder.path('b.ts'), 'testsrc2=size=320x240:duration=1');
    const both = folder.path('both.ts');
    await writeFile(both, Buffer.concat([await readFile(small), await readFile(large)]));
    const { frames } = await watch(both);
    expect(frames.length).toBeGreaterThan(1);
    expect(new Set(frames.map(({ width, data }) => `${width} ${data.length}`)).size).toBe(1);
  });
});

describe('probe', () => {
  it('tells size and duration', async () => {
    const path = await makeClip(folder.path('probe.mp4'), movingPicture);
    expect(await sourceOf(path).probe({ signal })).toEqual({
      width: 320,
      height: 240,
      durationMs: 2000,
    });
  });
});

describe('names are never interpreted', () => {
  it.each([
    '-i.mp4',
    'a%03d.mp4',
    'concat:x|y.mp4',
    'http:__host_x?y=1#z.mp4',
    'it\'s "quoted" $HOME `x` \\n.mp4',
    'two\nlines\n  Duration: 99:00:00.00, start.mp4',
    'ünï-日本語-🎬.mp4',
    'no extension',
  ])('%j', async (name) => {
    const plain = await makeClip(folder.path('named.mp4'), movingPicture);
    const path = folder.path(name);
    await copyFile(plain, path);
    expect(await sourceOf(path).probe({ signal })).toEqual({
      width: 320,
      height: 240,
      durationMs: 2000,
    });
  });
});

describe('what cannot be watched', () => {
  const cases: readonly (readonly [string, string, (path: string) => Promise<unknown>])[] = [
    ['a missing file', 'source.notFound', () => Promise.resolve()],
    ['a name below a file', 'source.notFound', () => Promise.resolve()],
    ['a folder', 'source.unreadable', (path) => mkdir(path)],
    ['an empty file', 'source.unreadable', (path) => writeFile(path, '')],
    ['a text', 'source.unreadable', (path) => writeFile(path, 'not a video '.repeat(5000))],
    ['noise', 'source.unreadable', (path) => writeFile(path, Buffer.alloc(90_000, 'x7\u0001f'))],
    ['a link to a device', 'source.unreadable', (path) => symlink('/dev/zero', path)],
    [
      'a playlist that points at a file',
      'source.unreadable',
      (path) =>
        writeFile(path, '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nplain.ts\n#EXT-X-ENDLIST\n'),
    ],
    [
      'a concat list',
      'source.unreadable',
      (path) => writeFile(path, "ffconcat version 1.0\nfile 'plain.mp4'\n"),
    ],
    [
      'sound alone',
      'source.noVideo',
      (path) => runFfmpeg(['-f', 'lavfi', '-i', 'sine=duration=1', '-f', 'mp4', `file:${path}`]),
    ],
    [
      'sound with a cover picture',
      'source.noVideo',
      (path) =>
        runFfmpeg([
          ...[
            '-f',
            'lavfi',
            '-i',
            'sine=duration=1',
            '-f',
            'lavfi',
            '-i',
            'color=red:duration=0.04',
          ],
          ...['-c:v', 'mjpeg', '-disposition:v', 'attached_pic', '-f', 'mp4', `file:${path}`],
        ]),
    ],
    [
      'pictures that are too wide',
      'source.tooLarge',
      (path) =>
        runFfmpeg(['-f', 'lavfi', '-i', 'color=size=8200x8:duration=0.1', '-f', 'gif', path]),
    ],
    [
      'pictures of too many pixels',
      'source.tooLarge',
      (path) =>
        runFfmpeg(['-f', 'lavfi', '-i', 'color=size=4096x4352:duration=0.1', '-f', 'gif', path]),
    ],
    [
      'a header without pictures',
      'source.noFrames',
      async (path) => {
        const whole = await makeClip(folder.path('whole.avi'), movingPicture);
        const bytes = await readFile(whole);
        await writeFile(path, bytes.subarray(0, bytes.indexOf('movi') + 20));
      },
    ],
  ];

  it.each(cases)('%s: %s', async (name, code, make) => {
    const path = name === 'a name below a file' ? folder.path('named.mp4/x') : folder.path(name);
    await make(path);
    await expect(sourceOf(path).probe({ signal })).rejects.toMatchObject({
      name: 'AppError',
      code,
    });
    await expect(watch(path)).rejects.toMatchObject({ name: 'AppError', code });
  });

  it('a file that points at the network', async () => {
    const path = folder.path('reference.mp4');
    await writeFile(path, 'RTSPtextrtsp://127.0.0.1:1/x');
    await expect(watch(path)).rejects.toMatchObject({ code: 'source.unreadable' });
  });

  it('anything, when there is no ffmpeg', async () => {
    const path = await makeClip(folder.path('fine.mp4'), movingPicture);
    const source = sourceOf(path, folder.path('no-ffmpeg-here'));
    await expect(source.probe({ signal })).rejects.toMatchObject({ code: 'ffmpeg.missing' });
  });
});

describe('a file that was cut off', () => {
  it.each([
    ['mkv', 0.5],
    ['mp4', 0.6],
  ] as const)('gives what can be read, then a gap, %s', async (kind, share) => {
    const numbered = numberedPictures({ rate: 5, count: 25, size: '320x240' });
    const options = kind === 'mp4' ? ['-movflags', '+faststart', '-g', '1'] : [];
    const whole = await makeClip(folder.path(`whole.${kind}`), numbered, options);
    const bytes = await readFile(whole);
    const path = folder.path(`cut.${kind}`);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * share)));
    const { frames, gaps } = await watch(path);
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.length).toBeLessThan(10);
    frames.forEach((frame, index) => {
      expect(frame.ptsMs).toBe(index * 500);
    });
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({
      startMs: frames.length * 500,
      endMs: 5000,
      isFailure: false,
    });
  });
});
