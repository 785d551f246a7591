/** Measures the panel's page in a browser, with the rows of a long video and no editor around it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import { mediaMs, type GuidanceRow, type HostToWebview } from '../../protocol/index.ts';
import { openBrowser } from '../lib/vscodeHost.mjs';
import { median, percentile } from './statistics.ts';
import { playHost, servePage } from './webviewPage.ts';

/** How the page does. Milliseconds and bytes. */
export interface WebviewFigures {
  readonly scriptBytes: number;
  readonly scriptGzipBytes: number;
  readonly stylesBytes: number;
  /** From asking for the page until its words stand there; median of several starts. */
  readonly firstPaintMs: number;
  /** From the message with nine tenths of the rows until they are on screen. */
  readonly rowsShownMs: number;
  readonly rowCount: number;
  /** Elements of the whole page while the list is scrolled. */
  readonly elementCount: number;
  /** JavaScript's memory after garbage was collected, with all rows. */
  readonly heapBytes: number;
  /** Between two frames while the list is scrolled by its wheel. */
  readonly scrollFrameMs: FrameTimes;
  /** Between two frames while the last tenth of the rows comes, a few with each frame. */
  readonly growFrameMs: FrameTimes;
}

/** Milliseconds between two frames. */
export interface FrameTimes {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** What is measured. */
export interface WebviewSubject {
  /** Folder of `webview.js` and `webview.css`. */
  readonly dist: string;
  /** A video that the browser can play. */
  readonly video: string;
  /** Default 5,000: more than an hour of a lively tutorial. */
  readonly rowCount?: number;
}

const starts = 5;
const scrolledMs = 3000;
const everyMs = 720;

const sentences: readonly string[] = [
  'The developer opens the settings file.',
  'npm test fails: the test "names the jars to use first" gets no jar instead of saffron.',
  'The developer writes the function that collects what is about to expire, with a comment about the days that are left.',
];

function manyRows(count: number): GuidanceRow[] {
  return Array.from({ length: count }, (_, index) => {
    const atMs = mediaMs(index * everyMs);
    const text = `${index + 1}. ${sentences[index % sentences.length]!}`;
    const rest = { silenceProbability: 0.1, evidence: [], model: 'bench' };
    return { kind: 'guidance', id: index + 1, startMs: atMs, endMs: atMs, atMs, text, ...rest };
  });
}

const init: HostToWebview['init'] = {
  path: '/bench.mp4',
  name: 'bench.mp4',
  settings: { revealGuidance: 'asIndexed', announceGuidance: true, chattiness: 'usual' },
  l10n: {},
};

const mediaAt = (url: string, durationMs: number): HostToWebview['media'] => ({
  ...{ durationMs: mediaMs(durationMs), width: 1280, height: 720, chapters: [], notices: [] },
  ...{ hasSound: true, state: 'ready', videoUrl: `${url}/video.mp4`, frameUrl: `${url}/frame` },
});

/** What of the browser's window the functions below use; they run there. */
interface Window {
  readonly requestAnimationFrame: (callback: (ms: number) => void) => void;
  readonly postMessage: (message: unknown) => void;
  readonly performance: {
    now(): number;
    getEntriesByName(name: string): readonly { readonly startTime: number }[];
  };
  readonly document: { querySelectorAll(selector: string): { readonly length: number } };
  /** When each frame was drawn. */
  drawn: number[] | undefined;
}

/** Opens the page in a fresh tab. @returns when its words stood there, from asking for it */
async function firstPaint(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  await playHost(page, [{ kind: 'init', body: init }]);
  await page.goto(url);
  const painted = await page.waitForFunction(() => {
    const { performance } = globalThis as unknown as Window;
    return performance.getEntriesByName('first-contentful-paint')[0];
  });
  const { startTime } = (await painted.jsonValue())!;
  await page.close();
  return startTime;
}

/** Notes when each frame is drawn, from now on. */
const watchFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const window = globalThis as unknown as Window;
    const isWatched = window.drawn !== undefined;
    window.drawn = [];
    const note = (ms: number): void => {
      window.drawn?.push(ms);
      window.requestAnimationFrame(note);
    };
    if (!isWatched) window.requestAnimationFrame(note);
  });

