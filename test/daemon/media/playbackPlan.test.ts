import { describe, expect, it } from 'vitest';
import type { MediaProbe } from '../../../daemon/media/mediaProbe.ts';
import { planPlayback } from '../../../daemon/media/playbackPlan.ts';

const families: Readonly<Record<string, readonly string[]>> = {
  mp4: ['mov', 'mp4', 'm4a', '3gp', '3g2', 'mj2'],
  mkv: ['matroska', 'webm'],
  webm: ['matroska', 'webm'],
  ts: ['mpegts'],
  avi: ['avi'],
  gif: ['gif'],
};

/** @param file for instance `mp4 h264:yuv420p aac` or `mkv vp9 -`; `@` turns the picture */
function probeOf(file: string): MediaProbe {
  const [container, video, audio] = file.split(' ') as [string, string, string];
  const [codec, pixelFormat = 'yuv420p'] = video.replace('@', '').split(':') as [string, string?];
  return {
    containers: families[container]!,
    ...{ width: 640, height: 480, isRotated: video.includes('@') },
    video: { index: 0, codec, pixelFormat, rateFps: 25 },
    ...(audio === '-' ? {} : { audio: { index: 1, codec: audio } }),
    chapters: [],
  };
}

const everything = 'libx264 h264_nvenc libvpx libmp3lame libvorbis vorbis flac aac';
const noMp3 = /encodes neither MP3/;

describe('planPlayback', () => {
  const check = (file: string, expected: object, encoders = everything, failed = ''): void => {
    const plan = planPlayback({
      probe: probeOf(file),
      isWebm: file.startsWith('webm'),
      encoders: new Set(encoders.split(' ')),
      failed: new Set(failed.split(' ')),
    });
    expect(plan).toMatchObject(expected);
  };
  const asItIs = { kind: 'original', hasSound: true, notices: [] };
  const mp4 = (video: string, audio?: string): object =>
    audio === undefined
      ? { kind: 'copy', container: 'mp4', video }
      : { kind: 'copy', container: 'mp4', video, audio };
  const webm = (video: string, audio?: string): object => ({
    ...mp4(video, audio),
    container: 'webm',
  });

  it.each([
    'mp4 h264 mp3',
    'mp4 h264 -',
    'mp4 h264:yuvj420p -',
    'mp4 h264@ mp3',
    'webm vp8 vorbis',
  ])('plays as it is: %s', (file) => {
    check(file, asItIs);
    check(file, asItIs, 'none');
  });

  it.each([
    // The sound alone: the picture of the original plays meanwhile.
    ['mp4 h264 aac', { ...mp4('copy', 'libmp3lame'), meanwhile: 'plays' }],
    ['mp4 h264 opus', { ...mp4('copy', 'libmp3lame'), meanwhile: 'plays' }],
    ['webm vp8 opus', { ...webm('copy', 'libvorbis'), meanwhile: 'plays' }],
    // The picture is fine in another container.
    ['mkv h264 aac', { ...mp4('copy', 'libmp3lame'), meanwhile: 'waits' }],
    ['mkv h264 mp3', mp4('copy', 'copy')],
    ['ts h264 aac', mp4('copy', 'libmp3lame')],
    ['mkv vp8 vorbis', webm('copy', 'copy')],
    ['mkv vp8 -', webm('copy')],
    // Another picture.
    ['avi h264 mp3', mp4('libx264', 'copy')],
    ['mp4 h264:yuv420p10le aac', mp4('libx264', 'libmp3lame')],
    ['mp4 h264:yuv444p mp3', mp4('libx264', 'copy')],
    ['mp4 hevc:yuv420p10le aac', { ...mp4('libx264', 'libmp3lame'), meanwhile: 'waits' }],
    // Some players play these; the copy is for all.
    ['webm vp9 opus', { ...mp4('libx264', 'libmp3lame'), meanwhile: 'mayPlay' }],
    ['mkv vp9 opus', { ...mp4('libx264', 'libmp3lame'), meanwhile: 'waits' }],
    ['webm vp9:yuv420p10le -', { ...mp4('libx264'), meanwhile: 'waits' }],
    ['webm vp8@ vorbis', mp4('libx264', 'libmp3lame')],
    ['webm vp8:yuva420p vorbis', mp4('libx264', 'libmp3lame')],
    ['mp4 av1 aac', { ...mp4('libx264', 'libmp3lame'), meanwhile: 'mayPlay' }],
    ['gif gif:bgra -', mp4('libx264')],
    ['avi mpeg4 pcm_s16le', mp4('libx264', 'libmp3lame')],
  ])('makes a copy of %s', (file, plan) => {
    check(file, { ...plan, notices: [] });
  });

  it('makes no sound where there is none', () => {
    const plan = planPlayback({
      probe: probeOf('gif gif:bgra -'),
      isWebm: false,
      encoders: new Set(everything.split(' ')),
      failed: new Set(),
    });
    expect(plan).not.toHaveProperty('audio');
  });

  it.each([
    ['h264_nvenc libopenh264 libmp3lame', mp4('h264_nvenc', 'libmp3lame')],
    ['libopenh264 libvpx libvorbis flac', mp4('libopenh264', 'libvorbis')],
    ['h264_videotoolbox flac aac', mp4('h264_videotoolbox', 'flac')],
    ['libvpx libmp3lame libvorbis', webm('libvpx', 'libvorbis')],
    ['libvpx vorbis flac', webm('libvpx', 'vorbis')],
  ])('takes what ffmpeg has: %s', (encoders, plan) => {
    check('webm vp9 opus', plan, encoders);
  });

  it('takes the next one when one does not work', () => {
    const encoders = 'h264_nvenc h264_qsv libvpx libmp3lame libvorbis';
    check('webm vp9 opus', mp4('h264_qsv', 'libmp3lame'), encoders, 'h264_nvenc');
    check('webm vp9 opus', webm('libvpx', 'libvorbis'), encoders, 'h264_nvenc h264_qsv');
    check('mkv h264 mp3', mp4('libx264', 'libmp3lame'), everything, 'copy');
    check('webm vp9 opus', { kind: 'none' }, encoders, 'h264_nvenc h264_qsv libvpx');
  });

  it('says what cannot be heard', () => {
    const notices = [expect.stringMatching(noMp3) as string];
    check('mp4 h264 aac', { kind: 'original', hasSound: false, notices }, 'libx264 aac');
    check('mkv h264 aac', { ...mp4('copy'), notices }, 'libx264 aac');
    check('webm vp9 opus', { ...webm('libvpx'), notices }, 'libvpx flac');
  });

  it('plays the silent picture rather than nothing', () => {
    check('mp4 h264 aac', { kind: 'original', hasSound: false }, 'libmp3lame', 'copy');
    check('mp4 hevc aac', { kind: 'none' }, 'libmp3lame');
  });
});
