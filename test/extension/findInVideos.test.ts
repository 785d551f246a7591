import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { findInVideos } from '../../extension/findInVideos.ts';
import { mediaMs, type SearchHit } from '../../protocol/index.ts';
import { code, type FakeQuickPick } from '../helpers/fakeVscodeCode.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

const hit = (text: string, path: string | undefined, more: Partial<SearchHit> = {}): SearchHit => ({
  ...{ rowId: 1, kind: 'screenText', text, region: 'terminal', score: 0.9 },
  ...{ startMs: mediaMs(40_000), endMs: mediaMs(50_000) },
  parts: { words: 1, coverage: 1, literal: 1 },
  video: { videoId: 'v', ...(path === undefined ? {} : { path }) },
  ...more,
});

let window: VideoWindow;
/** What searches do, in turn; the last one stays. */
let answers: (() => Promise<readonly SearchHit[]>)[];
let asked: { path: string | undefined; query: string }[];
let cancelled: string[];
let parts: Parameters<typeof findInVideos>[0];

beforeEach(() => {
  editor.reset();
  vi.useFakeTimers();
  window = new VideoWindow();
  answers = [() => Promise.resolve([hit('$ npm test', '/videos/a.mp4')])];
  [asked, cancelled] = [[], []];
  parts = {
    videos: window.videos,
    requests: {
      search: (path, { query }, { token }) => {
        asked.push({ path, query });
        token.onCancellationRequested(() => cancelled.push(query));
        return (answers.length > 1 ? answers.shift()! : answers[0]!)();
      },
    },
  };
});
afterEach(() => {
  vi.useRealTimers();
});

async function open(request?: Parameters<typeof findInVideos>[1]): Promise<FakeQuickPick> {
  void findInVideos(parts, request);
  await vi.advanceTimersByTimeAsync(0);
  return code.quickPicks[0]!;
}
const later = (): Promise<unknown> => vi.advanceTimersByTimeAsync(150);

describe('finding in videos', () => {
  it('asks nothing before there are words, then once for what was typed in one go', async () => {
    const pick = await open();
    await later();
    for (const text of ['n', 'np', 'npm']) pick.type(text);
    await later();
    expect(asked).toEqual([{ path: undefined, query: 'npm' }]);
    expect(pick.items).toMatchObject([
      { label: '$(play) 0:40', description: 'a.mp4 · terminal', detail: '$ npm test' },
    ]);
    pick.type(' ');
    await later();
    expect(pick.items).toEqual([]);
  });

  it('gives up a search that nobody waits for any more', async () => {
    answers.unshift(() => new Promise(() => undefined));
    const pick = await open({ query: 'npm' });
    expect(pick.busy).toBe(true);
    pick.type('npm test');
    expect(cancelled).toEqual(['npm']);
    await later();
    expect(pick.items).toHaveLength(1);
    expect(pick.busy).toBe(false);
  });

  it('opens the video at the moment that is chosen', async () => {
    const pick = await open({ query: 'npm' });
    pick.choose(0);
    expect(window.told).toEqual(['go to /videos/a.mp4 40000']);
    expect(pick.isShown).toBe(false);
  });

  it('can be narrowed to a video, and widened again', async () => {
    const pick = await open({ query: 'npm' });
    pick.press(0, 1);
    await later();
    expect(pick.title).toBe('Find in a.mp4');
    pick.onDidTriggerButton.fire(pick.buttons[0]);
    await later();
    expect(asked.map(({ path }) => path)).toEqual([undefined, '/videos/a.mp4', undefined]);
  });

  it('copies a link to a hit', async () => {
    const pick = await open({ query: 'npm' });
    pick.press(0, 0);
    await later();
    expect(ui.clipboard).toContain('video=%2Fvideos%2Fa.mp4&t=40');
  });

  it('shows what was read as text, and what cannot be opened as such', async () => {
    answers = [
      () =>
        Promise.resolve([
          hit('a $(rocket)\n b', undefined),
          hit('Ran `npm test`.', '/videos/a.mp4', { kind: 'guidance' }),
          hit('echo `date`', '/videos/a.mp4'),
        ]),
    ];
    const pick = await open({ query: 'a' });
    expect(pick.items[0]?.detail).not.toContain('$(');
    expect(pick.items[1]).toMatchObject({
      ...{ description: 'a.mp4 · guidance', detail: 'Ran npm test.' },
    });
    expect(pick.items[2]?.detail).toBe('echo `date`');
    pick.choose(0);
    expect(window.told).toEqual([]);
  });

  it('says that nothing was found, and why nothing could be', async () => {
    answers = [() => Promise.resolve([]), () => Promise.reject(new AppError('store.unavailable'))];
    const pick = await open({ query: 'x' });
    expect(pick.items).toMatchObject([{ label: 'Nothing found for “x”.' }]);
    pick.choose(0);
    expect(window.told).toEqual([]);
    pick.type('y');
    await later();
    expect(pick.items[0]?.label).toMatch(/^\$\(warning\) /);
  });
});