async function frameTimes(page: Page): Promise<FrameTimes> {
  const drawn = await page.evaluate(() => (globalThis as unknown as Window).drawn ?? []);
  const between = drawn.slice(1).map((ms, index) => ms - drawn[index]!);
  return {
    median: median(between),
    p95: percentile(between, 0.95),
    max: Math.max(...between),
  };
}

/** Turns the wheel over the list for a while. */
async function scroll(page: Page): Promise<FrameTimes> {
  await page.hover('.list');
  await watchFrames(page);
  for (let turns = 0; turns < scrolledMs / 30; turns += 1) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(30);
  }
  return frameTimes(page);
}

/** Sends rows as a fast watching does: some with each frame. */
async function grow(page: Page, rows: readonly GuidanceRow[]): Promise<FrameTimes> {
  await watchFrames(page);
  await page.evaluate(async (all) => {
    const { postMessage, requestAnimationFrame } = globalThis as unknown as Window;
    const rowsEach = 4;
    for (let from = 0; from < all.length; from += rowsEach) {
      const body = { rows: all.slice(from, from + rowsEach), isReset: false };
      postMessage({ kind: 'rows', body });
      await new Promise<unknown>((resolve) => {
        requestAnimationFrame(resolve);
      });
    }
  }, rows);
  return frameTimes(page);
}

async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** Sends all rows at once and waits for the first to stand there. @returns how long that took */
async function showRows(page: Page, rows: HostToWebview['rows'], url: string): Promise<number> {
  const media = mediaAt(url, rows.rows.length * everyMs);
  await playHost(page, [
    { kind: 'init', body: init },
    { kind: 'media', body: media },
  ]);
  await page.goto(url);
  await page.waitForSelector('.empty');
  return page.evaluate(async (body) => {
    const { performance, document, postMessage, requestAnimationFrame } =
      globalThis as unknown as Window;
    const started = performance.now();
    postMessage({ kind: 'rows', body });
    while (document.querySelectorAll('.row').length === 0) {
      await new Promise<unknown>((resolve) => {
        requestAnimationFrame(resolve);
      });
    }
    return performance.now() - started;
  }, rows);
}

/** Measures a built page. Needs Chromium. */
export async function measureWebview(subject: WebviewSubject): Promise<WebviewFigures> {
  const { dist, video, rowCount = 5000 } = subject;
  const script = await readFile(path.join(dist, 'webview.js'));
  const styles = await readFile(path.join(dist, 'webview.css'));
  await using server = await servePage({ dist, video });
  const { context, close } = await openBrowser({ width: 1280, height: 800 });
  try {
    const paints: number[] = [];
    for (let start = 0; start < starts; start += 1) {
      paints.push(await firstPaint(context, server.url));
    }
    const page = await context.newPage();
    const all = manyRows(rowCount);
    const first = Math.floor(rowCount * 0.9);
    const rows = { rows: all.slice(0, first), isReset: true };
    const rowsShownMs = await showRows(page, rows, server.url);
    const growFrameMs = await grow(page, all.slice(first));
    const scrollFrameMs = await scroll(page);
    const count = (): number =>
      (globalThis as unknown as Window).document.querySelectorAll('*').length;
    return {
      scriptBytes: script.byteLength,
      scriptGzipBytes: gzipSync(script).byteLength,
      stylesBytes: styles.byteLength,
      firstPaintMs: median(paints),
      rowsShownMs,
      rowCount,
      elementCount: await page.evaluate(count),
      heapBytes: await heapBytes(page),
      scrollFrameMs,
      growFrameMs,
    };
  } finally {
    await close();
  }
}
