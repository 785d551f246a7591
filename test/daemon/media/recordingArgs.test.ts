import { describe, expect, it } from 'vitest';
import { FfmpegReport } from '../../../daemon/media/ffmpegReport.ts';
import { captureArgs, streamArgs } from '../../../daemon/media/liveArgs.ts';
import { FittingRecorder } from '../../../daemon/media/liveRecorder.ts';

const { signal } = new AbortController();
const known =
  (...names: string[]) =>
  () =>
    Promise.resolve(new Set(names));
const running = { take: () => Promise.resolve() };
const report = (...lines: string[]): FfmpegReport => {
  const read = new FfmpegReport();
  for (const line of lines) read.read(line);
  return read;
};
const h264 =
  '  Stream #0:0: Video: h264 (High) ([27][0][0][0] / 0x001B), yuv420p(tv, bt709), 1280x720';
const hevc =
  '    Stream #0:1(und): Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv), 640x360';

describe('the report', () => {
  it('tells how the pictures of the input are coded', () => {
    expect(report(h264).video).toEqual({ codec: 'h264', pixelFormat: 'yuv420p' });
    expect(report(hevc).video).toEqual({ codec: 'hevc', pixelFormat: 'yuv420p10le' });
    expect(report('  Stream #0:0: Audio: aac, 44100 Hz').video).toBeUndefined();
    const raw = '  Stream #0:0: Video: rawvideo (BGR[0] / 0x524742), bgr0, 800x600, 4 fps';
    expect(report(raw).video).toEqual({ codec: 'rawvideo', pixelFormat: 'bgr0' });
  });
});

describe('a recorder', () => {
  it('takes over the H.264 of a stream', async () => {
    const recorder = new FittingRecorder('stream', running, known());
    expect(await recorder.plan({ signal })).toEqual({ video: 'copy', hasSound: true });
    expect(recorder.fits(report(h264))).toBe(true);
  });

  it('encodes what players do not take, with the first encoder that works', async () => {
    const recorder = new FittingRecorder('stream', running, known('libx264', 'libopenh264'));
    await recorder.plan({ signal });
    expect(recorder.fits(report(hevc))).toBe(false);
    expect(await recorder.plan({ signal })).toEqual({ video: 'libx264', hasSound: true });
    const failed = report(
      hevc,
      '[libx264 @ 0x1] Error while opening encoder for output stream #1:0',
    );
    expect(recorder.fits(failed)).toBe(false);
    expect(await recorder.plan({ signal })).toMatchObject({ video: 'libopenh264' });
    expect(recorder.fits(report(hevc))).toBe(true);
  });

  it('gives up where no encoder is', async () => {
    const recorder = new FittingRecorder('screen', running, known('libvpx'));
    expect(await recorder.plan({ signal })).toBeUndefined();
    expect(recorder.fits(report(hevc))).toBe(true);
  });
});

describe('arguments', () => {
  const base = { frameRateFps: 2, readTimeoutMs: 1000 };
  it('have one input and two outputs, the second on a pipe of its own', () => {
    const args = streamArgs({
      ...{ ...base, url: 'http://tv.test/a.m3u8' },
      recording: { video: 'copy', hasSound: true },
    });
    expect(args.filter((arg) => arg === '-i')).toHaveLength(1);
    expect(args.indexOf('pipe:1')).toBeLessThan(args.indexOf('pipe:3'));
    expect(args.at(-1)).toBe('pipe:3');
    const second = args.slice(args.indexOf('pipe:1') + 1).join(' ');
    expect(second).toContain('-map 0:V:0 -map 0:a:0? -c:v copy -c:a flac');
  });

  it('are as they were where nothing is recorded', () => {
    expect(streamArgs({ ...base, url: 'http://tv.test/a.m3u8' }).at(-1)).toBe('pipe:1');
  });

  it('give a screen no sound, and the filters that its frames need', () => {
    const args = captureArgs({
      ...{ source: { kind: 'screen' }, grabber: 'ddagrab', frameRateFps: 2 },
      recording: { video: 'libx264', hasSound: false },
    }).join(' ');
    const second = args.slice(args.indexOf('pipe:1'));
    expect(second).toMatch(/-vf fps=2,hwdownload,format=bgra,scale=.*,format=yuv420p -c:v libx264/);
    expect(second).not.toContain('-c:a');
  });
});
