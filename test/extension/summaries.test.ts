import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { summarizeClip, toIncrements } from '../../extension/summaries.ts';
import { mediaMs, type SummaryRow } from '../../protocol/index.ts';
import { editor, Uri } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

const row: SummaryRow = {
  ...{ kind: 'summary', id: 12, startMs: mediaMs(0), endMs: mediaMs(60_000) },
  ...{ markdown: '# Summary 0:00–1:00\n\nThey wrote it.\n', citations: [], model: 'fake 1' },
};
const text = /^# pantry\.mp4\n[^]*They wrote it\.[^]*_Made by fake 1\._\n\n\[0:00\]: [^]*$/;

let window: VideoWindow;
beforeEach(() => {
  editor.reset();
  window = new VideoWindow();
  window.active = window.video;
  window.video.summary = Promise.resolve(row);
});

describe('summarizing', () => {
  it('asks which part, and opens the summary beside the video', async () => {
    ui.answers.push('The whole video');
    await summarizeClip(window.videos);
    expect(window.video.told).toEqual(['summarize {}']);
    expect(ui.documents).toEqual([
      { language: 'markdown', content: expect.stringMatching(text) as string },
    ]);
    expect(ui.shownDocuments).toHaveLength(1);
  });

  it('takes the part that the panel names, without asking', async () => {
    const { path } = window.video;
    await summarizeClip(window.videos, { path, fromMs: mediaMs(1000), toMs: mediaMs(9000) });
    expect(window.video.told).toEqual(['summarize {"fromMs":1000,"toMs":9000}']);
    expect(ui.dialogs).toEqual([]);
    expect(window.told).toEqual([`show ${path} behind`]);
  });

  it('asks when the panel leaves it open', async () => {
    await summarizeClip(window.videos, { path: window.video.path });
    expect(ui.dialogs).toHaveLength(1);
    expect(window.video.told).toEqual([]);
  });

  it('is never of another video than the named one', async () => {
    const request = { path: '/videos/closed.mp4', fromMs: mediaMs(1000), toMs: mediaMs(9000) };
    await expect(summarizeClip(window.videos, request)).rejects.toMatchObject({
      code: 'session.notFound',
    });
    expect(window.video.told).toEqual([]);
  });

  it('does nothing without a video', async () => {
    window.active = undefined;
    await summarizeClip(window.videos);
    expect(ui.dialogs).toEqual([]);
  });

  it('puts it on the clipboard where the settings say so', async () => {
    editor.configure('codealong.summary.target', 'clipboard');
    ui.answers.push('The whole video');
    await summarizeClip(window.videos);
    expect(ui.clipboard).toMatch(text);
    expect(editor.statusBarMessages).toEqual(['Summary copied.']);
    expect(ui.documents).toEqual([]);
  });

  it('saves it where people say, under a name that tells what it is', async () => {
    editor.configure('codealong.summary.target', 'file');
    ui.folders.push('/project');
    ui.answers.push('The whole video', Uri.file('/notes/x.md'));
    await summarizeClip(window.videos);
    expect(ui.dialogs.at(-1)?.options.defaultUri).toMatchObject({
      path: '/project/pantry 0.00-1.00.md',
    });
    expect(ui.files.get('/notes/x.md')).toMatch(text);
    expect(ui.shownDocuments).toHaveLength(1);
  });

  it('writes nothing when people do not say where', async () => {
    editor.configure('codealong.summary.target', 'file');
    ui.answers.push('The whole video');
    await summarizeClip(window.videos);
    expect(ui.files.size).toBe(0);
    expect(ui.shownDocuments).toEqual([]);
  });

  it('tells what went wrong to whoever called', async () => {
    window.video.summary = Promise.reject(new AppError('engine.lost'));
    ui.answers.push('The whole video');
    await expect(summarizeClip(window.videos)).rejects.toMatchObject({ code: 'engine.lost' });
  });

  it('ends in silence when it is cancelled', async () => {
    window.video.summary = undefined;
    ui.answers.push('The whole video');
    const ended = summarizeClip(window.videos);
    while (!ui.cancelProgress) await Promise.resolve();
    ui.cancelProgress();
    await ended;
    expect(ui.documents).toEqual([]);
    expect(editor.messages).toEqual([]);
  });
});

describe('progress', () => {
  it('is told as steps forward, never back', () => {
    const steps: unknown[] = [];
    const tell = toIncrements({ report: (step) => void steps.push(step) });
    tell({ message: 'Watching', percentage: 20 });
    tell({ percentage: 50 });
    tell({ percentage: 40 });
    tell({ message: 'Writing' });
    tell({ percentage: 100 });
    expect(steps).toEqual([
      { message: 'Watching', increment: 20 },
      { increment: 30 },
      { increment: 0 },
      { message: 'Writing', increment: 0 },
      { increment: 50 },
    ]);
  });
});
