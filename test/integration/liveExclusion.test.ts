/** Windows that are left out of a captured display: a real X server, real windows that move, a real ffmpeg, a real recording. */
import { readFile, writeFile } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import { silentLog } from '../../daemon/base/log.ts';
import type { Frame } from '../../daemon/media/frameSource.ts';
import { FittingRecorder } from '../../daemon/media/liveRecorder.ts';
import { LiveSource, liveLimits } from '../../daemon/media/liveSource.ts';
import { listEncoders } from '../../daemon/media/probing.ts';
import { Recordings } from '../../daemon/media/recordings.ts';
import { captureInput, listScreens, type CaptureTools } from '../../daemon/media/screenCapture.ts';
import { x11Pictures } from '../../daemon/media/x11Capture.ts';
import type { ExcludedWindows, ScreenSource } from '../../protocol/index.ts';
import { createTemporaryFolder, runFfmpeg, writeScript } from '../helpers/fixtures.ts';
import { end, screenSize, VirtualDisplay } from '../../scripts/virtualDisplay.ts';

const running = new AbortController().signal;
const videoId = 'live-0123456789ab';
const frameRateFps = 2;
const ffmpeg = (): Promise<string> => Promise.resolve('ffmpeg');
const tools: CaptureTools = { ffmpeg, clock: systemClock, platform: 'linux' };

let display: VirtualDisplay;
beforeEach(async () => {
  display = await VirtualDisplay.start();
});
afterEach(async () => {
  await display[Symbol.asyncDispose]();
  expect(display.captures()).toEqual([]);
});

const secret = { x: 420, y: 320, size: '30x8' };
const leftOut = (...names: string[]): ExcludedWindows => ({ names });

interface Watching {
  readonly excluded: ExcludedWindows;
  readonly source?: Omit<ScreenSource, 'kind'>;
  readonly recordings?: Recordings;
  readonly isEnough: (frames: readonly Frame[]) => boolean;
}

async function watch({ excluded, source, recordings, isEnough }: Watching): Promise<Frame[]> {
  const frames: Frame[] = [];
  const screen: ScreenSource = { kind: 'screen', display: display.name, ...source };
  await using recording = recordings?.begin(videoId, () => ({ liveMs: 0, state: 'live' }));
  const encoders = (options: { signal: AbortSignal }): Promise<ReadonlySet<string>> =>
    listEncoders({ program: 'ffmpeg', clock: systemClock, stallMs: 10_000 }, options);
  const live = new LiveSource({
    ...captureInput(screen, { frameRateFps, excluded }, tools),
    ...{ ffmpeg, frameRateFps, clock: systemClock, onTrouble: () => undefined },
    limits: { ...liveLimits, backOffMs: [100], giveUpMs: 500 },
    ...(recording ? { recorder: new FittingRecorder('screen', recording, encoders) } : {}),
  });
  await live.probe({ signal: running });
  for await (const item of live.open({ signal: running })) {
    if (item.kind === 'frame') frames.push(item.frame);
    const isRecorded = !recording || recording.recording.stretch !== undefined;
    if (isEnough(frames) && isRecorded) break;
  }
  return frames;
}

/** Of what a window shows when it is left out, a picture has no white pixel there. */
function brightest(
  { data, width }: Frame,
  [x, y, w, h]: readonly [number, number, number, number],
) {
  let most = 0;
  for (let row = y; row < y + h; row++) {
    for (let at = (row * width + x) * 3; at < (row * width + x + w) * 3; at++) {
      most = Math.max(most, data[at]!);
    }
  }
  return most;
}

/** The pointer has a bright edge; the smallest terminal has some ten thousand bright pixels. */
const pointerPixels = 150;
const whitePixels = (data: Uint8Array): number =>
  data.reduce((count, value) => (value > 180 ? count + 1 : count), 0);

const secretBox = [424, 324, 150, 80] as const;
const openBox = [60, 70, 200, 100] as const;

