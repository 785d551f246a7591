/** The extension in a real VS Code: there, asleep until called, awake after its first command, and still without a daemon. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { daemonPids, findExtension, getParts } from './support.ts';

suite('activation', () => {
  // The tests tell one story: the order matters.
  test('the extension is installed and sleeps at start-up', () => {
    assert.equal(findExtension().isActive, false);
    assert.deepEqual(daemonPids(), []);
  });

  test('its first command wakes it', async () => {
    // VS Code offers the command from the manifest alone; the call makes the extension register it.
    await vscode.commands.executeCommand('codealong.showLog');
    assert.equal(findExtension().isActive, true);
    assert.ok((await vscode.commands.getCommands(true)).includes('codealong.showLog'));
  });

  test('every command of the manifest is there', async () => {
    const { contributes } = findExtension().packageJSON as {
      contributes: { commands: readonly { command: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  test('being awake starts no daemon', async () => {
    assert.equal((await getParts()).client.state, 'idle');
    assert.deepEqual(daemonPids(), []);
  });
});
