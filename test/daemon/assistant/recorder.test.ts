import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultGuidanceConfig } from '../../../daemon/assistant/guidance.ts';
import { Recorder } from '../../../daemon/assistant/recorder.ts';
import type { ScreenUpdate } from '../../../daemon/assistant/screenReader.ts';
import {
  mediaMs,
  type ChapterRow,
  type NewRow,
  type ScreenTextRow,
  type TimelineRow,
} from '../../../protocol/index.ts';
import { emptyUpdate, openedLine } from '../../helpers/scriptedSession.ts';
import { emptyVideo, type TestVideo } from './timelines.ts';

let video: TestVideo;
let told: TimelineRow[];
let recorder: Recorder;
beforeEach(() => {
  video = emptyVideo();
  video.timeline.beginIndexing();
  told = [];
  recorder = newRecorder();
});
afterEach(() => {
  video[Symbol.dispose]();
});

const newRecorder = (): Recorder =>
  new Recorder({
    ...{ timeline: video.timeline, cues: [], frameRateFps: 2, guidance: defaultGuidanceConfig },
    onRow: (row) => {
      told.push(row);
    },
  });

/** Records frame after frame; the n-th stands at n / 2 s. */
function record(...frames: readonly Partial<ScreenUpdate>[]): void {
  frames.forEach((screen, frame) => {
    recorder.record({ ptsMs: mediaMs(frame * 500), screen: { ...emptyUpdate, ...screen } });
  });
}
const opened = (id: number, text: string, atFrame: number) =>
  openedLine({ id, text, startMs: mediaMs(atFrame * 500), box: [0, 10, 50, 9] });
const closed = (id: number, atFrame: number) => ({
  ...{ id, endMs: mediaMs(atFrame * 500) },
  provenance: { sightings: 3, readings: 2 },
});
const rows = (): ScreenTextRow[] =>
  video.timeline.read({ kinds: ['screenText'] }).filter((row) => row.kind === 'screenText');

describe('a line of text', () => {
  it('is told again under its id when it comes back, with both windows', () => {
    record(
      { opened: [opened(1, 'make', 0)] },
      { closed: [closed(1, 0)] },
      {},
      { opened: [opened(2, 'make', 3)] },
      {},
    );
    expect(told).toHaveLength(2);
    expect(told.map(({ id }) => id)).toEqual([told[0]!.id, told[0]!.id]);
    expect(told[1]).toMatchObject({
      windows: [
        [0, 0],
        [1500, 1500],
      ],
    });
    expect(rows()).toMatchObject([{ id: told[0]!.id, endMs: 2000 }]);
  });

  it('may come back in the frame in which it goes', () => {
    record(
      { opened: [opened(1, 'make', 0)] },
      {},
      { closed: [closed(1, 1)], opened: [opened(2, 'make', 2)] },
      { closed: [closed(2, 3)] },
    );
    expect(rows()).toMatchObject([
      {
        windows: [
          [0, 500],
          [1000, 1500],
        ],
      },
    ]);
  });

  it('that was seen too shortly has come and gone with one frame', () => {
    record({}, {}, { opened: [opened(1, 'saved', 1)], closed: [closed(1, 1)] }, {});
    expect(told).toMatchObject([{ text: 'saved', windows: [[500, 500]] }]);
    expect(rows()).toMatchObject([{ endMs: 500, provenance: { sightings: 3, readings: 2 } }]);
  });

  it('is told again when it turns out to say something else', () => {
    const provenance = { sightings: 4, readings: 2 };
    record(
      { opened: [opened(1, 'irnport os', 0)] },
      { revised: [{ id: 1, text: 'import os', confidence: 0.99, provenance }] },
    );
    expect(told).toMatchObject([
      { text: 'irnport os' },
      { text: 'import os', confidence: 0.99, provenance, windows: [[0, 500]] },
    ]);
    expect(rows()).toMatchObject([{ id: told[0]!.id, text: 'import os' }]);
  });

  it('is known where it stands after it moved, without being told again', () => {
    record(
      { opened: [opened(1, 'make', 0)] },
      {},
      { moved: [{ id: 1, startMs: mediaMs(1000), box: [0, 99, 50, 9] }] },
    );
    const tops = [500, 1000].map((at) => video.timeline.linesAt(mediaMs(at))[0]?.box[1]);
    expect(tops).toEqual([10, 99]);
    expect(told).toHaveLength(1);
  });

  it('that only the last frames have shown is told at the end', () => {
    record({ opened: [opened(1, 'make', 0)] }, {});
    const closing = { opened: [opened(2, 'bye', 1)], closed: [closed(2, 1)] };
    recorder.finish(mediaMs(500), closing);
    expect(rows()).toMatchObject([
      { text: 'make', endMs: 500 },
      { text: 'bye', windows: [[500, 500]] },
    ]);
  });
});

