import { describe, expect, it } from 'vitest';
import { failedStep } from '../../../daemon/media/copying.ts';
import type { MediaProbe } from '../../../daemon/media/mediaProbe.ts';
import { seekStarts } from '../../../daemon/media/pictures.ts';
import {
  copyArgs,
  copyRateFps,
  PacketTimes,
  pictureArgs,
  probeArgs,
  readEncoders,
  readFirstPicture,
} from '../../../daemon/media/playbackArgs.ts';
import type { CopyPlan } from '../../../daemon/media/playbackPlan.ts';

const probe: MediaProbe = {
  containers: ['matroska', 'webm'],
  ...{ width: 641, height: 480, isRotated: false },
  video: { index: 2, codec: 'vp9', pixelFormat: 'yuv420p', rateFps: 1000 },
  audio: { index: 5, codec: 'opus' },
  chapters: [],
};
const plan = (video: string, audio?: string): CopyPlan => ({
  ...{ kind: 'copy', container: 'mp4', video, meanwhile: 'waits', notices: [] },
  ...(audio === undefined ? {} : { audio }),
});
const lineOf = (video: string, audio?: string, facts = probe): string =>
  copyArgs({ path: '/in', probe: facts, plan: plan(video, audio), target: '/out' }).join(' ');

describe('copyArgs', () => {
  it('opens nothing but the file, as watching does', () => {
    for (const args of [
      copyArgs({ path: '/-x', probe, plan: plan('copy'), target: '/out' }),
      pictureArgs({ path: '/-x', atMs: 0, fromMs: 0 }),
      probeArgs('/-x'),
    ]) {
      const line = args.join(' ');
      expect(line).toContain('-protocol_whitelist file -format_whitelist mov,');
      expect(line).toMatch(/-max_pixels \d+ -i file:\/-x /);
    }
  });

  it('maps the chosen tracks, once to the copy and once to its heartbeat', () => {
    const line = lineOf('copy', 'libmp3lame');
    expect(line.match(/-map 0:2 -map 0:5/g)).toHaveLength(2);
    expect(line).toMatch(/-f mp4 -y file:\/out .*-c copy -flush_packets 1 -f framecrc pipe:1$/);
    expect(lineOf('copy')).not.toContain('-map 0:5');
  });

  it('encodes even sides at a sane rate', () => {
    const line = lineOf('libx264', 'libmp3lame');
    expect(line).toContain('fps=fps=30:');
    expect(line).toContain('pad=ceil(iw/2)*2:ceil(ih/2)*2');
    expect(line).not.toContain('-b:v');
    expect(lineOf('h264_nvenc')).toMatch(/-c:v h264_nvenc -b:v \d+/);
  });

  it('says which colours it made of RGB', () => {
    const rgb = { ...probe, video: { ...probe.video, pixelFormat: 'bgra' } };
    expect(lineOf('libx264', undefined, rgb)).toContain('-colorspace bt709');
    expect(lineOf('libx264')).not.toContain('bt709');
  });

  it.each([
    [undefined, 25],
    [29.97, 29.97],
    [60, 60],
    [1000, 30],
    [0.5, 10],
  ])('makes %s pictures a second %s', (guessed, expected) => {
    expect(copyRateFps(guessed)).toBe(expected);
  });
});

describe('PacketTimes', () => {
  it('reads what framecrc writes', () => {
    const times = new PacketTimes();
    const lines = [
      '#tb 0: 1/12800',
      '#tb 1: 1/44100',
      '#media_type 0: video',
      '1,      -1024,      -1024,     1024,      258, 0x2c5b786a, F=0x5, S=1,       10',
      '0,      12288,      12800,      512,     8658, 0x5d5ee8d5',
      '1,      44100,      88200,     1024,      258, 0x8057765e',
      '7,          1,          1,        1,        1, 0x0',
    ];
    const read = lines.map((line) => times.read(line)).filter((ms) => ms !== undefined);
    expect(read.map(Math.round)).toEqual([-23, 1000, 2000]);
  });
});

describe('readFirstPicture', () => {
  it.each([
    [
      '[Parsed_showinfo_0 @ 0x55] n:   0 pts:   7440 pts_time:7.44   duration:1 pos: 48 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:1 type:I',
      { isKey: true, ptsMs: 7440 },
    ],
    [
      '[Parsed_showinfo_0 @ 0x55] n:   0 pts:      0 pts_time:0       pos: 48 fmt:gray i:P iskey:0 type:P',
      { isKey: false, ptsMs: 0 },
    ],
    ['[Parsed_showinfo_0 @ 0x55] n:   1 pts:  0 pts_time:1 i:P iskey:1 type:I', undefined],
    ['[Parsed_showinfo_0 @ 0x55] config in time_base: 1/12800', undefined],
  ])('%s', (line, expected) => {
    expect(readFirstPicture(line)).toEqual(expected);
  });
});

describe('seekStarts', () => {
  it('begins near and ends at the start', () => {
    expect(seekStarts(100_000, ['matroska', 'webm'])).toEqual([99_000, 70_000, 0]);
    expect(seekStarts(100_000, ['mpegts'])).toEqual([90_000, 40_000, 0]);
    expect(seekStarts(500, ['mov', 'mp4'])).toEqual([0]);
  });
});

describe('readEncoders', () => {
  it('reads the list', () => {
    const list = ` Encoders:
 V..... = Video
 A..... = Audio
 ------
 V....D libx264              libx264 H.264 / AVC / MPEG-4 AVC
 A..X.. vorbis               Vorbis
 VFS... something            else (codec x)
 S..... srt                  SubRip subtitle
`;
    expect([...readEncoders(list)]).toEqual(['libx264', 'vorbis', 'something', 'srt']);
  });
});

describe('failedStep', () => {
  const opening =
    'Error while opening encoder for output stream #0:1 - maybe incorrect parameters such as bit_rate, rate, width or height';
  it.each([
    [`Error initializing output stream 0:1 -- ${opening}`, 'libmp3lame'],
    [`Error initializing output stream 0:0 -- ${opening.replace('0:1', '0:0')}`, 'h264_nvenc'],
    ["Unknown encoder 'h264_nvenc'", 'h264_nvenc'],
    ['[vost#0:0/h264_nvenc @ 0x5f] Error while opening encoder - maybe', 'h264_nvenc'],
    ['[aost#0:1/libmp3lame @ 0x5f] Error submitting audio frame to the encoder', 'libmp3lame'],
    ['Conversion failed!', 'h264_nvenc'],
    ['moov atom not found', undefined],
  ])('%s', (tail, step) => {
    expect(failedStep(plan('h264_nvenc', 'libmp3lame'), tail)).toBe(step);
  });

  it('knows when a track cannot be taken over', () => {
    const copying = plan('copy', 'libmp3lame');
    expect(failedStep(copying, 'Error initializing output stream 0:0 -- ')).toBe('copy');
    expect(failedStep(copying, '[mp4 @ 0x1] Malformed AAC bitstream detected')).toBe('copy');
    expect(failedStep(copying, 'Conversion failed!')).toBe('libmp3lame');
  });
});
