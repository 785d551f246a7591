/** Screens: a real X server, a real window, a real ffmpeg. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import type { Frame, SourceGap } from '../../daemon/media/frameSource.ts';
import { LiveSource, liveLimits, type LiveLimits } from '../../daemon/media/liveSource.ts';
import { tryCapture } from '../../daemon/media/captureTrial.ts';
import {
  captureInput,
  listScreens,
  type CaptureTools,
  type ScreenCaptureConfig,
} from '../../daemon/media/screenCapture.ts';
import type { ScreenPart, ScreenSource } from '../../protocol/index.ts';
import { createTemporaryFolder, writeScript } from '../helpers/fixtures.ts';
import { end, screenSize, VirtualDisplay } from '../../scripts/virtualDisplay.ts';

const running = new AbortController().signal;
const tools: CaptureTools = {
  ...{ ffmpeg: () => Promise.resolve('ffmpeg'), clock: systemClock, platform: 'linux' },
};
const limits: LiveLimits = { ...liveLimits, backOffMs: [100], giveUpMs: 500, stallMs: 5000 };

async function watch(
  source: Omit<ScreenSource, 'kind'>,
  isEnough: (frames: readonly Frame[]) => boolean | Promise<boolean>,
  { signal = running, ...config }: Partial<ScreenCaptureConfig> & { signal?: AbortSignal } = {},
): Promise<{ frames: Frame[]; gaps: SourceGap[] }> {
  const frames: Frame[] = [];
  const gaps: SourceGap[] = [];
  const live = new LiveSource({
    ...captureInput({ kind: 'screen', ...source }, { frameRateFps: 2, ...config }, tools),
    ffmpeg: tools.ffmpeg,
    ...{ frameRateFps: 2, clock: systemClock, limits, onTrouble: () => undefined },
  });
  await live.probe({ signal });
  for await (const item of live.open({ signal })) {
    if (item.kind === 'frame') frames.push(item.frame);
    else gaps.push(item.gap);
    if (await isEnough(frames)) break;
  }
  return { frames, gaps };
}

const pixel = ({ data, width }: Frame, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

let display: VirtualDisplay;
beforeAll(async () => {
  display = await VirtualDisplay.start();
  await display.openTerminal('my "code"', ['const answer = 42;']);
});
afterAll(() => display[Symbol.asyncDispose]());
afterEach(() => {
  expect(display.captures()).toEqual([]);
});

const partOf = async (kind: ScreenPart['kind']): Promise<ScreenPart> => {
  const { parts } = await listScreens({ display: display.name }, tools, { signal: running });
  const part = parts.find((one) => one.kind === kind);
  if (!part) throw new Error(`no ${kind} is listed`);
  return part;
};

describe('a display', () => {
  it('is captured on the grid, in its own size', async () => {
    const { frames, gaps } = await watch({ display: display.name }, ({ length }) => length === 4);
    expect(frames.map(({ ptsMs }) => ptsMs)).toEqual([0, 500, 1000, 1500]);
    for (const { width, height, data } of frames) {
      expect({ width, height }).toEqual(screenSize);
      expect(data.length).toBe(width * height * 3);
    }
    // The terminal is white, and what is beside it is not.
    expect(pixel(frames[0]!, 300, 200)).toEqual([255, 255, 255]);
    expect(pixel(frames[0]!, 5, 5)).not.toEqual([255, 255, 255]);
    expect(gaps).toEqual([]);
  });

  it('is captured in part', async () => {
    const box = [200, 150, 64, 32] as const;
    const { frames } = await watch({ display: display.name, box }, ({ length }) => length === 1);
    expect(frames[0]).toMatchObject({ width: 64, height: 32 });
    expect(pixel(frames[0]!, 0, 31)).toEqual([255, 255, 255]);
  });

  it('is listed with its monitors and windows', async () => {
    const whole = [0, 0, screenSize.width, screenSize.height];
    expect(await partOf('display')).toMatchObject({ box: whole });
    expect(await partOf('monitor')).toMatchObject({ box: whole });
    expect(await partOf('window')).toMatchObject({ name: 'my "code"' });
  });
});

describe('a window', () => {
  it('is captured alone, and its end is the end', async () => {
    const terminal = await display.openTerminal('to be closed', ['x']);
    const { parts } = await listScreens({ display: display.name }, tools, { signal: running });
    const part = parts.find(({ name }) => name === 'to be closed')!;
    const { frames } = await watch(part.source, async ({ length }) => {
      if (length === 3) await end(terminal);
      return false;
    });
    expect(frames.length).toBeGreaterThanOrEqual(3);
    expect(frames[0]).toMatchObject({ width: part.box[2], height: part.box[3] });
  });

  it('that grows is captured in its new size', async () => {
    const terminal = await display.openTerminal('to grow', ['x'], { size: '20x5' });
    const { parts } = await listScreens({ display: display.name }, tools, { signal: running });
    const part = parts.find(({ name }) => name === 'to grow')!;
    const { frames, gaps } = await watch(part.source, (seen) => {
      if (seen.length === 3) display.resize(terminal, 40, 10);
      return seen.at(-1)!.width > seen[0]!.width || seen.length > 30;
    });
    await end(terminal);
    expect(frames[0]).toMatchObject({ width: part.box[2], height: part.box[3] });
    const { width, height, data } = frames.at(-1)!;
    expect(width).toBeGreaterThan(1.5 * part.box[2]);
    expect(data.length).toBe(width * height * 3);
    expect(gaps).toEqual([]);
  });

  it('that is not there is an error with words', async () => {
    const source = { display: display.name, window: '0x7fffff' };
    await expect(watch(source, () => true)).rejects.toMatchObject({
      code: 'capture.lost',
      message: 'This window is not there.',
    });
  });
});

describe('the doctor', () => {
  it('takes a picture of the display, and says by what', async () => {
    const found = await tryCapture({ display: display.name }, tools, { signal: running });
    expect(found.used).toBe('x11grab');
    expect(found.grabbers).toContain('x11grab');
  });

  it.each([
    ['no display is named', {}, 'DISPLAY'],
    ['there is no such display', { display: ':4711' }, ':4711'],
  ])('names what is missing: %s', async (_what, source, word) => {
    const trying = tryCapture(source, tools, { signal: running });
    await expect(trying).rejects.toThrow(word);
  });
});

describe('what cannot be captured', () => {
  it.each([
    ['no display is named', {}, 'capture.noDisplay'],
    ['there is no such display', { display: ':4711' }, 'capture.noDisplay'],
  ])('says so: %s', async (_what, source, code) => {
    await expect(watch(source, () => true)).rejects.toMatchObject({ code });
    await expect(listScreens(source, tools, { signal: running })).rejects.toMatchObject({ code });
  });

  it('says that this ffmpeg was built without it', async () => {
    await using folder = await createTemporaryFolder();
    const script = 'case "$2" in -devices) echo " D  lavfi   Libavfilter";; esac';
    const poor = await writeScript(folder.path('ffmpeg'), script);
    const listing = listScreens(
      { display: display.name },
      { ...tools, ffmpeg: () => Promise.resolve(poor) },
      { signal: running },
    );
    await expect(listing).rejects.toMatchObject({ code: 'capture.unsupported' });
  });

  it('says that the display went away, and tells the gap', async () => {
    await using other = await VirtualDisplay.start();
    const watching = watch({ display: other.name }, async ({ length }) => {
      if (length === 2) await other.kill();
      return false;
    });
    await expect(watching).rejects.toMatchObject({ code: 'capture.lost' });
  });

  it('leaves nothing behind when it is stopped', async () => {
    const controller = new AbortController();
    const stopped = watch(
      { display: display.name },
      () => {
        controller.abort();
        return false;
      },
      { signal: controller.signal },
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});
