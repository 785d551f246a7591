/** What a person does whose model runs on another machine: is asked before anything is sent there, says no, then yes, and is told what it says. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { root } from '../../../scripts/lib/console.mjs';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { Editor, type Window } from '../../../scripts/editor/editor.ts';
import { until } from '../../../scripts/editor/workbench.ts';
import {
  startChatServer,
  usualAnswer,
  type ChatTestServer,
  type Heard,
  type Said,
} from '../../helpers/chatServer.ts';
import { openSample, tellOneStory } from './oneStory.ts';

/** As usual, but what it cares for is a test run. */
function aboutTests(heard: Heard): Said {
  const { question, parts } = heard;
  if (question.startsWith('Is ')) return usualAnswer(heard);
  if (!question.includes('yes or no')) return 'The tests were run.';
  // What stands before the last picture is old.
  const isNew = parts.slice(-3).some((part) => typeof part === 'string' && /npm test/.test(part));
  return { yes: isNew ? 0.9 : 0.05 };
}

describe('a model on another machine', () => {
  let server: ChatTestServer;
  let editor: Editor;
  let window: Window;
  let host: string;

  beforeAll(async () => {
    server = await startChatServer({ answer: aboutTests });
    // The same server under a name that is not one of this machine's own.
    const address = server.address.replace('127.0.0.1', '[::ffff:7f00:1]');
    host = new URL(address).host;
    editor = await Editor.open({
      ...{ release: hosts.current, vsix: inject('vsix') },
      settings: { 'codealong.model': address },
    });
    window = await editor.openWindow();
  });
  tellOneStory('server', () => editor);
  afterAll(async () => {
    const owned: readonly (AsyncDisposable | undefined)[] = [editor, server];
    for (const each of owned) await each?.[Symbol.asyncDispose]();
  });

  const dialog = () => window.page.locator('.monaco-dialog-box');
  const press = (name: string) => dialog().getByRole('button', { name }).click();

  it('is sent nothing before somebody has read where it goes', async () => {
    await openSample(editor, window);
    await dialog().waitFor();
    await window.page.screenshot({ path: path.join(root, '.cache', 'e2e', 'server-consent.png') });
    const told = await dialog().innerText();
    expect(told).toContain(`Send what is watched to ${host}?`);
    expect(told).toContain('Pictures of what is watched');
    expect(told).toContain('The connection is not encrypted');
    await press('Cancel');
    const panel = await window.workbench.panel();
    await panel.getByText('nobody has allowed it').first().waitFor();
    expect(server.heard).toEqual([]);
  });

  it('tells what it sees once it is allowed', async () => {
    const panel = await window.workbench.panel();
    // By key: the dialog stands over the button before a click is over.
    await panel.getByRole('button', { name: 'Try again' }).press('Enter');
    await dialog().waitFor();
    await press(`Send to ${host}`);
    await until('the first picture', () => Promise.resolve(server.heard.length > 2));
    await panel.getByText('The tests were run.').first().waitFor({ timeout: 120_000 });
    expect(server.problems).toEqual([]);
    await window.page.screenshot({ path: path.join(root, '.cache', 'e2e', 'server-panel.png') });
  });
});
