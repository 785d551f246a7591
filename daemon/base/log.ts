/** Levelled JSON lines to a rotating file: what happened in the daemon, never what was on screen. */
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from './clock.ts';
import { isAppError } from './errors.ts';

/** One tag for each room. */
export const logTags = [
  'daemon',
  'server',
  'media',
  'perception',
  'llm',
  'engine',
  'timeline',
  'assistant',
  'weights',
  'hub',
] as const;
export type LogTag = (typeof logTags)[number];

/** From the most talkative to the least. Prompt texts may be logged at `debug` only, frame data never. */
export const logLevels = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Facts beside the message. An Error is written with its code, stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What a room writes to: every line carries the room's tag. */
export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

export interface LogFileOptions {
  /** The newest file; older ones are `<path>.1` and `<path>.2`. Its folder is made. */
  readonly path: string;
  readonly clock: Clock;
  readonly level?: LogLevel;
  /** The file is turned over when it would grow past this. */
  readonly maxBytes?: number;
}

const oldFiles = 2;
const linesInMemory = 500;
const defaultMaxBytes = 5_000_000;

/** A log nobody reads, for tests and for tools without a daemon. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
};

/** Writes each line at once, so that the last words before a crash are kept. A full disk loses lines, never work. */
export class LogFile {
  /** The least severe level that is written; may change at any time. */
  level: LogLevel;
  readonly path: string;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #recent: string[] = [];
  #bytes: number;

  constructor({ path: file, clock, level = 'info', maxBytes = defaultMaxBytes }: LogFileOptions) {
    this.path = file;
    this.level = level;
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    this.#bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The log of one room. */
  tagged(tag: LogTag): Log {
    const at =
      (level: LogLevel) =>
      (message: string, fields?: LogFields): void => {
        this.#write(level, tag, message, fields);
      };
    return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') };
  }

  /** The last lines, oldest first, each a JSON object; at most 500. */
  recent(maxLines = linesInMemory): readonly string[] {
    return maxLines <= 0 ? [] : this.#recent.slice(-maxLines);
  }

  #write(level: LogLevel, tag: LogTag, message: string, fields?: LogFields): void {
    if (logLevels.indexOf(level) < logLevels.indexOf(this.level)) return;
    const time = new Date(this.#clock.now()).toISOString();
    const line = toLine({ time, level, tag, message, ...(fields ? { fields } : {}) });
    this.#recent.push(line);
    if (this.#recent.length > linesInMemory) this.#recent.shift();
    const bytes = Buffer.byteLength(line) + 1;
    try {
      if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) this.#turnOver();
      appendFileSync(this.path, `${line}\n`, { mode: 0o600 });
      this.#bytes += bytes;
    } catch {
      // Nothing can be told to the log about the log; the line stays in memory.
    }
  }

  #turnOver(): void {
    rmSync(`${this.path}.${oldFiles}`, { force: true });
    for (let age = oldFiles - 1; age >= 0; age--) {
      const from = age === 0 ? this.path : `${this.path}.${age}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${this.path}.${age + 1}`);
    }
    this.#bytes = 0;
  }
}

/** An Error as plain data for the log, with its causes. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return {
    name: error.name,
    message: error.message,
    ...(isAppError(error) ? { code: error.code, data: error.data } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

function toLine(entry: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(entry, (_key, value: unknown) => {
      if (value instanceof Error) return describeError(value);
      if (typeof value === 'bigint') return value.toString();
      // Pixels, embeddings and logits never reach the log, whoever passes them.
      if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
      return value;
    });
  } catch {
    return JSON.stringify({ ...entry, fields: '<not printable>' });
  }
}
