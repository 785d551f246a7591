/** Pictures of the moments that an answer speaks of: kept while watching, on disk, and put before their rows when a question comes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultGuidanceConfig } from '../../../daemon/assistant/guidance.ts';
import { LocalRecall } from '../../../daemon/assistant/localRecall.ts';
import { PictureKeeper } from '../../../daemon/assistant/pictureKeeper.ts';
import { answerQuestion } from '../../../daemon/assistant/questionAnswering.ts';
import { Session } from '../../../daemon/assistant/session.ts';
import type { EncodedFrame } from '../../../daemon/assistant/streamingModel.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import { TimelineStore, type VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { FakeBackend, rowMark } from '../../helpers/fakeBackend.ts';
import {
  passingSampler,
  ScriptedModel,
  scriptedScreen,
  scriptedSource,
} from '../../helpers/scriptedSession.ts';
import { tinyManifest, tinySpecialTokens } from '../../helpers/streamManifests.ts';

const { signal } = new AbortController();

/** A model whose picture of a frame tells the frame's time; the screen changes every second. */
class SeeingModel extends ScriptedModel {
  pictureOf({ ptsMs }: EncodedFrame): Float32Array {
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
async function promptAfter(model: ScriptedModel, frames: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-pictures-'));
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
    const manifest = { ...tinyManifest, recall: { ...layout, order: 'rank' as const, frames } };
    const recall = new LocalRecall({ name: 'fake', backend, manifest });
    await answerQuestion({ text: 'Which port?' }, { timeline, model: recall }, { signal });
    store[Symbol.dispose]();
    return backend.sequences[0]!.contents;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('pictures', () => {
  const picture = rowMark.repeat(2);

  it('stand before the rows of their moments, the best rows first, as many as the pack takes', async () => {
    expect(await promptAfter(new SeeingModel({}), 1)).toContain(
      `Which port?</s>${picture}<|screen|><|other|>port = 8041<|1|>\n<|other|>`,
    );
    const all = await promptAfter(new SeeingModel({}), 9);
    expect(all.split(picture)).toHaveLength(4);
    expect(all).toContain(`port = 8041<|1|>\n${picture}<|other|>`);
  });

  it('are neither kept nor shown for packs that take none', async () => {
    expect(await promptAfter(new SeeingModel({}), 0)).not.toContain(rowMark);
    expect(await promptAfter(new ScriptedModel({}), 9)).not.toContain(rowMark);
  });

  it('are kept only where they changed', () => {
    const keeper = new PictureKeeper(0.1);
    const first = new Float32Array([1, 0]);
    expect(keeper.see(first)).toBe(first);
    expect(keeper.see(first)).toBeUndefined();
    expect(keeper.see(new Float32Array([1, 0.05]))).toBeUndefined();
    const other = new Float32Array([0.5, 0.5]);
    expect(keeper.see(other)).toBe(other);
    expect(keeper.see(undefined)).toBeUndefined();
  });
});
