/** The recordings of live sessions: one folder each, and no more of them than there is room for. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { liveIdPattern, type LiveState } from '../../protocol/index.ts';
import type { RoomProbe } from '../base/diskRoom.ts';
import { toError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { FragmentReader, type Fragment } from './fragments.ts';
import type { PictureSize } from './ffmpegReport.ts';
import { Recording } from './recording.ts';
import { recordingOffsetSeconds } from './recordingArgs.ts';

export interface RecordingsOptions {
  /** Made when it is needed. */
  readonly folder: string;
  /** All recordings together may take so much; what is being watched keeps its last minutes even above it. */
  readonly maxBytes: number;
  /** Whether the disk has room for more; always, when left out. */
  readonly hasRoom?: RoomProbe;
  readonly log: Log;
}

/** How the source of a recording is. */
export interface RecordingCondition {
  /** The present in media time. */
  readonly liveMs: number;
  readonly state: LiveState;
}

/** Looks at the limit after so many fragments: seconds. */
const fragmentsBetweenLooks = 20;

/** What is being recorded now. */
export class RunningRecording implements AsyncDisposable {
  readonly recording: Recording;
  readonly #end: () => Promise<void>;
  readonly #onGrowth: () => Promise<void>;
  readonly #log: Log;
  readonly #condition: () => RecordingCondition;
  readonly #hasRoom: RoomProbe;
  #isBroken = false;
  /** Something was left out for want of room: it goes on with what a player can begin with. */
  #isInterrupted = false;
  #count = 0;

  constructor(
    recording: Recording,
    parts: {
      readonly condition: () => RecordingCondition;
      readonly onGrowth: () => Promise<void>;
      readonly end: () => Promise<void>;
      readonly hasRoom: RoomProbe;
      readonly log: Log;
    },
  ) {
    this.recording = recording;
    this.#condition = parts.condition;
    this.#onGrowth = parts.onGrowth;
    this.#end = parts.end;
    this.#hasRoom = parts.hasRoom;
    this.#log = parts.log;
  }

  get condition(): RecordingCondition {
    return this.#condition();
  }

  /**
   * Takes what one run of ffmpeg writes, to its end. Never fails: watching goes on without a recording.
   * @param anchorMs media time of the run's time 0; undefined before its first picture
   * @param size of the source's pictures
   */
  async take(
    stream: AsyncIterable<Buffer>,
    anchorMs: () => number | undefined,
    size: () => PictureSize | undefined = () => undefined,
  ): Promise<void> {
    const reader = new FragmentReader();
    let init: number | undefined;
    /** What came before it was known where the run stands. */
    const early: Fragment[] = [];
    const keep = async (chunk: Buffer): Promise<void> => {
      for (const piece of reader.read(chunk)) {
        const anchor = anchorMs();
        if (piece.kind === 'init') init = await this.recording.addInit(piece, size());
        else early.push(piece);
        if (init === undefined || anchor === undefined) continue;
        const offsetMs = anchor - recordingOffsetSeconds * 1000;
        for (const fragment of early.splice(0)) {
          if (!(await this.#mayAdd(fragment))) continue;
          await this.recording.add(fragment, { init, offsetMs });
          if (++this.#count % fragmentsBetweenLooks === 0) await this.#onGrowth();
        }
      }
    };
    try {
      // It must be read to its end in any case: ffmpeg waits for its reader, and a broken pipe would end the watching too.
      for await (const chunk of stream) {
        if (this.#isBroken) continue;
        await keep(chunk).catch((error: unknown) => {
          this.#isBroken = true;
          const { message } = toError(error);
          this.#log.warning('a live session is no longer recorded', { error: message });
        });
      }
    } catch {
      // The run was ended, and its pipe with it.
    }
  }

  async #mayAdd({ isKey }: Fragment): Promise<boolean> {
    const hasRoom = await this.#hasRoom();
    this.#isInterrupted = !hasRoom || (this.#isInterrupted && !isKey);
    return !this.#isInterrupted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.recording.finish();
    await this.#end();
  }
}

export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #running = new Map<string, RunningRecording>();

  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  /** Whether anything is kept behind the watching. */
  get isWanted(): boolean {
    return this.#options.maxBytes > 0;
  }

  /** @param id of a live session; disposing of the result ends its recording */
  begin(id: string, condition: () => RecordingCondition): RunningRecording {
    const running = new RunningRecording(Recording.create(this.#folderOf(id)), {
      condition,
      log: this.#options.log,
      hasRoom: this.#options.hasRoom ?? (() => Promise.resolve(true)),
      onGrowth: () => this.evict(),
      end: async () => {
        this.#running.delete(id);
        await this.evict();
      },
    });
    this.#running.set(id, running);
    return running;
  }

  running(id: string): RunningRecording | undefined {
    return this.#running.get(id);
  }

  /** @returns undefined when nothing of the session is recorded */
  async find(id: string): Promise<Recording | undefined> {
    return this.#running.get(id)?.recording ?? Recording.load(this.#folderOf(id));
  }

  /** Removes the recording of a session that is over; there may be none. @throws the error of the file system */
  async remove(id: string): Promise<void> {
    await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  /** Removes the oldest until the rest is within the limit: first of sessions that are over. */
  async evict(): Promise<void> {
    const { folder, maxBytes } = this.#options;
    const names = (await readdir(folder).catch(() => [])).filter((name) =>
      liveIdPattern.test(name),
    );
    const over = await Promise.all(
      names
        .filter((name) => !this.#running.has(name))
        .map(async (name) => {
          const place = path.join(folder, name);
          return { place, bytes: await sizeOf(place), changedMs: await changedAt(place) };
        }),
    );
    over.sort((a, b) => a.changedMs - b.changedMs);
    const current = [...this.#running.values()].map(({ recording }) => recording);
    let bytes = [...over, ...current].reduce((sum, one) => sum + one.bytes, 0);
    for (const one of over) {
      if (bytes <= maxBytes) return;
      await rm(one.place, { recursive: true, force: true }).catch(() => undefined);
      bytes -= one.bytes;
    }
    if (bytes <= maxBytes) return;
    for (const recording of current) await recording.shrink(maxBytes / current.length);
  }

  #folderOf(id: string): string {
    if (!liveIdPattern.test(id)) throw new Error('not the id of a live session');
    return path.join(this.#options.folder, id);
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map(async (name) => {
    const facts = await stat(path.join(folder, name)).catch(() => undefined);
    return facts?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

async function changedAt(folder: string): Promise<number> {
  return (await stat(folder).catch(() => undefined))?.mtimeMs ?? 0;
}
