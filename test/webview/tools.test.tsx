// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  mediaMs,
  type ChapterRow,
  type CodeAtMoment,
  type HostToWebview,
  type SearchHit,
} from '../../protocol/index.ts';
import { mountPage, type MountedPage } from './mountPage.tsx';
import { answer, init, media, query, stats } from './rows.ts';

let page: MountedPage;
beforeEach(async () => {
  vi.useFakeTimers();
  page = await mountPage();
  await page.send(
    init,
    { kind: 'media', body: media },
    { kind: 'moved', body: { positionMs: mediaMs(42_000) } },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the code at this moment', () => {
  it.each([
    ['Copy the code at this moment', 'copy'],
    ['Insert the code at this moment into my file', 'insert'],
    ['Compare my file with the video', 'compare'],
  ] as const)('%s', async (label, action) => {
    await page.click(label);
    expect(page.host.last('code')).toEqual({ atMs: 42_000, action });
  });

  it('is not to be had before there is a picture', async () => {
    await page.send({ kind: 'media', body: { ...media, width: 0, height: 0 } });
    await page.click('Copy the code at this moment');
    expect(page.host.said).toEqual([]);
  });
});

const seenCode: CodeAtMoment = {
  ...{ atMs: mediaMs(42_000), region: 'editor', fileName: 'larder.js', languageId: 'javascript' },
  text: 'fill();\n\n  jars;\n',
  lines: [
    { text: 'fill();', rowId: 1, confidence: 0.97 },
    { text: '', rowId: 2, confidence: 0 },
    { text: '  jars;', rowId: 3, confidence: 0.614 },
  ],
};
const noCode: CodeAtMoment = {
  ...{ atMs: mediaMs(42_000), region: 'editor' },
  lines: [],
  text: '',
};

describe('the code as text', () => {
  const seen = async (body: Omit<HostToWebview['codeSeen'], 'requestId'>): Promise<void> => {
    const { requestId } = page.host.last('readCode');
    await page.send({ kind: 'codeSeen', body: { requestId, ...body } });
  };
  beforeEach(async () => {
    await page.click('Code');
    await page.wait(200);
  });

  it('is that of the moment where the player rests', async () => {
    expect(page.host.last('readCode')).toMatchObject({ atMs: 42_000, region: 'editor' });
    await seen({ code: seenCode });
    expect(page.find('.code-view').textContent).toBe(seenCode.text);
    expect(page.find('.code-title').textContent).toBe('larder.js · javascript · 3 lines');
    await page.click('Compare');
    expect(page.host.last('code')).toEqual({ atMs: 42_000, action: 'compare' });
    await page.send({ kind: 'moved', body: { positionMs: mediaMs(50_000) } });
    await page.wait(200);
    expect(page.host.last('readCode')).toMatchObject({ atMs: 50_000 });
    // It stays to be read until there is another.
    expect(page.find('.code-view').getAttribute('aria-busy')).toBe('true');
  });

  it('marks what may be read wrong', async () => {
    await seen({ code: seenCode });
    const unsure = [...page.root.querySelectorAll<HTMLElement>('.code-unsure')];
    expect(unsure.map(({ title }) => title)).toEqual(['Read with a confidence of 61 % at 0:42.']);
  });

  it('is read now and then while the video plays', async () => {
    await page.send({ kind: 'playerChanged', body: { isPlaying: true } });
    const count = (): number => page.host.said.filter(({ kind }) => kind === 'readCode').length;
    await page.wait(200);
    const before = count();
    for (const positionMs of [42_300, 42_900, 43_900]) {
      await page.send({ kind: 'moved', body: { positionMs: mediaMs(positionMs) } });
      await page.wait(200);
    }
    expect(count()).toBe(before);
    await page.send({ kind: 'moved', body: { positionMs: mediaMs(44_100) } });
    await page.wait(200);
    expect(page.host.last('readCode')).toMatchObject({ atMs: 44_000 });
  });

  it('gives way to the terminal where there is none', async () => {
    await seen({ code: noCode });
    expect(page.find('.empty').textContent).toMatch(/^No code is on screen at 0:42\./);
    await page.click('Show the terminal');
    await page.wait(200);
    expect(page.host.last('readCode')).toMatchObject({ region: 'terminal' });
    await seen({ code: { ...seenCode, region: 'terminal' } });
    expect(page.find('.code-title').textContent).toBe('Terminal · 3 lines');
    await page.click('Show the code');
    await page.wait(200);
    expect(page.host.last('readCode')).toMatchObject({ region: 'editor' });
  });

  it('says what went wrong, and that it is too early', async () => {
    const error = { message: 'It broke.', remedy: 'Mend it.', action: 'retry' as const };
    await seen({ error });
    const { requestId } = page.host.last('readCode');
    await page.click('Try again');
    expect(page.host.last('readCode').requestId).not.toBe(requestId);
    await seen({ code: noCode });
    await page.send({ kind: 'status', body: { state: 'watching', stats: stats(10, 5) } });
    expect(page.find('.empty').textContent).toMatch(/^This part is still being watched\./);
  });

  it('is read again once the daemon is back', async () => {
    await seen({ code: seenCode });
    await page.send({ kind: 'status', body: { state: 'lost' } });
    const { requestId } = page.host.last('readCode');
    await page.wait(500);
    expect(page.host.last('readCode').requestId).toBe(requestId);
    await page.send({ kind: 'status', body: { state: 'finished' } });
    await page.wait(200);
    expect(page.host.last('readCode').requestId).not.toBe(requestId);
  });
});

const chapter = (id: number, fromSeconds: number, title: string): ChapterRow => ({
  ...{ kind: 'chapter', id, title, origin: 'model', evidence: [], model: 'test' },
  ...{ startMs: mediaMs(fromSeconds * 1000), endMs: mediaMs(fromSeconds * 1000 + 40_000) },
});
const rowsIn = (label: string): string[] =>
  [...page.find(`[aria-label="${label}"]`).children].map(({ textContent }) => textContent);

describe('chapters', () => {
  it('are a list that leads to them, as soon as there are any', async () => {
    expect(page.root.querySelector('#tab-chapters')).toBeNull();
    const rows = [chapter(1, 0, 'Setup'), chapter(2, 40, 'Tests')];
    await page.send({ kind: 'rows', body: { rows, isReset: false } });
    await page.click(/^Chapters/);
    expect(rowsIn('Chapters')).toEqual(['0:00Setup40 s', '0:40Tests40 s']);
    expect(page.find('[aria-current=step]').textContent).toBe('0:40Tests40 s');
    const ticks = [...page.root.querySelectorAll<HTMLElement>('.lane-tick')];
    expect(ticks.map(({ style }) => style.left)).toEqual(['40%']);
    await page.click(/Setup/);
    expect(page.page.store.state.seek.atMs).toBe(0);
  });

  it('that grew or were named anew take the place of what they were', async () => {
    const rows = [chapter(1, 0, 'Setup')];
    await page.send({ kind: 'rows', body: { rows, isReset: false } });
    await page.click(/^Chapters/);
    const again = [chapter(1, 0, 'Project setup'), chapter(2, 40, 'Tests')];
    await page.send({ kind: 'rows', body: { rows: again, isReset: false } });
    expect(rowsIn('Chapters')).toEqual(['0:00Project setup40 s', '0:40Tests40 s']);
    await page.send({ kind: 'rows', body: { rows: [], isReset: true } });
    expect(page.find('[aria-selected=true]').textContent).toContain('Guidance');
  });

  it('grow while the video is watched', async () => {
    const rows = [chapter(1, 0, 'Setup'), chapter(2, 40, 'Tests')];
    await page.send({ kind: 'rows', body: { rows, isReset: false } });
    await page.send({ kind: 'status', body: { state: 'watching' } });
    await page.click(/^Chapters/);
    expect(rowsIn('Chapters')).toEqual(['0:00Setup40 s', '0:40Tests40 s so far']);
    expect(page.find('.list-head').textContent).toMatch(/^Named by the model/);
    const grown = { ...chapter(2, 40, 'Tests'), endMs: mediaMs(95_000) };
    await page.send({ kind: 'rows', body: { rows: [grown], isReset: false } });
    expect(rowsIn('Chapters')[1]).toBe('0:40Tests55 s so far');
    await page.send({ kind: 'status', body: { state: 'finished' } });
    expect(rowsIn('Chapters')[1]).toBe('0:40Tests55 s');
  });

  it('are walked through with the arrow keys', async () => {
    const rows = [chapter(1, 0, 'Setup'), chapter(2, 40, '')];
    await page.send({ kind: 'rows', body: { rows, isReset: false } });
    await page.click(/^Chapters/);
    const list = page.find('[aria-label=Chapters]');
    for (const [key, text] of [
      ['ArrowDown', '0:00Setup40 s'],
      ['ArrowDown', '0:40Chapter 240 s'],
      ['ArrowDown', '0:40Chapter 240 s'],
      ['Home', '0:00Setup40 s'],
    ] as const) {
      await page.press(list, key);
      expect(document.activeElement?.textContent).toBe(text);
    }
  });

  it('are those of the file until the timeline has its own', async () => {
    const named = [{ startMs: mediaMs(0), endMs: mediaMs(100_000), title: 'Talk' }];
    await page.send({ kind: 'media', body: { ...media, chapters: named } });
    await page.click(/^Chapters/);
    expect(rowsIn('Chapters')).toEqual(['0:00Talk2 min']);
    expect(page.find('.list-head').textContent).toBe('Named by the file');
    await page.send({ kind: 'rows', body: { rows: [chapter(1, 0, 'Setup')], isReset: false } });
    expect(rowsIn('Chapters')).toEqual(['0:00Setup40 s']);
  });
});

const hit = (rowId: number, seconds: number, text: string): SearchHit => ({
  ...{ rowId, kind: 'screenText', region: 'terminal', text, score: 1 },
  ...{ startMs: mediaMs(seconds * 1000), endMs: mediaMs(seconds * 1000 + 500) },
  ...{ parts: { words: 1, coverage: 1, literal: 1 }, video: { videoId: 'v' } },
});
const field = (): Element => page.find('[aria-label="Search in this video"]');

describe('the search in this video', () => {
  beforeEach(async () => {
    await page.click('Search');
  });

  it('asks once for what was typed in one go, and shows where it was', async () => {
    for (const text of ['n', 'npm', 'npm test']) await page.type(field(), text);
    expect(page.host.said).toEqual([]);
    await page.wait(200);
    const { requestId, query: asked } = page.host.last('search');
    expect(asked).toBe('npm test');
    await page.send({ kind: 'hits', body: { requestId, hits: [hit(1, 12, '$ npm test')] } });
    expect(page.find('.list-head p').textContent).toBe('Search results: 1');
    expect(rowsIn('Search results')).toEqual(['0:12$ npm testterminal']);
    expect([...page.find('.row-text').children].map(({ textContent }) => textContent)).toEqual([
      ...['npm', 'test'],
    ]);
    await page.press(field(), 'ArrowDown');
    expect(document.activeElement).toBe(page.find('.row-main'));
    await page.click(/npm test/);
    expect(page.page.store.state.seek.atMs).toBe(12_000);
  });

  it('shows as code what a sentence quotes, and a line as it was read', async () => {
    await page.type(field(), 'npm');
    await page.wait(200);
    const { requestId } = page.host.last('search');
    const { region: _, ...said } = hit(1, 12, 'Ran `npm test`.');
    const hits = [{ ...said, kind: 'guidance' as const }, hit(2, 13, 'echo `npm bin`')];
    await page.send({ kind: 'hits', body: { requestId, hits } });
    expect(rowsIn('Search results')).toEqual([
      ...['0:12Ran npm test.guidance', '0:13echo `npm bin`terminal'],
    ]);
    expect(page.find('.row-text code').innerHTML).toBe('<mark>npm</mark> test');
    expect(page.root.querySelectorAll('code')).toHaveLength(1);
  });

  it('marks words that mean something else in a pattern', async () => {
    await page.type(field(), 'a.b( (');
    await page.wait(200);
    const { requestId } = page.host.last('search');
    await page.send({ kind: 'hits', body: { requestId, hits: [hit(1, 1, 'axb A.B(c (d')] } });
    const marked = [...page.root.querySelectorAll('mark')].map(({ textContent }) => textContent);
    expect(marked).toEqual(['A.B(', '(']);
    expect(page.find('.row-text').textContent).toBe('axb A.B(c (d');
  });

  it('shows nothing that was found for other words', async () => {
    await page.type(field(), 'npm');
    await page.wait(200);
    const { requestId } = page.host.last('search');
    await page.type(field(), 'node');
    await page.send({ kind: 'hits', body: { requestId, hits: [hit(1, 12, '$ npm test')] } });
    expect(page.root.querySelector('.list-head')).toBeNull();
  });

  it('says that nothing was found, or what went wrong', async () => {
    await page.type(field(), 'xyz');
    await page.press(field(), 'Enter');
    await page.wait(0);
    await page.send({
      kind: 'hits',
      body: { requestId: page.host.last('search').requestId, hits: [] },
    });
    expect(page.find('.empty').textContent).toMatch(/^Nothing found for “xyz”\./);
    const error = { message: 'It broke.', remedy: 'Mend it.', action: 'retry' as const };
    await page.press(field(), 'Enter');
    await page.wait(0);
    const { requestId } = page.host.last('search');
    await page.send({ kind: 'hits', body: { requestId, hits: [], error } });
    await page.click('Try again');
    expect(page.host.last('search')).not.toMatchObject({ requestId });
    await page.press(field(), 'Escape');
    await page.wait(0);
    expect(page.find('.empty').textContent).toMatch(/^Find what was on screen/);
  });

  it('goes on in all videos', async () => {
    await page.type(field(), 'npm');
    await page.wait(200);
    await page.click('Find in all videos…');
    expect(page.host.last('findInVideos')).toEqual({ query: 'npm' });
  });
});

it('an answer that abstains offers search results, named as such', async () => {
  const rows = [query(8, 'Which port?'), answer(9, 8)];
  await page.send({ kind: 'rows', body: { rows, isReset: false } });
  await page.click(/^Questions/);
  await page.click('Show search results for these words');
  const { requestId, query: asked } = page.host.last('search');
  expect(asked).toBe('Which port?');
  await page.send({ kind: 'hits', body: { requestId, hits: [hit(1, 12, 'PORT=80')] } });
  expect(page.find('.list-head p').textContent).toBe('Search results: 1');
});
