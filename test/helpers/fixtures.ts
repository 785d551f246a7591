/** Short clips for tests, made on the spot by ffmpeg's own test sources. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute path of a file in the folder; the name may contain anything that a file name can. */
  path(name: string): string;
}

/** A folder that is removed with all that is in it when it is disposed. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'codealong-test-'));
  return {
    path: (name) => join(folder, name),
    // A daemon that has said goodbye may still write a line into its log.
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
}

/** Two seconds of moving colours with a clock: something for every pixel to do. */
export const movingPicture = 'testsrc2=size=320x240:rate=25:duration=2';

/**
 * Grey pictures that tell their number: the grey of picture n is 10 × n (n up to 25). `select` leaves some of them out, which
 * makes the frame rate vary.
 */
export function numberedPictures(options: {
  readonly rate: number;
  readonly count: number;
  readonly size?: string;
  /** Numbers of the pictures that stay; all when left out. */
  readonly keep?: readonly number[];
}): string {
  const { rate, count, size = '64x48', keep } = options;
  const grey = "geq=r='N*10':g='N*10':b='N*10'";
  const chosen = keep ? `,select='${keep.map((n) => `eq(n,${n})`).join('+')}'` : '';
  return `nullsrc=size=${size}:rate=${rate}:duration=${count / rate},format=rgb24,${grey}${chosen}`;
}

/** The number of a picture made by `numberedPictures`. */
export function pictureNumber({ data }: { readonly data: Uint8Array }): number {
  return Math.round(data[data.length >> 1]! / 10);
}

/** Codecs that give the exact grey values back, by the end of the file's name. */
const codecs: Readonly<Record<string, readonly string[]>> = {
  gif: ['-pix_fmt', 'gray'],
  mkv: ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'],
  mp4: ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '4', '-pix_fmt', 'yuv420p'],
  ts: ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '4', '-pix_fmt', 'yuv420p'],
  webm: ['-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '2M'],
  avi: ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'],
};

/** Writes a clip. @param filter a lavfi graph. @param output more output options. @returns the path. */
export async function makeClip(
  path: string,
  filter: string,
  output: readonly string[] = [],
): Promise<string> {
  const codec = codecs[path.slice(path.lastIndexOf('.') + 1)] ?? [];
  const passTimes = ['-fps_mode', 'passthrough'];
  await runFfmpeg(['-f', 'lavfi', '-i', filter, ...codec, ...passTimes, ...output, `file:${path}`]);
  return path;
}

/** Runs ffmpeg for a fixture that needs something special. */
export function runFfmpeg(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = ['-nostdin', '-v', 'error', '-y', ...args];
    execFile('ffmpeg', all, (error) => {
      if (error) reject(new Error('ffmpeg failed to make a fixture', { cause: error }));
      else resolve();
    });
  });
}

/** Writes a stand-in for ffmpeg that behaves as the shell script says. @returns the path */
export async function writeScript(path: string, body: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}
