/** Pure: what is heard of a live source beside its pictures → further outputs in ffmpeg's argument list. */
import type { ReportedSubtitles } from './ffmpegReport.ts';

/** What a run of ffmpeg gives beside pictures. */
export interface HearingPlan {
  /** Number of the stream in the input with captions as text; none when left out. */
  readonly captions?: number;
  readonly hasSound: boolean;
}

/** The pipes that they come out of: ffmpeg's descriptors. The one before is the recording's. */
export const captionsDescriptor = 4;
export const soundDescriptor = 5;

/** What transcribers take: 16 bits, one channel. @source whisper.cpp, WHISPER_SAMPLE_RATE */
export const soundRateHz = 16_000;

/** Captions that ffmpeg turns into text. Others are pictures, or need a library that most builds lack. @source ffmpeg -codecs */
const textCodecs = new Set([
  'webvtt',
  'subrip',
  'srt',
  'ass',
  'ssa',
  'mov_text',
  'text',
  'eia_608',
]);

export const isText = ({ codec }: Pick<ReportedSubtitles, 'codec'>): boolean =>
  textCodecs.has(codec);

/**
 * Captions as WebVTT, times as those of the frames; sound as plain samples, of which the number tells the time: what is missing in the
 * source is silence.
 * @source ffmpeg-resampler, "async", "first_pts"
 */
export function hearingOutput({ captions, hasSound }: HearingPlan): string[] {
  return [
    ...(captions === undefined
      ? []
      : [
          ...['-map', `0:${captions}`, '-c:s', 'webvtt', '-flush_packets', '1'],
          ...['-f', 'webvtt', `pipe:${captionsDescriptor}`],
        ]),
    ...(hasSound
      ? [
          ...['-map', '0:a:0', '-af', `aresample=${soundRateHz}:async=1:first_pts=0`, '-ac', '1'],
          ...['-c:a', 'pcm_s16le', '-flush_packets', '1', '-f', 's16le', `pipe:${soundDescriptor}`],
        ]
      : []),
  ];
}
