import { describe, expect, it, vi } from 'vitest';
import { defaultGuidanceConfig } from '../../../daemon/assistant/guidance.ts';
import {
  Session,
  type SessionConfig,
  type SessionParts,
} from '../../../daemon/assistant/session.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import type { SampledItem } from '../../../daemon/media/frameSampler.ts';
import type { SourceItem } from '../../../daemon/media/frameSource.ts';
import type { SessionStats, TimelineRow } from '../../../protocol/index.ts';
import { mediaMs } from '../../../protocol/index.ts';
import {
  MemoryTimeline,
  passingSampler,
  ScriptedModel,
  scriptedScreen,
  scriptedSource,
} from '../../helpers/scriptedSession.ts';

interface Setup {
  readonly frames: number;
  readonly gapAfter?: number;
  readonly isFailure?: boolean;
  /** What the model says, by presentation time. */
  readonly replies?: Readonly<Record<number, string>>;
  readonly screen?: Readonly<Record<number, string>>;
  readonly speed?: 'max' | 'realtime';
  readonly parts?: Partial<SessionParts>;
}

const config: SessionConfig = {
  frameRateFps: 2,
  speed: 'max',
  sampledCapacity: 8,
  encodedCapacity: 16,
  visionBatch: 4,
  speak: defaultSpeakConfig,
  guidance: defaultGuidanceConfig,
  resume: { warmUpMs: 1000 },
};

function setUp(setup: Setup) {
  const {
    frames,
    gapAfter,
    isFailure = false,
    replies = {},
    screen = {},
    speed = 'max',
    parts = {},
  } = setup;
  const model = new ScriptedModel(replies);
  const timeline = new MemoryTimeline();
  const heard: TimelineRow[] = [];
  let stats: SessionStats | undefined;
  const session = new Session({
    source: scriptedSource(frames, { gapAfter, isFailure }),
    sampler: passingSampler,
    model,
    screen: scriptedScreen(screen),
    cues: [],
    timeline,
    listener: {
      row: (row) => {
        heard.push(row);
      },
      stats: (newest) => {
        stats = newest;
      },
    },
    clock: systemClock,
    engineRestarts: () => 0,
    config: { ...config, speed },
    ...parts,
  });
  return { session, model, timeline, heard, stats: () => stats };
}

const running = new AbortController().signal;
const guidanceOf = (rows: readonly TimelineRow[]) =>
  rows.flatMap((row) => (row.kind === 'guidance' ? [[row.atMs, row.text]] : []));

