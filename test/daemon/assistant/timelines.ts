/** Timelines in a temporary store, for tests of what is said about them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecallTimeline } from '../../../daemon/assistant/recall.ts';
import { TimelineStore, type VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { mediaMs, type NewRow, type TimelineRow } from '../../../protocol/index.ts';

/** A video in a store of its own. Dispose it to remove the store. */
export interface TestVideo extends Disposable {
  readonly timeline: VideoTimeline;
}

/** A video that nobody has watched. */
export function emptyVideo(): TestVideo {
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
  return {
    timeline,
    [Symbol.dispose]: () => {
      store[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Rows of a video that was watched to its end. */
export function watchedVideo(rows: readonly NewRow[], durationMs: number): TestVideo {
  const video = emptyVideo();
  for (const stored of video.timeline.appendAll(rows)) {
    if (stored.kind === 'screenText') video.timeline.closeScreenText(stored.id, stored.endMs);
  }
  video.timeline.markComplete(mediaMs(durationMs));
  return video;
}

/** A timeline of any length that nothing has to be stored for; its index finds nothing. */
export function longTimeline(rows: readonly TimelineRow[]): RecallTimeline {
  return {
    durationMs: undefined,
    read: () => rows,
    search: () => [],
    linesAt: () => [],
    append: <Row extends TimelineRow>(row: NewRow<Row>) => ({ ...row, id: 0 }) as unknown as Row,
  };
}
