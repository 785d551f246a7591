// Takes the pictures of the README: the panel in a real VS Code, in several themes, beside code, with the sample watched and
// a question answered.
//   node scripts/screenshots.mjs
// Needs what `npm test` needs. Writes extension/images/panel-*.png.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Editor, sampleName } from './editor/editor.ts';
import { PanelPage } from './editor/panelPage.ts';
import { ensureHost } from './installHost.mjs';
import { root, runMain, runQuietly, say } from './lib/console.mjs';
import { larderAtTheEnd } from './lib/sampleProject.mjs';
import { hosts } from './lib/vscodeHost.mjs';
import { packageVsix } from './packageVsix.mjs';

/** @typedef {{name: string, theme: string, isInSideBar?: boolean, tab: 'Guidance' | 'Questions' | 'Code', size: {width: number, height: number}}} Scene */

/** @type {readonly Scene[]} */
const scenes = [
  {
    name: 'panel-dark',
    theme: 'Default Dark Modern',
    tab: 'Guidance',
    size: { width: 1360, height: 800 },
  },
  {
    name: 'panel-light',
    theme: 'Default Light Modern',
    tab: 'Questions',
    size: { width: 1360, height: 800 },
  },
  {
    name: 'panel-high-contrast',
    theme: 'Default High Contrast',
    tab: 'Code',
    size: { width: 1360, height: 800 },
  },
  {
    name: 'panel-side-bar',
    theme: 'Default Dark Modern',
    isInSideBar: true,
    tab: 'Guidance',
    size: { width: 1000, height: 800 },
  },
];

const question = 'Which command was run to test the code?';
const images = path.join(root, 'extension', 'images');

/** Few colours are left, and none is mixed from others: text stays sharp. */
const fewColours = 'split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=dither=none';

/** Resolves when the player shows the picture it was sent to: a copy that is still being made does not reach that far at first. */
const pictureOf = (video) =>
  video.evaluate(async (player) => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 300));
    for (let tries = 0; tries < 100 && (player.seeking || player.currentTime < 1); tries++)
      await pause();
    await pause();
  });

async function keep(picture, name) {
  const file = path.join(images, `${name}.png`);
  const reduce = ['-y', '-i', picture, '-vf', fewColours, '-pred', 'mixed', file];
  await runQuietly('reducing a picture', ['ffmpeg', '-loglevel', 'error', ...reduce]);
  const { size } = await stat(file);
  say(`  ${path.relative(root, file)}, ${Math.round(size / 1000)} kB`);
}

/** Code on the left, the video on the right; in the side bar the other way round. */
async function arrange({ workbench }, { isInSideBar }) {
  await workbench.openFile('larder.js');
  await workbench.untilText(/fillLarder/);
  if (!isInSideBar) await workbench.run('View: Close Primary Side Bar');
  await workbench.run('Codealong: Open Video…');
}

/** @param {Scene} scene @param {string} vsix @param {string} folder for the raw picture */
async function take(scene, vsix, folder) {
  const settings = {
    'workbench.colorTheme': scene.theme,
    'codealong.panel.location': scene.isInSideBar ? 'sideBar' : 'editor',
    'editor.minimap.enabled': false,
    'editor.lightbulb.enabled': 'off',
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
  };
  const files = { 'larder.js': larderAtTheEnd };
  await using editor = await Editor.open({
    ...{ release: hosts.current, vsix, settings, files, size: scene.size },
  });
  const window = await editor.openWindow();
  const { page, workbench } = window;
  await arrange(window, scene);
  await workbench.chooseFile(path.join(editor.workspace, sampleName));
  const panel = await PanelPage.of(await workbench.panel());
  await panel.untilFirstFrame();
  await workbench.untilWatched();
  if (scene.tab === 'Questions') {
    await panel.ask(question);
    await panel.citations(question).first().click();
  } else {
    await panel.show('Guidance');
    await panel.guidance.last().getByRole('button').first().click();
  }
  await panel.show(scene.tab);
  if (scene.tab === 'Code') await panel.frame.locator('.code-view').waitFor();
  await panel.untilPictures();
  // The question stands above its answer.
  await panel.frame.getByRole('log').evaluateAll(([log]) => log && (log.scrollTop = 0));
  // What is pointed at is not what the picture is about.
  await page.mouse.move(2, 2);
  await page.waitForTimeout(700);
  await pictureOf(panel.frame.locator('video').first());
  const picture = path.join(folder, `${scene.name}.png`);
  await page.screenshot({ path: picture, animations: 'disabled', caret: 'hide' });
  await keep(picture, scene.name);
}

await runMain(async () => {
  await ensureHost();
  const vsix = process.env.CODEALONG_VSIX ?? (await packageVsix());
  const folder = await mkdtemp(path.join(tmpdir(), 'codealong-pictures-'));
  try {
    for (const scene of scenes) await take(scene, vsix, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
