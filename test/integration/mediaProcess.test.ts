import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { sampleArgs } from '../../daemon/media/ffmpegArgs.ts';
import { createFfmpegFinder, FfmpegProcess, findFfmpeg } from '../../daemon/media/ffmpegProcess.ts';
import { FfmpegSource, ffmpegSourceDefaults } from '../../daemon/media/ffmpegSource.ts';
import { NutReader } from '../../daemon/media/nutReader.ts';
import {
  createTemporaryFolder,
  makeClip,
  type TemporaryFolder,
  writeScript,
} from '../helpers/fixtures.ts';
import { isAlive, untilGone } from '../helpers/liveProcesses.ts';

let folder: TemporaryFolder;
/** 10 s of 640 × 480: 230 MB of pictures, far more than all pipes hold. */
let clip: string;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  clip = await makeClip(folder.path('long.mp4'), 'testsrc2=size=640x480:rate=25:duration=10');
});
afterAll(() => folder[Symbol.asyncDispose]());

const signal = AbortSignal.timeout(600_000);

/** Bytes that a process has written in its life. */
async function writtenBytes(pid: number): Promise<number> {
  return Number(/^wchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

async function untilUnchanged(read: () => Promise<number>): Promise<number> {
  for (let before = await read(); ;) {
    await sleep(300);
    const now = await read();
    if (now === before) return now;
    before = now;
  }
}

const script = (name: string, body: string): Promise<string> =>
  writeScript(folder.path(name), body);

const sourceWith = (ffmpeg: string, stallMs: number): FfmpegSource =>
  new FfmpegSource({
    path: clip,
    ffmpeg: () => Promise.resolve(ffmpeg),
    clock: systemClock,
    ...ffmpegSourceDefaults,
    stallMs,
  });

describe('a running ffmpeg', () => {
  it.runIf(process.platform === 'linux')('waits for a reader that does not read', async () => {
    await using ffmpeg = new FfmpegProcess('ffmpeg', sampleArgs({ path: clip, frameRateFps: 25 }));
    const nut = await NutReader.open(ffmpeg.stdout);
    await nut?.next();
    const frameBytes = 640 * 480 * 3;
    const written = await untilUnchanged(() => writtenBytes(ffmpeg.pid!));
    expect(written).toBeLessThan(4 * frameBytes);
    expect(isAlive(ffmpeg.pid!)).toBe(true);
    await nut?.next();
    await nut?.next();
    const more = await untilUnchanged(() => writtenBytes(ffmpeg.pid!));
    expect(more - written).toBeGreaterThan(frameBytes);
    expect(more - written).toBeLessThan(4 * frameBytes);
  });

  it('ends when it is disposed', async () => {
    const ffmpeg = new FfmpegProcess('ffmpeg', sampleArgs({ path: clip, frameRateFps: 25 }));
    await NutReader.open(ffmpeg.stdout);
    await ffmpeg[Symbol.asyncDispose]();
    await untilGone(ffmpeg.pid!);
    expect((await ffmpeg.exited()).signal).toBe('SIGKILL');
  });

  it('dies with a process that is killed without warning', async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('mediaChild.ts', import.meta.url)), clip],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await untilGone(pid);
  });

  it('takes its own children along', async () => {
    const wrapper = await script('wrapper', 'sleep 1000 & echo $! >&2; wait');
    const ffmpeg = new FfmpegProcess(wrapper, []);
    while (ffmpeg.report.tail === '') await sleep(10);
    const grandchild = Number(ffmpeg.report.tail);
    expect(isAlive(grandchild)).toBe(true);
    await ffmpeg[Symbol.asyncDispose]();
    await untilGone(grandchild);
  });
});

