import { describe, expect, it } from 'vitest';
import { isWebm, ProbeReport, readChapters } from '../../../daemon/media/mediaProbe.ts';
import type { MediaProbe } from '../../../daemon/media/mediaProbe.ts';

function probe(text: string, path = '/v.mp4', chapters = ''): MediaProbe | undefined {
  const report = new ProbeReport(path);
  for (const line of text.split('\n')) report.read(line);
  return report.result(chapters);
}

const header = "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:/v.mp4':";
const duration = '  Duration: 01:02:03.45, start: 0.000000, bitrate: 275 kb/s';
const video =
  '  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 320x240 [SAR 1:1 DAR 4:3], 82 kb/s, 25 fps, 29.97 tbr, 12800 tbn (default)';
const audio =
  '  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)';
const output = `Stream mapping:
  Stream #0:0 -> #0:0 (h264 (native) -> wrapped_avframe (native))
Output #0, null, to 'pipe:':
  Stream #0:0(und): Video: wrapped_avframe, yuv420p(progressive), 320x240 [SAR 1:1 DAR 4:3], q=2-31, 200 kb/s, 25 fps, 25 tbn (default)`;
const expected = {
  containers: ['mov', 'mp4', 'm4a', '3gp', '3g2', 'mj2'],
  durationMs: 3_723_450,
  width: 320,
  height: 240,
  isRotated: false,
  video: { index: 0, codec: 'h264', pixelFormat: 'yuv420p', rateFps: 29.97 },
  audio: { index: 1, codec: 'aac' },
  chapters: [],
};

describe('ProbeReport', () => {
  const check = (lines: readonly string[], result: unknown, path?: string): void => {
    expect(probe(lines.join('\n'), path)).toEqual(result);
  };

  it('reads tracks, size and duration', () => {
    check([header, duration, video, audio, output], expected);
  });

  it('reads the report of version 4, which indents otherwise', () => {
    const old = [
      '    Stream #0:0(und): Video: h264 (High) (avc1 / 0x31637661), yuv420p, 320x240 [SAR 1:1 DAR 4:3], 82 kb/s, 25 fps, 29.97 tbr, 12800 tbn, 50 tbc (default)',
      '    Stream #0:1(und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)',
    ];
    check([header, duration, ...old, output.replaceAll(/^ {2}Str/gm, '    Str')], expected);
  });

  it('takes what it is told to be missing for missing', () => {
    const report = [
      header,
      duration.replace('01:02:03.45', 'N/A'),
      '  Stream #0:0: Video: gif, bgra, 64x48, 90k tbr, 100 tbn',
      '  Stream #0:1: Audio: none, 8000 Hz',
      output,
    ];
    const { durationMs: _, audio: __, ...rest } = expected;
    const track = { index: 0, codec: 'gif', pixelFormat: 'bgra', rateFps: 90_000 };
    check(report, { ...rest, video: track });
    check([header, duration, video, audio], undefined);
    check([header, duration, audio, output], undefined);
    check(['/v.mp4: Invalid data found when processing input'], undefined);
  });

  it('passes over covers and takes the sound that is marked', () => {
    const report = [
      header,
      duration,
      '  Stream #0:0: Video: mjpeg, yuvj420p, 600x600, 90k tbr (default) (attached pic)',
      video.replace('#0:0', '#0:1'),
      '  Stream #0:2(deu): Audio: opus, 48000 Hz, stereo, fltp',
      '  Stream #0:3(eng): Audio: aac (LC), 48000 Hz, 5.1(side), fltp (default)',
      '  Stream #0:4(fra): Audio: mp3, 48000 Hz, stereo, fltp (default)',
      '  Stream #0:5: Video: vp8, yuv420p, 10x10, 25 fps, 25 tbr',
      output,
    ];
    check(report, {
      ...expected,
      video: { ...expected.video, index: 1 },
      audio: { index: 3, codec: 'aac' },
    });
  });

  it("sees the rotation of the video, not another track's", () => {
    const turned = ['    Side data:', '      displaymatrix: rotation of -90.00 degrees'];
    const straight = ['    Side data:', '      displaymatrix: rotation of -0.00 degrees'];
    check([header, duration, audio.replace('1[', '1['), video, ...turned, output], {
      ...expected,
      isRotated: true,
    });
    check([header, duration, video, ...straight, audio, output], expected);
    const other = '  Stream #0:5: Video: mjpeg, yuvj420p, 10x10 (attached pic)';
    check([header, duration, video, audio, other, ...turned, output], expected);
  });

  it('believes no title and no name', () => {
    const path = '/a\n  Stream #0:0: Video: vp8, yuv420p, 1x1\n  Duration: 00:00:09.00,\nb';
    const report = [
      `Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:${path}':`,
      '  Metadata:',
      '    title           : A talk',
      '                    :   Stream #0:7: Video: vp8, yuv420p, 1x1',
      '                    : Output #0, null',
      duration,
      '  Chapters:',
      '    Chapter #0:0: start 0.000000, end 5.000000',
      '      Metadata:',
      '        title           : x\u2028  Stream #0:0: Audio: vorbis',
      video,
      audio,
      output,
    ];
    check(report, expected, path);
  });
});

