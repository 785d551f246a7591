/** A session with something that does not wait: the newest frames win, every drop is counted, nothing that was read is lost. */
import { describe, expect, it } from 'vitest';
import { defaultGuidanceConfig } from '../../../daemon/assistant/guidance.ts';
import { Session, type SessionParts } from '../../../daemon/assistant/session.ts';
import type { ScreenReader } from '../../../daemon/assistant/screenReader.ts';
import { AppError } from '../../../daemon/base/errors.ts';
import { systemClock, type Clock } from '../../../daemon/base/clock.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import { FrameSampler } from '../../../daemon/media/frameSampler.ts';
import type { FrameSource, SourceItem } from '../../../daemon/media/frameSource.ts';
import { Stillness } from '../../../daemon/perception/stillness.ts';
import { mediaMs, wallMs, type SessionStats, type WallMs } from '../../../protocol/index.ts';
import {
  emptyUpdate,
  MemoryTimeline,
  ScriptedModel,
  scriptedScreen,
} from '../../helpers/scriptedSession.ts';

const running = new AbortController().signal;

/** Its time stands where the test puts it. */
class StandingClock implements Clock {
  atMs = 0;
  now(): WallMs {
    return wallMs(1_000_000 + this.atMs);
  }
  monotonicMs(): number {
    return this.atMs;
  }
  sleep(): Promise<void> {
    return new Promise(() => undefined);
  }
}

const frameAt = (ptsMs: number, grey = ptsMs): SourceItem => ({
  kind: 'frame',
  frame: { ptsMs: mediaMs(ptsMs), width: 1, height: 1, data: new Uint8Array(3).fill(grey / 100) },
});
const gapTo = (startMs: number, endMs: number): SourceItem => ({
  kind: 'gap',
  gap: {
    ...{ startMs: mediaMs(startMs), endMs: mediaMs(endMs) },
    ...{ reason: 'silence', isFailure: false },
  },
});

/** Gives everything at once, then waits for `end`. */
function sourceOf(items: readonly SourceItem[], end: Promise<unknown>): FrameSource {
  return {
    probe: () => Promise.resolve({ width: 1, height: 1 }),
    async *open() {
      for (const item of items) yield item;
      await end;
    },
  };
}

function setUp(items: readonly SourceItem[], more: Partial<SessionParts> = {}) {
  const clock = new StandingClock();
  const model = new ScriptedModel({});
  const timeline = new MemoryTimeline();
  const end = Promise.withResolvers<undefined>();
  const began: number[] = [];
  let stats: SessionStats | undefined;
  const session = new Session({
    source: sourceOf(items, end.promise),
    sampler: new FrameSampler({ speed: 'max', frameRateFps: 2, clock }),
    ...{ model, timeline, screen: scriptedScreen({}), cues: [], clock, engineRestarts: () => 0 },
    stillness: new Stillness(),
    listener: {
      row: () => undefined,
      stats: (newest) => {
        stats = newest;
      },
    },
    onBegin: (startedMs) => {
      began.push(startedMs);
    },
    config: {
      ...{ frameRateFps: 2, speed: 'realtime', speak: defaultSpeakConfig },
      ...{ guidance: defaultGuidanceConfig, resume: { warmUpMs: 1000 } },
      ...{ sampledCapacity: 2, encodedCapacity: 4, visionBatch: 1, live: { maxLagMs: 10_000 } },
    },
    ...more,
  });
  return { session, clock, model, timeline, end, began, stats: () => stats };
}

/** A reader that waits for the test before its first frame. */
function slowReader(inner: ScreenReader, ready: Promise<unknown>): ScreenReader {
  return {
    read: async (frame, options) => {
      await ready;
      return inner.read(frame, options);
    },
    finish: () => inner.finish(),
  };
}

const macrotask = (): Promise<void> => systemClock.sleep(0, { signal: running });

/** A model on a server that goes away at a frame, and is back when the test says so. */
class AwayModel extends ScriptedModel {
  absence: string | undefined;
  readonly #goesAt: number;

  constructor(goesAt: number) {
    super({});
    this.#goesAt = goesAt;
  }

