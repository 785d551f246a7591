/** Pure: what ffmpeg reports of a file → what has to be known to play it. */
import { mediaMs, type Chapter, type MediaMs } from '../../protocol/index.ts';

export interface VideoTrack {
  /** Number of the track in the file. */
  readonly index: number;
  /** As ffmpeg names it, for instance `h264`. */
  readonly codec: string;
  /** As ffmpeg names it, for instance `yuv420p10le`. */
  readonly pixelFormat: string;
  /** The rate that all pictures fit into, as ffmpeg guesses it; absent when it cannot. */
  readonly rateFps?: number;
}

export interface AudioTrack {
  readonly index: number;
  readonly codec: string;
}

/** A track of subtitles that are text; pictures of text are left out. */
export interface SubtitleTrack {
  readonly index: number;
  /** As the file tells it, in three letters; absent when it does not. */
  readonly language?: string;
  readonly isDefault: boolean;
  /** Only what is spoken in another language than the rest. */
  readonly isForced: boolean;
}

/** What a file holds, as far as playing it is concerned. */
export interface MediaProbe {
  /** Names of the container: ffmpeg gives several for a family. */
  readonly containers: readonly string[];
  /** Absent when the container does not say. */
  readonly durationMs?: MediaMs;
  /** Size of the pictures as they are shown, after rotation, px. */
  readonly width: number;
  readonly height: number;
  readonly isRotated: boolean;
  /** The first track that is a video and no cover picture. */
  readonly video: VideoTrack;
  /** The track that players choose: the first that is marked as the default, else the first. */
  readonly audio?: AudioTrack;
  /** Absent when there are none. */
  readonly subtitles?: readonly SubtitleTrack[];
  readonly chapters: readonly Chapter[];
}

/** More chapters than a tutorial has; a file can claim any number. */
const maxChapters = 1000;
const maxTitleLength = 200;

/** A track without a decoder cannot be played and need not be looked at. */
const unknownCodecs = new Set(['none', 'unknown']);

/** Subtitles that are text, as ffmpeg names them. */
const textCodecs = new Set(['mov_text', 'subrip', 'srt', 'webvtt', 'ass', 'ssa', 'text']);

const streamLine =
  /^(?: {2}){1,2}Stream #0:(\d+)(?:\[0x[\da-f]+\])?(?:\([^)]*\))?: (Video|Audio): (.*)$/;
const subtitleLine =
  /^(?: {2}){1,2}Stream #0:(\d+)(?:\[0x[\da-f]+\])?(?:\(([^)]*)\))?: Subtitle: (\w+)(.*)$/;

/**
 * Reads the report of a run that decodes one picture. Names and tags of the file stand in it too: the name is passed over, and
 * tags are indented deeper than what counts.
 */
export class ProbeReport {
  #nameLines: number;
  #section: 'before' | 'name' | 'input' | 'output' | 'other' = 'before';
  #containers: readonly string[] = [];
  #durationMs: MediaMs | undefined;
  #video: VideoTrack | undefined;
  #audio: (AudioTrack & { readonly isDefault: boolean }) | undefined;
  readonly #subtitles: SubtitleTrack[] = [];
  #isRotated = false;
  #isBelowVideo = false;
  #size: { readonly width: number; readonly height: number } | undefined;

  /** @param path as it was given to ffmpeg */
  constructor(path: string) {
    this.#nameLines = path.split('\n').length - 1;
  }