describe('what is left out', () => {
  it.each([
    ['a part of a title', 'bank'],
    ['the name of an application', 'KeepSafe'],
  ])('is black: by %s', async (_what, name) => {
    await display.openTerminal('code', ['const answer = 42;']);
    await display.openTerminal('My Bank - accounts', ['4711'], { ...secret, name: 'keepsafe' });
    const frames = await watch({ excluded: leftOut(name), isEnough: ({ length }) => length >= 3 });
    for (const frame of frames) {
      expect({ width: frame.width, height: frame.height }).toEqual(screenSize);
      expect(brightest(frame, secretBox)).toBe(0);
      expect(brightest(frame, openBox)).toBe(255);
    }
  });

  it('is black from its first picture on when it opens while the display is watched', async () => {
    await display.openTerminal('code', ['const answer = 42;']);
    let opened: Promise<ChildProcess> | undefined;
    let atOpened = Infinity;
    const frames = await watch({
      excluded: leftOut('bank'),
      isEnough: ({ length }) => {
        if (length === 2) {
          opened = display.openTerminal('My Bank', ['4711'], secret);
          void opened.then(() => (atOpened = length));
        }
        return length >= atOpened + 4;
      },
    });
    await opened;
    expect(frames.map((frame) => brightest(frame, secretBox))).not.toContain(255);
  });

  it('is seen as far as something else covers it', async () => {
    await display.openTerminal('My Bank', ['4711'], { x: 40, y: 50, size: '60x12' });
    await display.openTerminal('code', ['const answer = 42;'], { x: 100, y: 90, size: '20x4' });
    const frames = await watch({
      excluded: leftOut('bank'),
      isEnough: ({ length }) => length >= 3,
    });
    const last = frames.at(-1)!;
    expect(brightest(last, [110, 100, 40, 20])).toBe(255);
    expect(brightest(last, [44, 54, 50, 30])).toBe(0);
  });

  it('is black where the editor shows what is watched', async () => {
    await display.openTerminal('code', ['const answer = 42;']);
    await display.openTerminal('live - project - Editor', ['the panel'], secret);
    const own = { titleParts: ['project', 'Editor'] };
    const frames = await watch({
      excluded: { names: [], own },
      isEnough: ({ length }) => length >= 2,
    });
    expect(brightest(frames.at(-1)!, secretBox)).toBe(0);
    expect(brightest(frames.at(-1)!, openBox)).toBe(255);
  });

  it('lies over a window that is captured alone', async () => {
    await display.openTerminal('code', ['const answer = 42;']);
    await display.openTerminal('My Bank', ['4711'], { x: 60, y: 70, size: '10x3' });
    const { parts } = await listScreens({ display: display.name }, tools, { signal: running });
    const code = parts.find(({ name }) => name === 'code')!;
    const frames = await watch({
      ...{ excluded: leftOut('bank'), source: code.source },
      isEnough: ({ length }) => length >= 2,
    });
    const { width, height } = frames[0]!;
    expect([width, height]).toEqual(code.box.slice(2));
    expect(brightest(frames.at(-1)!, [60 - 40, 70 - 50, 40, 20])).toBe(0);
    expect(brightest(frames.at(-1)!, [width - 60, height - 60, 50, 50])).toBe(255);
  });

  it('stays black on its way over the display, in the recording too', async () => {
    await using home = await createTemporaryFolder();
    const recordings = new Recordings({ folder: home.path('r'), maxBytes: 1e9, log: silentLog });
    // Nothing else is bright.
    const bank = await display.openTerminal('My Bank', ['4711'], { x: 10, y: 10, size: '30x8' });
    const mover = setInterval(() => {
      const step = Math.floor(Math.random() * 40);
      display.move(bank, step * 10, step * 8);
    }, 30);
    const frames = await watch({
      ...{ excluded: leftOut('bank'), recordings },
      isEnough: ({ length }) => length >= 12,
    });
    clearInterval(mover);
    for (const { data } of frames) expect(whitePixels(data) / 3).toBeLessThan(pointerPixels);
    const recording = (await recordings.find(videoId))!;
    const pieces = recording.from(0, 1000);
    const bytes = await Promise.all(pieces.map(({ id }) => recording.read(id)));
    const file = home.path('recorded.mp4');
    await writeFile(file, Buffer.concat([(await recording.readInit(0))!, ...bytes.map((b) => b!)]));
    await runFfmpeg(['-i', file, '-vf', 'format=gray', '-f', 'rawvideo', home.path('grey')]);
    const grey = await readFile(home.path('grey'));
    const pixels = screenSize.width * screenSize.height;
    expect(grey.length).toBeGreaterThanOrEqual(5 * pixels);
    for (let at = 0; at < grey.length; at += pixels) {
      expect(whitePixels(grey.subarray(at, at + pixels))).toBeLessThan(pointerPixels);
    }
  });
});

describe('what cannot be left out', () => {
  it('is not captured at all: a window that is on the list itself', async () => {
    await display.openTerminal('My Bank', ['4711']);
    const { parts } = await listScreens({ display: display.name }, tools, { signal: running });
    const { source } = parts.find(({ name }) => name === 'My Bank')!;
    const watching = watch({ excluded: leftOut('bank'), source, isEnough: () => true });
    await expect(watching).rejects.toMatchObject({ code: 'capture.excluded' });
  });

  it('ends with the display, as what cannot be looked at is not shown', async () => {
    const frames = watch({
      excluded: leftOut('bank'),
      isEnough: ({ length }) => {
        if (length === 2) void display.kill();
        return false;
      },
    });
    await expect(frames).rejects.toMatchObject({ code: 'capture.lost' });
  });

  it.each(['win32', 'darwin'] as const)('is refused on %s', async (platform) => {
    await using folder = await createTemporaryFolder();
    const script = 'case "$2" in -devices) printf " D  gdigrab x\\n D  avfoundation x\\n";; esac';
    const program = await writeScript(folder.path('ffmpeg'), script);
    const other = { ...tools, platform, ffmpeg: () => Promise.resolve(program) };
    const start = (excluded: ExcludedWindows) =>
      captureInput({ kind: 'screen' }, { frameRateFps, excluded }, other).locate({
        signal: running,
      });
    await expect(start(leftOut('bank'))).rejects.toMatchObject({ code: 'capture.cannotExclude' });
    // The editor's own window is no secret.
    await start({ names: [], own: { titleParts: ['Editor'] } });
  });
});

