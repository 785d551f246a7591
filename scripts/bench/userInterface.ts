/** The rows of the table about the extension: its size, the panel's page in a browser, and the package in the real editor. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { findChromium } from '../lib/vscodeHost.mjs';
import { dist, type Bench } from './bench.ts';
import { editorObstacle, measureEditor } from './editorRun.ts';
import type { Measurement } from './table.ts';
import { measureWebview, type FrameTimes } from './webview.ts';

/** Sizes of what the editor loads. */
export async function measureBundles(): Promise<Measurement[]> {
  const bytes = async (name: string): Promise<number> => (await stat(path.join(dist, name))).size;
  return [
    {
      key: 'extensionBytes',
      name: 'Extension bundle',
      unit: 'kilobytes',
      sample: (await bytes('extension.cjs')) / 1000,
      note: `at first use; ${((await bytes('languageClient.cjs')) / 1000).toFixed(0)} kB more to connect`,
    },
    {
      key: 'pageBytes',
      name: 'Panel’s page',
      unit: 'kilobytes',
      sample: ((await bytes('webview.js')) + (await bytes('webview.css'))) / 1000,
      note: 'script and styles',
    },
  ];
}

/** The panel's page with the rows of a long video. Nothing where there is no browser. */
export async function measurePage({ sample }: Bench): Promise<Measurement[]> {
  if (findChromium() === undefined) return skipped('the panel’s page', 'Chromium is not installed');
  const figures = await measureWebview({ dist, video: sample });
  const { firstPaintMs, rowsShownMs, rowCount, heapBytes, elementCount } = figures;
  const count = rowCount.toLocaleString('en');
  return [
    { key: 'pageFirstPaint', name: 'Panel’s page, first paint', unit: 'ms', sample: firstPaintMs },
    {
      key: 'pageRowsShown',
      name: `Panel’s page, ${count} rows shown`,
      unit: 'ms',
      longRun: rowsShownMs,
      note: 'from the message to the list on screen',
    },
    {
      key: 'pageHeap',
      name: `Panel’s page, heap with ${count} rows`,
      unit: 'megabytes',
      longRun: heapBytes / 1e6,
      note: `${elementCount} elements`,
    },
    frames('pageScrolling', 'Panel’s page, frame while scrolling', figures.scrollFrameMs),
    frames('pageGrowing', 'Panel’s page, frame while rows come', figures.growFrameMs),
  ];
}

function frames(key: string, name: string, { median, p95, max }: FrameTimes): Measurement {
  const note = `95 % within ${p95.toFixed(0)} ms, longest ${max.toFixed(0)} ms`;
  return { key, name, unit: 'ms', longRun: median, note };
}

/** The package in the real editor. Nothing where that cannot run. */
export async function measureInEditor(): Promise<Measurement[]> {
  const obstacle = editorObstacle();
  if (obstacle !== undefined) return skipped('the editor', obstacle);
  const figures = await measureEditor();
  const row = (key: string, name: string, sample: number, note: string): Measurement => ({
    ...{ key, name, unit: 'ms', sample, note },
  });
  const fresh = 'new window, no daemon';
  const again = 'watched before, daemon runs';
  return [
    row('activation', 'Activation', figures.activationMs, 'code and activate(), goal ≤ 20 ms'),
    row('firstFrame', 'Command to first frame', figures.firstFrameMs, fresh),
    row('firstGuidance', 'Command to first guidance', figures.firstGuidanceMs, fresh),
    row('firstFrameAgain', 'Command to first frame, again', figures.againFirstFrameMs, again),
    row('guidanceAgain', 'Command to guidance, again', figures.againFirstGuidanceMs, again),
  ];
}

function skipped(what: string, reason: string): Measurement[] {
  process.stderr.write(`not measured: ${what}: ${reason}\n`);
  return [];
}
