/** Pure: what is wanted of ffmpeg → its argument list. */
import { resolve } from 'node:path';

/** Larger pictures are refused. A dozen frames may be in memory at once, and one of this size takes 48 MiB as RGB. */
export const maxPicturePx = 4096 * 4096;
/** Of a strip that is long and thin. */
export const maxSidePx = 8192;
/** Decoders round the width up to a multiple of this. @source libavcodec, STRIDE_ALIGN */
const strideAlignment = 64;

/**
 * Containers that may be read: MP4 and MOV, Matroska and WebM, GIF, MPEG-TS, AVI. Playlists, image patterns and everything else
 * that can point at other files or at the network stay out.
 */
const formats = 'mov,matroska,gif,mpegts,avi';

/** Flags of every run: no keyboard, no progress line, the report on stderr in the form that `FfmpegReport` reads. */
const quiet = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info'];

/**
 * Opens a local file and nothing else.
 * @param path never interpreted: a leading dash, `%03d`, quotes, colons and newlines are plain characters behind `file:`.
 */
function inputArgs(path: string): string[] {
  return [
    ...['-protocol_whitelist', 'file'],
    ...['-format_whitelist', formats],
    ...['-max_pixels', String(maxPicturePx + strideAlignment * maxSidePx)],
    ...['-i', `file:${resolve(path)}`],
  ];
}

export interface SampleRequest {
  readonly path: string;
  readonly frameRateFps: number;
  /** Stop after so many samples; all when left out. */
  readonly maxFrames?: number;
}

/**
 * Samples the first real video track on a grid that begins at the presentation start: sample k is what is on screen at
 * k / frameRateFps. Output: RGB24 pictures with their presentation times as a NUT stream on stdout.
 *
 * `round=up` moves a picture to the first grid point at which it is on screen, so of several the last one wins; the last
 * picture's duration counts. NUT keeps the times that the filter gives, and tells the size after rotation.
 * @source `-ss` and plain `fps` give the next picture of a variable-rate GIF, not the one on screen; libavfilter/vf_fps.c.
 */
export function sampleArgs({ path, frameRateFps, maxFrames }: SampleRequest): string[] {
  if (!(frameRateFps > 0) || !Number.isFinite(frameRateFps)) {
    throw new RangeError(`not a frame rate: ${frameRateFps}`);
  }
  const grid = `fps=fps=${frameRateFps}:start_time=0:round=up:eof_action=round`;
  return [
    ...quiet,
    ...inputArgs(path),
    // A cover picture is no video.
    ...['-map', '0:V:0'],
    ...['-vf', `${grid},format=rgb24`],
    ...(maxFrames === undefined ? [] : ['-frames:v', String(maxFrames)]),
    ...['-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
  ];
}
