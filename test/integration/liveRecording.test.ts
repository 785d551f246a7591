/** What is watched live is recorded beside, by the same ffmpeg: played back from an address, in the media time of its frames. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { silentLog } from '../../daemon/base/log.ts';
import type { Frame } from '../../daemon/media/frameSource.ts';
import { FittingRecorder } from '../../daemon/media/liveRecorder.ts';
import { LiveSource, liveLimits, type LiveSourceOptions } from '../../daemon/media/liveSource.ts';
import { createMediaService } from '../../daemon/media/playback.ts';
import { listEncoders } from '../../daemon/media/probing.ts';
import { Recordings } from '../../daemon/media/recordings.ts';
import { captureInput } from '../../daemon/media/screenCapture.ts';
import { streamInput } from '../../daemon/media/streamAddress.ts';
import type { LiveListing, MediaInfo } from '../../protocol/index.ts';
import { createTemporaryFolder, runFfmpeg, type TemporaryFolder } from '../helpers/fixtures.ts';
import { LiveHls, makePieces, pieceNumber } from '../helpers/liveHls.ts';
import { processesWith } from '../../scripts/processes.ts';
import { complaints, ffprobe } from '../helpers/playback.ts';
import { VirtualDisplay } from '../../scripts/virtualDisplay.ts';

const running = new AbortController().signal;
const videoId = 'live-0123456789ab';
const frameRateFps = 2;
const ffmpeg = (): Promise<string> => Promise.resolve('ffmpeg');
const encoders = (options: { signal: AbortSignal }): Promise<ReadonlySet<string>> =>
  listEncoders({ program: 'ffmpeg', clock: systemClock, stallMs: 10_000 }, options);

let pieces: TemporaryFolder;
let home: TemporaryFolder;
let recordings: Recordings;
beforeAll(async () => {
  pieces = await createTemporaryFolder();
  await makePieces(pieces);
});
afterAll(() => pieces[Symbol.asyncDispose]());
beforeEach(async () => {
  home = await createTemporaryFolder();
  recordings = newRecordings();
});
afterEach(() => home[Symbol.asyncDispose]());

const newRecordings = (maxBytes = 1e9): Recordings =>
  new Recordings({ folder: home.path('recordings'), maxBytes, log: silentLog });

type Input = Pick<LiveSourceOptions, 'locate' | 'explain' | 'lostCode'>;

/** Watches until there is enough, with a recording beside. @param during is called while it is being recorded */
async function watch(
  kind: 'stream' | 'screen',
  input: Input,
  isEnough: (frames: readonly Frame[]) => boolean,
  during: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  await using recording = recordings.begin(videoId, () => {
    return { liveMs: source.liveMs, state: source.condition ?? 'live' };
  });
  const source: LiveSource = new LiveSource({
    ...{ ...input, ffmpeg, frameRateFps, clock: systemClock },
    limits: { ...liveLimits, stallMs: 4000, backOffMs: [200], giveUpMs: 2000 },
    onTrouble: () => undefined,
    recorder: new FittingRecorder(kind, recording, encoders),
  });
  await source.probe({ signal: running });
  for await (const item of source.open({ signal: running })) {
    if (item.kind === 'frame') frames.push(item.frame);
    const { stretch } = recording.recording;
    const isRecorded = (stretch?.endMs ?? 0) >= (frames.at(-1)?.ptsMs ?? 0) - 2000;
    if (isEnough(frames) && isRecorded) break;
  }
  await during();
  return frames;
}

/** A player that has a recording open. */
async function open(): Promise<
  Pick<MediaInfo, 'width' | 'height' | 'frameUrl'> & { readonly url: string } & AsyncDisposable
