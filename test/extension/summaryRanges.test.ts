import { beforeEach, describe, expect, it } from 'vitest';
import { lastMinutes, parseRange, pickRange } from '../../extension/summaryRanges.ts';
import { mediaMs, type ChapterRow } from '../../protocol/index.ts';
import { FakeVideo, playable } from '../helpers/fakeVideo.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';

let video: FakeVideo;
beforeEach(() => {
  editor.reset();
  video = new FakeVideo();
});

const pick = (...answers: readonly string[]) => {
  ui.answers.push(...answers);
  return pickRange(video.asWatched);
};

describe('the parts that are offered', () => {
  it('are those that there are', async () => {
    await pick();
    expect(ui.dialogs[0]?.labels).toEqual(['From … to …', 'The whole video']);
    video.player = {
      ...{ positionMs: mediaMs(600_000), isPlaying: false },
      range: { fromMs: mediaMs(1000), toMs: mediaMs(61_000) },
    };
    video.media = {
      ...playable,
      chapters: [{ startMs: mediaMs(0), endMs: mediaMs(5000), title: 'Set-up' }],
    };
    await pick();
    expect(ui.dialogs[1]?.labels).toEqual([
      ...['The selected part', 'The last minutes…', 'A chapter…', 'From … to …'],
      'The whole video',
    ]);
  });

  it('are the chapters of the timeline where it has any', async () => {
    const chapter = (id: number, fromMs: number, title: string): ChapterRow => ({
      ...{ kind: 'chapter', id, title, origin: 'model', evidence: [] },
      ...{ startMs: mediaMs(fromMs), endMs: mediaMs(fromMs + 60_000) },
    });
    video.rows = [chapter(2, 60_000, 'Tests'), chapter(1, 0, 'Set-up')];
    expect(await pick('A chapter…', 'Tests')).toEqual({ fromMs: 60_000, toMs: 120_000 });
    expect(ui.dialogs[1]?.labels).toEqual(['Set-up', 'Tests']);
  });

  it('become a stretch', async () => {
    video.player = {
      ...{ positionMs: mediaMs(600_000), isPlaying: false },
      range: { fromMs: mediaMs(1000), toMs: mediaMs(61_000) },
    };
    video.media = {
      ...playable,
      chapters: [
        { startMs: mediaMs(0), endMs: mediaMs(5000), title: 'Set-up' },
        { startMs: mediaMs(5000), endMs: mediaMs(9000), title: '' },
      ],
    };
    expect(await pick('The selected part')).toEqual({ fromMs: 1000, toMs: 61_000 });
    expect(await pick('The last minutes…', '2,5')).toEqual({ fromMs: 450_000, toMs: 600_000 });
    expect(await pick('A chapter…', 'Set-up')).toEqual({ fromMs: 0, toMs: 5000 });
    expect(await pick('A chapter…', '0:05')).toEqual({ fromMs: 5000, toMs: 9000 });
    expect(await pick('From … to …', '1:10 - 12:30')).toEqual({ fromMs: 70_000, toMs: 750_000 });
    expect(await pick('The whole video')).toEqual({});
  });

  it('are none when people change their mind, at any step', async () => {
    video.player = { positionMs: mediaMs(600_000), isPlaying: false };
    expect(await pick()).toBeUndefined();
    expect(await pick('The last minutes…')).toBeUndefined();
    expect(await pick('From … to …')).toBeUndefined();
  });
});

describe('what is typed', () => {
  it.each([
    ['0:10-1:00', { fromMs: 10_000, toMs: 60_000 }],
    ['10 – 60', { fromMs: 10_000, toMs: 60_000 }],
    [' 1:02:03—1:02:04.5 ', { fromMs: 3_723_000, toMs: 3_724_500 }],
    ['1:00', undefined],
    ['1:00 - 0:10', undefined],
    ['1:00 - 1:00', undefined],
    ['1 - 2 - 3', undefined],
    ['soon - later', undefined],
    ['', undefined],
  ])('%j is a stretch or is not', (text, expected) => {
    expect(parseRange(text)).toEqual(expected);
  });

  it.each(['', '0', '-1', 'some', 'Infinity'])('%j is no number of minutes', async (text) => {
    video.player = { positionMs: mediaMs(600_000), isPlaying: false };
    expect(await pick('The last minutes…', text)).toBeUndefined();
    const validate = ui.dialogs.at(-1)?.options.validateInput as (typed: string) => unknown;
    expect(validate(text)).toBe('Write a number above 0.');
  });

  it('never begins before the video', () => {
    expect(lastMinutes(mediaMs(30_000), 5)).toEqual({ fromMs: 0, toMs: 30_000 });
  });
});
