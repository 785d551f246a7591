/** Stretches of what was watched: kept on disk as the decoder was given them, and decoded again before a question. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FrameKeeper } from '../../../daemon/assistant/frameKeeper.ts';
import { defaultGuidanceConfig } from '../../../daemon/assistant/guidance.ts';
import { LocalRecall } from '../../../daemon/assistant/localRecall.ts';
import { answerQuestion, type AskedQuestion } from '../../../daemon/assistant/questionAnswering.ts';
import { Session } from '../../../daemon/assistant/session.ts';
import type { EncodedFrame } from '../../../daemon/assistant/streamingModel.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import { TimelineStore, type VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import type { PastManifest } from '../../../daemon/weights/streamManifest.ts';
import { mediaMs } from '../../../protocol/index.ts';
import { FakeBackend, rowMark } from '../../helpers/fakeBackend.ts';
import {
  passingSampler,
  ScriptedModel,
  scriptedScreen,
  scriptedSource,
} from '../../helpers/scriptedSession.ts';
import { tinyManifest, tinySpecialTokens } from '../../helpers/streamManifests.ts';

const { signal } = new AbortController();

/** A model whose rows of a frame tell the frame's time; the screen changes every second. */
class SeeingModel extends ScriptedModel {
  rowsOf({ ptsMs }: EncodedFrame): Float32Array {
    const second = Math.floor(ptsMs / 1000);
    return new Float32Array([1 + second, 0, 0, 1 + second]);
  }
}

async function watch(timeline: VideoTimeline, model: ScriptedModel): Promise<void> {
  const session = new Session({
    ...{ source: scriptedSource(8), sampler: passingSampler, model, cues: [], timeline },
    screen: scriptedScreen({ 0: 'class Invoice:', 2000: 'port = 8041', 3000: '$ pytest' }),
    ...{ listener: { row: () => undefined, stats: () => undefined }, clock: systemClock },
    engineRestarts: () => 0,
    config: {
      ...{ frameRateFps: 2, speed: 'max', sampledCapacity: 8, encodedCapacity: 16, visionBatch: 4 },
      ...{ speak: defaultSpeakConfig, guidance: defaultGuidanceConfig },
      resume: { warmUpMs: 1000 },
    },
  });
  timeline.beginIndexing();
  const { durationMs } = await session.run({ signal });
  timeline.markComplete(durationMs);
}

/** Watches, closes the store, opens it again and asks. @returns what the decoder was given */
async function promptAfter(
  model: ScriptedModel,
  past: PastManifest | undefined,
  question: AskedQuestion = { text: 'Which port?' },
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-past-'));
  const open = (): { store: TimelineStore; timeline: VideoTimeline } => {
    const onDamage = (sentence: string): void => {
      throw new Error(sentence);
    };
    const store = new TimelineStore({ file: join(folder, 'timeline.db'), onDamage });
    const key = { videoId: 'abc', model: 'scripted', frameRateFps: 2, silenceThreshold: 0.5 };
    return { store, timeline: store.openVideo(key) };
  };
  try {
    const before = open();
    await watch(before.timeline, model);
    before.store[Symbol.dispose]();

    const { store, timeline } = open();
    const layout = tinyManifest.recall!;
    const marks = Object.values(tinyManifest.screenText!.regionMarks!);
    const specials = [...tinySpecialTokens, ...marks, ...layout.refs];
    const script = { favourites: ['<|1|>'], replies: [{ text: 'It is 8041.' }] };
    const backend = Object.assign(new FakeBackend(specials, script), { trainedContext: 900 });
    const asks = { ...layout, order: 'rank' as const, ...(past ? { past } : {}) };
    const manifest = { ...tinyManifest, instruction: 'Narrate.', recall: asks };
    const recall = new LocalRecall({ name: 'fake', backend, manifest });
    await answerQuestion(question, { timeline, model: recall }, { signal });
    store[Symbol.dispose]();
    return backend.sequences[0]!.contents;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a stretch that a question brings back', () => {
  const frame = rowMark.repeat(2);
  const said = { 2000: 'The port is `8041`.' };

  it('stands before the question as it was watched: frames, text, and what was said', async () => {
    const prompt = await promptAfter(new SeeingModel(said), { stretches: 1, seconds: 2 });
    const second = `<|screen|><|other|>port = 8041\n${frame}<|assistant|>The port is \`8041\`.</s>`;
    const third = `<|screen|><|other|>$ pytest\n${frame}`;
    expect(prompt).toContain(
      `<s><|user|>Narrate.</s>${second}${third}<|user|>Which port?</s><|screen|>`,
    );
  });

  it('is one of several in the order of their times, and ends where a question may not look', async () => {
    const past = { stretches: 9, seconds: 1 };
    const prompt = await promptAfter(new SeeingModel({}), past, {
      ...{ text: 'port class', atMs: mediaMs(2400) },
    });
    expect(prompt).toContain(
      `</s><|screen|><|other|>class Invoice:\n${frame}<|next|><|screen|><|other|>port = 8041\n${frame}<|user|>port class`,
    );
  });

  it('is neither kept nor shown for packs that bring none back', async () => {
    expect(await promptAfter(new SeeingModel({}), undefined)).not.toContain(rowMark);
    const blind = await promptAfter(new ScriptedModel({}), { stretches: 1, seconds: 2 });
    expect(blind).toMatch(/^<s><\|user\|>Which port/);
  });
});

it('frames are kept that bring text or look otherwise than the one kept before', () => {
  const keeper = new FrameKeeper(0.1);
  const first = new Float32Array([1, 0]);
  expect(keeper.see(first)).toBe(first);
  expect(keeper.see(first)).toBeUndefined();
  const near = new Float32Array([1, 0.05]);
  expect(keeper.see(near)).toBeUndefined();
  expect(keeper.see(near, [{ text: 'a', region: 'editor' }])).toBe(near);
  const other = new Float32Array([0.5, 0.5]);
  expect(keeper.see(other)).toBe(other);
  expect(keeper.see(undefined, [{ text: 'a', region: 'editor' }])).toBeUndefined();
});
