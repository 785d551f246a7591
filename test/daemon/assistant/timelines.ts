/** Timelines in a temporary store, for tests of what is said about them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TimelineStore, type VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { mediaMs, type NewRow } from '../../../protocol/index.ts';

/** Rows of a video that was watched to its end. Dispose it to remove the store. */
export function watchedVideo(
  rows: readonly NewRow[],
  durationMs: number,
): Disposable & { readonly timeline: VideoTimeline } {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-recall-'));
  const store = new TimelineStore({
    file: join(folder, 'timeline.db'),
    onDamage: (sentence) => {
      throw new Error(sentence);
    },
  });
  const timeline = store.openVideo({
    ...{ videoId: 'abc', model: 'scripted' },
    ...{ frameRateFps: 2, silenceThreshold: 0.5 },
  });
  for (const stored of timeline.appendAll(rows)) {
    if (stored.kind === 'screenText') timeline.closeScreenText(stored.id, stored.endMs);
  }
  timeline.markComplete(mediaMs(durationMs));
  return {
    timeline,
    [Symbol.dispose]: () => {
      store[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}
