/** What a person does with a livestream: opens it from the palette, sees it play, asks about it, and is told when it stalls. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { root } from '../../../scripts/lib/console.mjs';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { Editor, sampleName, type Window } from '../../../scripts/editor/editor.ts';
import { PanelPage } from '../../../scripts/editor/panelPage.ts';
import { until } from '../../../scripts/editor/workbench.ts';
import { tellOneStory } from './oneStory.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../helpers/fixtures.ts';
import { LiveHls, makePiecesOf } from '../../helpers/liveHls.ts';
import { processesWith } from '../../../scripts/processes.ts';

const question = 'Which command was run?';

describe(`a livestream in VS Code ${hosts.current.vscode}`, () => {
  let pieces: TemporaryFolder | undefined;
  let hls: LiveHls;
  let editor: Editor;
  let window: Window;
  let panel: PanelPage;

  beforeAll(async () => {
    pieces = await createTemporaryFolder();
    const count = await makePiecesOf(path.join(root, 'samples', sampleName), pieces);
    editor = await Editor.open({
      ...{ release: hosts.current, vsix: inject('vsix') },
      // Long enough for a window that is reloaded.
      settings: { 'codealong.daemon.idleExitSeconds': 60 },
    });
    window = await editor.openWindow();
    hls = await LiveHls.start(pieces, count);
  }, 600_000);
  tellOneStory('live', () => editor);
  afterAll(async () => {
    const owned: readonly (AsyncDisposable | undefined)[] = [editor, hls, pieces];
    for (const each of owned) await each?.[Symbol.asyncDispose]();
  });

  const status = () => panel.frame.locator('.live-status-text');
  const saying = (words: RegExp) => panel.frame.locator('.live-status-text', { hasText: words });
  const playsOn = async (): Promise<void> => {
    const { currentTime } = await panel.video();
    await until('playing', async () => (await panel.video()).currentTime > currentTime + 1);
  };

  it('opens from the palette and plays', async () => {
    const { workbench } = window;
    await workbench.run('Codealong: Watch Livestream…');
    await workbench.chooseFile(hls.url);
    panel = await PanelPage.of(await workbench.panel());
    await panel.untilFirstFrame();
    await playsOn();
    await workbench.untilStatus(/watching live/);
    expect(await status().innerText()).toMatch(/^Watching live/);
  });

  it('is watched: guidance appears, at a moment that can be gone back to', async () => {
    await until('guidance', async () => (await panel.guidanceCount()) >= 1, 120_000);
    await panel.guidance.first().getByRole('button').first().click();
    const seconds = await panel.guidance.first().locator('.time').first().innerText();
    const [minutes = 0, rest = 0] = seconds.split(':').map(Number);
    await panel.untilAt(minutes * 60 + rest);
    const back = panel.frame.getByRole('button', { name: 'Live', exact: false }).last();
    await back.click();
    await playsOn();
    await expect.poll(() => back.getAttribute('aria-pressed')).toBe('true');
  });

  it('answers a question while it goes on', async () => {
    const answer = await panel.ask(question);
    expect((await answer.innerText()).length).toBeGreaterThan(0);
    await panel.show('Guidance');
  });

  it('looks like this', async () => {
    await window.page.screenshot({ path: path.join(root, '.cache', 'e2e', 'live-panel.png') });
  });

  it('says that it gives no pictures when it stalls, and plays on when it is back', async () => {
    hls.stall();
    await saying(/^(No new pictures|Reconnecting)/).waitFor({ timeout: 60_000 });
    await window.workbench.untilStatus(/gives no pictures|reconnecting/);
    hls.mend();
    await saying(/^Watching live/).waitFor({ timeout: 60_000 });
    await playsOn();
  });

  it('is left alone while it is paused by a key', async () => {
    await window.page.keyboard.press('Control+F9');
    await saying(/^Paused/).waitFor();
    await until('the end of ffmpeg', () => Promise.resolve(processesWith(hls.origin).length === 0));
    await window.page.keyboard.press('Control+F9');
    await saying(/^Watching live/).waitFor({ timeout: 60_000 });
  });

  it('goes on after the window is reloaded', async () => {
    const count = await panel.guidanceCount();
    await window.workbench.reload();
    panel = await PanelPage.of(await window.workbench.panel());
    await panel.untilFirstFrame();
    await saying(/^Watching live/).waitFor({ timeout: 60_000 });
    await until('the list', async () => (await panel.guidanceCount()) >= count);
    expect(await panel.violations()).toEqual([]);
    expect(window.workbench.violations).toEqual([]);
  });

  it('is kept when it is stopped, and can be watched again', async () => {
    await panel.frame.getByRole('button', { name: 'Stop watching' }).click();
    await panel.frame.getByText('Watched live up to').waitFor();
    await until('the end of ffmpeg', () => Promise.resolve(processesWith(hls.origin).length === 0));
    await panel.frame.getByRole('button', { name: 'Watch again' }).waitFor();
  });
});
