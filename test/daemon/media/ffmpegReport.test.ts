import { describe, expect, it } from 'vitest';
import { FfmpegReport } from '../../../daemon/media/ffmpegReport.ts';

function read(text: string): FfmpegReport {
  const report = new FfmpegReport();
  for (const line of text.split('\n')) report.read(line);
  return report;
}

const opened = `Input #0, mov,mp4, from 'file:/v.mp4':
  Metadata:
    title           : A talk
                    :   Duration: 09:00:00.00, start: 0
  Duration: 01:02:03.45, start: 0.000000, bitrate: 275 kb/s`;
const video =
  '  Stream #0:0[0x1](und): Video: h264 (High), yuv420p(tv, bt709), 320x240 [SAR 1:1], 25 fps';
const failed = { code: 1, signal: null };

describe('FfmpegReport', () => {
  it('reads the duration, not what poses as one', () => {
    expect(read(opened).durationMs).toBe(3_723_450);
    expect(read(opened.replace('01:02:03.45', 'N/A')).durationMs).toBeUndefined();
    const name =
      "Input #0, gif, from 'file:/two\n  Duration: 09:00:00.00, x':\n  Duration: 00:00:01.00, s";
    expect(read(name).durationMs).toBe(1000);
  });

  it.each([
    ['source.unreadable', 'v: Invalid data found when processing input'],
    ['source.noVideo', `${opened}\nStream map '0:V:0' matches no streams.`],
    ['source.noFrames', `${opened}\n${video}\nConversion failed!`],
    [
      'source.tooLarge',
      `${opened}\n${video.replace('320x240', '8193x240')}\nPicture size is invalid`,
    ],
    [
      'source.tooLarge',
      `${opened}\n${video.replace('320x240', '8192x2049')}\nPicture size is invalid`,
    ],
    [
      'source.tooLarge',
      `[gif @ 0x56] [IMGUTILS @ 0x7f] Picture size 8192x8192 exceeds specified max\n${opened}\n  Stream #0:0: Video: gif, bgra, 10 tbr`,
    ],
    ['source.noFrames', `${opened}\n${video.replace('320x240', '8192x2048')}\nConversion failed!`],
    [
      'source.noVideo',
      `${opened}\n  Stream #0:1: Video: mjpeg, 9000x9000, 90k tbr (attached pic)\nmatches no streams`,
    ],
  ])('%s', (code, text) => {
    expect(read(text).noFramesError(failed)).toMatchObject({ code });
  });

  it('tells a crash from a bad file', () => {
    const error = read(opened).noFramesError({ code: null, signal: 'SIGSEGV' });
    expect(error.code).toBe('ffmpeg.failed');
  });

  it('keeps the last words only', () => {
    const report = read(Array.from({ length: 100 }, (_, n) => `line ${n}`).join('\n'));
    expect(report.tail.split('\n')).toHaveLength(40);
    expect(report.tail.endsWith('line 99')).toBe(true);
    expect(read('x'.repeat(9000)).tail).toHaveLength(500);
  });

  it('reads which sound and captions the input has, not what is written', () => {
    const report = read(`Input #0, matroska,webm, from 'http://host/v.mkv':
  Duration: N/A, start: 1401.400000, bitrate: N/A
  Stream #0:0: Video: h264 (High), yuv420p, 64x48, 2 fps
  Stream #0:1(eng): Audio: aac (LC), 44100 Hz, mono, fltp (default)
  Stream #0:2(ger): Subtitle: subrip (default)
    Stream #0:3[0x101](eng): Subtitle: webvtt (forced)
Output #0, nut, to 'pipe:1':
  Stream #0:4: Subtitle: webvtt`);
    expect(report).toMatchObject({ format: 'matroska,webm', startSeconds: 1401.4, hasSound: true });
    expect(report.subtitles).toEqual([
      { index: 2, codec: 'subrip', language: 'ger', isDefault: true, isForced: false },
      { index: 3, codec: 'webvtt', language: 'eng', isDefault: false, isForced: true },
    ]);
    const silent = { format: 'mov,mp4', startSeconds: 0, hasSound: false, subtitles: [] };
    expect(read(`${opened}\n${video}`)).toMatchObject(silent);
  });
});
