/** Tests of a file that tell one story: what follows a failure would only fail for the same reason. */
import { afterEach, beforeEach } from 'vitest';
import { sampleName, type Editor, type Window } from '../../../scripts/editor/editor.ts';
import { PanelPage } from '../../../scripts/editor/panelPage.ts';

/**
 * Skips what comes behind a failure, of which there is a photograph.
 * @param editor asked once the tests run
 */
export function tellOneStory(name: string, editor: () => Editor): void {
  let isBroken = false;
  beforeEach(({ skip }) => {
    skip(isBroken, 'an earlier part of the story failed');
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    isBroken = true;
    await editor().photograph(name);
  });
}

/** Opens the sample from the palette. */
export async function openSample(editor: Editor, { workbench }: Window): Promise<PanelPage> {
  await workbench.run('Codealong: Open Video…');
  await workbench.chooseFile(`${editor.workspace}/${sampleName}`);
  return PanelPage.of(await workbench.panel());
}
