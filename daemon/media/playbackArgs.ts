/** Pure: looking into a file, making a playable copy, taking a single picture → ffmpeg's argument lists. */
import { formats, inputArgs, pipedInputArgs, quiet } from './ffmpegArgs.ts';
import type { MediaProbe } from './mediaProbe.ts';
import type { CopyPlan } from './playbackPlan.ts';

/** Decodes one picture, which tells the size after rotation, and writes the chapters on stdout. */
export function probeArgs(path: string): string[] {
  return [
    ...quiet,
    ...inputArgs(path, formats),
    ...['-map', '0:V:0', '-frames:v', '1', '-f', 'null', '-'],
    // The chapters keep their titles; the rest may be large.
    ...['-map_metadata:g', '-1', '-f', 'ffmetadata', 'pipe:1'],
  ];
}

/** Lists the encoders on stdout. */
export const encodersArgs: readonly string[] = ['-hide_banner', '-encoders'];

/** Names of encoders in that list. */
export function readEncoders(list: string): Set<string> {
  const names = [...list.matchAll(/^ [VAS][.A-Z]{5} (\S+)/gm)].map(([, name]) => name!);
  return new Set(names.filter((name) => name !== '='));
}

/** A jump lands on a key frame: more of them make jumping quick, fewer make the file small. */
const keyFramesSeconds = 4;
const stereo = 'aformat=channel_layouts=mono|stereo';

/** What the encoders need beside the size; those that are not named are told a bit rate alone. */
const videoOptions: Readonly<Record<string, readonly string[]>> = {
  // Text stays sharp; `veryfast` keeps up with several minutes of video in each minute on two cores.
  libx264: ['-preset', 'veryfast', '-crf', '21', '-profile:v', 'high'],
  libvpx: [
    ...['-deadline', 'realtime', '-cpu-used', '6', '-auto-alt-ref', '0', '-threads', '4'],
    ...['-crf', '10', '-qmin', '4', '-qmax', '45'],
  ],
};
const audioOptions: Readonly<Record<string, readonly string[]>> = {
  libvorbis: ['-q:a', '5'],
  // ffmpeg's own Vorbis and FLAC in MP4 call themselves experimental.
  vorbis: ['-b:a', '160k', '-ac', '2', '-strict', '-2'],
  flac: ['-sample_fmt', 's16', '-strict', '-2'],
};

export interface CopyRequest {
  readonly path: string;
  readonly probe: MediaProbe;
  readonly plan: CopyPlan;
  /** Is overwritten. */
  readonly target: string;
}

/**
 * Writes a playable copy, whose time 0 is the original's presentation start. On stdout it says of each packet that it has read
 * when it is shown (`readPacketMs`). That ends it, too, when nobody reads any more, which writing a file alone would not.
 * @source ffmpeg ignores SIGPIPE and a `-progress` that cannot be written; a muxer that cannot write ends the run
 */
export function copyArgs({ path, probe, plan, target }: CopyRequest): string[] {
  const tracks = [
    ...['-map', `0:${probe.video.index}`],
    ...(probe.audio && plan.audio !== undefined ? ['-map', `0:${probe.audio.index}`] : []),
  ];
  return [
    ...[...quiet, ...inputArgs(path, formats)],
    ...[...tracks, '-map_metadata', '-1', '-map_chapters', '-1'],
    ...videoArgs(probe, plan.video),
    ...(plan.audio === undefined ? [] : audioArgs(plan.audio)),
    ...(plan.container === 'mp4' ? ['-movflags', '+faststart'] : []),
    ...['-f', plan.container, '-y', `file:${target}`],
    ...[...tracks, '-c', 'copy', '-flush_packets', '1', '-f', 'framecrc', 'pipe:1'],
  ];
}

