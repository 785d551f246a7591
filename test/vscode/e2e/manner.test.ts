/** How guidance is told, as a person sets it: how much, whether it is announced, and by which notifications. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { Editor, type Window } from '../../../scripts/editor/editor.ts';
import type { PanelPage } from '../../../scripts/editor/panelPage.ts';
import { until } from '../../../scripts/editor/workbench.ts';
import { openSample, tellOneStory } from './oneStory.ts';

describe('guidance in VS Code', () => {
  let editor: Editor;
  let window: Window;
  let panel: PanelPage;

  beforeAll(async () => {
    editor = await Editor.open({ release: hosts.current, vsix: inject('vsix') });
    window = await editor.openWindow();
  });
  tellOneStory('manner', () => editor);
  afterAll(() => editor[Symbol.asyncDispose]());

  it('appears in the list', async () => {
    panel = await openSample(editor, window);
    await window.workbench.untilWatched();
    expect(await panel.guidanceCount()).toBeGreaterThan(2);
  });

  it('is less when less is wanted, and all of it is back when more is', async () => {
    const slider = panel.frame.getByRole('slider', { name: 'How much is said' });
    const before = await panel.guidanceCount();
    await slider.press('ArrowLeft');
    await slider.press('ArrowLeft');
    await until('fewer rows', async () => (await panel.guidanceCount()) < before);
    await panel.frame.getByText(/Not listed at this setting: \d/).waitFor();
    // The setting of the first key may come back behind the second key.
    const words = 'Only what is all but certain to matter';
    await until(words, async () => (await slider.getAttribute('aria-valuetext')) === words);
    await slider.press('ArrowRight');
    await slider.press('ArrowRight');
    await until('all rows', async () => (await panel.guidanceCount()) === before);
  });

  it('is snoozed for as long as people choose, which the status bar shows', async () => {
    const { workbench } = window;
    await panel.frame.getByRole('button', { name: 'Snooze guidance…' }).click();
    await workbench.pick('For 30 minutes');
    await workbench.untilStatus(/\d:\d\d/);
    await panel.frame.getByText(/^Snoozed until .+: listed, not announced\.$/).waitFor();
    await workbench.run('Codealong: Announce Guidance Again');
    await panel.frame.getByRole('button', { name: 'Snooze guidance…' }).waitFor();
  });
});
