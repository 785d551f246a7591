/** Pictures in memory → JPEGs, for servers that take nothing else. */
import { AppError } from '../base/errors.ts';
import { quiet } from './ffmpegArgs.ts';
import { OutputBuffer, runFfmpeg } from './ffmpegRun.ts';
import type { Picture } from './frameSource.ts';
import { resizeArea } from './pixels.ts';
import { stalledError, type FfmpegTools } from './probing.ts';

/** Above what the JPEG of a picture takes that is `maxPicturePx` large. */
const maxJpegBytes = 100_000_000;

/**
 * @param pictures all of one size are encoded by one run of ffmpeg
 * @param options.maxWidth larger ones are scaled down to it, px
 * @returns one for each picture, same order
 * @throws AppError ffmpeg.*
 */
export async function encodeJpegs(
  pictures: readonly Picture[],
  tools: FfmpegTools,
  { maxWidth, signal }: { readonly maxWidth: number; readonly signal: AbortSignal },
): Promise<Buffer[]> {
  const scaled = pictures.map((picture) => scaledDown(picture, maxWidth));
  const jpegs: Buffer[] = [];
  for (let at = 0; at < scaled.length;) {
    const size = sizeOf(scaled[at]!);
    const next = scaled.findIndex((picture, index) => index > at && sizeOf(picture) !== size);
    const end = next < 0 ? scaled.length : next;
    jpegs.push(...(await encodeRun(scaled.slice(at, end), size, tools, signal)));
    at = end;
  }
  return jpegs;
}

const sizeOf = ({ width, height }: Picture): string => `${width}x${height}`;

function scaledDown(picture: Picture, maxWidth: number): Picture {
  const { width, height } = picture;
  if (width <= maxWidth) return picture;
  return resizeArea(picture, maxWidth, Math.max(1, Math.round((height * maxWidth) / width)));
}

async function encodeRun(
  pictures: readonly Picture[],
  size: string,
  tools: FfmpegTools,
  signal: AbortSignal,
): Promise<Buffer[]> {
  const output = new OutputBuffer(maxJpegBytes * pictures.length);
  const feed = async function* () {
    for (const { data } of pictures) yield await Promise.resolve(data);
  };
  const args = [
    ...quiet,
    ...['-protocol_whitelist', 'pipe', '-f', 'rawvideo', '-pixel_format', 'rgb24'],
    ...['-video_size', size, '-framerate', '1', '-i', 'pipe:0'],
    // Small, and small letters are still read.
    ...['-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2pipe', 'pipe:1'],
  ];
  const { isStalled, report } = await runFfmpeg(
    { ...tools, args, feed, onOutput: output.add },
    { signal },
  );
  if (isStalled) throw stalledError(report.tail);
  const jpegs = splitJpegs(output.bytes);
  if (jpegs.length === pictures.length) return jpegs;
  throw new AppError('ffmpeg.failed', 'ffmpeg could not write a picture as JPEG.');
}

/** @source ITU-T T.81, B.1: in what is coded, 0xFF is followed by 0, so that the end of one and the start of the next stand nowhere else */
export function splitJpegs(bytes: Buffer): Buffer[] {
  const seam = Buffer.from([0xff, 0xd9, 0xff, 0xd8]);
  const jpegs: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const at = bytes.indexOf(seam, from);
    const end = at < 0 ? bytes.length : at + 2;
    jpegs.push(bytes.subarray(from, end));
    from = end;
  }
  return jpegs;
}
