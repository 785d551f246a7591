/** Pure: what ffmpeg writes on stderr → what is known of the input, and which error it was. */
import { mediaMs, type MediaMs } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { maxPicturePx, maxSidePx } from './ffmpegArgs.ts';

const tailLines = 40;
const maxLineLength = 500;

/** A track of pictures, in ffmpeg's words. */
export interface ReportedVideo {
  readonly codec: string;
  readonly pixelFormat: string;
}

/** Px. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A track of captions. */
export interface ReportedSubtitles {
  readonly index: number;
  readonly codec: string;
  /** In three letters; absent when the input does not tell. */
  readonly language?: string;
  readonly isDefault: boolean;
  readonly isForced: boolean;
}

/** Takes lines as they come and keeps the facts and the last words. */
export class FfmpegReport {
  #isOpened = false;
  #durationMs: MediaMs | undefined;
  #size: PictureSize | undefined;
  #video: ReportedVideo | undefined;
  #format = '';
  #startSeconds: number | undefined;
  #hasSound = false;
  readonly #subtitles: ReportedSubtitles[] = [];
  /** The outputs are told behind the input, in the same words. */
  #isInputTold = false;
  readonly #tail: string[] = [];

  /** The input's length, as its container says; it may count sound that goes on after the last picture. */
  get durationMs(): MediaMs | undefined {
    return this.#durationMs;
  }

  /** How the input's pictures are coded; undefined until that was told. */
  get video(): ReportedVideo | undefined {
    return this.#video;
  }

  /** Size of the input's pictures; undefined until that was told. */
  get size(): PictureSize | undefined {
    return this.#size;
  }

  /** Name of the input's container; empty until that was told. */
  get format(): string {
    return this.#format;
  }

  /** The input's own time that counts as 0 in what comes out; undefined when it does not tell. */
  get startSeconds(): number | undefined {
    return this.#startSeconds;
  }

  /** Whether the input has sound. */
  get hasSound(): boolean {
    return this.#hasSound;
  }

  /** Tracks of captions in the input. */
  get subtitles(): readonly ReportedSubtitles[] {
    return this.#subtitles;
  }

  /** The last lines, for the log. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  read(line: string): void {
    this.#tail.push(line.slice(0, maxLineLength));
    if (this.#tail.length > tailLines) this.#tail.shift();
    if (line.startsWith('Input #0, ')) {
      this.#isOpened = true;
      this.#format = /^Input #0, ([\w,]+), from/.exec(line)?.[1] ?? '';
    }
    if (/^(?:Output #0,|Stream mapping:)/.test(line)) this.#isInputTold = true;
    if (!this.#isInputTold) this.#readTrack(line);
    // A file's name comes before these lines and its tags are indented deeper: neither can pose as one of them.
    const duration = /^ {2}Duration: (\d+):(\d\d):(\d\d\.\d+),/.exec(line);
    if (duration) {
      const [hours, minutes, seconds] = duration.slice(1).map(Number) as [number, number, number];
      this.#durationMs = mediaMs(((hours * 60 + minutes) * 60 + seconds) * 1000);
    }
    const start = /^ {2}Duration: [^,]+, start: (-?\d+\.\d+)/.exec(line)?.[1];
    if (start !== undefined) this.#startSeconds ??= Number(start);
    const video = /^(?: {2}){1,2}Stream #0:\d+.*: Video: (\w+)[^,]*(?:\([^)]*\)[^,]*)*, (\w+)/.exec(
      line,
    );
    if (video && !line.endsWith('(attached pic)')) {
      this.#video ??= { codec: video[1]!, pixelFormat: video[2]! };
    }
    const size =
      // Four spaces up to version 4.4.
      /^(?: {2}){1,2}Stream #0:\d+.*: Video: .*?, (\d+)x(\d+)\b/.exec(line) ??
      // What a decoder says of pictures above the limit, which some tracks tell nowhere else.
      /^\[\w+ @ \w+\] \[IMGUTILS @ \w+\] Picture size (\d+)x(\d+) exceeds/.exec(line);
    if (size && !line.endsWith('(attached pic)')) {
      this.#size ??= { width: Number(size[1]), height: Number(size[2]) };
    }
  }

  /** Sound and captions. */
  #readTrack(line: string): void {
    const track =
      /^(?: {2}){1,2}Stream #0:(\d+)(?:\[\w+\])?(?:\((\w+)\))?: (Audio|Subtitle): (\w+)/.exec(line);
    if (!track) return;
    const [, index, language, kind, codec] = track;
    if (kind === 'Audio') this.#hasSound = true;
    else {
      this.#subtitles.push({
        ...{ index: Number(index), codec: codec! },
        ...(language === undefined ? {} : { language }),
        ...{ isDefault: line.includes('(default)'), isForced: line.includes('(forced)') },
      });
    }
  }

  /** Why a run ended without a single frame. */
  noFramesError(exit: { readonly code: number | null; readonly signal: string | null }): AppError {
    const data = { ...exit, stderr: this.tail };
    if (exit.signal !== null) return new AppError('ffmpeg.failed', undefined, { data });
    if (!this.#isOpened) return new AppError('source.unreadable', undefined, { data });
    const tooLarge = this.#size && sizeError(this.#size.width, this.#size.height);
    if (tooLarge) return tooLarge;
    const hasVideo = !/matches no streams|does not contain any stream/.test(this.tail);
    return new AppError(hasVideo ? 'source.noFrames' : 'source.noVideo', undefined, { data });
  }
}

/** An error when pictures of this size are too large to be watched. */
export function sizeError(width: number, height: number): AppError | undefined {
  if (width <= maxSidePx && height <= maxSidePx && width * height <= maxPicturePx) return undefined;
  const message = `The pictures of this video are ${width} × ${height} pixels, larger than can be watched.`;
  return new AppError('source.tooLarge', message, { data: { width, height } });
}
