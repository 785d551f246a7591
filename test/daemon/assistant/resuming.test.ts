import { describe, expect, it } from 'vitest';
import { readEarlierWatching } from '../../../daemon/assistant/earlierWatching.ts';
import { defaultGuidanceConfig } from '../../../daemon/assistant/guidance.ts';
import { Session } from '../../../daemon/assistant/session.ts';
import { TrackedScreenReader } from '../../../daemon/assistant/trackedScreenReader.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import type { ScreenLine } from '../../../daemon/perception/perception.ts';
import {
  defaultTrackerConfig,
  ScreenTextTracker,
} from '../../../daemon/perception/screenTextTracker.ts';
import type { VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { mediaMs, type SessionStats, type TimelineRow } from '../../../protocol/index.ts';
import { passingSampler, ScriptedModel, scriptedSource } from '../../helpers/scriptedSession.ts';
import { emptyVideo } from './timelines.ts';

const frameMs = 500;
const frames = 20;

/** What stands on screen from … to (exclusive), in frames. The second `go()` stands further down; `def run` comes back. */
const lines: readonly (readonly [text: string, from: number, to: number])[] = [
  ['app.py', 0, 20],
  ['def run(): pass', 1, 9],
  ['go()', 2, 7],
  ['go()', 4, 20],
  ['test_app.py', 8, 20],
  ['1 passed', 13, 16],
  ['def run(): pass', 12, 18],
];
const screenAt = (frame: number): ScreenLine[] =>
  lines.flatMap(([text, from, to], row) =>
    frame >= from && frame < to
      ? [
          {
            text,
            box: { x: 10, y: 40 * row, width: 90, height: 16 },
            confidence: 0.9,
            indentColumns: 0,
            region: 'editor' as const,
          },
        ]
      : [],
  );
const replies = {
  1500: 'Opened app.py.',
  4500: 'Opened test_app.py.',
  5000: 'Opened test_app.py.',
  7000: 'Tests pass.',
};
const cues = [0, 2000, 6200, 9900].map((startMs) => ({
  ...{ startMs: mediaMs(startMs), endMs: mediaMs(startMs + 400) },
  text: `caption ${startMs}`,
}));

interface Watched {
  readonly model: ScriptedModel;
  readonly told: readonly TimelineRow[];
  readonly stats: SessionStats | undefined;
  readonly isWhole: boolean;
}

/** Watches the video, on from where it was left. @param stopAt the frame at which somebody stops it. @param hole one that is dropped */
async function watch(
  video: VideoTimeline,
  { stopAt = Infinity, screen = screenAt, hole = -1, captions = cues } = {},
): Promise<Watched> {
  video.beginIndexing();
  const earlier = readEarlierWatching(video, 60_000);
  const model = new ScriptedModel(replies);
  const told: TimelineRow[] = [];
  let stats: SessionStats | undefined;
  const stop = new AbortController();
  const append = model.appendFrame.bind(model);
  model.appendFrame = async (frame, texts) => {
    if (frame.ptsMs === stopAt * frameMs) stop.abort();
    stop.signal.throwIfAborted();
    return append(frame, texts);
  };
  const session = new Session({
    source: scriptedSource(frames),
    sampler: {
      dropped: hole < 0 ? 0 : 1,
      async *sample(items, options) {
        for await (const item of passingSampler.sample(items, options)) {
          if (item.kind === 'gap' || item.frame.ptsMs !== hole * frameMs) yield item;
        }
      },
    },
    model,
    screen: new TrackedScreenReader({
      reader: {
        readLines: ({ ptsMs }) => Promise.resolve(screen(ptsMs / frameMs)),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      tracker: new ScreenTextTracker({
        ...{ ...defaultTrackerConfig, minConfidence: 0.5, stableFrames: 2 },
      }),
    }),
    cues: captions,
    timeline: video,
    ...(earlier ? { earlier } : {}),
    listener: {
      row: (row) => {
        told.push(row);
      },
      stats: (newest) => {
        stats = newest;
      },
    },
    clock: systemClock,
    engineRestarts: () => 0,
    config: {
      ...{ frameRateFps: 2, speed: 'max', sampledCapacity: 8, encodedCapacity: 16, visionBatch: 4 },
      ...{ speak: defaultSpeakConfig, guidance: defaultGuidanceConfig },
      resume: { warmUpMs: 2000 },
    },
  });
  const end = await session.run({ signal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    return undefined;
  });
  if (end?.isWhole) video.markComplete(end.durationMs);
  else video.endIndexing();
  return { model, told, stats, isWhole: end?.isWhole === true };
}

/** Everything of the rows but their ids. */
const essence = (rows: readonly TimelineRow[]): string[] =>
  rows
    .map((row) =>
      [
        ...[row.startMs, row.endMs, row.kind, 'text' in row ? row.text : ''],
        ...(row.kind === 'screenText' ? row.windows : []),
      ].join(' '),
    )
    .sort();

async function undisturbed(): Promise<string[]> {
  using video = emptyVideo();
  await watch(video.timeline);
  return essence(video.timeline.read({}));
}

describe('a watching that goes on', () => {
  it.each(Array.from({ length: frames }, (_, frame) => frame))(
    'leaves the rows of one that was never stopped, stopped at frame %i',
    async (stopAt) => {
      using video = emptyVideo();
      const { timeline } = video;
      const first = await watch(timeline, { stopAt });
      const before = timeline.read({});
      expect(timeline.isComplete).toBe(false);
      const second = await watch(timeline);
      expect(second).toMatchObject({ isWhole: true, stats: { framesSeen: frames - stopAt } });
      expect(essence(timeline.read({}))).toEqual(await undisturbed());
      const ids = timeline.read({}).map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
      // Each row was told by the one or the other, the line that comes back a second time.
      const told = [...first.told, ...second.told].map(({ id }) => id);
      expect(new Set(told)).toEqual(new Set(ids));
      expect(told).toHaveLength(ids.length + 1);
    },
  );

  it('may be stopped again and again, even before it has seen anything new', async () => {
    using video = emptyVideo();
    for (const stopAt of [5, 3, 6, 7, 7, 15]) await watch(video.timeline, { stopAt });
    await watch(video.timeline);
    expect(essence(video.timeline.read({}))).toEqual(await undisturbed());
  });

  it('shows the model the last stretch again with what it said there, and asks for nothing', async () => {
    using video = emptyVideo();
    await watch(video.timeline, { stopAt: 10 });
    const { model } = await watch(video.timeline);
    expect(model.calls.slice(0, 7)).toEqual([
      'frame 3000',
      'frame 3500 app.py|def run(): pass|go()',
      'frame 4000',
      'frame 4500 test_app.py',
      'recite Opened test_app.py.',
      'frame 5000',
      'reply finished',
    ]);
    // Said just before the stop: it is not said again.
    expect(model.calls[7]).toBe('rollback');
  });

  it('ends a line that it does not find again where it was left, and begins one that it reads otherwise', async () => {
    using video = emptyVideo();
    await watch(video.timeline, { stopAt: 6 });
    const screen = (frame: number): ScreenLine[] =>
      screenAt(frame).map((line) =>
        line.text === 'app.py' ? { ...line, text: 'app.py x' } : line,
      );
    await watch(video.timeline, { screen });
    const found = video.timeline
      .read({ kinds: ['screenText'] })
      .flatMap((row) => ('text' in row && row.text.startsWith('app.py') ? [row] : []));
    expect(found).toMatchObject([
      { text: 'app.py', startMs: 0, endMs: 2500 },
      { text: 'app.py x', startMs: 3000, endMs: 10_000 },
    ]);
  });

  it('has one row for a line that comes back, with both windows', async () => {
    using video = emptyVideo();
    await watch(video.timeline, { stopAt: 10 });
    await watch(video.timeline);
    const found = video.timeline
      .read({ kinds: ['screenText'] })
      .filter((row) => 'text' in row && row.text === 'def run(): pass');
    const windows = [
      [500, 4000],
      [6000, 8500],
    ];
    expect(found).toMatchObject([{ startMs: 500, endMs: 8500, windows }]);
  });

  it('sees again what an earlier watching had to drop, and all that followed', async () => {
    using video = emptyVideo();
    expect((await watch(video.timeline, { hole: 8 })).isWhole).toBe(false);
    expect(video.timeline.watchedMs).toBe(3500);
    // What was open before the hole stays open, and what was gone does not come back on its row.
    const kept = video.timeline.read({ kinds: ['screenText'], toMs: mediaMs(3500) });
    expect(video.timeline.openLines().map(({ id }) => id)).toEqual(
      expect.arrayContaining(kept.filter(({ endMs }) => endMs >= 3500).map(({ id }) => id)),
    );
    const again = await watch(video.timeline);
    expect(again).toMatchObject({ isWhole: true, stats: { framesSeen: 12 } });
    expect(essence(video.timeline.read({}))).toEqual(await undisturbed());
  });

  it('tells captions that came beside the video in the meantime', async () => {
    using video = emptyVideo();
    await watch(video.timeline, { stopAt: 10, captions: cues.slice(1) });
    await watch(video.timeline);
    expect(essence(video.timeline.read({}))).toEqual(await undisturbed());
  });
});