  override appendFrame(...args: Parameters<ScriptedModel['appendFrame']>) {
    if (args[0].ptsMs !== this.#goesAt) return super.appendFrame(...args);
    this.absence = 'The server was away.';
    return Promise.reject(new AppError('endpoint.away'));
  }
}

describe('a server that goes away', () => {
  const watch = (model: AwayModel, back: number) =>
    setUp([], {
      model,
      screen: scriptedScreen({ 0: 'one', 1500: 'two', 2500: 'three', 4500: 'four' }),
      source: {
        probe: () => Promise.resolve({ width: 1, height: 1 }),
        async *open() {
          for (let at = 0; at <= 6000; at += 500) {
            if (at === back) model.absence = undefined;
            yield frameAt(at);
            for (let turn = 0; turn < 4; turn++) await macrotask();
          }
        },
      },
    });

  it('loses nothing of what is live: it is read all the same, and the stretch is a gap', async () => {
    const model = new AwayModel(1000);
    const { session, timeline, stats } = watch(model, 4000);
    await session.run({ signal: running });
    const seen = model.calls
      .filter((call) => call.startsWith('frame'))
      .map((call) => call.slice(6));
    expect(seen).toEqual(['0 one', '500', '4000', '4500 four', '5000', '5500', '6000']);
    const texts = timeline.rows.flatMap((row) => (row.kind === 'screenText' ? [row.text] : []));
    expect(texts).toEqual(['one', 'two', 'three', 'four']);
    expect(timeline.rows.filter(({ kind }) => kind === 'gap')).toMatchObject([
      { startMs: 1000, endMs: 4000, reason: 'The server was away.' },
    ]);
    expect(stats()).toMatchObject({ framesSeen: 7, droppedBy: { behind: 6 } });
  });
});

describe('what is live', () => {
  it('is seen at its newest when perception is slow, and what was left out is counted', async () => {
    const ready = Promise.withResolvers<undefined>();
    const items = [0, 500, 1000, 1500, 2000, 2500].map((at) => frameAt(at));
    const screen = slowReader(scriptedScreen({}), ready.promise);
    const { session, model, end, stats, timeline } = setUp(items, { screen });
    const run = session.run({ signal: running });
    await macrotask();
    ready.resolve(undefined);
    end.resolve(undefined);
    await expect(run).resolves.toMatchObject({ isWhole: true, durationMs: 2500 });
    expect(model.calls).toEqual(['frame 0', 'frame 2000', 'frame 2500']);
    expect(stats()).toMatchObject({ framesDropped: 3, framesSeen: 3 });
    // Behind what was left out the rows count all the same: nobody can see it another time.
    expect(timeline.watchedMs).toBe(2500);
  });

  it('is spared the decoder where nothing is new to read while a reply goes on, never where text is', async () => {
    const spoken = Promise.withResolvers<undefined>();
    const model = new ScriptedModel({ 0: 'Hello.' });
    model.onReply = () => spoken.promise;
    const { session, stats } = setUp([], {
      model,
      screen: scriptedScreen({ 1500: 'app.py', 3500: 'done' }),
      source: {
        probe: () => Promise.resolve({ width: 1, height: 1 }),
        async *open() {
          for (let at = 0; at <= 6000; at += 500) {
            yield frameAt(at);
            // Perception keeps up: the reply alone is slow.
            await macrotask();
            await macrotask();
          }
          spoken.resolve(undefined);
        },
      },
    });
    await session.run({ signal: running });
    const lines = model.calls.filter((call) => /app\.py|done/.test(call));
    expect(lines).toEqual(['frame 1500 app.py', 'frame 3500 done']);
    expect(stats()!.droppedBy.still).toBeGreaterThan(0);
    expect(stats()!.framesSeen + stats()!.framesDropped).toBe(13);
  });

  it('knows when it began, and how old what it sees is', async () => {
    const { session, clock, end, began, stats } = setUp([frameAt(0), frameAt(500)]);
    clock.atMs = 250;
    const run = session.run({ signal: running });
    await macrotask();
    end.resolve(undefined);
    await run;
    expect(began).toEqual([1_000_250]);
    expect(stats()).toMatchObject({ startedMs: 1_000_250, positionMs: 500, lagMs: 0 });
  });

  it('repeats only what was looked at: a frame between may have been left out', async () => {
    const ready = Promise.withResolvers<undefined>();
    const repeats: string[] = [];
    const inner = scriptedScreen({});
    const screen: ScreenReader = {
      read: async (frame, options) => {
        await ready.promise;
        repeats.push(`${frame.ptsMs} ${options.isRepeat ? 'repeat' : 'new'}`);
        return inner.read(frame, options);
      },
      finish: () => inner.finish(),
    };
    // The picture changes with a frame that is dropped; the last one differs by noise.
    const items = [frameAt(0, 0), frameAt(500, 9000), frameAt(1000, 9000), frameAt(1500, 9100)];
    const { session, end, stats } = setUp(items, { screen });
    const run = session.run({ signal: running });
    await macrotask();
    ready.resolve(undefined);
    end.resolve(undefined);
    await run;
    expect(repeats).toEqual(['0 new', '1000 new', '1500 repeat']);
    expect(stats()).toMatchObject({ framesStill: 1, framesDropped: 1, droppedBy: { unseen: 1 } });
  });

  it('ends lines at a gap, and reads them again behind it', async () => {
    const { session, timeline, end } = setUp([frameAt(0), gapTo(500, 9000), frameAt(9000)], {
      screen: scriptedScreen({ 0: 'app.py', 9000: 'app.py' }),
    });
    const run = session.run({ signal: running });
    await macrotask();
    end.resolve(undefined);
    await run;
    const told = timeline.rows.map(({ kind, startMs, endMs }) => `${kind} ${startMs}–${endMs}`);
    expect(told).toEqual(['screenText 0–500', 'gap 500–9000', 'screenText 9000–9000']);
  });

  it('goes on at what is live when the decoder has fallen too far behind', async () => {
    const items = [frameAt(0), frameAt(500), frameAt(1000)];
    const { session, clock, model, timeline, end, stats } = setUp(items, {
      screen: scriptedScreen({ 500: 'app.py' }),
      config: {
        ...{ frameRateFps: 2, speed: 'realtime', speak: defaultSpeakConfig },
        ...{ guidance: defaultGuidanceConfig, resume: { warmUpMs: 1000 } },
        ...{ sampledCapacity: 8, encodedCapacity: 8, visionBatch: 1, live: { maxLagMs: 10_000 } },
      },
    });
    const append = model.appendFrame.bind(model);
    model.appendFrame = async (frame, lines) => {
      // The first frame takes a quarter of a minute.
      await macrotask();
      await macrotask();
      if (frame.ptsMs === 0) clock.atMs = 15_000;
      return append(frame, lines);
    };
    const run = session.run({ signal: running });
    await macrotask();
    end.resolve(undefined);
    await run;
    expect(model.calls).toEqual(['frame 0', 'frame 1000']);
    const rows = timeline.rows.map(({ kind, startMs, endMs }) => `${kind} ${startMs}–${endMs}`);
    // What was read meanwhile is kept, and its line goes on.
    expect(rows[0]).toMatch(/^screenText 500–/);
    expect(rows[1]).toBe('gap 500–1000');
    expect(stats()).toMatchObject({ framesDropped: 1, droppedBy: { behind: 1 }, lagMs: 14_000 });
  });

  it('tells what nobody looked at as a gap, when it was long', async () => {
    const ready = Promise.withResolvers<undefined>();
    const items = Array.from({ length: 12 }, (_, index) => frameAt(index * 500, index * 9000));
    const screen = slowReader(scriptedScreen({ 0: 'app.py' }), ready.promise);
    const { session, timeline, end } = setUp(items, { screen });
    const run = session.run({ signal: running });
    await macrotask();
    ready.resolve(undefined);
    end.resolve(undefined);
    await run;
    const rows = timeline.rows.map(({ kind, startMs, endMs }) => `${kind} ${startMs}–${endMs}`);
    expect(rows).toEqual(['screenText 0–0', 'gap 500–5000']);
  });

  it('tells that nothing comes for as long as nothing comes', async () => {
    const clock = new StandingClock();
    const pulses: (() => void)[] = [];
    clock.sleep = () =>
      new Promise((resolve) => {
        pulses.push(resolve);
      });
    const told: string[] = [];
    const { session, end } = setUp([frameAt(0)], {
      clock,
      listener: {
        row: () => undefined,
        stats: ({ framesSeen, lagMs, silentMs }) => {
          told.push(`${framesSeen} seen, lag ${lagMs}, silent for ${silentMs}`);
        },
      },
    });
    const run = session.run({ signal: running });
    await macrotask();
    for (const atMs of [1000, 2000, 3000]) {
      clock.atMs = atMs;
      pulses.shift()!();
      await macrotask();
    }
    end.resolve(undefined);
    await run;
    // By the first pulse a frame was seen.
    expect(told).toEqual([
      '1 seen, lag 0, silent for 0',
      '1 seen, lag 2000, silent for 2000',
      '1 seen, lag 3000, silent for 3000',
    ]);
  });

  it('looks at no frame before what it brings can be stored, and tells what it could not look at', async () => {
    const room = Promise.withResolvers<undefined>();
    const items = [0, 500].map((at) => frameAt(at));
    const wait = { wait: () => room.promise };
    const { session, model, clock, timeline, end } = setUp(items, { room: wait });
    const run = session.run({ signal: running });
    await macrotask();
    await macrotask();
    expect(model.calls).toEqual([]);
    clock.atMs = 30_000;
    room.resolve(undefined);
    end.resolve(undefined);
    await run;
    expect(model.calls).toHaveLength(1);
    expect(timeline.rows.filter(({ kind }) => kind === 'gap')).toHaveLength(1);
  });

  it('keeps what only the last frames have shown when it is stopped', async () => {
    const controller = new AbortController();
    const finished: string[] = [];
    const inner = scriptedScreen({});
    const screen: ScreenReader = {
      read: (frame, options) => inner.read(frame, options),
      finish: () => {
        finished.push('finished');
        return emptyUpdate;
      },
    };
    const { session, timeline, end } = setUp([frameAt(0), frameAt(500)], { screen });
    const run = session.run({ signal: controller.signal });
    await macrotask();
    await macrotask();
    controller.abort();
    end.reject(controller.signal.reason as Error);
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(finished).toEqual(['finished']);
    expect(timeline.watchedMs).toBe(500);
  });
});
