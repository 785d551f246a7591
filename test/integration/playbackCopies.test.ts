import { copyFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaInfo } from '../../protocol/index.ts';
import {
  createTemporaryFolder,
  makeClip,
  movingPicture,
  numberedPictures,
  runFfmpeg,
  type TemporaryFolder,
} from '../helpers/fixtures.ts';
import {
  complaints,
  encoderObstacle,
  ffprobe,
  ffprobeObstacle,
  TestPlayback,
} from '../helpers/playback.ts';

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

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];

/** A clip of a picture and a sound, each as lavfi says it; no sound when it is undefined. */
async function clip(
  name: string,
  output: readonly string[],
  { picture = movingPicture, sound }: { picture?: string; sound?: string } = {},
): Promise<string> {
  const path = folder.path(name);
  const inputs = [picture, ...(sound === undefined ? [] : [sound])];
  await runFfmpeg([...inputs.flatMap((input) => ['-f', 'lavfi', '-i', input]), ...output, path]);
  return path;
}

const beep = 'sine=frequency=440:duration=2';

/** Tracks of what is served at the end, as `codec/details`, and how it plays. */
async function played(path: string): Promise<{ tracks: string[]; media: MediaInfo }> {
  using player = await playback.open(path);
  const media = await player.settled();
  if (media.videoUrl === undefined) return { tracks: [], media };
  const { streams, durationMs } = await ffprobe(media.videoUrl);
  expect(await complaints(media.videoUrl)).toBe('');
  expect(Math.abs(durationMs - (media.durationMs ?? durationMs))).toBeLessThan(200);
  for (const { codec_type, pix_fmt, width = 0, height = 0 } of streams) {
    if (codec_type !== 'video') continue;
    expect(pix_fmt).toMatch(/^yuvj?420p$/);
    expect([width % 2, height % 2]).toEqual([0, 0]);
  }
  return { tracks: streams.map(({ codec_name }) => codec_name), media };
}

const title = (name: string, obstacle: string | undefined): string =>
  obstacle === undefined ? name : `${name} (skipped: ${obstacle})`;

