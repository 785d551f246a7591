/** The daemon's log in the editor's own log view: read from its file, so that the last words of a dead daemon are there too. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type * as vscode from 'vscode';
import { logLevels, type LogLevel } from '../daemon/base/log.ts';

/** As much of the file's end as is shown at first. */
const tailBytes = 200_000;
const followEveryMs = 1000;

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
  #rest = '';
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
    this.#rest = '';
  }

  #read(file: string): void {
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch {
      return; // There is no log yet.
    }
    try {
      const { size, ino } = fstatSync(descriptor);
      if (ino !== this.#inode || size < this.#offset) {
        this.#startOver();
        this.#inode = ino;
        this.#offset = Math.max(0, size - tailBytes);
      }
      const bytes = Buffer.alloc(Math.min(size - this.#offset, tailBytes));
      const count = readSync(descriptor, bytes, 0, bytes.length, this.#offset);
      this.#offset += count;
      this.#print(bytes.toString('utf8', 0, count));
    } finally {
      closeSync(descriptor);
    }
  }

  #print(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      // What cannot be read is the second half of a line whose first half lies before the tail.
      const parsed = parseLogLine(line);
      if (!parsed) continue;
      if (parsed.level === 'warning') this.#channel.warn(parsed.text);
      else this.#channel[parsed.level](parsed.text);
    }
  }
}
