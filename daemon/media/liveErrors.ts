/** Pure: why something live gives no picture, from what ffmpeg says of it. */
import { AppError } from '../base/errors.ts';
import type { FfmpegReport } from './ffmpegReport.ts';

type Exit = Parameters<FfmpegReport['noFramesError']>[0];

/** @source libavdevice/xcbgrab.c, avfoundation.m, gdigrab.c */
const captureSigns: readonly (readonly [RegExp, () => AppError])[] = [
  [/Cannot open display/, () => new AppError('capture.noDisplay')],
  [/Unknown input format|No such filter: 'ddagrab'/, () => new AppError('capture.unsupported')],
  [
    /Can't find window|Failed to query the window|BadWindow/,
    () => new AppError('capture.lost', 'This window is not there.'),
  ],
  [
    /Cannot get the image data/,
    () =>
      new AppError(
        'capture.lost',
        'The part that was to be captured is not drawn, or lies outside the screen.',
      ),
  ],
  [
    /outside the screen|Capture area .* outside/i,
    () => new AppError('capture.lost', 'The part that was to be captured lies outside the screen.'),
  ],
  [
    /not authorized|Permission denied|denied|BadAccess|Failed to create .*capture/i,
    () => new AppError('capture.refused'),
  ],
];

/** Why a screen gives no picture. */
export function explainCapture(report: FfmpegReport, exit: Exit): AppError {
  const { tail } = report;
  const data = { ...exit, stderr: tail };
  const error = captureSigns.find(([sign]) => sign.test(tail))?.[1]();
  const { code, message } = error ?? { code: 'capture.lost' as const, message: undefined };
  return new AppError(code, message, { data });
}

/** What a server or the network says, as a person would. @source libavformat/http.c; libavutil/error.c */
const networkSigns: readonly (readonly [RegExp, string])[] = [
  [
    /Server returned 40[13]|HTTP error 40[13]/,
    'The server does not let this machine have the stream.',
  ],
  [/Server returned 404|HTTP error 404|HTTP error 410/, 'The server has no such stream.'],
  [/Server returned 5XX|HTTP error 5\d\d/, 'The server of the stream has a fault.'],
  [/Connection refused/, 'Nothing answers at the address of the stream.'],
  [/Failed to resolve hostname|Name or service not known/, 'The host of the stream is not known.'],
  [/timed out|Operation timed out/i, 'The server of the stream does not answer.'],
  [/Network is unreachable|No route to host/, 'The network does not reach the stream.'],
  [/Input\/output error|Connection reset|End of file/, 'The connection to the stream broke.'],
];

/**
 * Whether a stream broke off, as its report says: ffmpeg itself ends as if all was well when a playlist cannot be read any more.
 * @source libavformat/hls.c, http.c
 */
export function hasBroken({ tail }: Pick<FfmpegReport, 'tail'>): boolean {
  const signs = [/Failed to (?:reload playlist|open segment)/, /Stream ends prematurely/];
  return [...signs, ...networkSigns.map(([sign]) => sign)].some((sign) => sign.test(tail));
}

/** Why a stream gives no picture. */
export function explainStream(report: FfmpegReport, exit: Exit): AppError {
  const data = { ...exit, stderr: report.tail };
  const plain = report.noFramesError(exit);
  if (plain.code === 'source.tooLarge' || plain.code === 'ffmpeg.failed') return plain;
  if (plain.code === 'source.noVideo') {
    return new AppError('stream.unreadable', 'This stream has no pictures.', { data });
  }
  const reason = networkSigns.find(([sign]) => sign.test(report.tail))?.[1];
  if (reason !== undefined) return new AppError('stream.unreachable', reason, { data });
  return new AppError('stream.unreadable', undefined, { data });
}