describe.skipIf(ffprobeObstacle !== undefined)(title('a copy', ffprobeObstacle), () => {
  const check = async (path: string, tracks: string[], notices: readonly unknown[] = []) => {
    const result = await played(path);
    expect(result.tracks).toEqual(tracks);
    expect(result.media).toMatchObject({ state: 'ready', hasSound: true, notices });
    return result.media;
  };

  it.each<[string, string, readonly string[], string[]]>([
    ['MP4 with H.264 and AAC', 'aac.mp4', [...x264, '-c:a', 'aac'], ['h264', 'mp3']],
    ['MOV with H.264 and PCM', 'pcm.mov', [...x264, '-c:a', 'pcm_s16le'], ['h264', 'mp3']],
    ['MPEG-TS', 'aac.ts', [...x264, '-c:a', 'aac'], ['h264', 'mp3']],
    ['Matroska with 5.1 sound', '51.mkv', [...x264, '-c:a', 'aac', '-ac', '6'], ['h264', 'mp3']],
    ['AVI with B-frames', 'b.avi', ['-c:v', 'libx264', '-bf', '3', '-c:a', 'mp3'], ['h264', 'mp3']],
    ['AVI of old', 'old.avi', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le'], ['h264', 'mp3']],
    ['96 kHz', 'high.mkv', [...x264, '-c:a', 'flac', '-ar', '96000'], ['h264', 'mp3']],
    [
      '4:4:4',
      '444.mp4',
      ['-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-c:a', 'mp3'],
      ['h264', 'mp3'],
    ],
    ['VP8 and Opus', 'opus.webm', ['-c:v', 'libvpx', '-c:a', 'libopus'], ['vp8', 'vorbis']],
    ['VP8 in Matroska', 'vp8.mkv', ['-c:v', 'libvpx', '-c:a', 'libvorbis'], ['vp8', 'vorbis']],
  ])('of %s', async (_, name, output, tracks) => {
    await check(await clip(name, output, { sound: beep }), tracks);
  });

  for (const [what, encoder, name, output] of [
    ['VP9', 'libvpx-vp9', 'vp9.webm', ['-deadline', 'realtime', '-c:a', 'libopus']],
    ['HEVC of 10 bits', 'libx265', 'hevc.mp4', ['-pix_fmt', 'yuv420p10le', '-c:a', 'aac']],
    ['AV1', 'libsvtav1', 'av1.mkv', ['-preset', '8', '-c:a', 'aac']],
  ] as const) {
    const obstacle = encoderObstacle(encoder);
    it.skipIf(obstacle !== undefined)(title(`of ${what}`, obstacle), async () => {
      const path = await clip(name, ['-c:v', encoder, ...output], { sound: beep });
      await check(path, ['h264', 'mp3']);
    });
  }

  it('of a GIF, whose last picture stands as long as it says', async () => {
    const filter = numberedPictures({ rate: 10, count: 11, keep: [0, 4], size: '33x17' });
    const path = await makeClip(folder.path('last.gif'), filter, ['-final_delay', '300']);
    expect(await check(path, ['h264'])).toMatchObject({ width: 33, height: 17 });
  });

  it('of a turned picture, upright', async () => {
    const upright = await clip('upright.mkv', [...x264, '-c:a', 'aac'], { sound: beep });
    const turned = folder.path('turned.mp4');
    await runFfmpeg(['-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned]);
    const media = await check(turned, ['h264', 'mp3']);
    expect(media).toMatchObject({ width: 240, height: 320 });
  });

  it('in which sound that begins late or lasts longer stays where it was', async () => {
    const late = folder.path('late.mkv');
    await runFfmpeg([
      ...['-f', 'lavfi', '-i', movingPicture, '-itsoffset', '1'],
      ...['-f', 'lavfi', '-i', 'sine=duration=4', ...x264, '-c:a', 'aac', late],
    ]);
    using player = await playback.open(late);
    const { streams } = await ffprobe((await player.settled()).videoUrl!);
    const sound = streams.find((stream) => stream.codec_type === 'audio')!;
    expect(Number(sound.start_time) + Number(sound.duration)).toBeCloseTo(5, 0);
  });

  it('whose time begins at 0, wherever the original begins', async () => {
    const plain = await clip('plain.mp4', [...x264, '-c:a', 'aac'], { sound: beep });
    const late = folder.path('offset.ts');
    await runFfmpeg(['-i', plain, '-c', 'copy', '-output_ts_offset', '77.3', late]);
    using player = await playback.open(late);
    const { streams } = await ffprobe((await player.settled()).videoUrl!);
    for (const { start_time } of streams) expect(Number(start_time)).toBeLessThan(0.1);
  });

  it('is none where the file plays as it is', async () => {
    const before = await playback.files();
    await check(await clip('fine.mp4', x264), ['h264']);
    await check(await clip('mp3.mp4', [...x264, '-c:a', 'mp3'], { sound: beep }), ['h264', 'mp3']);
    const webm = ['-c:v', 'libvpx', '-c:a', 'libvorbis'];
    await check(await clip('fine.webm', webm, { sound: beep }), ['vp8', 'vorbis']);
    expect(await playback.files()).toEqual(before);
  });
});

describe('while the copy is made', () => {
  it('the picture of the original plays', async () => {
    const path = await clip('meanwhile.mp4', [...x264, '-c:a', 'aac', '-t', '1'], { sound: beep });
    using player = await playback.open(path);
    const [first] = player.history;
    expect(first).toMatchObject({
      ...{ state: 'preparing', progress: 0, hasSound: false, notices: [] },
    });
    const original = Buffer.from(await (await fetch(first!.videoUrl!)).arrayBuffer());
    expect(original.equals(await readFile(path))).toBe(true);
    const last = await player.settled();
    expect(last.videoUrl).not.toBe(first!.videoUrl);
    expect(last).toMatchObject({ state: 'ready', hasSound: true, notices: [] });
    // A player may still hold the first address.
    expect((await fetch(first!.videoUrl!, { method: 'HEAD' })).status).toBe(200);
  });

  it('nothing plays of a picture without a decoder, but frames are there', async () => {
    const path = await makeClip(folder.path('ffv1.mkv'), movingPicture);
    using player = await playback.open(path);
    const [first] = player.history;
    expect(first).not.toHaveProperty('videoUrl');
    expect(first).toMatchObject({ state: 'preparing', notices: [] });
    expect((await fetch(`${first!.frameUrl}/500.jpg`)).status).toBe(200);
    await player.settled();
  });
});

describe('a copy that is there', () => {
  it('is found again by the content, whatever the name', async () => {
    const path = await clip('again.mp4', [...x264, '-c:a', 'aac'], { sound: beep });
    using first = await playback.open(path);
    await first.settled();
    const before = await playback.files();
    const other = folder.path('other name.mp4');
    await copyFile(path, other);
    using second = await playback.open(other);
    expect(second.history[0]).toMatchObject({ state: 'ready', hasSound: true });
    expect(await playback.files()).toEqual(before);
  });
});

describe('what is no video', () => {
  it.each([
    ['source.notFound', 'nothing.mp4', undefined],
    ['source.unreadable', 'empty.mp4', ''],
    ['source.unreadable', 'text.mp4', 'hello '.repeat(1000)],
  ])('%s', async (code, name, content) => {
    const path = folder.path(name);
    if (content !== undefined) await writeFile(path, content);
    await expect(playback.open(path)).rejects.toMatchObject({ code });
  });

  it('source.noVideo for sound alone', async () => {
    const path = folder.path('sound.mp4');
    await runFfmpeg(['-f', 'lavfi', '-i', beep, '-c:a', 'aac', path]);
    await expect(playback.open(path)).rejects.toMatchObject({ code: 'source.noVideo' });
  });

  it('source.noFrames for a beginning without a picture', async () => {
    const path = await clip('cut.mkv', [...x264, '-g', '999']);
    await truncate(path, 1200);
    const code = expect.stringMatching(/^source\./) as string;
    await expect(playback.open(path)).rejects.toMatchObject({ code });
  });

  it('plays the beginning of a file that was cut off', async () => {
    const path = await clip('half.mkv', [...x264, '-c:a', 'aac'], { sound: beep });
    await truncate(path, Math.round((await stat(path)).size / 2));
    using player = await playback.open(path);
    expect(await player.settled()).toMatchObject({ state: 'ready', hasSound: true });
  });

  it.each([
    ['that has to be encoded', 'damaged.avi', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le']],
    ['that is copied', 'damaged.mp4', [...x264, '-c:a', 'aac']],
  ])('plays what can be read of a damaged file %s', async (_, name, output) => {
    const path = await clip(name, output, { sound: beep });
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    bytes.fill(0xaa, middle, middle + (middle >> 3));
    await writeFile(path, bytes);
    using player = await playback.open(path);
    expect(await player.settled()).toMatchObject({ state: 'ready', hasSound: true });
  });

  it('may be repaired and opened again', async () => {
    const path = folder.path('later.mp4');
    await writeFile(path, 'not yet');
    await expect(playback.open(path)).rejects.toMatchObject({ code: 'source.unreadable' });
    await rm(path);
    await copyFile(await clip('ready.mp4', x264), path);
    using player = await playback.open(path);
    expect(player.media.state).toBe('ready');
  });
});
