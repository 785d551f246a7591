/** What a person does with a tutorial, from the first command to the reloaded window, on the packaged extension. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { Editor, sampleName, type Window } from '../../../scripts/editor/editor.ts';
import { PanelPage, parseSeconds, secondsOf } from '../../../scripts/editor/panelPage.ts';
import { processesOf } from '../../../scripts/editor/processes.ts';
import { until } from '../../../scripts/editor/workbench.ts';
import { openSample, tellOneStory } from './oneStory.ts';

const question = 'Which command was run to test the code?';

/**
 * In a browser the workbench cannot write its state when it is closed; it does so in intervals, when it is idle.
 * @source measured: state that is younger is lost by a reload, whatever an extension does
 */
const browserFlushMs = 8000;

describe.each(Object.values(hosts))('a tutorial in VS Code $vscode', (release) => {
  let editor: Editor;
  let window: Window;
  let panel: PanelPage;

  beforeAll(async () => {
    editor = await Editor.open({ release, vsix: inject('vsix') });
    window = await editor.openWindow();
  });
  tellOneStory(`story-${release.vscode}`, () => editor);
  afterAll(() => editor[Symbol.asyncDispose]());

  const daemon = (): number | undefined =>
    processesOf(editor.host.home).find(({ kind }) => kind === 'daemon')?.pid;

  it('opens from the palette and shows its first frame', async () => {
    panel = await openSample(editor, window);
    await panel.untilFirstFrame();
  });

  it('is watched; guidance appears', async () => {
    await until('guidance', async () => (await panel.guidanceCount()) >= 2);
  });

  it('goes on being watched when the daemon is killed, and says so once', async () => {
    const before = await panel.guidanceCount();
    const killed = daemon();
    expect(killed).toBeDefined();
    process.kill(killed!, 'SIGKILL');
    await until('another daemon', () => {
      const now = daemon();
      return Promise.resolve(now !== undefined && now !== killed);
    });
    const told = window.workbench.toasts.filter({ hasText: 'ended unexpectedly' });
    await told.waitFor();
    await until('more guidance', async () => (await panel.guidanceCount()) > before);
    expect(await told.count()).toBe(1);
    expect(await window.workbench.toasts.count()).toBe(1);
    await window.workbench.clearNotifications();
  });

  it('moves to the moment of a row', async () => {
    await window.workbench.untilWatched();
    const row = panel.guidance.nth(3);
    await row.getByRole('button').first().click();
    await panel.untilAt(await secondsOf(row));
  });

  it('answers a question as it finds the words, and cites what it rests on', async () => {
    const answer = await panel.ask(question);
    expect((await answer.innerText()).toLowerCase()).toContain('npm test');
    const lengths = await panel.answerLengths();
    expect(lengths.length).toBeGreaterThan(2);
    const citation = panel.citations(question).first();
    await citation.click();
    await panel.untilAt(await secondsOf(citation));
  });

  it('tells at a name in the code when that was on screen, and leads there', async () => {
    const { workbench } = window;
    await workbench.openFile('pantry.js');
    const hover = await workbench.hover('goesStale');
    await expect.poll(() => hover.innerText()).toMatch(/On screen in pantry\.mp4/);
    const link = hover.getByRole('link', { name: /^\d+:\d\d$/ }).first();
    const seconds = parseSeconds(await link.innerText());
    await link.click();
    panel = await PanelPage.of(await workbench.panel());
    await panel.untilPlayingFrom(seconds);
    await panel.pause();
  });

  it('is summed up in a document whose times lead back', async () => {
    const { workbench } = window;
    await workbench.run('Codealong: Summarize Clip…');
    await workbench.pick('The whole video');
    await workbench.untilText(/pantry\.mp4/);
    // In the middle of those on screen: the stretch at the top, and what may lie under its edge, are not asked for.
    const lens = workbench.page.locator('.codelens-decoration a', { hasText: '▶' }).nth(3);
    await lens.click();
    await panel.untilPlayingFrom(parseSeconds(await lens.innerText()));
    await panel.pause();
  });

  it('breaks no content security policy', async () => {
    expect(await panel.violations()).toEqual([]);
    expect(window.workbench.violations).toEqual([]);
  });

  it('is as it was after the window is reloaded', async () => {
    const { currentTime } = await panel.video();
    expect(currentTime).toBeGreaterThan(0);
    await panel.show('Guidance');
    await until('the list', async () => (await panel.guidanceCount()) > 4);
    const count = await panel.guidanceCount();
    await panel.show('Questions');
    await sleep(browserFlushMs);
    await window.workbench.reload();
    panel = await PanelPage.of(await window.workbench.panel());
    await panel.untilFirstFrame();
    await panel.untilAt(Math.floor(currentTime));
    // The tab that was open is open again.
    await panel.citations(question).first().waitFor();
    await panel.show('Guidance');
    await until('the list', async () => (await panel.guidanceCount()) === count);
  });

  it('opens from the explorer, and nothing is lost', async () => {
    const { workbench } = window;
    await workbench.tab(sampleName).first().click({ button: 'middle' });
    await until('the end of the panel', async () => (await workbench.findPanel()) === undefined);
    await workbench.chooseFromMenu(workbench.fileRow(sampleName), 'Watch with Codealong');
    panel = await PanelPage.of(await workbench.panel());
    await panel.untilFirstFrame();
    await until('guidance', async () => (await panel.guidanceCount()) > 4);
    expect(await panel.violations()).toEqual([]);
    expect(workbench.violations).toEqual([]);
  });
});
