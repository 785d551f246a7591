/** The daemon's log in the editor's own log view: read from its file, so that the last words of a dead daemon are there too. */
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type * as vscode from 'vscode';
import { logLevels, type LogLevel } from '../daemon/base/log.ts';

/** As much of the file's end as is shown at first. */
const tailBytes = 200_000;
const followEveryMs = 1000;
const newline = 0x0a;

type Channel = Pick<vscode.LogOutputChannel, 'debug' | 'info' | 'warn' | 'error'>;

/** One line of the daemon's log, for people. */
export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** Reads one JSON line. @returns undefined when it is none: half a line, or damage */
export function parseLogLine(line: string): LogLine | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { time, level, tag, message, fields } = entry as Record<string, unknown>;
  const known = logLevels.find((each) => each === level);
  if (known === undefined || typeof message !== 'string') return undefined;
  // The view stamps each line with the moment of reading; what counts is when it was written.
  const clock = typeof time === 'string' ? `${time.slice(11, 23)} ` : '';
  const facts = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
  return { level: known, text: `${clock}[${String(tag)}] ${message}${facts}` };
}

/** Copies a growing log file into a channel, each line once, also over rotations. */
export class LogFollower implements vscode.Disposable {
  readonly #channel: Channel;
  #file: string | undefined;
  /** Which file was read last, and how far. A rotation makes a new file of the same name. */
  #inode = 0;
  #offset = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Shows what is new in the file, and goes on as long as `isSeen` says so. @param file absolute path of the log */
  follow(file: string, isSeen: () => boolean): void {
    if (file !== this.#file) {
      this.#file = file;
      this.#startOver();
    }
    this.#read(file);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      if (isSeen()) this.#read(file);
      else this.dispose();
    }, followEveryMs);
  }

  /** Stops reading; a later `follow` goes on where this one was. */
  dispose(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #startOver(): void {
    this.#inode = 0;
    this.#offset = 0;
  }

  #read(file: string): void {
    // After a rotation the last lines of the old file are read first.
    this.#readNew(`${file}.1`, ({ ino }) => ino === this.#inode);
    this.#readNew(file, ({ ino, size }) => {
      if (ino !== this.#inode || size < this.#offset) {
        const isFirst = this.#inode === 0;
        this.#inode = ino;
        this.#offset = isFirst ? Math.max(0, size - tailBytes) : 0;
      }
      return true;
    });
  }

  /** @param isWanted looks at the open file, and may move the place where reading goes on */
  #readNew(file: string, isWanted: (status: Stats) => boolean): void {
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch {
      return; // There is no such log yet.
    }
    try {
      const status = fstatSync(descriptor);
      if (!isWanted(status) || status.size <= this.#offset) return;
      const bytes = Buffer.alloc(status.size - this.#offset);
      const count = readSync(descriptor, bytes, 0, bytes.length, this.#offset);
      // A line that is being written is left for the next time.
      const end = bytes.subarray(0, count).lastIndexOf(newline) + 1;
      this.#offset += end;
      this.#print(bytes.toString('utf8', 0, end));
    } finally {
      closeSync(descriptor);
    }
  }

  #print(text: string): void {
    for (const line of text.split('\n')) {
      // What cannot be read is the second half of a line whose first half lies before the tail.
      const parsed = parseLogLine(line);
      if (!parsed) continue;
      if (parsed.level === 'warning') this.#channel.warn(parsed.text);
      else this.#channel[parsed.level](parsed.text);
    }
  }
}
