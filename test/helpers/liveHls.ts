/** A live HLS stream from this machine, which stalls, breaks, changes its size and ends when a test says so. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runFfmpeg, type TemporaryFolder } from './fixtures.ts';

/** Pieces of a second each: piece n is grey, 8 × n. */
const pieces = 30;
const windowLength = 3;
const sizes = { small: '320x240', large: '640x360' } as const;
type Size = keyof typeof sizes;

/** ffmpeg begins the clock of MPEG-TS here. @source libavformat/mpegtsenc.c, twice the mux delay of 0.7 s */
const muxDelayTicks = 1.4 * 90_000;

const captioned = [
  '#EXTM3U',
  '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="Deutsch",LANGUAGE="de",DEFAULT=YES,URI="gone.m3u8"',
  '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English, all",LANGUAGE="en",URI="captions.m3u8"',
  '#EXT-X-STREAM-INF:BANDWIDTH=100000,SUBTITLES="subs"',
  'live.m3u8',
  '',
].join('\n');

/** Seconds → 00:01.250 */
const clock = (seconds: number): string =>
  new Date(Math.max(0, seconds) * 1000).toISOString().slice(14, 23);

/** Number of the piece that a picture is of. */
export function pieceNumber({ data }: { readonly data: Uint8Array }): number {
  return Math.round(data[data.length >> 1]! / 8);
}

/** Writes all pieces, in both sizes. */
export async function makePieces(folder: TemporaryFolder): Promise<void> {
  const grey = "geq=r='floor(N/10)*8':g='floor(N/10)*8':b='floor(N/10)*8'";
  for (const [name, size] of Object.entries(sizes)) {
    const small = `nullsrc=size=16x16:rate=10:duration=${pieces},format=rgb24,${grey}`;
    await runFfmpeg([
      ...['-f', 'lavfi', '-i', `${small},scale=${size.replace('x', ':')}:flags=neighbor`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '4', '-pix_fmt', 'yuv420p'],
      ...['-g', '10', '-sc_threshold', '0', '-bf', '0'],
      ...['-f', 'hls', '-hls_time', '1', '-hls_list_size', '0'],
      ...['-hls_segment_filename', folder.path(`${name}%d.ts`), folder.path(`${name}.m3u8`)],
    ]);
  }
}

/** Writes pieces of a second each of what a video shows, three times over. @returns how many */
export async function makePiecesOf(video: string, folder: TemporaryFolder): Promise<number> {
  await runFfmpeg([
    ...['-stream_loop', '2', '-i', video, '-an', '-r', '5'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p'],
    ...['-g', '5', '-sc_threshold', '0', '-bf', '0'],
    ...['-f', 'hls', '-hls_time', '1', '-hls_list_size', '0'],
    ...['-hls_segment_filename', folder.path('small%d.ts'), folder.path('small.m3u8')],
  ]);
  const playlist = await readFile(folder.path('small.m3u8'), 'utf8');
  return playlist.split('#EXTINF').length - 1;
}

export class LiveHls implements AsyncDisposable {
  readonly #folder: TemporaryFolder;
  readonly #server: Server;
  readonly #timer: NodeJS.Timeout;
  #newest = windowLength - 1;
  #isStalled = false;
  #isBroken = false;
  #hasEnded = false;
  #failsCaptions = false;
  /** How often anything of the captions was asked for. */
  captionRequests = 0;
  /** Pieces from this one on are large. */
  #largeFrom = Infinity;

  private constructor(folder: TemporaryFolder, count: number) {
    this.#folder = folder;
    this.#server = createServer((request, response) => {
      void this.#answer(request.url ?? '', response);
    });
    this.#timer = setInterval(() => {
      if (!this.#isStalled && !this.#hasEnded && this.#newest < count - 1) this.#newest++;
    }, 1000);
  }

  /** @param folder with what `makePieces` has made, or another number of pieces */
  static async start(folder: TemporaryFolder, count: number = pieces): Promise<LiveHls> {
    const hls = new LiveHls(folder, count);
    await new Promise<void>((resolve) => {
      hls.#server.listen(0, '127.0.0.1', resolve);
    });
    return hls;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/live.m3u8`;
  }

  /** The same stream, with captions: that of piece n says so, from a quarter of its second to the end of its third. */
  get captionedUrl(): string {
    return `${this.origin}/captioned.m3u8`;
  }

  /** What is asked for next of the captions is not answered as it should be. */
  failCaptions(): void {
    this.#failsCaptions = true;
  }

  /** No new pieces come; the server answers. */
  stall(): void {
    this.#isStalled = true;
  }

  /** Every connection is cut. */
  cut(): void {
    this.#isBroken = true;
    this.#server.closeAllConnections();
  }

  mend(): void {
    this.#isStalled = false;
    this.#isBroken = false;
  }

  enlarge(): void {
    this.#largeFrom = this.#newest + 1;
  }

  /** The broadcast is over, and says so. */
  end(): void {
    this.#hasEnded = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #answer(url: string, response: ServerResponse): Promise<void> {
    if (this.#isBroken) {
      response.destroy();
      return;
    }
    if (url.startsWith('/captions')) {
      this.captionRequests++;
      response.statusCode = this.#failsCaptions ? 500 : 200;
      response.end(this.#failsCaptions ? '' : this.#captions(url));
      this.#failsCaptions = false;
      return;
    }
    const piece = /^\/((?:small|large)\d+\.ts)$/.exec(url)?.[1];
    if (url === '/live.m3u8') {
      response.setHeader('content-type', 'application/vnd.apple.mpegurl');
      response.end(this.#playlist());
    } else if (url === '/captioned.m3u8') {
      response.setHeader('content-type', 'application/vnd.apple.mpegurl');
      response.end(captioned);
    } else if (url === '/page') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end('<title>A broadcast</title>');
    } else if (piece !== undefined) {
      response.end(await readFile(this.#folder.path(piece)));
    } else {
      response.statusCode = 404;
      response.end();
    }
  }

  /** Their playlist, or one of their pieces: the caption of the piece before reaches into it and is repeated. */
  #captions(url: string): string {
    const number = Number(/(\d+)\.vtt$/.exec(url)?.[1] ?? NaN);
    if (Number.isNaN(number)) {
      return this.#playlist().replace(/\w+?(\d+)\.ts/g, 'captions$1.vtt');
    }
    const cue = (of: number): string =>
      `${clock(of + 0.25)} --> ${clock(of + 0.75)}\npiece <b>${of}</b>\n`;
    const map = `X-TIMESTAMP-MAP=MPEGTS:${muxDelayTicks},LOCAL:00:00:00.000`;
    return ['WEBVTT', `${map}\n`, cue(number - 1), cue(number)].join('\n');
  }

  #playlist(): string {
    const first = this.#newest - windowLength + 1;
    const sizeOf = (number: number): Size => (number >= this.#largeFrom ? 'large' : 'small');
    const lines = Array.from({ length: windowLength }, (_, index) => first + index).flatMap(
      (number) => [
        ...(number === this.#largeFrom ? ['#EXT-X-DISCONTINUITY'] : []),
        ...['#EXTINF:1.0,', `${sizeOf(number)}${number}.ts`],
      ],
    );
    return [
      ...['#EXTM3U', '#EXT-X-VERSION:3', '#EXT-X-TARGETDURATION:1'],
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      ...lines,
      ...(this.#hasEnded ? ['#EXT-X-ENDLIST'] : []),
      '',
    ].join('\n');
  }
}
