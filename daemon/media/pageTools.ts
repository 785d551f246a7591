/** Pure: what is asked of yt-dlp and streamlink about a web page, and what their answers mean. */
import { isStreamAddress } from '../../protocol/index.ts';
import { asObject, parseObject } from '../base/json.ts';

/** Where the video of a page is. */
export interface FoundStream {
  readonly url: string;
  /** What must be sent along over HTTP. */
  readonly headers: Readonly<Record<string, string>>;
  /** The playlist of HLS in which the stream was found, which may name captions. */
  readonly playlist?: string;
}

/** A program that finds the stream of a page. */
export interface PageTool {
  readonly name: 'yt-dlp' | 'streamlink';
  readonly versionArgs: readonly string[];
  /** The address stands behind `--`, so that it is never an option. */
  findArgs(url: string): readonly string[];
  /** @returns undefined when there is no address in the answer that can be watched */
  read(output: string): FoundStream | undefined;
}

/** Pictures alone, and not more lines than a 1080p screen has: text stays legible, and a busy machine can decode it. */
const ytDlpFormat = 'bv*[height<=1080][protocol^=m3u8]/bv*[height<=1080]/b[height<=1080]/bv*/b';

/** In the order in which they are tried. @source yt-dlp README, "Output template" and `-J`; streamlink manual, `--json` */
export const pageTools: readonly PageTool[] = [
  {
    name: 'yt-dlp',
    versionArgs: ['--version'],
    findArgs: (url) => [
      ...['--ignore-config', '--no-playlist', '--no-warnings', '--no-progress'],
      ...['-f', ytDlpFormat, '-J', '--', url],
    ],
    read: (output) => readFound(output),
  },
  {
    name: 'streamlink',
    versionArgs: ['--version'],
    findArgs: (url) => [
      '--no-config',
      '--json',
      '--default-stream',
      '1080p,1080p60,best',
      '--',
      url,
    ],
    read: (output) => readFound(output),
  },
];

/** Both write one JSON object with `url`, `http_headers` or `headers`, and `manifest_url` or `master`. */
function readFound(output: string): FoundStream | undefined {
  const told = parseObject(output);
  const downloads: unknown = told?.['requested_downloads'];
  const first: unknown = Array.isArray(downloads) ? downloads[0] : undefined;
  const found = { ...told, ...asObject(first) };
  const url = found['url'];
  if (typeof url !== 'string' || !isStreamAddress(url)) return undefined;
  const headers = asObject(found['http_headers'] ?? found['headers']) ?? {};
  const playlist = found['manifest_url'] ?? found['master'];
  return {
    url,
    headers: Object.fromEntries(Object.entries(headers).filter(isHeader)),
    ...(typeof playlist === 'string' && isStreamAddress(playlist) ? { playlist } : {}),
  };
}

/** A line end would begin another header. */
function isHeader(entry: [string, unknown]): entry is [string, string] {
  const [name, value] = entry;
  return /^[\w-]+$/.test(name) && typeof value === 'string' && !/[\r\n]/.test(value);
}

/** What a tool says went wrong, in its own words: the last line that calls itself an error. */
export function failureOf(errors: string): string | undefined {
  const lines = errors.split('\n').map((line) => line.trim());
  return (
    lines.findLast((line) => /^error:|^\[.*\]\[error\]/i.test(line)) ?? lines.findLast(Boolean)
  );
}