describe('readChapters', () => {
  const chapter = (start: number, end: number, title?: string): string =>
    ['[CHAPTER]', 'TIMEBASE=1/1000', `START=${start}`, `END=${end}`]
      .concat(title === undefined ? [] : [`title=${title}`])
      .join('\n');
  const check = (text: string, chapters: readonly unknown[]): void => {
    expect(readChapters(`;FFMETADATA1\n${text}\n`).map(Object.values)).toEqual(chapters);
  };

  it('reads times in any unit', () => {
    const fine = '[CHAPTER]\nTIMEBASE=1/1000000000\nSTART=1500000000\nEND=2000000000\ntitle=B';
    check(`title=the film\n${chapter(0, 1500, 'A')}\n${fine}`, [
      [0, 1500, 'A'],
      [1500, 2000, 'B'],
    ]);
  });

  it('takes escapes back, and keeps titles on one line', () => {
    const title =
      'One \\= \\; \\# \\\\ x\\\n[CHAPTER]\\\nSTART\\=9\\\ntitle\\=fake\u2028y\u0007z\u202E';
    check(chapter(0, 10, title), [[0, 10, 'One = ; # \\ x [CHAPTER] START=9 title=fake y z']]);
    expect(readChapters(chapter(0, 10, '😀'.repeat(999)))[0]?.title).toBe('😀'.repeat(200));
  });

  it('names those without a title', () => {
    check(`${chapter(0, 5)}\n${chapter(5, 9, ' \\\n ')}`, [
      [0, 5, 'Chapter 1'],
      [5, 9, 'Chapter 2'],
    ]);
  });

  it('puts them in order and lets none reach into the next', () => {
    check([chapter(5, 20, 'B'), chapter(0, 9, 'A'), chapter(20, 20, 'C')].join('\n'), [
      [0, 5, 'A'],
      [5, 20, 'B'],
    ]);
  });

  it('leaves out what has no sense', () => {
    const bad = ['[CHAPTER]\nTIMEBASE=1/0\nSTART=1\nEND=2', '[CHAPTER]\ntitle=A', '[CHAPTER]'];
    check([...bad, '[STREAM]\nSTART=1', chapter(0, 5, 'A')].join('\n'), [[0, 5, 'A']]);
    check('', []);
    expect(readChapters(chapter(0, 1).concat('\n').repeat(5000))).toHaveLength(1);
  });
});

describe('isWebm', () => {
  it.each([
    ['\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm', true],
    ['\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x88matroska', false],
    ['....\x42\x82\x84webm', false],
    ['', false],
  ])('%j', (head, expectedAnswer) => {
    expect(isWebm(Buffer.from(head, 'latin1'))).toBe(expectedAnswer);
  });
});