describe('a session', () => {
  it('feeds every frame with its new text in order and says what the model says', async () => {
    const { session, model, timeline, heard } = setUp({
      frames: 5,
      screen: { 500: 'app.py' },
      replies: { 1000: 'Opened app.py.' },
    });
    const end = await session.run({ signal: running });
    expect(end).toEqual({ durationMs: 2500, isWhole: true });
    expect(model.calls).toEqual([
      'frame 0',
      'frame 500 app.py',
      'frame 1000',
      'reply finished',
      'frame 1500',
      'frame 2000',
    ]);
    expect(guidanceOf(timeline.rows)).toEqual([[1000, 'Opened app.py.']]);
    expect(heard.map((row) => row.id)).toEqual([1, 2]);
  });

  it('cites the line that a sentence rests on, and closes lines when they leave', async () => {
    const { session, timeline } = setUp({
      frames: 6,
      screen: { 500: 'app.py', 1500: 'done' },
      replies: { 1000: 'Opened app.py.' },
    });
    await session.run({ signal: running });
    const [line, guidance, next] = timeline.rows;
    expect(line).toMatchObject({ kind: 'screenText', startMs: 500, endMs: 1500 });
    expect(guidance).toMatchObject({ startMs: 500, endMs: 1000, evidence: [line?.id] });
    // The end of the video ends it.
    expect(next).toMatchObject({ text: 'done', startMs: 1500, endMs: 1500 });
  });

  it('takes an invented name back out of the sequence and shows nothing', async () => {
    const { session, model, timeline } = setUp({ frames: 3, replies: { 500: 'Opened ghost.py.' } });
    await session.run({ signal: running });
    expect(guidanceOf(timeline.rows)).toEqual([]);
    expect(model.calls).toContain('rollback');
  });

  it('takes back what it was not sure of, and counts what it does not show', async () => {
    const { session, model, timeline, stats } = setUp({
      frames: 6,
      replies: { 500: 'Tests pass.', 1500: 'Opened ghost.py.', 2500: 'Started debugging.' },
      parts: { config: { ...config, guidance: { ...defaultGuidanceConfig, minLikelihood: 0.3 } } },
    });
    model.likelihoods = { 500: 0.2, 1500: 0.9, 2500: 0.3 };
    await session.run({ signal: running });
    expect(guidanceOf(timeline.rows)).toEqual([[2500, 'Started debugging.']]);
    expect(model.calls.filter((call) => call === 'rollback')).toHaveLength(2);
    expect(stats()).toMatchObject({ guidanceCount: 1, repliesWithheld: 1, repliesUngrounded: 1 });
  });

  it('speaks more or less from the next frame on when its manner is changed', async () => {
    const said = { 500: 'One.', 1500: 'Two.', 2500: 'Three.' };
    const { session, model, timeline } = setUp({ frames: 7, replies: said });
    // The scripted model speaks at 0.1: below 0.5, not below what is left of it at the quietest.
    const append = model.appendFrame.bind(model);
    model.appendFrame = (frame, lines) => {
      if (frame.ptsMs === 1000) session.adjust({ chattiness: 'quietest' });
      if (frame.ptsMs === 2000) session.adjust({ chattiness: 'chattiest' });
      return append(frame, lines);
    };
    await session.run({ signal: running });
    expect(guidanceOf(timeline.rows)).toEqual([
      [500, 'One.'],
      [2500, 'Three.'],
    ]);
  });

  it('says since when the text on screen stands still', async () => {
    const { session, stats } = setUp({ frames: 6, screen: { 500: 'app.py', 1500: 'done' } });
    await session.run({ signal: running });
    expect(stats()).toMatchObject({ positionMs: 2500, textChangedMs: 1500 });
  });

  it('counts what it says and does not bring to an end', async () => {
    const { session, model, timeline, stats } = setUp({
      frames: 6,
      replies: { 500: 'Tests tests tests', 1500: 'Tests pass and pass and', 2500: 'Tests pass.' },
    });
    model.endings = { 500: 'looping', 1500: 'cut' };
    await session.run({ signal: running });
    expect(guidanceOf(timeline.rows)).toEqual([[2500, 'Tests pass.']]);
    expect(stats()).toMatchObject({ guidanceCount: 1, repliesUnfinished: 2 });
  });

  it('tells a caption when the video has come to it, and the last ones at the end', async () => {
    const cue = (startMs: number, text: string) => {
      return { startMs: mediaMs(startMs), endMs: mediaMs(startMs + 400), text };
    };
    const cues = [cue(0, 'hello'), cue(700, 'a test'), cue(9000, 'bye')];
    const { session, timeline } = setUp({
      frames: 4,
      replies: { 500: 'Tests pass.' },
      parts: { cues },
    });
    await session.run({ signal: running });
    const texts = timeline.rows.map((row) => ('text' in row ? row.text : ''));
    expect(texts).toEqual(['hello', 'Tests pass.', 'a test', 'bye']);
  });

  it('records a gap as an event and goes on', async () => {
    const { session, model, timeline } = setUp({ frames: 4, gapAfter: 1 });
    await session.run({ signal: running });
    expect(timeline.rows).toMatchObject([{ kind: 'gap', startMs: 1000, reason: 'broken' }]);
    expect(model.calls).toHaveLength(4);
  });

  it('ends the lines on screen where a gap begins, unless another try may see how they go on', async () => {
    const setup = { frames: 3, gapAfter: 2, screen: { 0: 'app.py' } };
    const broken = setUp(setup);
    await broken.session.run({ signal: running });
    expect(broken.timeline.rows[0]).toMatchObject({ text: 'app.py', endMs: 1500 });
    const failed = setUp({ ...setup, isFailure: true });
    await failed.session.run({ signal: running });
    expect(failed.timeline.rows[0]).toMatchObject({ text: 'app.py', endMs: 0 });
  });

  it.each([
    ['a gap that another try may mend', { gapAfter: 1, isFailure: true }],
    ['dropped frames', { parts: { sampler: { ...passingSampler, dropped: 3 } } }],
  ])('has not seen the whole video after %s', async (_, setup) => {
    const { session } = setUp({ frames: 4, ...setup });
    await expect(session.run({ signal: running })).resolves.toMatchObject({ isWhole: false });
  });

  it('may speak again at once when what it said was not shown', async () => {
    const { session, timeline } = setUp({
      frames: 4,
      replies: { 500: 'Opened ghost.py.', 1000: 'Tests pass.' },
      parts: { config: { ...config, speak: { ...config.speak, refractoryMs: 5000 } } },
    });
    await session.run({ signal: running });
    expect(guidanceOf(timeline.rows)).toEqual([[1000, 'Tests pass.']]);
  });

  it('goes on encoding the coming frames while a reply is spoken', async () => {
    const { session, model, stats } = setUp({ frames: 30, replies: { 500: 'Tests pass.' } });
    let depthDuringReply = 0;
    model.onReply = async () => {
      for (let turn = 0; turn < 500; turn++) await Promise.resolve();
      depthDuringReply = session.stats().queueDepths.encoded;
    };
    await session.run({ signal: running });
    expect(depthDuringReply).toBe(16);
    expect(stats()?.framesSeen).toBe(30);
    expect(stats()?.framesDropped).toBe(0);
  });

  it('looks once at a picture that stands still', async () => {
    const still = {
      dropped: 0,
      async *sample(items: AsyncIterable<SourceItem>): AsyncGenerator<SampledItem> {
        let isRepeat = false;
        for await (const item of items) {
          yield item.kind === 'gap' ? item : { ...item, isRepeat };
          isRepeat = true;
        }
      },
    };
    const { session, model } = setUp({ frames: 6, parts: { sampler: still } });
    const encode = vi.spyOn(model, 'encode');
    await session.run({ signal: running });
    expect(encode.mock.calls.flatMap(([frames]) => frames)).toHaveLength(1);
    expect(model.calls).toEqual([0, 500, 1000, 1500, 2000, 2500].map((at) => `frame ${at}`));
  });

  it.each([
    // Two frames half a second apart, two seconds of work each.
    ['realtime', 3500],
    ['max', 0],
  ] as const)('at %s speed it lags %i ms behind the video', async (speed, lagMs) => {
    let now = 0;
    const clock = { ...systemClock, monotonicMs: () => now };
    const model = new ScriptedModel({});
    const slow = vi.spyOn(model, 'appendFrame').mockImplementation(() => {
      now += 2000;
      return Promise.resolve({ silenceProbability: 1 });
    });
    const { session, stats } = setUp({ frames: 2, speed, parts: { clock, model } });
    await session.run({ signal: running });
    expect(slow).toHaveBeenCalledTimes(2);
    expect(stats()?.lagMs).toBe(lagMs);
  });

  it('ends at once when aborted, with nothing of a frame half stored', async () => {
    const controller = new AbortController();
    const { session, model, timeline } = setUp({
      frames: 1000,
      screen: { 0: 'app.py' },
      replies: { 500: 'Tests pass.' },
    });
    model.onReply = () => {
      controller.abort();
      return Promise.resolve();
    };
    await expect(session.run({ signal: controller.signal })).rejects.toThrow('abort');
    expect(timeline.rows).toMatchObject([{ kind: 'screenText', startMs: 0 }]);
    expect(timeline.watchedMs).toBe(0);
  });

  it('fails with the error of the stage that failed', async () => {
    const failing = {
      ...scriptedScreen({}),
      read: () => Promise.reject(new Error('no eyes')),
    };
    const { session } = setUp({ frames: 10, parts: { screen: failing } });
    await expect(session.run({ signal: running })).rejects.toThrow('no eyes');
  });
});
