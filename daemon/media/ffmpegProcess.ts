/** The only door to ffmpeg: finds it, starts it in a process group of its own, and sees that it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { AppError, toError } from '../base/errors.ts';
import { FfmpegReport } from './ffmpegReport.ts';

/** An ffmpeg that runs. */
export interface Ffmpeg {
  /** Absolute, or the bare name when the system finds it on the PATH. */
  readonly path: string;
  readonly origin: 'setting' | 'ffmpeg-static' | 'path';
  /** As it names itself, for instance `5.1.9-0+deb12u1`. */
  readonly version: string;
}

/**
 * The first ffmpeg that runs: the setting, then the optional package ffmpeg-static, then the PATH. A setting that does not run
 * is an error, not skipped: its owner should hear of it.
 * @param setting an absolute path, or a name on the PATH.
 * @throws AppError ffmpeg.missing
 */
export async function findFfmpeg(
  setting: string | undefined,
  { signal }: { signal: AbortSignal },
): Promise<Ffmpeg> {
  if (setting !== undefined && setting !== '') {
    const version = await readVersion(setting, signal);
    if (version !== undefined) return { path: setting, origin: 'setting', version };
    throw new AppError(
      'ffmpeg.missing',
      `The ffmpeg that the settings name does not run: "${setting}".`,
    );
  }
  const packaged = ffmpegStaticPath();
  if (packaged !== undefined) {
    const version = await readVersion(packaged, signal);
    if (version !== undefined) return { path: packaged, origin: 'ffmpeg-static', version };
  }
  const version = await readVersion('ffmpeg', signal);
  if (version !== undefined) return { path: 'ffmpeg', origin: 'path', version };
  throw new AppError('ffmpeg.missing');
}

/** `findFfmpeg` that looks once: what was found is remembered, a failure is not, so that installing ffmpeg helps at once. */
export function createFfmpegFinder(
  setting: string | undefined,
): (options: { signal: AbortSignal }) => Promise<string> {
  let found: Ffmpeg | undefined;
  return async (options) => {
    found ??= await findFfmpeg(setting, options);
    return found.path;
  };
}

/** Longer than any line of ffmpeg's own; tags of a file may be of any length. */
const maxLineLength = 100_000;

/** How a process ended: one of both is set. */
export interface FfmpegExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface FfmpegProcessOptions {
  /** Hears what ffmpeg writes on stderr, beside the report. */
  readonly onLine?: (line: string) => void;
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** So many further outputs it may write, on the descriptors from 3 on. */
  readonly sides?: number;
  /** What it reads on stdin; ended with the process, or as soon as it fails. */
  readonly feed?: Feed;
}

/** Gives what a process is to read; `signal` ends it. */
export type Feed = (options: { signal: AbortSignal }) => AsyncIterable<Uint8Array>;

/**
 * A running ffmpeg. It ends with its work, when it is disposed, and when this process dies, however that happens: nobody reads
 * its output then, and writing packets to a broken pipe ends it. One that writes packets to a file alone would live on.
 */
export class FfmpegProcess implements AsyncDisposable {
  readonly report = new FfmpegReport();
  /** What ffmpeg writes; not reading makes it wait. */
  readonly stdout: Readable;
  /** What it writes on the descriptors from 3 on, as many as were asked for. Not reading one makes it wait. */
  readonly sides: readonly Readable[];
  /** Why it got nothing more to read; undefined as long as it does. */
  feedError: Error | undefined;
  readonly #child: ChildProcess;
  readonly #exit: Promise<FfmpegExit>;
  readonly #feeding = new AbortController();

  /**
   * @param path of an ffmpeg; a bare name is looked up on the PATH.
   */
  constructor(path: string, args: readonly string[], options: FfmpegProcessOptions = {}) {
    const { onLine, env, sides = 0, feed } = options;
    const child = spawnFfmpeg(path, args, { env, sides, isFed: feed !== undefined });
    this.#child = child;
    this.stdout = child.stdout;
    this.sides = child.stdio.slice(3).filter((side) => side instanceof Readable);
    const lastLine = readLines(child.stderr, (line) => {
      this.report.read(line);
      onLine?.(line);
    });
    this.#exit = new Promise<FfmpegExit>((resolve, reject) => {
      child.once('error', (cause) => {
        reject(new AppError('ffmpeg.missing', undefined, { cause, data: { path } }));
      });
      child.once('exit', (code, signal) => {
        void lastLine.then(() => {
          resolve({ code, signal });
        });
      });
    });
    // Those who wait hear of it; nobody has to.
    this.#exit.catch(() => undefined);
    if (feed && child.stdin) void this.#feed(feed, child.stdin);
  }

  /** The process id, for tests and the log; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Waits for the end of the process and of its report. @throws AppError ffmpeg.missing when it could not be started. */
  exited(): Promise<FfmpegExit> {
    return this.#exit;
  }

  /** Ends the process and all that it started, at once. A file that it writes is left half done. */
  kill(): void {
    this.#feeding.abort();
    killTree(this.#child);
  }

  async #feed(feed: Feed, stdin: Writable): Promise<void> {
    const { signal } = this.#feeding;
    stdin.once('close', () => {
      this.#feeding.abort();
    });
    try {
      await pipeline(feed({ signal }), stdin);
    } catch (error) {
      // A process that has ended reads nothing more.
      if (!signal.aborted) this.feedError = toError(error);
      stdin.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    this.stdout.destroy();
    for (const side of this.sides) side.destroy();
    await this.#exit.catch(() => undefined);
  }
}

function spawnFfmpeg(
  path: string,
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>> | undefined;
    readonly sides?: number;
    readonly isFed?: boolean;
  } = {},
): ChildProcess & { readonly stdout: Readable; readonly stderr: Readable } {
  const { env, sides = 0, isFed = false } = options;
  const child: ChildProcess = spawn(path, args, {
    stdio: [isFed ? 'pipe' : 'ignore', 'pipe', 'pipe', ...Array<'pipe'>(sides).fill('pipe')],
    env: { ...process.env, ...env },
    // A group of its own, so that it can be killed as a tree.
    detached: process.platform !== 'win32',
    windowsHide: true,
    // Windows looks for a bare name in this folder first: it must not be one that anybody can write to.
    cwd: dirname(process.execPath),
  });
  // Both are pipes, as asked for above.
  return child as ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };
}

/** Only a newline ends a line: everything else that separates lines may stand in a title. Resolves at the end of the stream. */
async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  try {
    for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!.slice(0, maxLineLength);
      for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
  } catch {
    // The process could not be started, or its pipe broke: there is no more to read.
  }
  if (rest !== '') onLine(rest);
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended in the meantime.
  }
}

/** What `-version` says, or undefined when the path is no ffmpeg that runs. */
async function readVersion(path: string, signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const child = spawnFfmpeg(path, ['-version']);
  const onAbort = (): void => {
    killTree(child);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  child.stderr.resume();
  try {
    const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return /^ffmpeg version (\S+)/.exec(output)?.[1];
  } catch {
    return undefined;
  } finally {
    signal.removeEventListener('abort', onAbort);
    signal.throwIfAborted();
  }
}

/** The optional package carries a script that downloads the binary; only a binary that is there counts. */
function ffmpegStaticPath(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('ffmpeg-static/package.json'));
    const path = join(folder, process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
