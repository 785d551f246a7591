import { beforeEach, describe, expect, it } from 'vitest';
import { askAboutVideo, problemOf, scopesOf } from '../../extension/asking.ts';
import { mediaMs } from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

let window: VideoWindow;
beforeEach(() => {
  editor.reset();
  window = new VideoWindow();
  window.active = window.video;
  window.video.player = {
    ...{ positionMs: mediaMs(12_000), isPlaying: true },
    range: { fromMs: mediaMs(1000), toMs: mediaMs(5000) },
  };
});

describe('asking', () => {
  it.each([
    ['The selected part', { kind: 'range', fromMs: 1000, toMs: 5000 }],
    ['This moment', { kind: 'now', atMs: 12_000 }],
    ['The whole video', { kind: 'whole' }],
  ])('about %s shows question and answer in the panel', async (label, scope) => {
    ui.answers.push('  Which file?  ', label);
    await askAboutVideo(window.videos);
    expect(window.questions).toEqual([{ question: 'Which file?', scope }]);
    expect(window.told).toEqual(['show /videos/pantry.mp4']);
  });

  it('offers the likeliest part first', async () => {
    ui.answers.push('Which file?');
    await askAboutVideo(window.videos);
    expect(ui.dialogs[1]?.labels).toEqual(['The selected part', 'This moment', 'The whole video']);
    const kinds = scopesOf({ positionMs: mediaMs(0), isPlaying: false }).map(({ kind }) => kind);
    expect(kinds).toEqual(['now', 'whole']);
  });

  it('asks nothing when people change their mind, or no video is open', async () => {
    await askAboutVideo(window.videos);
    ui.answers.push('Which file?');
    await askAboutVideo(window.videos);
    window.active = undefined;
    ui.answers.push('Which file?', 'The whole video');
    await askAboutVideo(window.videos);
    expect(window.questions).toEqual([]);
  });

  it('goes on with the video that people open for it', async () => {
    window.active = undefined;
    window.chosen = window.video;
    ui.answers.push('Which file?', 'The whole video');
    await askAboutVideo(window.videos);
    expect(window.questions).toHaveLength(1);
  });

  it('takes no empty question, and no pasted book', () => {
    expect(problemOf(' \n')).toBe('Write a question.');
    expect(problemOf('a'.repeat(2001))).toBe('Ask in at most 2000 characters.');
    expect(problemOf('Why?')).toBeUndefined();
  });
});
