/** Videos opened as a player opens them, and what ffprobe says of what is served. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../daemon/base/clock.ts';
import { type Log, silentLog } from '../../daemon/base/log.ts';
import type { MediaService } from '../../daemon/media/mediaService.ts';
import { createMediaService } from '../../daemon/media/playback.ts';
import { Recordings } from '../../daemon/media/recordings.ts';
import type { MediaInfo } from '../../protocol/index.ts';
import { writeScript } from './fixtures.ts';

const isCi = process.env.CI !== undefined && process.env.CI !== '';

/** Why tests that look into served files cannot run here, or undefined. In CI they run whatever is missing. */
export const ffprobeObstacle = runs('ffprobe') ? undefined : 'ffprobe is not installed';

/** Why a clip with this encoder cannot be made here, or undefined. */
export function encoderObstacle(name: string): string | undefined {
  const list = execFileSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' });
  const isThere = isCi || list.includes(` ${name} `);
  return isThere ? undefined : `this ffmpeg has no ${name}`;
}

function runs(program: string): boolean {
  if (isCi) return true;
  try {
    execFileSync(program, ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** For `expect.poll`: what takes a moment may take longer on a busy machine. */
export const patiently = { timeout: 30_000 };

export interface PlaybackOptions {
  readonly ffmpeg?: string;
  readonly copiesMaxBytes?: number;
  readonly stallMs?: number;
  readonly log?: Log;
  /** One of another service; a fresh one when left out. */
  readonly home?: string;
}

/** A service with a home of its own, which is removed with it. */
export class TestPlayback implements AsyncDisposable {
  readonly service: MediaService;
  readonly home: string;
  readonly #isOwnHome: boolean;

  private constructor(home: string, options: PlaybackOptions) {
    this.home = home;
    this.#isOwnHome = options.home === undefined;
    const { ffmpeg = 'ffmpeg', copiesMaxBytes = 1e9, log = silentLog, stallMs } = options;
    this.service = createMediaService({
      ...{ home, log, copiesMaxBytes, clock: systemClock },
      recordings: new Recordings({ folder: join(home, 'recordings'), maxBytes: 1e9, log }),
      ffmpeg: () => Promise.resolve(ffmpeg),
      ...(stallMs === undefined ? {} : { stallMs }),
    });
  }

  static async create(options: PlaybackOptions = {}): Promise<TestPlayback> {
    const home = options.home ?? (await mkdtemp(join(tmpdir(), 'codealong-test-')));
    return new TestPlayback(home, options);
  }

  /** Names of all files in the folder of copies, sorted. */
  async files(): Promise<string[]> {
    return (await readdir(join(this.home, 'playable')).catch(() => [])).sort();
  }

  open(path: string): Promise<TestPlayer> {
    return TestPlayer.open(this.service, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
    if (this.#isOwnHome) await rm(this.home, { recursive: true, force: true });
  }
}

/** One client that has a video open. */
export class TestPlayer implements Disposable {
  /** As it was opened, then every change. */
  readonly history: MediaInfo[] = [];
  readonly #controller = new AbortController();
  #onChange: (() => void) | undefined;

  static async open(service: MediaService, path: string): Promise<TestPlayer> {
    const player = new TestPlayer();
    const media = await service.open(
      { kind: 'file', path },
      (changed) => {
        player.history.push(changed);
        player.#onChange?.();
      },
      player.#controller,
    );
    player.history.unshift(media);
    return player;
  }

  get media(): MediaInfo {
    return this.history.at(-1)!;
  }

  /** Waits until nothing is being prepared any more. */
  async settled(): Promise<MediaInfo> {
    return this.until((media) => media.state !== 'preparing');
  }

  async until(isIt: (media: MediaInfo) => boolean): Promise<MediaInfo> {
    while (!isIt(this.media)) {
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
    }
    return this.media;
  }

  close(): void {
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export interface ProbedStream {
  readonly codec_type: 'video' | 'audio' | 'data' | 'subtitle';
  readonly codec_name: string;
  readonly pix_fmt?: string;
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly start_time?: string;
  readonly duration?: string;
}

/** What ffprobe finds at an address or in a file. */
export async function ffprobe(
  address: string,
): Promise<{ readonly streams: readonly ProbedStream[]; readonly durationMs: number }> {
  const wanted = ['-show_streams', '-show_format', '-of', 'json'];
  const { stdout } = await execute('ffprobe', ['-v', 'error', ...wanted, address]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: ProbedStream[];
    format: { duration: string };
  };
  return { streams, durationMs: Number(format.duration) * 1000 };
}

/** Complaints of a decoder that plays everything; empty when all is well. */
export async function complaints(address: string): Promise<string> {
  const { stderr } = await execute('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-xerror', '-i', address, '-f', 'null', '-'],
  ]);
  return stderr;
}

function execute(
  program: string,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} failed: ${stderr}`, { cause: error }));
      else resolve({ stdout, stderr });
    });
  });
}

/**
 * Writes a stand-in that is ffmpeg, but for runs with these words among their arguments: there it does what the script says.
 * @returns the path
 */
export function writeStandIn(
  path: string,
  cases: Readonly<Record<string, string>>,
): Promise<string> {
  const branches = Object.entries(cases).map(([words, body]) => `*"${words}"*) ${body} ;;`);
  return writeScript(path, `case "$*" in\n${branches.join('\n')}\nesac\nexec ffmpeg "$@"`);
}

/** An ffmpeg that makes copies at the pace of the video, which it plays over and over. */
export interface SlowFfmpeg {
  readonly program: string;
  /** Process ids of those that make copies, or have. */
  readonly pids: () => Promise<number[]>;
}

export async function writeSlowFfmpeg(path: string): Promise<SlowFfmpeg> {
  const log = `${path}.pids`;
  const program = await writeStandIn(path, {
    framecrc: `echo $$ >> "${log}"; exec ffmpeg -re -stream_loop -1 "$@"`,
  });
  return {
    program,
    pids: async () => {
      const text = await readFile(log, 'utf8').catch(() => '');
      return text.split('\n').filter(Boolean).map(Number);
    },
  };
}
