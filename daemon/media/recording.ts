/** The recording of one live session: fragments in files of a few megabytes, the oldest of which go when there are too many. */
import { appendFile, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { SerialQueue } from '../base/lifetime.ts';
import type { PictureSize } from './ffmpegReport.ts';
import type { Fragment, InitSegment } from './fragments.ts';

/** A beginning that fragments need, as the index keeps it. */
export interface RecordedInit {
  readonly id: number;
  readonly codecs: string;
  readonly width: number;
  readonly height: number;
  /** Size of the pictures that were watched, px, where they were recorded smaller. */
  readonly watched?: PictureSize;
}

export interface RecordedFragment {
  /** Counted from 0, over all runs. */
  readonly id: number;
  /** Of the beginning that it needs. */
  readonly init: number;
  /** In the media time of the session. */
  readonly startMs: number;
  readonly endMs: number;
  /** What is added to the times inside it gives media time. */
  readonly offsetMs: number;
  readonly isKey: boolean;
  /** Where it lies: the number of a file, and the bytes in it. */
  readonly part: number;
  readonly at: number;
  readonly bytes: number;
}

/** Files are no larger than they must be to be removed one by one. */
const partBytes = 8_000_000;
/** However little may be kept: what a player needs to play at all. */
const leastParts = 2;
/** A source that gives no picture for so long is told no gap: the last one is still shown, ms. */
const lateMs = 2500;
/** The moments of frames lie on a grid, so that one may be a little before the picture that it got, ms. */
const earlyMs = 500;
/** Sides are rounded to even numbers. */
const sameShape = 0.02;
const indexName = 'index.jsonl';

type Entry =
  ({ readonly kind: 'init' } & RecordedInit) | ({ readonly kind: 'fragment' } & RecordedFragment);

export class Recording {
  readonly folder: string;
  readonly #inits: RecordedInit[] = [];
  /** In time order. */
  #fragments: RecordedFragment[] = [];
  readonly #writing = new SerialQueue();
  #part = -1;
  #partBytes = Infinity;
  #bytes = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Begins one that is empty. */
  static create(folder: string): Recording {
    return new Recording(folder);
  }

  /** @returns undefined when there is none, or nothing of it is left */
  static async load(folder: string): Promise<Recording | undefined> {
    const text = await readFile(path.join(folder, indexName), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const names = new Set(await readdir(folder).catch(() => []));
    const recording = new Recording(folder);
    for (const line of text.split('\n')) {
      const entry = parseEntry(line);
      if (entry?.kind === 'init' && names.has(initName(entry.id))) recording.#inits.push(entry);
      if (entry?.kind === 'fragment' && names.has(partName(entry.part))) {
        recording.#fragments.push(entry);
        recording.#bytes += entry.bytes;
        recording.#part = entry.part;
      }
    }
    return recording.#fragments.length > 0 ? recording : undefined;
  }

  /** What its files take together. */
  get bytes(): number {
    return this.#bytes;
  }

  get inits(): readonly RecordedInit[] {
    return this.#inits;
  }

  /** Where it begins and ends in media time; undefined as long as nothing is recorded. */
  get stretch(): { readonly startMs: number; readonly endMs: number } | undefined {
    const [first] = this.#fragments;
    const last = this.#fragments.at(-1);
    return first && last && { startMs: first.startMs, endMs: last.endMs };
  }

  /** @param size of the pictures that are watched @throws the error of the file system */
  async addInit(
    { bytes, codecs, width, height }: InitSegment,
    size?: PictureSize,
  ): Promise<number> {
    const id = (this.#inits.at(-1)?.id ?? -1) + 1;
    const watched = size && isScaled(size, { width, height }) ? { watched: size } : {};
    const init: RecordedInit = { id, codecs, width, height, ...watched };
    await this.#writing.run(async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await this.#write(initName(id), bytes);
      await this.#note({ kind: 'init', ...init });
    });
    this.#inits.push(init);
    return id;
  }

  /** @param offsetMs what makes media time of the fragment's own @throws the error of the file system */
  async add(
    { bytes, startSeconds, durationSeconds, isKey }: Fragment,
    { init, offsetMs }: { readonly init: number; readonly offsetMs: number },
  ): Promise<void> {
    await this.#writing.run(async () => {
      if (isKey && this.#partBytes >= partBytes) {
        this.#part++;
        this.#partBytes = 0;
      }
      const startMs = startSeconds * 1000 + offsetMs;
      const fragment: RecordedFragment = {
        id: (this.#fragments.at(-1)?.id ?? -1) + 1,
        ...{ init, offsetMs, isKey, startMs, endMs: startMs + durationSeconds * 1000 },
        ...{ part: this.#part, at: this.#partBytes, bytes: bytes.length },
      };
      // What no player could begin with is of no use at the very start.
      if (this.#part < 0) return;
      await this.#write(partName(fragment.part), bytes);
      await this.#note({ kind: 'fragment', ...fragment });
      this.#partBytes += bytes.length;
      this.#bytes += bytes.length;
      this.#fragments.push(fragment);
    });
  }

  /** From the one that a player must begin with to show a moment, or the first after it. @param most so many at most */
  from(atMs: number, most: number): readonly RecordedFragment[] {
    const after = this.#fragments.findIndex(({ endMs }) => endMs > atMs);
    if (after < 0) return [];
    const begin = this.#keyBefore(after);
    return this.#fragments.slice(begin, begin + most);
  }

  /** What is decoded for the picture at a moment: from a key frame on, to the one that shows it. Empty where nothing was recorded. */
  upTo(atMs: number): readonly RecordedFragment[] {
    const shows = (index: number): boolean => {
      const fragment = this.#fragments[index];
      return !!fragment && fragment.startMs - earlyMs <= atMs && atMs < fragment.endMs + lateMs;
    };
    const begun = this.#fragments.findLastIndex(({ startMs }) => startMs <= atMs);
    const last = [begun, begun + 1].find(shows);
    return last === undefined ? [] : this.#fragments.slice(this.#keyBefore(last), last + 1);
  }

  #keyBefore(index: number): number {
    while (index > 0 && !this.#fragments[index]!.isKey) index--;
    return index;
  }

  /** Those behind one that is known. */
  behind(id: number, most: number): readonly RecordedFragment[] {
    const next = this.#fragments.findIndex((fragment) => fragment.id > id);
    return next < 0 ? [] : this.#fragments.slice(next, next + most);
  }

  async readInit(id: number): Promise<Buffer | undefined> {
    if (!this.#inits.some((init) => init.id === id)) return undefined;
    return readFile(path.join(this.folder, initName(id))).catch(() => undefined);
  }

  async read(id: number): Promise<Buffer | undefined> {
    const fragment = this.#fragments.find((one) => one.id === id);
    if (!fragment) return undefined;
    try {
      await using file = await open(path.join(this.folder, partName(fragment.part)));
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(fragment.bytes),
        position: fragment.at,
      });
      return bytesRead === fragment.bytes ? buffer : undefined;
    } catch {
      // It was the oldest, and is gone.
      return undefined;
    }
  }

  /** Removes the oldest parts until the rest is no larger. @param leaves whether enough stays for a player */
  async shrink(maxBytes: number, { leaves = true } = {}): Promise<void> {
    await this.#writing.run(async () => {
      while (this.#bytes > maxBytes) {
        const parts = [...new Set(this.#fragments.map(({ part }) => part))];
        const [oldest] = parts;
        if (oldest === undefined || (leaves && parts.length <= leastParts)) return;
        await rm(path.join(this.folder, partName(oldest)), { force: true });
        const gone = this.#fragments.filter(({ part }) => part === oldest);
        this.#bytes -= gone.reduce((sum, { bytes }) => sum + bytes, 0);
        this.#fragments = this.#fragments.slice(gone.length);
      }
    });
  }

  /** Resolves when everything is written. */
  async finish(): Promise<void> {
    await this.#writing.run(() => Promise.resolve());
  }

  #write(name: string, bytes: Buffer): Promise<void> {
    return appendFile(path.join(this.folder, name), bytes, { mode: 0o600 });
  }

  #note(entry: Entry): Promise<void> {
    return this.#write(indexName, Buffer.from(`${JSON.stringify(entry)}\n`));
  }
}

/** Whether pictures became smaller, all of them: a source of which a part is recorded has another shape. */
function isScaled(size: PictureSize, recorded: PictureSize): boolean {
  const [across, down] = [size.width / recorded.width, size.height / recorded.height];
  return across > 1 && Math.abs(across / down - 1) < sameShape;
}

const initName = (id: number): string => `init-${id}.mp4`;
const partName = (part: number): string => `part-${part}.m4s`;

/** A daemon that was killed may have left half a line. */
function parseEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
