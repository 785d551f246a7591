import { describe, expect, it } from 'vitest';
import { readEarlierWatching } from '../../../daemon/assistant/earlierWatching.ts';
import { defaultGuidanceConfig } from '../../../daemon/assistant/guidance.ts';
import { Session } from '../../../daemon/assistant/session.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import type { VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import type { GuidanceRow, SessionStats } from '../../../protocol/index.ts';
import {
  passingSampler,
  ScriptedModel,
  scriptedScreen,
  scriptedSource,
} from '../../helpers/scriptedSession.ts';
import { emptyVideo } from './timelines.ts';

/** The model of a request that remembers whether it was let go. */
class RequestModel extends ScriptedModel {
  isFreed = false;
  override [Symbol.asyncDispose](): Promise<void> {
    this.isFreed = true;
    return Promise.resolve();
  }
}

interface Setup {
  readonly video: VideoTimeline;
  /** What is said unasked, by presentation time. */
  readonly replies?: Readonly<Record<number, string>>;
  /** What is said to each request. */
  readonly asked: Readonly<Record<string, Readonly<Record<number, string>>>>;
  readonly screen?: Readonly<Record<number, string>>;
  /** How what is said to a request at a frame ends; finished when left out. */
  readonly endings?: ScriptedModel['endings'];
  /** What is wanted from a frame on. */
  readonly wanted: Readonly<Record<number, readonly string[]>>;
  readonly stopAt?: number;
}

/** Watches twelve frames, or up to the one at which somebody stops it. */
async function watch({
  video,
  replies = {},
  asked,
  endings = {},
  screen = {},
  wanted,
  stopAt,
}: Setup) {
  video.beginIndexing();
  const earlier = readEarlierWatching(video, 60_000);
  const opened: { readonly request: string; readonly model: RequestModel }[] = [];
  const model = new ScriptedModel(replies);
  const stop = new AbortController();
  let stats: SessionStats | undefined;
  const append = model.appendFrame.bind(model);
  model.appendFrame = (frame, lines) => {
    if (frame.ptsMs === stopAt) stop.abort();
    stop.signal.throwIfAborted();
    const requests = wanted[frame.ptsMs];
    if (requests) session.adjust({ requests });
    return append(frame, lines);
  };
  const session = new Session({
    ...{ source: scriptedSource(12), sampler: passingSampler, model, cues: [], timeline: video },
    screen: scriptedScreen(screen),
    openRequest: (request) => {
      const listening = new RequestModel(asked[request] ?? {});
      listening.endings = endings;
      opened.push({ request, model: listening });
      return Promise.resolve(listening);
    },
    ...(earlier ? { earlier } : {}),
    listener: {
      row: () => undefined,
      stats: (newest) => {
        stats = newest;
      },
    },
    ...{ clock: systemClock, engineRestarts: () => 0 },
    config: {
      ...{ frameRateFps: 2, speed: 'max', sampledCapacity: 8, encodedCapacity: 16, visionBatch: 4 },
      ...{ speak: defaultSpeakConfig, guidance: defaultGuidanceConfig },
      resume: { warmUpMs: 2000 },
    },
  });
  await session.run({ signal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  video.endIndexing();
  return { opened, stats, model };
}

const said = (video: VideoTimeline) =>
  video
    .read({ kinds: ['guidance'] })
    .filter((row): row is GuidanceRow => row.kind === 'guidance')
    .map(({ atMs, text, request }) => [atMs, text, request]);

const pass = 'when the tests pass';

describe('a standing request', () => {
  it('is answered beside what is said unasked, and marked as asked for', async () => {
    using video = emptyVideo();
    const { opened, stats } = await watch({
      video: video.timeline,
      replies: { 1000: 'Opened app.py.' },
      screen: { 500: 'app.py' },
      asked: { [pass]: { 2000: 'The tests pass now.' } },
      wanted: { 0: [pass] },
    });
    expect(said(video.timeline)).toEqual([
      [1000, 'Opened app.py.', undefined],
      [2000, 'The tests pass now.', pass],
    ]);
    expect(opened.map(({ request }) => request)).toEqual([pass]);
    expect(opened[0]?.model.isFreed).toBe(true);
    expect(stats).toMatchObject({ guidanceCount: 2 });
  });

  it('hears what comes from then on, and is let go when nobody wants it any more', async () => {
    using video = emptyVideo();
    const { opened } = await watch({
      video: video.timeline,
      asked: { [pass]: { 500: 'Too early.', 2000: 'The tests pass now.', 4000: 'Too late.' } },
      wanted: { 1000: [pass], 3000: [] },
    });
    expect(said(video.timeline)).toEqual([[2000, 'The tests pass now.', pass]]);
    expect(opened[0]?.model.calls[0]).toBe('frame 1000');
    expect(opened[0]?.model.calls).not.toContain('frame 3000');
    expect(opened[0]?.model.isFreed).toBe(true);
  });

  it('lets what nobody asked for stay unheard, neither shown nor taken back', async () => {
    using video = emptyVideo();
    const { opened, stats } = await watch({
      video: video.timeline,
      asked: { [pass]: { 1000: 'Opened a file.', 2000: 'The tests pass now.' } },
      endings: { 1000: 'unasked' },
      wanted: { 0: [pass] },
    });
    expect(said(video.timeline)).toEqual([[2000, 'The tests pass now.', pass]]);
    expect(opened[0]?.model.calls).not.toContain('rollback');
    expect(stats).toMatchObject({ repliesUnfinished: 0 });
  });

  it('goes on listening when another one joins it', async () => {
    using video = emptyVideo();
    const { opened } = await watch({
      video: video.timeline,
      asked: { [pass]: { 4000: 'The tests pass now.' }, other: { 4000: 'They committed.' } },
      wanted: { 0: [pass], 1000: [pass, 'other'] },
    });
    expect(opened).toHaveLength(2);
    expect(said(video.timeline)).toHaveLength(2);
  });

  it('is one event with what is said unasked at the same frame', async () => {
    using video = emptyVideo();
    const { model, stats } = await watch({
      video: video.timeline,
      replies: { 2000: 'The tests pass now.' },
      asked: { [pass]: { 2000: 'The tests pass now.' } },
      wanted: { 0: [pass] },
    });
    expect(said(video.timeline)).toEqual([[2000, 'The tests pass now.', pass]]);
    expect(model.calls).toContain('rollback');
    expect(stats).toMatchObject({ repliesRepeated: 1 });
  });

  it('tells nothing twice when watching goes on, and knows what it has told', async () => {
    using video = emptyVideo();
    const asked = { [pass]: { 2000: 'The tests pass now.', 3000: 'The tests pass now.' } };
    const wanted = { 0: [pass], 1000: [pass] };
    await watch({ video: video.timeline, asked, wanted, stopAt: 3000 });
    const { opened } = await watch({ video: video.timeline, asked, wanted });
    expect(said(video.timeline)).toEqual([[2000, 'The tests pass now.', pass]]);
    expect(opened[0]?.model.calls).toContain('recite The tests pass now.');
  });
});
