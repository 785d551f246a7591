import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../daemon/base/clock.ts';
import { FrameSampler } from '../../../daemon/media/frameSampler.ts';
import type { SourceItem } from '../../../daemon/media/frameSource.ts';
import { mediaMs, wallMs } from '../../../protocol/index.ts';

/** A clock that only moves when someone sleeps or works. */
class StepClock implements Clock {
  ms = 1000;
  now = () => wallMs(this.ms);
  monotonicMs = () => this.ms;
  sleep = (ms: number, { signal }: { signal: AbortSignal }): Promise<void> => {
    signal.throwIfAborted();
    this.ms += ms;
    return Promise.resolve();
  };
}

const frameAt = (ptsMs: number, grey = ptsMs % 251, width = 1): SourceItem => ({
  kind: 'frame',
  frame: { ptsMs: mediaMs(ptsMs), width, height: 1, data: new Uint8Array(width * 3).fill(grey) },
});
const gapAt = (ms: number): SourceItem => ({
  kind: 'gap',
  gap: { startMs: mediaMs(ms), endMs: mediaMs(ms), reason: 'lost', isFailure: false },
});

// eslint-disable-next-line @typescript-eslint/require-await -- items that are at hand
async function* from(items: readonly SourceItem[]): AsyncGenerator<SourceItem> {
  yield* items;
}

const never = new AbortController().signal;

/** Watches at 2 fps with a consumer that works `workMs` on each frame. @returns `pts@clock` of each and the drops. */
async function watch(
  speed: 'max' | 'realtime',
  items: readonly SourceItem[],
  workMs: readonly number[] = [],
  paceFromMs = 0,
): Promise<{ seen: string; dropped: number }> {
  const clock = new StepClock();
  const pace = { speed, frameRateFps: 2, paceFromMs: mediaMs(paceFromMs) };
  const sampler = new FrameSampler({ ...pace, clock });
  const seen: string[] = [];
  for await (const item of sampler.sample(from(items), { signal: never })) {
    const at = clock.ms - 1000;
    seen.push(item.kind === 'gap' ? `gap@${at}` : `${item.frame.ptsMs}@${at}`);
    if (item.kind === 'frame') clock.ms += workMs[seen.length - 1] ?? 0;
  }
  return { seen: seen.join(' '), dropped: sampler.dropped };
}

describe('pace', () => {
  const five = [0, 500, 1000, 1500, 2000].map((ptsMs) => frameAt(ptsMs));

  it('does not wait at full speed and drops nothing', async () => {
    const { seen, dropped } = await watch('max', five, [9000]);
    expect([seen, dropped]).toEqual(['0@0 500@9000 1000@9000 1500@9000 2000@9000', 0]);
  });

  it('hurries through what is only looked back at', async () => {
    const { seen, dropped } = await watch('realtime', five, [300, 0, 800], 1000);
    expect([seen, dropped]).toEqual(['0@0 500@300 1000@300 1500@1100 2000@1300', 0]);
  });

  it('gives no frame before its time', async () => {
    const { seen, dropped } = await watch('realtime', five);
    expect([seen, dropped]).toEqual(['0@0 500@500 1000@1000 1500@1500 2000@2000', 0]);
  });

  it('counts from the first frame', async () => {
    const { seen } = await watch('realtime', [frameAt(700), frameAt(1200)]);
    expect(seen).toBe('700@0 1200@500');
  });

  it('lets a consumer be late by less than a frame', async () => {
    const { seen, dropped } = await watch('realtime', five, [900]);
    expect([seen, dropped]).toEqual(['0@0 500@900 1000@1000 1500@1500 2000@2000', 0]);
  });

  it('gives the newest of the late ones and counts the others', async () => {
    const { seen, dropped } = await watch('realtime', five, [1600]);
    expect([seen, dropped]).toEqual(['0@0 1500@1600 2000@2000', 2]);
  });

  it('gives the last frame however late it is', async () => {
    const { seen, dropped } = await watch('realtime', five, [9000]);
    expect([seen, dropped]).toEqual(['0@0 2000@9000', 3]);
  });

  it('never drops a gap and keeps the order', async () => {
    const items = [frameAt(0), frameAt(500), gapAt(1000), frameAt(1000), frameAt(1500)];
    const { seen, dropped } = await watch('realtime', items, [5000]);
    expect([seen, dropped]).toEqual(['0@0 500@5000 gap@5000 1500@5000', 1]);
  });

  it('ends with the signal', async () => {
    const controller = new AbortController();
    const sampler = new FrameSampler({
      speed: 'realtime',
      frameRateFps: 2,
      clock: new StepClock(),
    });
    const items = sampler.sample(from(five), { signal: controller.signal });
    await items.next();
    controller.abort();
    await expect(items.next()).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('repeats', () => {
  async function repeats(items: readonly SourceItem[]): Promise<boolean[]> {
    const sampler = new FrameSampler({ speed: 'max', frameRateFps: 2, clock: new StepClock() });
    const marks: boolean[] = [];
    for await (const item of sampler.sample(from(items), { signal: never })) {
      if (item.kind === 'frame') marks.push(item.isRepeat);
    }
    return marks;
  }

  it('marks frames that equal the one before', async () => {
    const items = [frameAt(0, 7), frameAt(500, 7), frameAt(1000, 8), frameAt(1500, 7)];
    expect(await repeats(items)).toEqual([false, true, false, false]);
  });

  it('sees one changed value', async () => {
    const changed = frameAt(500, 7, 1000);
    if (changed.kind === 'frame') changed.frame.data[2999] = 8;
    expect(await repeats([frameAt(0, 7, 1000), changed])).toEqual([false, false]);
  });

  it('sees another size', async () => {
    expect(await repeats([frameAt(0, 7, 2), frameAt(500, 7, 3)])).toEqual([false, false]);
  });
});