describe('what changes', () => {
  /** Of the lines that a terminal shows, whether the one at this place is written. */
  const isWritten = (
    { data, width }: Frame,
    [x, y, w, h]: readonly [number, number, number, number],
  ) =>
    Array.from({ length: h }, (_, row) =>
      data.subarray(((y + row) * width + x) * 3, ((y + row) * width + x + w) * 3),
    ).some((row) => row.some((value) => value < 100));
  // Right of the terminal's own cursor.
  const secondLine = [80, 72, 60, 12] as const;

  it.each([
    ['as the server tells', undefined],
    ['where the server does not tell', 'DAMAGE'],
  ])('is seen, and nothing of what is left out, %s', async (_what, lacks) => {
    await using other = await VirtualDisplay.start(lacks === undefined ? {} : { lacks });
    const code = await other.openTerminal('code', ['const answer = 42;']);
    const bank = await other.openTerminal('My Bank', ['4711'], secret);
    const frames = await watch({
      ...{ excluded: leftOut('bank'), source: { display: other.name } },
      isEnough: ({ length }) => {
        other.type(bank, '4711');
        if (length === 6) other.type(code, 'const other = 43;');
        return length >= 10;
      },
    });
    expect(isWritten(frames[4]!, secondLine)).toBe(false);
    expect(isWritten(frames.at(-1)!, secondLine)).toBe(true);
    for (const frame of frames) expect(brightest(frame, secretBox)).toBe(0);
  });

  it('is seen of a window that is captured alone, in part', async () => {
    const code = await display.openTerminal('code', ['const answer = 42;']);
    const { parts } = await listScreens({ display: display.name }, tools, { signal: running });
    const { source } = parts.find(({ name }) => name === 'code')!;
    const frames = await watch({
      ...{ excluded: leftOut('bank'), source: { ...source, box: [2, 10, 200, 100] } },
      isEnough: ({ length }) => {
        if (length === 4) display.type(code, 'const other = 43;');
        return length >= 8;
      },
    });
    const place = [38, 12, 60, 12] as const;
    expect(isWritten(frames[2]!, place)).toBe(false);
    expect(isWritten(frames.at(-1)!, place)).toBe(true);
  });

  it('is the name of a window: it is black from then on, though nothing was drawn', async () => {
    const page = await display.openTerminal('a page', ['4711'], secret);
    const frames = await watch({
      excluded: leftOut('bank'),
      isEnough: ({ length }) => {
        if (length === 3) display.rename(page, 'My Bank');
        return length >= 9;
      },
    });
    expect(brightest(frames[0]!, secretBox)).toBe(255);
    expect(brightest(frames.at(-1)!, secretBox)).toBe(0);
  });

  it('is what was left out when it has closed', async () => {
    await display.openTerminal('code', ['const answer = 42;']);
    const bank = await display.openTerminal('My Bank', ['4711'], { x: 40, y: 50, size: '60x12' });
    const frames = await watch({
      excluded: leftOut('bank'),
      isEnough: ({ length }) => {
        if (length === 2) void end(bank);
        return length >= 9;
      },
    });
    expect(brightest(frames[0]!, openBox)).toBe(0);
    expect(brightest(frames.at(-1)!, openBox)).toBe(255);
  });
});

it('keeps its connection for longer than it waits for one', async () => {
  await display.openTerminal('My Bank', ['4711']);
  const stallMs = 3000;
  const source = { kind: 'screen', display: display.name } as const;
  const options = { source, excluded: leftOut('bank'), stallMs, signal: running };
  let count = 0;
  for await (const picture of x11Pictures({ ...options, rateFps: 4, clock: systemClock })) {
    expect(picture.length).toBe(screenSize.width * screenSize.height * 4);
    if (++count > stallMs / 1000 + 2) break;
  }
});

it('leaves nothing behind when a terminal ends', async () => {
  const terminal = await display.openTerminal('My Bank', ['4711']);
  let shown = 0;
  await watch({
    excluded: leftOut('bank'),
    isEnough: ({ length }) => {
      if (length === 2) void end(terminal);
      return (shown = length) >= 4;
    },
  });
  expect(shown).toBeGreaterThanOrEqual(4);
});
