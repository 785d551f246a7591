// Records random stories in a real VS Code: for each seed a video and what happens in it, and for the folder its truth.json.
//   node scripts/recordSessions.mjs SEED COUNT FOLDER
// Writes story-SEED.mp4 and story-SEED.events.json for COUNT seeds from SEED on; a video that is there already is kept. A story
// that cannot be played is told and left out.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureHost } from './installHost.mjs';
import { root, run, runMain, say, ScriptError } from './lib/console.mjs';
import { arrangeWindow, Screen } from './lib/editorScreen.mjs';
import { pinnedEnvironment } from './lib/pinnedNode.mjs';
import { pythonIn } from './lib/python.mjs';
import { terminalEnvironment, writeRepository } from './lib/sampleProject.mjs';
import { filmFps, filmStory, writeFilm } from './lib/screencast.mjs';
import { planStory } from './lib/storyPlan.mjs';
import { playPlan, settingsOf } from './lib/storySteps.mjs';
import { Typist } from './lib/typist.mjs';
import { hostFolder, hosts, withHost, withPage } from './lib/vscodeHost.mjs';

const film = { crf: 23, preset: 'medium' };

/** @param {string | undefined} text @param {number} least */
function wholeNumber(text, least) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new ScriptError('Usage: node scripts/recordSessions.mjs SEED COUNT FOLDER');
  return value;
}

/** @param {import('playwright-core').Page} page @param {string} url @param {import('./lib/storyPlan.mjs').Plan} plan */
async function perform(page, url, { seed, look, steps }) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(url);
  await page.locator('.explorer-viewlet .monaco-list-row').nth(2).waitFor();
  await page.waitForTimeout(4000);
  await arrangeWindow(page, look.prompt);
  if (!look.isSideBarShown) await page.keyboard.press('Control+b');
  const stage = {
    ...{ page, prompt: look.prompt },
    ...{ hands: new Typist(page, seed), screen: new Screen(page) },
  };
  return filmStory(
    page,
    (step) => playPlan(stage, steps, step),
    ({ dueMs, kind, slots }) => {
      say(`  ${(dueMs / 1000).toFixed(1)} s  ${kind} ${JSON.stringify(slots)}`);
    },
  );
}

/** @param {import('./lib/storyPlan.mjs').Plan} plan @param {string} folder absolute */
async function record(plan, folder) {
  const { seed, look, project } = plan;
  const name = `story-${seed}`;
  const place = await mkdtemp(path.join(tmpdir(), 'codealong-story-'));
  const workspace = path.join(place, project.name);
  const { width, height } = look;
  try {
    writeRepository(workspace, project.files);
    const { PATH } = pinnedEnvironment(hostFolder());
    const env = { PATH, ...terminalEnvironment };
    const host = { workspace, settings: settingsOf(look, PATH), env };
    const { shots, steps, lengthMs } = await withHost(host, ({ url }) =>
      withPage({ width, height }, (page) => perform(page, url, plan)),
    );
    await writeFilm(shots, { lengthMs, file: path.join(folder, `${name}.mp4`), ...film });
    const events = {
      ...{ video: `${name}.mp4`, durationMs: lengthMs, width, height, fps: filmFps },
      recordedWith: `VS Code ${hosts.current.vscode}`,
      ...{ seed, look, language: project.language, steps },
    };
    const file = path.join(folder, `${name}.events.json`);
    await writeFile(file, `${JSON.stringify(events, null, 2)}\n`);
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

await runMain(async () => {
  const [first, count, where] = process.argv.slice(2);
  const [seed, most] = [wholeNumber(first, 0), wholeNumber(count, 1)];
  if (where === undefined)
    throw new ScriptError('Usage: node scripts/recordSessions.mjs SEED COUNT FOLDER');
  const folder = path.resolve(where);
  await ensureHost();
  await mkdir(folder, { recursive: true });
  let failed = 0;
  for (let each = seed; each < seed + most; each++) {
    if (existsSync(path.join(folder, `story-${each}.events.json`))) continue;
    say(`story ${each}`);
    try {
      await record(planStory(each), folder);
    } catch (error) {
      failed += 1;
      say(`story ${each} ${error.message}`);
    }
  }
  // The phrasings are those of the training world.
  const models = path.join(root, 'models');
  const truth = ['-m', 'evaluation.recordings', folder];
  if ((await run(pythonIn(path.join(models, '.venv')), truth, { cwd: models })) !== 0)
    throw new ScriptError('truth.json was not written.', 'Read the message above.');
  return failed === 0 ? 0 : 1;
});
