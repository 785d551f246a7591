/** Pure: what is live and wanted of ffmpeg → its argument list. */
import type { ScreenSource } from '../../protocol/index.ts';
import { maxPicturePx, maxSidePx, quiet } from './ffmpegArgs.ts';
import { hearingOutput, type HearingPlan } from './hearingArgs.ts';
import { recordingOutput, type RecordingPlan } from './recordingArgs.ts';

/** Ways in which ffmpeg captures a screen: three devices and a filter. */
export type Grabber = 'x11grab' | 'ddagrab' | 'gdigrab' | 'avfoundation';

/** What an ffmpeg was built with, as it says itself. */
export interface CaptureAbilities {
  readonly devices: ReadonlySet<string>;
  readonly filters: ReadonlySet<string>;
}

/** Lists what an ffmpeg can capture from, and its filters. */
export const devicesArgs: readonly string[] = ['-hide_banner', '-devices'];
export const filtersArgs: readonly string[] = ['-hide_banner', '-filters'];

/** Names of the devices that can be read, as `-devices` lists them. */
export function readDevices(output: string): ReadonlySet<string> {
  const names = output
    .split('\n')
    .flatMap((line) => /^ D[E ][ d]? +([\w,]+)(?: |$)/.exec(line)?.[1]?.split(',') ?? []);
  return new Set(names);
}

/** Names of the filters, as `-filters` lists them. */
export function readFilters(output: string): ReadonlySet<string> {
  const names = output
    .split('\n')
    .flatMap((line) => /^ [T.][S.][C.]? (\w+) +\S+->\S+/.exec(line)?.[1] ?? []);
  return new Set(names);
}

/**
 * What captures a part of the screen on a system; undefined when this ffmpeg has nothing that can.
 * Only X11 has been run here: the others follow ffmpeg's manual and are tested as lists of arguments.
 * @source ffmpeg-devices, x11grab, gdigrab, avfoundation; ffmpeg-filters, ddagrab (it copies what the graphics card shows, and so sees
 * windows that gdigrab misses; it knows no windows)
 */
export function chooseGrabber(
  platform: NodeJS.Platform,
  { devices, filters }: CaptureAbilities,
  { window }: Pick<ScreenSource, 'window'>,
): Grabber | undefined {
  if (platform === 'win32') {
    if (window === undefined && filters.has('ddagrab')) return 'ddagrab';
    return devices.has('gdigrab') ? 'gdigrab' : undefined;
  }
  if (platform === 'darwin') {
    return window === undefined && devices.has('avfoundation') ? 'avfoundation' : undefined;
  }
  return devices.has('x11grab') ? 'x11grab' : undefined;
}

/**
 * Screens are captured so many times as often as samples are wanted: a capture comes a little early or late, and at the very rate of
 * the grid every fourth sample of a window was lost.
 */
const captureOversampling = 2;

/** Raw pictures say all with the first of them: looking at more only delays a small one by seconds. */
const unprobed: readonly string[] = ['-probesize', '32', '-analyzeduration', '0'];

export interface CaptureRequest {
  readonly source: ScreenSource;
  readonly grabber: Grabber;
  readonly frameRateFps: number;
  /** Further output, see `recordingOutput`. */
  readonly recording?: RecordingPlan;
  /** Pictures of this size come on stdin instead, as `x11Pictures` gives them. */
  readonly fed?: { readonly width: number; readonly height: number };
}

/** How often a screen is captured for so many samples a second. */
export const captureRate = (frameRateFps: number): number => frameRateFps * captureOversampling;

/** Captures a screen from now on; output as in `liveOutput`. */
export function captureArgs(request: CaptureRequest): string[] {
  const { source, grabber, frameRateFps, recording, fed } = request;
  const input = fed ? fedInput(fed, frameRateFps) : captureInput({ source, grabber, frameRateFps });
  const { box } = source;
  // The only device that cannot leave out the rest by itself.
  const crop = grabber === 'avfoundation' && box ? [cropFilter(box)] : [];
  const fetch = grabber === 'ddagrab' ? ['hwdownload', 'format=bgra'] : [];
  return [
    ...quiet,
    ...unprobed,
    ...input,
    ...liveOutput([gridFilter(frameRateFps), ...fetch, ...crop]),
    ...(recording ? recordingOutput(recording, [...fetch, ...crop]) : []),
  ];
}

/** Captures one picture, and throws it away. */
export function trialArgs(source: ScreenSource, grabber: Grabber): string[] {
  return [
    ...quiet,
    ...unprobed,
    ...captureInput({ source, grabber, frameRateFps: 1 }),
    ...['-frames:v', '1', '-f', 'null', '-'],
  ];
}

/** They have no times of their own: the clock tells when they came. @source ffmpeg-formats, "rawvideo", use_wallclock_as_timestamps */
function fedInput(
  { width, height }: NonNullable<CaptureRequest['fed']>,
  frameRateFps: number,
): string[] {
  return [
    ...['-f', 'rawvideo', '-pixel_format', 'bgr0', '-video_size', `${width}x${height}`],
    ...['-framerate', String(captureRate(frameRateFps))],
    ...['-use_wallclock_as_timestamps', '1', '-i', 'pipe:0'],
  ];
}

