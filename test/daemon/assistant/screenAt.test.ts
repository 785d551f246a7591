import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readScreenAt, settledAt } from '../../../daemon/assistant/screenAt.ts';
import { mediaMs, type PixelRectangle } from '../../../protocol/index.ts';
import { screenText } from '../timeline/rowSamples.ts';
import { emptyVideo, type TestVideo } from './timelines.ts';

let video: TestVideo;
beforeEach(() => {
  video = emptyVideo();
});
afterEach(() => {
  video[Symbol.dispose]();
});

/** A line between two moments, at a place. */
function stands(text: string, startMs: number, endMs: number, box: PixelRectangle): void {
  const row = video.timeline.append({ ...screenText(text, startMs), box });
  video.timeline.closeScreenText(row.id, mediaMs(endMs));
}
const at = (atMs: number): string[] =>
  readScreenAt(video.timeline, { atMs: mediaMs(atMs) }, { frameRateFps: 2 }).map(
    ({ text }) => text,
  );

describe('the screen at a moment', () => {
  it('reads from the top, each row from the left', () => {
    stands('right', 0, 1000, [200, 12, 50, 10]);
    stands('below', 0, 1000, [10, 40, 50, 10]);
    stands('left', 0, 1000, [10, 10, 50, 10]);
    expect(at(500)).toEqual(['left', 'right', 'below']);
  });

  it('is that of the frame nearest to it, and at the end that of the last one', () => {
    stands('before', 0, 1000, [0, 0, 50, 10]);
    stands('after', 1500, 3000, [0, 0, 50, 10]);
    expect([at(1000), at(1249), at(1250)]).toEqual([['before'], ['before'], ['after']]);
    video.timeline.markComplete(mediaMs(3400));
    expect(at(3400)).toEqual(['after']);
  });

  it('meets the frames of rates whose times are no whole milliseconds', () => {
    const row = video.timeline.append(screenText('third', 333));
    video.timeline.closeScreenText(row.id, mediaMs(333));
    const read = (atMs: number) =>
      readScreenAt(video.timeline, { atMs: mediaMs(atMs) }, { frameRateFps: 3 }).length;
    expect([read(150), read(200), read(333), read(480), read(520)]).toEqual([0, 1, 1, 1, 0]);
    expect(settledAt(mediaMs(333), 3)).toBe(1333);
  });

  it('tells the part of the screen, the window and the row', () => {
    stands('make', 0, 1000, [0, 0, 50, 10]);
    const [line] = readScreenAt(
      video.timeline,
      { atMs: mediaMs(0), region: 'editor' },
      { frameRateFps: 2 },
    );
    expect(line).toMatchObject({ rowId: 1, region: 'editor', startMs: 0, endMs: 1000 });
    const other = { atMs: mediaMs(0), region: 'terminal' } as const;
    expect(readScreenAt(video.timeline, other, { frameRateFps: 2 })).toEqual([]);
  });

  it('is refused with the length of the video when that is over', () => {
    video.timeline.markComplete(mediaMs(8000));
    expect(at(8000)).toEqual([]);
    expect(() => at(8001)).toThrow('The video is over by then: it ends at 0:08.');
  });
});
