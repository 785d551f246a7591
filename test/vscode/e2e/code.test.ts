/** The code of a moment, the search over all videos, and a question about a part of the picture, on the packaged extension. */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { larderAtTheEnd } from '../../../scripts/lib/sampleProject.mjs';
import { Editor, sampleName, type Window } from '../../../scripts/editor/editor.ts';
import { PanelPage, secondsOf } from '../../../scripts/editor/panelPage.ts';
import { processesOf } from '../../../scripts/editor/processes.ts';
import { until } from '../../../scripts/editor/workbench.ts';
import { openSample, tellOneStory } from './oneStory.ts';

const question = 'What is the name of the function?';

/** The sample with chapters that its file names. */
const talkName = 'talk.mp4';
const chapters = [
  { title: 'Set-up', startSeconds: 0 },
  { title: 'A test turns red', startSeconds: 25 },
  { title: 'And green again', startSeconds: 45 },
];

async function writeTalk(folder: string): Promise<void> {
  const parts = chapters.map(({ title, startSeconds }, index) => {
    const end = chapters[index + 1]?.startSeconds ?? 67;
    return `[CHAPTER]\nTIMEBASE=1/1\nSTART=${startSeconds}\nEND=${end}\ntitle=${title}\n`;
  });
  const metadata = path.join(folder, 'chapters.txt');
  await writeFile(metadata, [';FFMETADATA1\n', ...parts].join(''));
  const inputs = [path.join(folder, sampleName), metadata].flatMap((file) => ['-i', file]);
  const copied = ['-map', '0', '-map_metadata', '1', '-codec', 'copy'];
  const out = path.join(folder, talkName);
  execFileSync('ffmpeg', ['-loglevel', 'error', ...inputs, ...copied, out]);
}

describe('what is on screen in VS Code', () => {
  let editor: Editor;
  let window: Window;
  let panel: PanelPage;

  beforeAll(async () => {
    const files = { 'larder.js': larderAtTheEnd };
    editor = await Editor.open({ release: hosts.current, vsix: inject('vsix'), files });
    window = await editor.openWindow();
    const { workbench } = window;
    await workbench.openFile('larder.js');
    panel = await openSample(editor, window);
    await panel.untilFirstFrame();
    await workbench.untilWatched();
  });
  tellOneStory('code', () => editor);
  afterAll(() => editor[Symbol.asyncDispose]());

  it('is found in the video, and leads to its moment', async () => {
    const hits = await panel.search('goesStale');
    await hits.first().waitFor();
    expect(await hits.first().innerText()).toContain('goesStale');
    await hits.first().getByRole('button').click();
    await panel.untilAt(await secondsOf(hits.first()));
  });

  it('stands beside the video as text', async () => {
    await panel.show('Code');
    await panel.frame.locator('.code-view', { hasText: /\w+\(/ }).waitFor();
  });

  it('is copied as code', async () => {
    await panel.codeTool('Copy the code at this moment').click();
    await window.workbench.untilSaid(/lines? copied \(/);
  });

  it('is compared with a file of one’s own', async () => {
    const { workbench, page } = window;
    await panel.codeTool('Compare my file with the video').click();
    // What the file is called can be read in the video, or is asked for.
    await until('the diff', async () => {
      const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'larder.js' });
      if (await row.isVisible()) await row.click();
      return workbench.tab('↔ larder.js').isVisible();
    });
    await page.locator('.monaco-diff-editor').first().waitFor();
    // Comparing changes nothing.
    const text = await readFile(path.join(editor.workspace, 'larder.js'), 'utf8');
    expect(text).toBe(larderAtTheEnd);
    // It came to where the code stands, not over the video.
    expect(await panel.frame.locator('video').isVisible()).toBe(true);
  });

  it('stays compared when the daemon ends, and can be had again', async () => {
    const { workbench, page } = window;
    const daemon = (): number | undefined =>
      processesOf(editor.host.home).find(({ kind }) => kind === 'daemon')?.pid;
    const killed = daemon();
    expect(killed).toBeDefined();
    process.kill(killed!, 'SIGKILL');
    await until('another daemon', () => {
      const now = daemon();
      return Promise.resolve(now !== undefined && now !== killed);
    });
    expect(await page.locator('.monaco-diff-editor').first().isVisible()).toBe(true);
    await workbench.untilWatched();
    await workbench.clearNotifications();
    await panel.codeTool('Copy the code at this moment').click();
    await workbench.untilSaid(/lines? copied \(/);
    await workbench.clearNotifications();
  });

  it('is taken over after a look at what would change', async () => {
    const { workbench, page } = window;
    await workbench.run('Codealong: Go to Moment…');
    await workbench.quickInput.fill('0:36');
    await workbench.quickInput.press('Enter');
    await panel.untilPlayingFrom(36);
    await panel.pause();
    await panel.codeTool('Insert the code at this moment into my file').click();
    const proposal = workbench.tab('larder.js ← pantry.mp4');
    await proposal.waitFor();
    await page.getByRole('button', { name: 'Take Over This Code' }).click();
    await proposal.waitFor({ state: 'detached' });
    // Only its name was another then.
    await workbench.untilText(/spoilsWithin\(larder/);
  });

  it('is found from the palette in all videos', async () => {
    const { workbench } = window;
    await workbench.run('Codealong: Find in Videos…');
    await workbench.quickInput.fill('npm test');
    await workbench.pick('npm test');
    panel = await PanelPage.of(await workbench.panel());
    await panel.frame.getByRole('button', { name: 'Pause' }).waitFor();
    await panel.pause();
  });

  it('is asked about by a box that is drawn on it', async () => {
    const { page } = window;
    await panel.drawBox(page, { left: 0.2, top: 0.2, right: 0.8, bottom: 0.7 });
    await panel.frame.getByText('This part of the picture at').waitFor();
    await panel.frame.getByRole('textbox', { name: 'Question' }).fill(question);
    await panel.frame.getByRole('textbox', { name: 'Question' }).press('Enter');
    const exchange = panel.exchange(question);
    await exchange.locator('.question-part img').waitFor();
    await exchange.locator('.answer:not([aria-busy="true"])').waitFor();
    expect(await panel.violations()).toEqual([]);
    expect(window.workbench.violations).toEqual([]);
  });

  it('is divided by the chapters of its file, which are there at once', async () => {
    const { workbench } = window;
    await writeTalk(editor.workspace);
    await workbench.tab(sampleName).first().click({ button: 'middle' });
    await until('the end of the panel', async () => (await workbench.findPanel()) === undefined);
    await workbench.run('Codealong: Open Video…');
    await workbench.chooseFile(path.join(editor.workspace, talkName));
    panel = await PanelPage.of(await workbench.panel());
    await panel.frame.getByRole('group', { name: `${talkName}, player` }).waitFor();
    await panel.untilFirstFrame();
    await panel.show('Chapters');
    const rows = panel.frame.getByRole('list', { name: 'Chapters' }).getByRole('listitem');
    await rows.nth(chapters.length - 1).waitFor();
    expect(await rows.locator('.row-text').allInnerTexts()).toEqual(
      chapters.map(({ title }) => title),
    );
    await rows.nth(1).getByRole('button').click();
    await panel.untilAt(25);
    await panel.frame.locator('[aria-current="step"]', { hasText: chapters[1]!.title }).waitFor();
    expect(await panel.frame.locator('.lane-tick').count()).toBe(chapters.length - 1);
  });
});
