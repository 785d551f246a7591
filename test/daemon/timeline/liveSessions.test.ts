/** Live sessions in the store: found by their id, settled however they ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  TimelineStore,
  type TimelineStoreOptions,
} from '../../../daemon/timeline/timelineStore.ts';
import { mediaMs, wallMs } from '../../../protocol/index.ts';
import { guidance, screenText } from './rowSamples.ts';

let folder: string;
let store: TimelineStore;
const openStore = (owner: NonNullable<TimelineStoreOptions['owner']> = {}): TimelineStore =>
  new TimelineStore({ file: join(folder, 'timeline.db'), onDamage: () => undefined, owner });
const videoId = 'live-0123456789ab';
const identity = { videoId, model: 'sample 0.1.0', frameRateFps: 3, silenceThreshold: 0.5 };
const facts = { name: 'screen :0', startedMs: wallMs(1_700_000_000_000) };
/** Above what any system gives out: nobody has it. */
const deadPid = 2 ** 30;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codealong-store-'));
  store = openStore();
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

describe('a live session', () => {
  it('is known once its first picture came, and told with what is found in it', () => {
    const video = store.openVideo(identity);
    expect(store.openLive(videoId)).toBeUndefined();
    expect(video.live).toBeUndefined();
    video.beginIndexing();
    video.beginLive(facts);
    expect(store.listLive()).toEqual([]);
    video.append(guidance('Opens main.py.', 2000, 2500));
    video.markWatched(mediaMs(2500));
    expect(store.openLive(videoId)).toMatchObject({ frameRateFps: 3, timeline: { live: facts } });
    expect(store.listLive()).toEqual([{ videoId, ...facts, watchedMs: 2500, isRunning: true }]);
    const [hit] = store.find({ query: 'main.py', limit: 1 });
    expect(hit!.video).toEqual({ videoId, live: facts });
  });

  it('is complete as far as it was watched when its daemon was killed', () => {
    const killed = openStore({ pid: deadPid });
    const lost = killed.openVideo(identity);
    lost.beginIndexing();
    lost.beginLive(facts);
    lost.append(screenText('import os', 1000));
    lost.markWatched(mediaMs(4000));
    killed[Symbol.dispose]();
    const { timeline } = store.openLive(videoId)!;
    expect(store.listLive()[0]).toMatchObject({ isRunning: false });
    timeline.settle();
    timeline.settle();
    expect(timeline).toMatchObject({ isComplete: true, durationMs: 4000 });
    expect(timeline.read({})).toMatchObject([{ text: 'import os', startMs: 1000, endMs: 4000 }]);
  });

  it('is left alone while another daemon watches it', () => {
    const other = openStore();
    const video = other.openVideo(identity);
    video.beginIndexing();
    video.beginLive(facts);
    video.markWatched(mediaMs(500));
    const { timeline } = store.openLive(videoId)!;
    timeline.settle();
    expect(timeline.isComplete).toBe(false);
    video.settle();
    expect(timeline.isComplete).toBe(true);
    other[Symbol.dispose]();
  });

  it('of which nothing was seen is nobody’s', () => {
    const video = store.openVideo(identity);
    video.beginIndexing();
    video.settle();
    expect(video.isComplete).toBe(false);
    const other = openStore();
    expect(() => {
      other.openVideo(identity).beginIndexing();
    }).not.toThrow();
    other[Symbol.dispose]();
  });
});
