// Records the demo sample: a real VS Code in which a developer writes, tests, mends, renames and commits a function.
//   node scripts/recordSample.mjs [--height 1080] [folder for the result, default samples/]
// Writes pantry.mp4, pantry.events.json (what happens when) and pantry.vtt (what the developer says about it); at another height
// than 720 pantry-1080p.mp4 and so on, without the captions.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureHost } from './installHost.mjs';
import { root, runMain, say, ScriptError } from './lib/console.mjs';
import { arrangeWindow } from './lib/editorScreen.mjs';
import { pinnedEnvironment } from './lib/pinnedNode.mjs';
import {
  terminalEnvironment,
  identifiers,
  larderAtTheEnd,
  writeProject,
} from './lib/sampleProject.mjs';
import { playStory, presenterSettings, prompt } from './lib/sampleStory.mjs';
import { filmFps, filmStory, startFilming, writeFilm } from './lib/screencast.mjs';
import { Typist } from './lib/typist.mjs';
import { hostFolder, hosts, withHost, withPage } from './lib/vscodeHost.mjs';

const { values, positionals } = parseArgs({
  options: { height: { type: 'string', default: '720' } },
  allowPositionals: true,
});
const height = Number(values.height);
const size = { width: Math.round((height * 16) / 9), height };
const name = height === 720 ? 'pantry' : `pantry-${height}p`;
const seed = 20260105;
const crf = 20;

const hashIdentifier = (name) => createHash('sha256').update(name).digest('hex').slice(0, 16);

/** WebVTT time, for example 00:01:02.300. */
const cueTime = (ms) => new Date(ms).toISOString().slice(11, 23);

function captions(steps) {
  const cues = steps.map(({ startMs, caption }, index) => {
    const endMs = Math.min(startMs + 3500, steps[index + 1]?.startMs ?? Infinity);
    return `${cueTime(startMs)} --> ${cueTime(endMs)}\n${caption}`;
  });
  return `WEBVTT\n\n${cues.join('\n\n')}\n`;
}

async function record(page, url, project) {
  await page.goto(url);
  await page.locator('.explorer-viewlet .monaco-list-row').nth(2).waitFor();
  await page.waitForTimeout(4000);
  await arrangeWindow(page, prompt);
  const { failure, ...filmed } = await filmStory(
    await startFilming(page),
    (step) => playStory(page, new Typist(page, seed), step),
    ({ dueMs, sentence }) => {
      say(`  ${(dueMs / 1000).toFixed(1)} s  ${sentence}`);
    },
  );
  if (failure) throw failure;
  if ((await readFile(path.join(project, 'larder.js'), 'utf8')) !== larderAtTheEnd) {
    throw new ScriptError('The file on disk is not what was typed.', 'Record again.');
  }
  return filmed;
}

await runMain(async () => {
  const folder = path.resolve(positionals[0] ?? path.join(root, 'samples'));
  await ensureHost();
  await mkdir(folder, { recursive: true });
  // The path shows in the terminal, so it is a plain one.
  const project = path.join(tmpdir(), 'pantry');
  if (existsSync(project))
    throw new ScriptError(`${project} exists.`, 'Move it away and record again.');
  writeProject(project);
  try {
    const env = { PATH: pinnedEnvironment(hostFolder()).PATH, ...terminalEnvironment };
    const host = { workspace: project, settings: presenterSettings, env };
    const { shots, steps, lengthMs } = await withHost(host, ({ url }) =>
      withPage(size, (page) => record(page, url, project)),
    );
    const file = path.join(folder, `${name}.mp4`);
    await writeFilm(shots, { lengthMs, file, fps: filmFps, crf });
    const events = {
      video: `${name}.mp4`,
      durationMs: lengthMs,
      ...size,
      fps: filmFps,
      recordedWith: `VS Code ${hosts.current.vscode}`,
      seed,
      steps: steps.map(({ caption: _, ...step }) => step),
      identifiers,
      identifierHashes: identifiers.map(hashIdentifier),
    };
    await writeFile(
      path.join(folder, `${name}.events.json`),
      `${JSON.stringify(events, null, 2)}\n`,
    );
    if (name === 'pantry') await writeFile(path.join(folder, 'pantry.vtt'), captions(steps));
    const megabytes = ((await stat(file)).size / 1e6).toFixed(1);
    say(
      `${file}: ${(lengthMs / 1000).toFixed(1)} s, ${megabytes} MB, ${shots.length} pictures taken`,
    );
  } finally {
    await rm(project, { recursive: true, force: true });
  }
});
