import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { FfmpegSource, ffmpegSourceDefaults } from '../../daemon/media/ffmpegSource.ts';
import type { Frame } from '../../daemon/media/frameSource.ts';
import { mediaMs } from '../../protocol/index.ts';
import { createTemporaryFolder, runFfmpeg, type TemporaryFolder } from '../helpers/fixtures.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const signal = AbortSignal.timeout(600_000);

/** Reading a minute of this backwards and forwards takes a second or two. */
const picture = 'testsrc2=size=160x96:rate=10:duration=60';
/** Leaves out pictures in an uneven way, so that the frame rate varies and grid points fall between pictures. */
const uneven = "select='not(mod(n*7,11)*gt(mod(n,29),3))'";
const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3'];

async function framesOf(path: string, frameRateFps: number, fromMs?: number): Promise<Frame[]> {
  const source = new FfmpegSource({
    path,
    ffmpeg: () => Promise.resolve('ffmpeg'),
    clock: systemClock,
    ...ffmpegSourceDefaults,
  });
  const from = fromMs === undefined ? {} : { fromMs: mediaMs(fromMs) };
  const frames: Frame[] = [];
  for await (const item of source.open({ frameRateFps, ...from, signal })) {
    if (item.kind === 'frame') frames.push(item.frame);
  }
  return frames;
}

/** Times and pictures, so that a difference is short to read. */
const essence = (frames: readonly Frame[]): string[] =>
  frames.map(({ ptsMs, data }) => `${ptsMs} ${data.length}`);

describe('a video that is opened in its middle', () => {
  const clips: readonly (readonly [string, readonly string[]])[] = [
    ['one key frame.mp4', [...x264, '-g', '9999', '-keyint_min', '9999', '-sc_threshold', '0']],
    ['many key frames.mp4', [...x264, '-g', '30']],
    ['open groups.mp4', [...x264, '-g', '50', '-x264-params', 'open-gop=1:b-adapt=0']],
    ['renewed bit by bit.mp4', [...x264, '-g', '100', '-x264-params', 'intra-refresh=1']],
    ['uneven.mp4', ['-vf', uneven, '-fps_mode', 'vfr', ...x264, '-g', '120']],
    ['uneven.mkv', ['-vf', uneven, '-fps_mode', 'vfr', ...x264, '-g', '45']],
    ['vp8.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '1M', '-g', '70']],
    ['in pieces.mp4', [...x264, '-g', '40', '-movflags', 'frag_keyframe+empty_moov']],
    ['late start.mkv', [...x264, '-g', '40', '-output_ts_offset', '77.3']],
    ['uneven.gif', ['-vf', uneven, '-fps_mode', 'vfr']],
    ['transport.ts', [...x264, '-g', '40', '-output_ts_offset', '33.7']],
    ['old.avi', ['-c:v', 'mpeg4', '-g', '40']],
  ];

  it.each(clips)('shows what a run from the start shows: %s', async (name, output) => {
    const path = folder.path(name);
    await runFfmpeg(['-f', 'lavfi', '-i', picture, ...output, path]);
    for (const [frameRateFps, fromMs] of [
      [2, 500],
      [2, 45_000],
      [3, 38_333],
    ] as const) {
      const whole = await framesOf(path, frameRateFps);
      const expected = whole.filter(({ ptsMs }) => ptsMs >= fromMs);
      const opened = await framesOf(path, frameRateFps, fromMs);
      expect(opened[0]?.ptsMs).toBe(fromMs);
      expect(essence(opened)).toEqual(essence(expected));
      const differing = opened.filter((frame, index) =>
        Buffer.compare(frame.data, expected[index]!.data),
      );
      expect(differing.map(({ ptsMs }) => ptsMs)).toEqual([]);
    }
  });

  it('shows the same in a video that was trimmed without encoding it anew', async () => {
    const whole = folder.path('whole.mp4');
    await runFfmpeg(['-f', 'lavfi', '-i', picture, ...x264, '-g', '50', whole]);
    const path = folder.path('trimmed.mp4');
    await runFfmpeg(['-ss', '7.3', '-i', whole, '-c', 'copy', path]);
    const expected = (await framesOf(path, 2)).filter(({ ptsMs }) => ptsMs >= 40_000);
    const opened = await framesOf(path, 2, 40_000);
    expect(essence(opened)).toEqual(essence(expected));
    expect(opened.every(({ data }, i) => Buffer.compare(data, expected[i]!.data) === 0)).toBe(true);
  });

  it('shows the same where sound comes long before the only key frame', async () => {
    const plain = folder.path('plain.mp4');
    await runFfmpeg(['-f', 'lavfi', '-i', picture, ...x264, '-g', '9999', plain]);
    const path = folder.path('sound first.mkv');
    await runFfmpeg([
      ...['-itsoffset', '45', '-i', plain, '-f', 'lavfi', '-i', 'sine=duration=100'],
      ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'pcm_s16le', path],
    ]);
    for (const fromMs of [40_000, 60_000]) {
      const expected = (await framesOf(path, 2)).filter(({ ptsMs }) => ptsMs >= fromMs);
      const opened = await framesOf(path, 2, fromMs);
      expect(opened.map(({ ptsMs }) => ptsMs)).toEqual(expected.map(({ ptsMs }) => ptsMs));
      expect(opened.every(({ data }, i) => Buffer.compare(data, expected[i]!.data) === 0)).toBe(
        true,
      );
    }
  });

  it('gives nothing, and no error, behind the last picture', async () => {
    const path = folder.path('short.mp4');
    await runFfmpeg(['-f', 'lavfi', '-i', picture, ...x264, path]);
    expect(await framesOf(path, 2, 60_000)).toEqual([]);
  });
});