> {
  const service = createMediaService({
    ...{ home: home.path('.'), ffmpeg, log: silentLog, clock: systemClock },
    ...{ copiesMaxBytes: 1e9, recordings },
  });
  const media = await service.open({ kind: 'kept', videoId }, () => undefined, { signal: running });
  if (media.liveUrl === undefined) throw new Error(media.notices.join());
  const { liveUrl: url, frameUrl, width, height } = media;
  return {
    url,
    frameUrl,
    width,
    height,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

async function list(url: string, query = 'from=0'): Promise<LiveListing> {
  const response = await fetch(`${url}/list?${query}`);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cache-control')).toContain('no-store');
  return (await response.json()) as LiveListing;
}

const bytes = async (address: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(address)).arrayBuffer());

/** Fragments of one beginning as one file, as a player would have them. */
async function join(url: string, { fragments }: LiveListing, init: number): Promise<string> {
  const wanted = fragments.filter((fragment) => fragment.init === init);
  const parts = await Promise.all(wanted.map(({ id }) => bytes(`${url}/fragment/${id}`)));
  const file = home.path(`joined-${init}.mp4`);
  await writeFile(file, Buffer.concat([await bytes(`${url}/init/${init}`), ...parts]));
  return file;
}

/** Grey of the picture that a file shows at its own second. */
async function greyAt(file: string, seconds: number): Promise<number> {
  const picture = home.path('picture.rgb');
  const filters = `select='gte(t,${seconds - 0.05})',format=rgb24`;
  const take = ['-vf', filters, '-frames:v', '1', '-f', 'rawvideo', picture];
  await runFfmpeg(['-y', '-copyts', '-i', file, ...take]);
  return pieceNumber({ data: await readFile(picture) });
}

/** Grey of the single picture of a moment; undefined where nothing was recorded. */
async function pictureAt(frameUrl: string, atMs: number): Promise<number | undefined> {
  const response = await fetch(`${frameUrl}/${atMs}.jpg`);
  if (response.status === 410) return undefined;
  expect(response.headers.get('content-type')).toBe('image/jpeg');
  const [jpeg, picture] = [home.path('single.jpg'), home.path('single.rgb')];
  await writeFile(jpeg, Buffer.from(await response.arrayBuffer()));
  await runFfmpeg(['-y', '-i', jpeg, '-vf', 'format=rgb24', '-f', 'rawvideo', picture]);
  return pieceNumber({ data: await readFile(picture) });
}

describe('a stream', () => {
  let hls: LiveHls;
  beforeEach(async () => {
    hls = await LiveHls.start(pieces);
  });
  afterEach(async () => {
    const left = processesWith(hls.origin);
    await hls[Symbol.asyncDispose]();
    expect(left).toEqual([]);
  });
  const input = (): Input =>
    streamInput({ kind: 'stream', url: hls.url }, frameRateFps, systemClock);

  it('is taken over as it is, and shows at a moment what its frame shows', async () => {
    const frames = await watch('stream', input(), ({ length }) => length >= 9);
    await using player = await open();
    const listing = await list(player.url);
    expect(listing.inits[0]?.codecs).toMatch(/^avc1\.[0-9a-f]{6}$/);
    expect(listing.live).toBeUndefined();
    const file = await join(player.url, listing, 0);
    expect((await ffprobe(file)).streams).toMatchObject([{ codec_name: 'h264', width: 320 }]);
    expect(await complaints(file)).toBe('');
    const { offsetMs } = listing.fragments[0]!;
    for (const frame of frames.slice(1, 5)) {
      // In the middle between two samples no rounding of a sample matters.
      const grey = await greyAt(file, (frame.ptsMs + 100 - offsetMs) / 1000);
      expect(Math.abs(grey - pieceNumber(frame))).toBeLessThanOrEqual(1);
    }
  });

  it('tells the present and how the source is, while it runs', async () => {
    let told: LiveListing | undefined;
    await watch(
      'stream',
      input(),
      ({ length }) => length >= 6,
      async () => {
        await using player = await open();
        told = await list(player.url);
        expect(await list(player.url, `behind=${told.fragments[0]!.id}`)).toMatchObject({
          fragments: told.fragments.slice(1),
        });
      },
    );
    expect(told?.live?.state).toBe('live');
    expect(told!.live!.liveMs).toBeGreaterThanOrEqual(2500);
    expect(told!.endMs).toBeGreaterThan(told!.startMs);
  });

  it('has single pictures of its moments, while it runs and afterwards', async () => {
    let meanwhile: number | undefined;
    const frames = await watch(
      'stream',
      input(),
      ({ length }) => length >= 8,
      async () => {
        await using player = await open();
        meanwhile = await pictureAt(player.frameUrl, 1100);
      },
    );
    expect(meanwhile).toBe(pieceNumber(frames.find(({ ptsMs }) => ptsMs === 1000)!));
    await using player = await open();
    for (const frame of frames) {
      expect(await pictureAt(player.frameUrl, frame.ptsMs + 100)).toBe(pieceNumber(frame));
    }
    expect(await pictureAt(player.frameUrl, 3_600_000)).toBeUndefined();
    const part = home.path('part.jpg');
    await writeFile(part, await bytes(`${player.frameUrl}/1000.jpg?crop=0,0,64,48&width=32`));
    expect((await ffprobe(part)).streams).toMatchObject([{ width: 32, height: 24 }]);
    expect((await fetch(`${player.frameUrl}/1000.jpg?crop=9000,0,64,48`)).status).toBe(404);
  });

  it('goes on in another size with another beginning', async () => {
    let isLarge = false;
    const frames = await watch('stream', input(), (frames) => {
      if (frames.length === 3 && !isLarge) hls.enlarge();
      isLarge ||= frames.length >= 3;
      return frames.filter(({ width }) => width === 640).length >= 5;
    });
    await using player = await open();
    const listing = await list(player.url);
    const last = listing.inits.at(-1)!.id;
    expect(last).toBeGreaterThan(0);
    const file = await join(player.url, listing, last);
    expect((await ffprobe(file)).streams).toMatchObject([{ width: 640, height: 360 }]);
    const starts = listing.fragments.map(({ startMs }) => startMs);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    // A run of its own, with times of its own.
    const { ptsMs, ...picture } = frames.at(-2)!;
    expect(await pictureAt(player.frameUrl, ptsMs + 100)).toBe(pieceNumber(picture));
  });

  it('is found again by another daemon, and goes when there is no room for it', async () => {
    await watch('stream', input(), ({ length }) => length >= 6);
    const before = (await recordings.find(videoId))?.stretch;
    recordings = newRecordings();
    expect((await recordings.find(videoId))?.stretch).toEqual(before);
    await newRecordings(1).evict();
    expect(await recordings.find(videoId)).toBeUndefined();
  });
});

describe('a screen', () => {
  it('is encoded beside, in a size that players take', async () => {
    await using display = await VirtualDisplay.start();
    const source = { kind: 'screen', display: display.name } as const;
    const tools = { ffmpeg, clock: systemClock, platform: process.platform };
    const input = captureInput(source, { frameRateFps }, tools);
    await watch('screen', input, ({ length }) => length >= 6);
    await using player = await open();
    const listing = await list(player.url);
    const file = await join(player.url, listing, 0);
    const [video, ...others] = (await ffprobe(file)).streams;
    expect(video).toMatchObject({
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      width: 800,
      height: 600,
    });
    expect(others).toEqual([]);
    expect(await complaints(file)).toBe('');
  });

  it('that is wider than players need is recorded smaller, and parts of it count its own pixels', async () => {
    await using display = await VirtualDisplay.start({ width: 2560, height: 1440 });
    await display.openTerminal('code', [], { x: 2200, y: 1200, size: '30x10' });
    const source = { kind: 'screen', display: display.name } as const;
    const tools = { ffmpeg, clock: systemClock, platform: process.platform };
    const input = captureInput(source, { frameRateFps }, tools);
    await watch('screen', input, ({ length }) => length >= 6);
    await using player = await open();
    expect(player).toMatchObject({ width: 2560, height: 1440 });
    const listing = await list(player.url);
    const [video] = (await ffprobe(await join(player.url, listing, 0))).streams;
    expect(video).toMatchObject({ width: 1920, height: 1080 });
    const partOf = async (
      crop: string,
    ): Promise<{ width: number; height: number; grey: number }> => {
      const file = home.path('part.jpg');
      await writeFile(file, await bytes(`${player.frameUrl}/1000.jpg?crop=${crop}`));
      const [{ width = 0, height = 0 } = {}] = (await ffprobe(file)).streams;
      const grey = home.path('part.grey');
      await runFfmpeg(['-y', '-i', file, '-vf', 'scale=1:1,format=gray', '-f', 'rawvideo', grey]);
      return { width, height, grey: (await readFile(grey))[0]! };
    };
    // Inside of the terminal, which is white, and beside it.
    const inside = await partOf('2240,1240,160,80');
    expect(inside).toMatchObject({ width: 120, height: 60 });
    expect(inside.grey).toBeGreaterThan(200);
    expect((await partOf('1680,930,160,80')).grey).toBeLessThan(50);
  });
});
