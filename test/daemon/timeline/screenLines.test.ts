import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReturningLine } from '../../../daemon/timeline/screenLines.ts';
import type { VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { mediaMs, type PixelRectangle, type ScreenTextRow } from '../../../protocol/index.ts';
import { emptyVideo, type TestVideo } from '../assistant/timelines.ts';
import { screenText } from './rowSamples.ts';

let video: TestVideo;
let timeline: VideoTimeline;
beforeEach(() => {
  video = emptyVideo();
  timeline = video.timeline;
});
afterEach(() => {
  video[Symbol.dispose]();
});

const low: PixelRectangle = [0, 400, 100, 20];
const returning: ReturningLine = {
  ...{ text: 'import os', region: 'editor', indentColumns: 0 },
  ...{ box: [0, 0, 100, 20], startMs: mediaMs(5000) },
};
const any = (): boolean => true;

/** `import os` from 1 s to 2 s, from 5 s to 7 s, and on screen again since 9 s. The last frame is at 10 s. */
function threeWindows(): ScreenTextRow {
  const row = timeline.append<ScreenTextRow>(screenText('import os', 1000));
  timeline.closeScreenText(row.id, mediaMs(2000));
  timeline.reopenScreenText(row.id, returning);
  timeline.closeScreenText(row.id, mediaMs(7000));
  timeline.reopenScreenText(row.id, { startMs: mediaMs(9000), box: low });
  timeline.markWatched(mediaMs(10_000));
  return row;
}

describe('a line that comes back', () => {
  it('has one row with its windows', () => {
    const { id } = threeWindows();
    const windows = [
      [1000, 2000],
      [5000, 7000],
      [9000, 10_000],
    ];
    expect(timeline.read({})).toMatchObject([{ id, startMs: 1000, endMs: 10_000, windows }]);
    expect(timeline.openLines().map((row) => row.id)).toEqual([id]);
    timeline.markComplete(mediaMs(12_000));
    expect(timeline.read({})).toMatchObject([{ endMs: 12_000 }]);
    expect(timeline.openLines()).toEqual([]);
  });

  it('has at a past moment only the windows up to then', () => {
    threeWindows();
    const at = (untilMs: number) => timeline.read({ untilMs: mediaMs(untilMs) });
    expect(at(999)).toEqual([]);
    expect(at(3000)).toMatchObject([{ endMs: 2000, windows: [[1000, 2000]] }]);
    expect(at(6000)).toMatchObject([
      {
        windows: [
          [1000, 2000],
          [5000, 6000],
        ],
      },
    ]);
    const found = timeline.search({ query: 'import os', untilMs: mediaMs(3000), limit: 1 });
    expect(found[0]?.row).toMatchObject({ windows: [[1000, 2000]] });
  });

  it('is read for a stretch in which it was visible, and for no other', () => {
    threeWindows();
    const within = (fromMs: number, toMs: number) =>
      timeline.read({ fromMs: mediaMs(fromMs), toMs: mediaMs(toMs) }).length;
    expect([within(0, 1000), within(2500, 4500), within(6000, 6500), within(7500, 8500)]).toEqual([
      ...[1, 0, 1, 0],
    ]);
  });

  it('is found by its text, place in the picture and indentation when it is not on screen', () => {
    const [near, far, open, deeper, elsewhere] = timeline
      .appendAll([
        screenText('import os', 0),
        { ...screenText('import os', 0), box: low },
        { ...screenText('import os', 0), box: [1, 1, 100, 20] },
        { ...screenText('import os', 0), indentColumns: 4 },
        { ...screenText('import os', 0), region: 'terminal' },
      ])
      .map(({ id }) => id);
    for (const id of [near, far, deeper, elsewhere]) timeline.closeScreenText(id!, mediaMs(900));
    expect(timeline.findClosedLine(returning, any)).toBe(near);
    expect(timeline.findClosedLine(returning, (id) => id !== near)).toBe(far);
    timeline.closeScreenText(open!, mediaMs(900));
    timeline.moveScreenText(open!, returning);
    expect(timeline.findClosedLine({ ...returning, box: low }, any)).toBe(far);
    expect(timeline.findClosedLine({ ...returning, indentColumns: 4 }, any)).toBe(deeper);
    expect(timeline.findClosedLine({ ...returning, text: 'import sys' }, any)).toBeUndefined();
  });

  it('is closed once', () => {
    const { id } = threeWindows();
    timeline.closeScreenText(id, mediaMs(9500), { sightings: 9, readings: 2 });
    timeline.closeScreenText(id, mediaMs(11_000));
    expect(timeline.read({})).toMatchObject([
      { endMs: 9500, provenance: { sightings: 9, readings: 2 } },
    ]);
  });
});

describe('what stood on screen', () => {
  it('at a moment, where it stood then, with the window of that moment', () => {
    const { id } = threeWindows();
    const at = (ptsMs: number) =>
      timeline.linesAt(mediaMs(ptsMs)).map(({ row, window, box }) => [row.id, window, box[1]]);
    expect(at(1500)).toEqual([[id, [1000, 2000], 0]]);
    expect(at(3000)).toEqual([]);
    expect(at(10_000)).toEqual([[id, [9000, 10_000], 400]]);
  });

  it('is told where a line stood before and after it moved, in one window', () => {
    const row = timeline.append(screenText('import os', 1000));
    timeline.moveScreenText(row.id, { startMs: mediaMs(4000), box: low });
    timeline.closeScreenText(row.id, mediaMs(6000));
    const tops = [1000, 3999, 4000, 6000].map(
      (ptsMs) => timeline.linesAt(mediaMs(ptsMs))[0]?.box[1],
    );
    expect(tops).toEqual([0, 0, 400, 400]);
    expect(timeline.read({})).toMatchObject([{ windows: [[1000, 6000]] }]);
  });
});

describe('a better reading', () => {
  it('takes the place of the old one, for searches too', () => {
    const row = timeline.append(screenText('irnport os', 1000));
    const provenance = {
      ...{ sightings: 4, readings: 2 },
      corrected: { from: 'irnport os', by: 'votes' },
    } as const;
    timeline.reviseScreenText(row.id, { text: 'import os', confidence: 0.97, provenance });
    expect(timeline.read({})).toMatchObject([
      { id: row.id, text: 'import os', confidence: 0.97, provenance, region: 'editor' },
    ]);
    const texts = (query: string) => timeline.search({ query, limit: 5 }).map((hit) => hit.row.id);
    expect([texts('import'), texts('irnport')]).toEqual([[row.id], []]);
    expect(timeline.screenTexts([row.id], mediaMs(1500))).toMatchObject([
      { text: 'import os', endMs: 1500 },
    ]);
  });
});

describe('watching that goes on', () => {
  it('forgets the windows of rows that it forgets', () => {
    timeline.beginIndexing();
    const kept = timeline.append(screenText('import os', 0));
    timeline.markWatched(mediaMs(500));
    const lost = timeline.append(screenText('import sys', 1000));
    expect([kept, lost].map(({ id }) => timeline.isMarked(id))).toEqual([true, false]);
    timeline.beginIndexing();
    expect(timeline.linesAt(mediaMs(500)).map(({ row }) => row.id)).toEqual([kept.id]);
    expect(timeline.linesAt(mediaMs(1000))).toEqual([]);
    expect(timeline.search({ query: 'import sys', limit: 5 }).map(({ row }) => row.text)).toEqual([
      'import os',
    ]);
  });
});
