// Records a planned story in a fresh VS Code, picture by picture: the video and what happens in it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { arrangeWindow, Screen } from './editorScreen.mjs';
import { withProject } from './freshProject.mjs';
import { filmStory, writeFilm } from './screencast.mjs';
import { StopMotion, stopMotionFps } from './stopMotion.mjs';
import { playPlan, settingsOf } from './storySteps.mjs';
import { Typist } from './typist.mjs';
import { hosts } from './vscodeHost.mjs';

const film = { fps: stopMotionFps, crf: 23, preset: 'medium' };

async function perform(page, { seed, look, steps }, onStep) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('.explorer-viewlet .monaco-list-row').nth(2).waitFor();
  await page.waitForTimeout(4000);
  await arrangeWindow(page, look.prompt);
  if (!look.isSideBarShown) await page.keyboard.press('Control+b');
  const camera = new StopMotion(page);
  const stage = {
    ...{ page, prompt: look.prompt },
    ...{ hands: new Typist(page, seed, camera), screen: new Screen(page) },
  };
  return filmStory(camera, (step) => playPlan(stage, steps, step), onStep);
}

/** A story that breaks off sooner is not worth keeping. */
const fewestSteps = 3;

/**
 * Records a story: story-SEED.mp4 and, last, story-SEED.events.json.
 * @param {import('./storyState.mjs').Plan} plan
 * @param {string} folder absolute
 * @param {(step: {kind: string, slots: Record<string, string>, dueMs: number}) => void} onStep hears of each step that can be seen
 * @returns {Promise<Error | undefined>} why it broke off; what is written ends there
 * @throws Error when it did so at its beginning
 */
export async function recordStory(plan, folder, onStep) {
  const { seed, look, project } = plan;
  const { width, height } = look;
  const name = `story-${seed}`;
  const settings = (searchPath) => settingsOf(look, searchPath);
  const { shots, steps, lengthMs, failure } = await withProject(
    { project, settings, size: { width, height } },
    (page) => perform(page, plan, onStep),
  );
  if (failure && steps.length < fewestSteps) throw failure;
  await writeFilm(shots, { lengthMs, file: path.join(folder, `${name}.mp4`), ...film });
  const events = {
    ...{ video: `${name}.mp4`, durationMs: lengthMs, width, height, fps: stopMotionFps },
    recordedWith: `VS Code ${hosts.current.vscode}`,
    ...{ seed, look, language: project.language, steps },
  };
  const file = path.join(folder, `${name}.events.json`);
  await writeFile(file, `${JSON.stringify(events, null, 2)}\n`);
  return failure;
}
