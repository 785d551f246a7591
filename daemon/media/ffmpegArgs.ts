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
export const formats = 'mov,matroska,gif,mpegts,avi';
/** Those of them that know where each key frame lies. Seeking in the others may land after the moment that is wanted. */
const seekableFormats = 'mov,matroska';

/**
 * Seeking aims this far before the moment that is wanted: well before what decoders hold back, and beyond the usual stretch over
 * which a video without whole key frames renews its picture (x264: 250 pictures). Decoding it takes about a second.
 */
export const seekMarginMs = 30_000;
/** One in so many of the samples that nobody wants is let through, so that a long way to the first one is no silence. */
const passedSamples = 20;

/** Flags of every run: no keyboard, no progress line, the report on stderr in the form that `FfmpegReport` reads. */
export const quiet = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info'];

/**
 * Opens a local file and nothing else. Options of this input go before it.
 * @param path never interpreted: a leading dash, `%03d`, quotes, colons and newlines are plain characters behind `file:`.
 */
export function inputArgs(path: string, allowed: string): string[] {
  return [
    ...['-protocol_whitelist', 'file'],
    ...limitsOf(allowed),
    ...['-i', `file:${resolve(path)}`],
  ];
}

/** Reads stdin, and nothing else. */
export function pipedInputArgs(allowed: string): string[] {
  return ['-protocol_whitelist', 'pipe', ...limitsOf(allowed), '-i', 'pipe:0'];
}

const limitsOf = (allowed: string): string[] => [
  ...['-format_whitelist', allowed],
  ...['-max_pixels', String(maxPicturePx + strideAlignment * maxSidePx)],
];

export interface SampleRequest {
  readonly path: string;
  readonly frameRateFps: number;
  /** Stop after so many samples; all when left out. */
  readonly maxFrames?: number;
  /** Without it, from the presentation start. */
  readonly from?: SampleStart;
}

/** Where the samples begin that are wanted; some earlier ones come before them. */
export interface SampleStart {
  readonly fromMs: number;
  /**
   * Seeks: refuses containers that cannot, and gives the sample at which decoding began first. When that lies after `fromMs`,
   * the samples are not those of a run from the start.
   */
  readonly seeks: boolean;
}

/**
 * Samples the first real video track on a grid that begins at the presentation start: sample k is what is on screen at
 * k / frameRateFps. Output: RGB24 pictures with their presentation times as a NUT stream on stdout.
 *
 * `round=up` moves a picture to the first grid point at which it is on screen, so of several the last one wins; the last
 * picture's duration counts. NUT keeps the times that the filter gives, and tells the size after rotation.
 * @source `-ss` and plain `fps` give the next picture of a variable-rate GIF, not the one on screen; libavfilter/vf_fps.c.
 *
 * A run that seeks keeps the file's own times and begins at a key frame, which `fps` puts on the same grid; so its samples are
 * those of a run from the start, to the last bit.
 */
export function sampleArgs({ path, frameRateFps, maxFrames, from }: SampleRequest): string[] {
  if (!(frameRateFps > 0) || !Number.isFinite(frameRateFps)) {
    throw new RangeError(`not a frame rate: ${frameRateFps}`);
  }
  const seeks = from?.seeks === true;
  const begin = seeks ? '' : 'start_time=0:';
  const grid = `fps=fps=${frameRateFps}:${begin}round=up:eof_action=round`;
  return [
    ...quiet,
    ...(seeks ? seekArgs(from.fromMs) : []),
    ...inputArgs(path, seeks ? seekableFormats : formats),
    // A cover picture is no video.
    ...['-map', '0:V:0'],
    ...[
      '-vf',
      [grid, ...(from ? [selection(from.fromMs, frameRateFps)] : []), 'format=rgb24'].join(),
    ],
    ...(maxFrames === undefined ? [] : ['-frames:v', String(maxFrames)]),
    ...['-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
  ];
}

/** Begins at the key frame before; times count from the presentation start, as they do without seeking. */
function seekArgs(fromMs: number): string[] {
  const seconds = Math.max(0, fromMs - seekMarginMs) / 1000;
  return ['-noaccurate_seek', '-ss', String(seconds), '-copyts', '-start_at_zero'];
}

/** The first sample, a few on the way, and all that are wanted. Half an interval of slack: times are fractions. */
function selection(fromMs: number, frameRateFps: number): string {
  const seconds = fromMs / 1000 - 0.5 / frameRateFps;
  return `select='gte(t,${seconds})+not(mod(n,${passedSamples}))'`;
}