describe('a source', () => {
  it('ends ffmpeg when its signal is aborted, and gives nothing more', async () => {
    const controller = new AbortController();
    const items = sourceWith('ffmpeg', 60_000).open({
      frameRateFps: 25,
      signal: controller.signal,
    });
    await items.next();
    controller.abort();
    await expect(items.next()).rejects.toMatchObject({ name: 'AbortError' });
    expect(await items.next()).toEqual({ done: true, value: undefined });
  });

  it('gives up at once when the signal was aborted before', async () => {
    const aborted = AbortSignal.abort();
    const source = sourceWith('ffmpeg', 60_000);
    await expect(source.probe({ signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends ffmpeg while it waits for an answer that never comes', async () => {
    const hung = await script('hung', 'sleep 1000');
    const controller = new AbortController();
    const probe = sourceWith(hung, 60_000).probe({ signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expect(probe).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends an ffmpeg that hangs before the first frame, with a sentence', async () => {
    const hung = await script('hungAtOnce', 'sleep 1000');
    await expect(sourceWith(hung, 200).probe({ signal })).rejects.toMatchObject({
      code: 'ffmpeg.failed',
      message: expect.stringContaining('gave no picture') as string,
    });
  });

  it.each([
    ['hangs', 'sleep 1000', 'ffmpeg gave no more frames and was ended.'],
    ['crashes', 'kill -SEGV $$', 'ffmpeg stopped with an error before the end of the video.'],
    ['fails', 'exit 1', 'ffmpeg stopped with an error before the end of the video.'],
    ['gives up', 'exit 69', 'Most pictures of this file are damaged.', false],
  ])('keeps what it has when ffmpeg %s later', async (name, fate, reason, isFailure = true) => {
    const path = await script(name, `ffmpeg -t 1.4 "$@" || exit 1\n${fate}`);
    const seen: string[] = [];
    for await (const item of sourceWith(path, 5000).open({ frameRateFps: 2, signal })) {
      seen.push(item.kind === 'frame' ? String(item.frame.ptsMs) : item.gap.reason);
      if (item.kind === 'gap') expect(item.gap.isFailure).toBe(isFailure);
    }
    expect(seen).toEqual(['0', '500', '1000', reason]);
  });

  it('says so when ffmpeg crashes without a frame', async () => {
    const crash = await script('crash', 'kill -SEGV $$');
    await expect(sourceWith(crash, 5000).probe({ signal })).rejects.toMatchObject({
      code: 'ffmpeg.failed',
    });
  });

  it('lets ffmpeg go when the reader leaves early', async () => {
    for await (const item of sourceWith('ffmpeg', 60_000).open({ frameRateFps: 25, signal })) {
      expect(item.kind).toBe('frame');
      break;
    }
  });
});

describe('findFfmpeg', () => {
  it('takes the one of the settings first', async () => {
    const chosen = await script('chosen', 'echo "ffmpeg version 9.9-mine Copyright"');
    expect(await findFfmpeg(chosen, { signal })).toEqual({
      path: chosen,
      origin: 'setting',
      version: '9.9-mine',
    });
  });

  it('finds one without a setting', async () => {
    const { origin, version } = await findFfmpeg(undefined, { signal });
    expect(['ffmpeg-static', 'path']).toContain(origin);
    expect(version).not.toBe('');
  });

  it('remembers what it found, not that it found nothing', async () => {
    const find = createFfmpegFinder(folder.path('later'));
    await expect(find({ signal })).rejects.toMatchObject({ code: 'ffmpeg.missing' });
    const path = await script('later', 'echo "ffmpeg version 1"');
    expect(await find({ signal })).toBe(path);
    await rm(path);
    expect(await find({ signal })).toBe(path);
  });

  it.each([
    ['is not there', 'missing', undefined],
    ['is something else', 'other', 'echo hello'],
  ])('does not pass over a setting that %s', async (_, name, body) => {
    const path = body === undefined ? folder.path(name) : await script(name, body);
    await expect(findFfmpeg(path, { signal })).rejects.toMatchObject({ code: 'ffmpeg.missing' });
  });
});