function captureInput({ source, grabber, frameRateFps }: CaptureRequest): string[] {
  const { display, window, box } = source;
  const rate = String(captureRate(frameRateFps));
  const size = box ? `${Math.round(box[2])}x${Math.round(box[3])}` : undefined;
  const [left, top] = (box ?? [0, 0]).map((px) => String(Math.round(px))) as [string, string];
  switch (grabber) {
    case 'x11grab':
      return [
        ...['-f', 'x11grab', '-framerate', rate],
        ...(window === undefined ? [] : ['-window_id', window]),
        ...(size === undefined ? [] : ['-video_size', size, '-grab_x', left, '-grab_y', top]),
        ...['-i', display ?? ':0'],
      ];
    case 'gdigrab':
      return [
        ...['-f', 'gdigrab', '-framerate', rate],
        ...(size === undefined ? [] : ['-video_size', size, '-offset_x', left, '-offset_y', top]),
        ...['-i', window === undefined ? 'desktop' : `hwnd=${window}`],
      ];
    case 'ddagrab': {
      const part = size === undefined ? '' : `:video_size=${size}:offset_x=${left}:offset_y=${top}`;
      return ['-f', 'lavfi', '-i', `ddagrab=output_idx=${display ?? '0'}:framerate=${rate}${part}`];
    }
    case 'avfoundation':
      return [
        ...['-f', 'avfoundation', '-framerate', rate, '-capture_cursor', '1'],
        // Two-part names are video and sound.
        ...['-i', `Capture screen ${display ?? '0'}:none`],
      ];
  }
}

const cropFilter = (box: NonNullable<ScreenSource['box']>): string => {
  const [x, y, width, height] = box.map(Math.round);
  return `crop=${width}:${height}:${x}:${y}`;
};

export interface StreamRequest {
  /** As `isStreamAddress` lets it through. */
  readonly url: string;
  /** What a page's tool says must be sent along over HTTP. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly frameRateFps: number;
  /** Where to go on in a stream that has an end, seconds from its presentation start. */
  readonly fromSeconds?: number;
  /** A read that gives nothing for so long fails. */
  readonly readTimeoutMs: number;
  /** Further output, see `recordingOutput`. */
  readonly recording?: RecordingPlan;
  /** Further outputs, see `hearingOutput`. */
  readonly hearing?: HearingPlan;
}

/**
 * What an address may lead to. A playlist names further addresses, and none of them may be a file of this machine.
 * @source ffmpeg-protocols
 */
const protocols =
  'http,https,httpproxy,tcp,tls,udp,rtp,srt,rtmp,rtmps,rtmpt,rtmpts,ffrtmphttp,crypto,hls';
/** Containers of streams, and the playlists; image patterns, scripts and devices stay out. */
const formats =
  'hls,dash,flv,live_flv,mpegts,mov,matroska,rtsp,rtp,sdp,webvtt,aac,mp3,h264,hevc,avi,ogg';
/** Longer waits between two tries are the supervisor's, who can tell of them. */
const reconnectDelayS = 4;

/**
 * Reads a stream from its live edge, on a grid of times. An address is never a file, and never options: it has been checked to
 * begin with its scheme.
 * @source ffmpeg-protocols, "http" (reconnect…), "rtsp" (timeout, in µs as rw_timeout is); ffmpeg-formats, "hls" (live_start_index)
 */
export function streamArgs(request: StreamRequest): string[] {
  const { url, headers = {}, fromSeconds, readTimeoutMs } = request;
  const timeoutUs = String(Math.round(readTimeoutMs * 1000));
  const { protocol, pathname } = new URL(url);
  const isHttp = protocol === 'http:' || protocol === 'https:';
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return [
    ...quiet,
    ...(isHttp
      ? [
          ...['-rw_timeout', timeoutUs, '-reconnect', '1', '-reconnect_streamed', '1'],
          ...['-reconnect_delay_max', String(reconnectDelayS)],
          ...(sent.length === 0 ? [] : ['-headers', sent.join('')]),
          // The newest segment: what came before it is not live.
          ...(pathname.endsWith('.m3u8') ? ['-live_start_index', '-1'] : []),
        ]
      : []),
    ...(protocol === 'rtsp:' ? ['-rtsp_transport', 'tcp', '-timeout', timeoutUs] : []),
    ...(protocol === 'rtmp:' || protocol === 'rtmps:' ? ['-rw_timeout', timeoutUs] : []),
    ...(fromSeconds === undefined ? [] : ['-ss', String(fromSeconds)]),
    ...['-protocol_whitelist', protocols, '-format_whitelist', formats],
    ...['-max_pixels', String(maxPicturePx + 64 * maxSidePx)],
    ...['-i', url],
    ...['-map', '0:V:0'],
    ...liveOutput([gridFilter(request.frameRateFps)]),
    ...(request.recording ? recordingOutput(request.recording) : []),
    ...(request.hearing ? hearingOutput(request.hearing) : []),
  ];
}

/**
 * RGB24 pictures with the source's own times, as NUT on stdout. A picture of another size than the first is given as it is, never
 * scaled: text would blur, and the reader of the stream can tell it by its length.
 */
function liveOutput(filters: readonly string[]): string[] {
  return [
    ...['-vf', [...filters, 'format=rgb24'].join()],
    ...['-autoscale', '0', '-c:v', 'rawvideo', '-flush_packets', '1', '-f', 'nut', 'pipe:1'],
  ];
}

function gridFilter(frameRateFps: number): string {
  if (frameRateFps > 0 && Number.isFinite(frameRateFps)) return `fps=fps=${frameRateFps}`;
  throw new RangeError(`not a frame rate: ${frameRateFps}`);
}
