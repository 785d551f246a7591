/** The extension in a real VS Code: there, asleep until called, awake after its first command. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const id = 'codealong.codealong';

suite('activation', () => {
  // The tests tell one story: the order matters.
  test('the extension is installed and sleeps at start-up', () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    assert.equal(extension.isActive, false);
  });

  test('its first command wakes it', async () => {
    // VS Code offers the command from the manifest alone; the call makes the extension register it.
    await vscode.commands.executeCommand('codealong.showLog');
    assert.equal(vscode.extensions.getExtension(id)?.isActive, true);
    assert.ok((await vscode.commands.getCommands(true)).includes('codealong.showLog'));
  });
});