function videoArgs({ video, width, height }: MediaProbe, encoder: string): string[] {
  if (encoder === 'copy') return ['-c:v', 'copy'];
  const fps = copyRateFps(video.rateFps);
  const filters = [
    // The grid that samples are taken on: the last picture stands as long as the original says.
    `fps=fps=${fps}:start_time=0:round=up:eof_action=round`,
    // 4:2:0 needs even sides.
    'pad=ceil(iw/2)*2:ceil(ih/2)*2',
    ...(isRgb(video.pixelFormat) ? ['scale=out_color_matrix=bt709:out_range=tv'] : []),
    'format=yuv420p|nv12',
  ];
  return [
    ...['-vf', filters.join(), '-c:v', encoder, ...(videoOptions[encoder] ?? [])],
    ...(encoder === 'libx264' ? [] : ['-b:v', String(bitRate(width * height, fps))]),
    ...(isRgb(video.pixelFormat) ? colours : []),
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyFramesSeconds})`],
  ];
}

/** Said of pictures that were RGB: players guess otherwise, by the size. */
const colours = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];

function isRgb(pixelFormat: string): boolean {
  return /^(?:0?(?:rgb|bgr)|gbr|argb|abgr|rgba|bgra|pal8)/.test(pixelFormat);
}

function audioArgs(encoder: string): string[] {
  if (encoder === 'copy') return ['-c:a', 'copy'];
  // Sound that begins late or has holes stays with its picture.
  const filters = ['aresample=async=1:first_pts=0', stereo];
  const options = audioOptions[encoder] ?? ['-b:a', '160k'];
  return ['-af', filters.join(), '-c:a', encoder, ...options];
}

/** Recordings without a steady rate are guessed to have an absurd one. */
export function copyRateFps(guessedFps = 25): number {
  if (guessedFps > 60) return 30;
  return Math.max(10, guessedFps);
}

/** Enough for text on screens. @param pixels of one picture */
function bitRate(pixels: number, fps: number): number {
  return Math.round(Math.max(500_000, pixels * Math.min(fps, 30) * 0.08));
}

/** Presentation times in the lines that `copyArgs` lets ffmpeg write on stdout. */
export class PacketTimes {
  readonly #unitMs = new Map<string, number>();

  /** @returns milliseconds, or undefined when the line tells no time */
  read(line: string): number | undefined {
    const unit = /^#tb (\d+): (\d+)\/(\d+)/.exec(line);
    if (unit) this.#unitMs.set(unit[1]!, (Number(unit[2]) / Number(unit[3])) * 1000);
    const packet = /^(\d+), *(-?\d+), *(-?\d+),/.exec(line);
    const unitMs = packet && this.#unitMs.get(packet[1]!);
    return unitMs ? Number(packet[3]) * unitMs : undefined;
  }
}

/** How much of a picture is wanted, and how large. */
export interface PictureView {
  /** Only this part, px of the video as it is shown; wholly inside it. */
  readonly crop?: Crop;
  /** Larger pictures are scaled down to this width, px. */
  readonly maxWidth?: number;
}

export interface PictureRequest extends PictureView {
  /** Left out: an MP4 comes on stdin, and its own times count. */
  readonly path?: string;
  /** The picture that is on screen at this moment; after the last one, the last one. */
  readonly atMs: number;
  /** Where decoding begins, or at the key frame before; at the start when 0. */
  readonly fromMs: number;
}

/** A part of a picture, whole px. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Wider pictures than any source has are not asked for. */
const widestPicture = 8192;

/**
 * Reads `?width=…&crop=…`, as `MediaInfo` describes them.
 * @param picture its size, px
 * @returns undefined when they make no sense, or the part lies outside the picture
 */
export function readView(
  query: URLSearchParams,
  picture: { readonly width: number; readonly height: number },
): PictureView | undefined {
  const [width, part] = [query.get('width'), query.get('crop')];
  if (width !== null && !/^[1-9]\d{0,4}$/.test(width)) return undefined;
  const crop = part === null ? undefined : readCrop(part, picture);
  if (part !== null && !crop) return undefined;
  return {
    ...(crop ? { crop } : {}),
    ...(width === null ? {} : { maxWidth: Math.min(Number(width), widestPicture) }),
  };
}

/**
 * Reads `x,y,width,height`, px of the video; parts of pixels count as whole ones.
 * @returns the part of it that lies in the picture; undefined when that is nothing, or the text is no rectangle
 */
export function readCrop(
  text: string,
  picture: { readonly width: number; readonly height: number },
): Crop | undefined {
  if (!/^\d{1,5}(?:\.\d{1,3})?(?:,\d{1,5}(?:\.\d{1,3})?){3}$/.test(text)) return undefined;
  const [left, top, wide, high] = text.split(',').map(Number) as [number, number, number, number];
  const [x, y] = [Math.floor(left), Math.floor(top)];
  const width = Math.min(Math.ceil(left + wide), picture.width) - x;
  const height = Math.min(Math.ceil(top + high), picture.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** The same part of a smaller picture, wholly. */
export function scaleCrop(
  { x, y, width, height }: Crop,
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
): Crop {
  const [across, down] = [to.width / from.width, to.height / from.height];
  const [left, top] = [Math.floor(x * across), Math.floor(y * down)];
  const right = Math.min(to.width, Math.ceil((x + width) * across));
  const bottom = Math.min(to.height, Math.ceil((y + height) * down));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * One JPEG on stdout, on the grid of milliseconds that begins at the moment. The report tells where decoding began
 * (`readFirstPicture`).
 */
export function pictureArgs({ path, atMs, fromMs, crop, maxWidth }: PictureRequest): string[] {
  // The file's own times: others would be rounded to the clock of its tracks.
  const seek = ['-noaccurate_seek', '-ss', String(fromMs / 1000), '-copyts', '-start_at_zero'];
  const filters = [
    'showinfo=checksum=0',
    // The last picture stands for ever.
    'tpad=stop=-1:stop_mode=clone',
    // `fps` rounds the start of its grid to the clock of its input, which may tick five times a second.
    'settb=AVTB',
    `fps=fps=1000:start_time=${atMs / 1000}:round=up`,
    // Exact: otherwise it begins where a block of colour does.
    ...(crop ? [`crop=${crop.width}:${crop.height}:${crop.x}:${crop.y}:exact=1`] : []),
    ...(maxWidth === undefined ? [] : [`scale='min(${maxWidth},iw)':-1`]),
  ];
  const input =
    path === undefined
      ? ['-copyts', ...pipedInputArgs('mov')]
      : [...(fromMs > 0 ? seek : []), ...inputArgs(path, formats)];
  return [
    ...[...quiet, ...input],
    ...['-map', '0:V:0', '-vf', filters.join(), '-frames:v', '1'],
    ...['-c:v', 'mjpeg', '-q:v', '3', '-f', 'image2pipe', 'pipe:1'],
  ];
}

/** Where decoding began, when the line says so. */
export function readFirstPicture(
  line: string,
): { readonly isKey: boolean; readonly ptsMs: number } | undefined {
  const facts = /^\[Parsed_showinfo_0 @ \w+\] n: *0 .*pts_time:(-?[\d.]+) .*iskey:(\d)/.exec(line);
  if (!facts) return undefined;
  return { isKey: facts[2] === '1', ptsMs: Number(facts[1]) * 1000 };
}
