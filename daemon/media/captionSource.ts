/** Captions in a file beside the video → cues. Broken captions are data: whatever can be read, and what was wrong. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { mediaMs, type MediaMs } from '../../protocol/index.ts';

export interface Cue {
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  /** Without tags; lines joined by a newline. */
  readonly text: string;
  /** As in `CueRow`. */
  readonly origin?: 'speech';
}

export interface Captions {
  /** In the order of their start. */
  readonly cues: readonly Cue[];
  /** What could not be read, a sentence each, at most `maxProblems`. */
  readonly problems: readonly string[];
}

/** Ten hours of captions are 2 MB. */
const maxBytes = 16 * 1024 * 1024;
const maxProblems = 20;
/** Rolling captions leave a few milliseconds between a cue and its repetition. */
const rollingGapMs = 200;

const timing =
  /^(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})/;

/** Reads the caption file of a video: `name.srt` or `name.vtt`, or with a language, `name.en.vtt`. No file, no cues. */
export async function readSidecarCaptions(
  videoPath: string,
  { signal }: { signal: AbortSignal },
): Promise<Captions> {
  const path = await findSidecar(videoPath);
  signal.throwIfAborted();
  if (path === undefined) return { cues: [], problems: [] };
  const name = basename(path);
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return { cues: [], problems: [`${name} is not a file.`] };
    if (facts.size > maxBytes) return { cues: [], problems: [`${name} is too long for captions.`] };
    return parseCaptions(decodeText(await readFile(path, { signal })));
  } catch {
    signal.throwIfAborted();
    return { cues: [], problems: [`${name} cannot be read.`] };
  }
}

/**
 * SubRip and WebVTT alike: a line of times, then lines of text up to an empty one. Everything else is passed over.
 * @param isBare there is nothing but times and text, so that an empty line is one of the text: as ffmpeg writes captions
 */
export function parseCaptions(
  text: string,
  { isBare = false }: { readonly isBare?: boolean } = {},
): Captions {
  const cues: Cue[] = [];
  const problems: string[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!.trim();
    if (!line.includes('-->')) continue;
    const match = timing.exec(line);
    const startMs = match && toMs(match.slice(1, 5));
    const endMs = match && toMs(match.slice(5, 9));
    const textLines = textFrom(lines, at + 1, isBare);
    at += textLines.length;
    if (startMs === null || endMs === null) {
      if (problems.length < maxProblems) problems.push(`Not a line of times: ${line.slice(0, 80)}`);
      continue;
    }
    if (endMs < startMs) {
      if (problems.length < maxProblems)
        problems.push(`Ends before it starts: ${line.slice(0, 80)}`);
      continue;
    }
    const plain = textLines.map(stripTags).filter((textLine) => textLine !== '');
    if (plain.length > 0) cues.push({ startMs, endMs, text: plain.join('\n') });
  }
  cues.sort((a, b) => a.startMs - b.startMs);
  const unroller = new Unroller();
  for (const cue of cues) unroller.add(cue);
  return { cues: unroller.take(), problems };
}

/** The lines of a cue: up to an empty one, or to the next line of times with the number before it. A blank is not empty. */
function textFrom(lines: readonly string[], start: number, isBare: boolean): string[] {
  let end = start;
  const isText = (line: string): boolean => (isBare || line !== '') && !line.includes('-->');
  while (end < lines.length && isText(lines[end]!)) end++;
  if (isBare) return lines.slice(start, end);
  const isCutByNext = lines[end]?.includes('-->') === true;
  if (isCutByNext && end > start && /^\s*\d+\s*$/.test(lines[end - 1]!)) end--;
  return lines.slice(start, end);
}

/**
 * Rolling captions show each line twice: new, then carried up above the next. Lines that the cue before already showed are
 * taken away; a cue that brings nothing new makes the one before last longer. Captions that are written word by word repeat
 * the words before: the whole line takes their place.
 */
export class Unroller {
  #kept: Cue[] = [];
  #shown: readonly string[] = [];
  #shownUntilMs = -Infinity;