  read(line: string): void {
    const input = /^Input #0, ([\w,]+), from /.exec(line);
    if (this.#section === 'before' && input) {
      this.#containers = input[1]!.split(',');
      this.#section = this.#nameLines > 0 ? 'name' : 'input';
    } else if (this.#section === 'name') {
      if (--this.#nameLines === 0) this.#section = 'input';
    } else if (this.#section !== 'before') {
      const output = /^Output #(\d+), /.exec(line);
      if (output) this.#section = output[1] === '0' ? 'output' : 'other';
      else if (line.startsWith('Stream mapping:')) this.#section = 'other';
      else if (this.#section === 'input') this.#readInput(line);
      else if (this.#section === 'output') this.#size ??= readSize(streamLine.exec(line)?.[3]);
    }
  }

  /** @param chapters as `-f ffmetadata` writes them. @returns undefined when no picture was decoded */
  result(chapters: string): MediaProbe | undefined {
    const video = this.#video;
    const size = this.#size;
    if (!video || !size) return undefined;
    const { index, codec } = this.#audio ?? {};
    return {
      containers: this.#containers,
      ...(this.#durationMs === undefined ? {} : { durationMs: this.#durationMs }),
      ...size,
      isRotated: this.#isRotated,
      video,
      ...(index === undefined || codec === undefined ? {} : { audio: { index, codec } }),
      ...(this.#subtitles.length === 0 ? {} : { subtitles: this.#subtitles }),
      chapters: readChapters(chapters),
    };
  }

  #readInput(line: string): void {
    const duration = /^ {2}Duration: (\d+):(\d\d):(\d\d\.\d+),/.exec(line);
    if (duration) {
      const [hours, minutes, seconds] = duration.slice(1).map(Number) as [number, number, number];
      this.#durationMs = mediaMs(((hours * 60 + minutes) * 60 + seconds) * 1000);
      return;
    }
    const rotation = /^ {4,}displaymatrix: rotation of (-?\d+)/.exec(line);
    if (rotation && this.#isBelowVideo) this.#isRotated = Number(rotation[1]) !== 0;
    const subtitle = subtitleLine.exec(line);
    if (subtitle) this.#readSubtitle(subtitle);
    const stream = streamLine.exec(line);
    if (!stream) return;
    this.#isBelowVideo = false;
    const index = Number(stream[1]);
    const facts = stream[3]!;
    const codec = /^\w+/.exec(facts)?.[0] ?? 'unknown';
    if (stream[2] === 'Video') {
      if (this.#video || facts.includes('(attached pic)')) return;
      this.#video = readVideo(index, codec, facts);
      this.#isBelowVideo = true;
    } else if (!unknownCodecs.has(codec)) {
      const isDefault = facts.includes('(default)');
      if (!this.#audio || (isDefault && !this.#audio.isDefault)) {
        this.#audio = { index, codec, isDefault };
      }
    }
  }

  #readSubtitle([, index, language = 'und', codec = '', facts = '']: readonly string[]): void {
    this.#isBelowVideo = false;
    if (!textCodecs.has(codec)) return;
    this.#subtitles.push({
      index: Number(index),
      ...(language === 'und' ? {} : { language }),
      isDefault: facts.includes('(default)'),
      isForced: facts.includes('(forced)'),
    });
  }
}

function readVideo(index: number, codec: string, facts: string): VideoTrack {
  const fields = withoutBrackets(facts)
    .split(',')
    .map((field) => field.trim());
  const rate = /, (\d+(?:\.\d+)?)(k?) tbr\b/.exec(facts);
  return {
    index,
    codec,
    pixelFormat: fields[1] ?? 'none',
    ...(rate ? { rateFps: Number(rate[1]) * (rate[2] === 'k' ? 1000 : 1) } : {}),
  };
}

function readSize(facts = ''): { readonly width: number; readonly height: number } | undefined {
  const size = /, (\d+)x(\d+)\b/.exec(withoutBrackets(facts));
  return size ? { width: Number(size[1]), height: Number(size[2]) } : undefined;
}

/** Fields of a stream are separated by commas; details in brackets have commas of their own. */
function withoutBrackets(facts: string): string {
  return facts.replaceAll(/\([^()]*\)|\[[^[\]]*\]/g, '');
}

/**
 * Chapters of a metadata file, in the order of their times, each ending no later than the next one begins.
 * @source ffmpeg-formats, "Metadata"; a backslash takes the meaning from the character after it
 */
export function readChapters(metadata: string): Chapter[] {
  const found: Chapter[] = [];
  for (const section of splitSections(metadata)) {
    if (found.length === maxChapters) break;
    const [numerator, denominator] = (section.get('TIMEBASE') ?? '1/1000000000').split('/');
    const unitMs = (Number(numerator) / Number(denominator)) * 1000;
    const startMs = Number(section.get('START') ?? NaN) * unitMs;
    const endMs = Number(section.get('END') ?? NaN) * unitMs;
    if (!Number.isFinite(startMs) || !Number.isFinite(endMs)) continue;
    const title = cleanTitle(section.get('title') ?? '') || `Chapter ${found.length + 1}`;
    found.push({ startMs: mediaMs(Math.max(0, startMs)), endMs: mediaMs(endMs), title });
  }
  found.sort((a, b) => a.startMs - b.startMs);
  return found
    .map((chapter, n) => {
      const next = found[n + 1]?.startMs ?? chapter.endMs;
      return { ...chapter, endMs: mediaMs(Math.min(chapter.endMs, next)) };
    })
    .filter(({ startMs, endMs }) => startMs < endMs);
}

/** Keys and values below each `[CHAPTER]`. */
function splitSections(metadata: string): Map<string, string>[] {
  const sections: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  // A line ends with a newline that no backslash protects.
  for (const [line] of metadata.matchAll(/(?:\\[^]|[^\\\n])+/g)) {
    if (line.startsWith('[')) {
      current = line === '[CHAPTER]' ? new Map() : undefined;
      if (current) sections.push(current);
    } else if (current && !/^[;#]/.test(line)) {
      const pair = /^((?:\\[^]|[^\\=])*)=([^]*)$/.exec(line);
      if (pair) current.set(unescape(pair[1]!), unescape(pair[2]!));
    }
  }
  return sections;
}

function unescape(text: string): string {
  return text.replaceAll(/\\([^])/g, '$1');
}

/** One line without anything that is not shown or that turns the direction of writing. */
function cleanTitle(title: string): string {
  const clean = title.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll(/\s+/g, ' ');
  return Array.from(clean.trim()).slice(0, maxTitleLength).join('');
}

/** Whether a file that begins so is WebM: other Matroska files are not meant for browsers. */
export function isWebm(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1');
  // Element DocType, a length of four bytes. @source RFC 8794, section 11.2.4
  return text.startsWith('\x1A\x45\xDF\xA3') && text.includes('\x42\x82\x84webm');
}