describe('behind a hole', () => {
  it('nothing that was stored before it changes, so that all of it can be seen again', () => {
    record(
      { opened: [opened(1, 'make', 0), opened(2, 'cd src', 0), opened(3, 'ls', 0)] },
      { closed: [closed(1, 0)] },
    );
    const before = rows();
    const provenance = { sightings: 4, readings: 2 };
    const frame = (n: number, screen: Partial<ScreenUpdate>): void => {
      recorder.record({ ptsMs: mediaMs(n * 500), screen: { ...emptyUpdate, ...screen } });
    };
    frame(5, { opened: [opened(4, 'make', 5)], closed: [closed(2, 1)] });
    frame(6, {
      revised: [{ id: 3, text: '1s', confidence: 0.9, provenance }],
      moved: [{ id: 3, startMs: mediaMs(3000), box: [0, 99, 50, 9] }],
    });
    recorder.recordGap({
      ...{ startMs: mediaMs(3500), endMs: mediaMs(4000) },
      ...{ reason: 'broken', isFailure: false },
    });
    // Another row, which is forgotten when watching goes on.
    expect(rows()).toHaveLength(4);
    video.timeline.beginIndexing();
    expect(rows()).toEqual(before);
    expect(video.timeline.openLines().map(({ text }) => text)).toEqual(['cd src', 'ls']);
  });
});

describe('a frame', () => {
  it('that cannot be stored leaves nothing, its chapters neither, and is not told', () => {
    record({ opened: [opened(1, 'make', 0)] });
    const before = video.timeline.read({});
    const store = (): unknown =>
      recorder.record({
        ptsMs: mediaMs(500),
        screen: { ...emptyUpdate, opened: [opened(2, 'make test', 1)], closed: [closed(1, 1)] },
        chapters: () => {
          video.timeline.append<ChapterRow>({
            ...{ kind: 'chapter', title: 'Lost', origin: 'model', model: 'pack 1', evidence: [] },
            ...{ startMs: mediaMs(0), endMs: mediaMs(500) },
          });
          throw new Error('the disk is full');
        },
      });
    expect(store).toThrow('the disk is full');
    expect(told).toHaveLength(1);
    expect(video.timeline.read({})).toEqual(before);
    expect(video.timeline.watchedMs).toBe(0);
  });

  it('brings its chapters with it when it can, told after its lines', () => {
    const chapter: NewRow<ChapterRow> = {
      ...{ kind: 'chapter', title: 'Building', origin: 'model', model: 'pack 1', evidence: [] },
      ...{ startMs: mediaMs(0), endMs: mediaMs(0) },
    };
    recorder.record({
      ...{ ptsMs: mediaMs(0), screen: { ...emptyUpdate, opened: [opened(1, 'make', 0)] } },
      chapters: () => [video.timeline.append(chapter)],
    });
    expect(told.map(({ kind }) => kind)).toEqual(['screenText', 'chapter']);
    // What was stored with a frame outlives a kill.
    video.timeline.beginIndexing();
    expect(video.timeline.read({ kinds: ['chapter'] })).toMatchObject([chapter]);
  });
});