  /** Cues come in the order of their start. */
  add(cue: Cue): void {
    const lines = cue.text.split('\n');
    const isNext = cue.startMs <= this.#shownUntilMs + rollingGapMs;
    const carried = isNext ? overlap(this.#shown, lines) : 0;
    const last = this.#kept.at(-1);
    const grown = isNext && last ? grow(last.text, lines) : undefined;
    if (carried === lines.length) {
      if (last) this.#keepInstead({ ...last, endMs: mediaMs(Math.max(last.endMs, cue.endMs)) });
    } else if (last && grown !== undefined) {
      this.#keepInstead({ ...last, endMs: cue.endMs, text: grown });
    } else {
      this.#kept.push({ ...cue, text: lines.slice(carried).join('\n') });
    }
    this.#shown = lines;
    this.#shownUntilMs = cue.endMs;
  }

  /** Gives those that no cue which begins later than `untilMs` can change any more, each once. */
  take(untilMs = Infinity): Cue[] {
    const settled = this.#kept.filter(({ endMs }) => endMs + rollingGapMs < untilMs);
    this.#kept = this.#kept.filter((cue) => !settled.includes(cue));
    return settled;
  }

  #keepInstead(cue: Cue): void {
    this.#kept[this.#kept.length - 1] = cue;
  }
}

/** How many lines at the end of `before` stand at the beginning of `after`. */
function overlap(before: readonly string[], after: readonly string[]): number {
  for (let count = Math.min(before.length, after.length); count > 0; count--) {
    const tail = before.slice(before.length - count);
    if (tail.every((line, index) => line === after[index])) return count;
  }
  return 0;
}

/** What a text has become when its last line has got more words; undefined when the lines say something else. */
function grow(text: string, lines: readonly string[]): string | undefined {
  const written = text.split('\n');
  const now = lines.slice(-written.length);
  const isSame = written.slice(0, -1).every((line, index) => line === now[index]);
  const hasMore = now.at(-1)?.startsWith(`${written.at(-1)!} `) === true;
  return isSame && hasMore ? now.join('\n') : undefined;
}

async function findSidecar(videoPath: string): Promise<string | undefined> {
  const stem = basename(videoPath, extname(videoPath));
  const names = await readdir(dirname(videoPath)).catch(() => []);
  const rank = (name: string): number => {
    if (!name.startsWith(`${stem}.`)) return -1;
    const match = /^(?:([a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.)?(?:srt|vtt)$/i.exec(
      name.slice(stem.length + 1),
    );
    if (!match) return -1;
    return match[1] === undefined ? 2 : match[1].startsWith('en') ? 1 : 0;
  };
  const [best] = names
    .filter((name) => rank(name) >= 0)
    .sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
  return best === undefined ? undefined : join(dirname(videoPath), best);
}

/** UTF-8 or UTF-16 by its mark; what is no UTF-8 is taken for Windows-1252, as old SubRip files are. */
function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function toMs(parts: readonly (string | undefined)[]): MediaMs | null {
  const [hours = '0', minutes = '0', seconds = '0', fraction = '0'] = parts;
  if (Number(minutes) > 59 || Number(seconds) > 59) return null;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return mediaMs(whole * 1000 + Number(fraction.padEnd(3, '0')));
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': ' ',
  '&quot;': '"',
  '&#39;': "'",
  '&lrm;': '',
  '&rlm;': '',
};

/** Takes away `<b>`, `<c.colour>`, `<v Name>`, `<00:00:01.000>` and `{\an8}`; code such as `List<int>` in a caption stays. */
function stripTags(line: string): string {
  return line
    .replace(/<\/?(?:[bius]|c|v|i|lang|ruby|rt|font)(?:[.\s][^<>]*)?>|<\d[\d:.]*>/gi, '')
    .replace(/\{\\[^{}]*\}/g, '')
    .replace(/&(?:amp|lt|gt|nbsp|quot|#39|lrm|rlm);/g, (entity) => entities[entity]!)
    .replace(/\s+/g, ' ')
    .trim();
}
