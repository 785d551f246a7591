/** Windows that come and go leave nothing behind. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { Editor, sampleName, type Window } from '../../../scripts/editor/editor.ts';
import { PanelPage } from '../../../scripts/editor/panelPage.ts';
import { processesOf, type Found } from '../../../scripts/editor/processes.ts';
import { until } from '../../../scripts/editor/workbench.ts';

const cycles = 5;

describe(`windows of VS Code ${hosts.current.vscode}`, () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.open({ release: hosts.current, vsix: inject('vsix') });
  });
  afterEach(({ task }) =>
    task.result?.state === 'fail' ? editor.photograph('windows') : undefined,
  );
  afterAll(() => editor[Symbol.asyncDispose]());

  it(`share one daemon; after ${cycles} have come and gone no process is left`, async () => {
    const ours = (): readonly Found[] => processesOf(editor.host.home);
    expect(ours()).toEqual([]);
    const daemons = new Set<number>();
    let previous: Window | undefined;
    for (let cycle = 0; cycle < cycles; cycle++) {
      // The next comes before the last one goes, so that the daemon never has a reason to leave.
      const window = await editor.openWindow();
      const { workbench } = window;
      await workbench.chooseFromMenu(workbench.fileRow(sampleName), 'Watch with Codealong');
      const panel = await PanelPage.of(await workbench.panel());
      await until('guidance', async () => (await panel.guidanceCount()) > 0);
      for (const { kind, pid } of ours()) if (kind === 'daemon') daemons.add(pid);
      expect(ours().map(({ kind }) => kind)).toContain('engine');
      await previous?.close();
      previous = window;
    }
    expect(daemons.size).toBe(1);
    await previous?.close();
    await until('the end of every process', () => Promise.resolve(ours().length === 0));
    expect(ours()).toEqual([]);
  });
});
