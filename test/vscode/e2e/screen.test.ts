/** What a person does with the own screen: chooses a display from the palette, sees it in the panel, finds what was typed, pauses, stops. */
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { root } from '../../../scripts/lib/console.mjs';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { Editor, type Window } from '../../../scripts/editor/editor.ts';
import { PanelPage } from '../../../scripts/editor/panelPage.ts';
import { until } from '../../../scripts/editor/workbench.ts';
import { processesWith } from '../../../scripts/processes.ts';
import { VirtualDisplay } from '../../../scripts/virtualDisplay.ts';
import { tellOneStory } from './oneStory.ts';

const size = { width: 1280, height: 720 };

describe(`a screen in VS Code ${hosts.current.vscode}`, () => {
  let display: VirtualDisplay;
  let terminal: ChildProcess;
  let editor: Editor;
  let window: Window;
  let panel: PanelPage;

  beforeAll(async () => {
    display = await VirtualDisplay.start(size);
    const place = { x: 60, y: 60, size: '90x30' };
    terminal = await display.openTerminal('larder', ['$ npm test', '3 passed'], place);
    editor = await Editor.open({
      ...{ release: hosts.current, vsix: inject('vsix') },
      env: { DISPLAY: display.name },
    });
    window = await editor.openWindow();
  }, 600_000);
  tellOneStory('screen', () => editor);
  afterAll(async () => {
    const owned: readonly (AsyncDisposable | undefined)[] = [editor, display];
    for (const each of owned) await each?.[Symbol.asyncDispose]();
  });

  const saying = (words: RegExp) => panel.frame.locator('.live-status-text', { hasText: words });
  /** The editor's own window is left out, so our own client takes the pictures. */
  const captures = (): readonly number[] => processesWith('-pixel_format bgr0');
  const untilNoCapture = () =>
    until('the end of ffmpeg', () => Promise.resolve(captures().length === 0));
  const plays = async (): Promise<void> => {
    const { currentTime } = await panel.video();
    await until('playing', async () => (await panel.video()).currentTime > currentTime + 1);
  };

  it('is chosen from the palette, and plays in the panel', async () => {
    const { workbench } = window;
    await workbench.run('Codealong: Watch Screen…');
    await workbench.pick('without this editor');
    panel = await PanelPage.of(await workbench.panel());
    await panel.untilFirstFrame();
    expect((await panel.video()).videoWidth).toBe(size.width);
    await plays();
    await workbench.untilStatus(/watching live/);
    await saying(/^Watching live/).waitFor();
  });

  it('is read: what was typed into a window of it is found', async () => {
    display.type(terminal, 'git commit -m shelves');
    await until('the line that was typed', async () => {
      const hits = await panel.search('shelves');
      return (await hits.count()) > 0;
    });
    expect(await (await panel.search('shelves')).first().innerText()).toContain('shelves');
  });

  it('looks like this', async () => {
    await window.page.screenshot({ path: path.join(root, '.cache', 'e2e', 'screen-panel.png') });
  });

  it('is left alone while it is paused by a key', async () => {
    expect(captures()).toHaveLength(1);
    await window.page.keyboard.press('Control+F9');
    await saying(/^Paused/).waitFor();
    await window.workbench.untilStatus(/paused/);
    await untilNoCapture();
    await window.page.keyboard.press('Control+F9');
    await saying(/^Watching live/).waitFor({ timeout: 60_000 });
    expect(captures()).toHaveLength(1);
  });

  it('leaves no process behind when it is stopped, and is kept', async () => {
    await panel.frame.getByRole('button', { name: 'Stop watching' }).click();
    await panel.frame.getByText('Watched live up to').waitFor();
    await untilNoCapture();
    expect(await panel.violations()).toEqual([]);
    expect(window.workbench.violations).toEqual([]);
  });
});
