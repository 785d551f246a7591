/** The commands about the code of a moment in a real window: documents, diffs and edits of the editor itself; what was read is scripted. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { mediaMs, type CodeAtMoment } from '../../../protocol/index.ts';
import type { WatchedVideo } from '../../../extension/watchedVideo.ts';
import { getParts, home, openSample, samplePath, ShownMessages, until } from './support.ts';

const sure = (text: string) => ({ text, rowId: 1, confidence: 0.97 });
const lines = ['export function goesStale(jar) {', '  return jar.days > 30;', '}'];
const seen: CodeAtMoment = {
  ...{ atMs: mediaMs(40_000), region: 'editor', languageId: 'javascript', fileName: 'jars.js' },
  ...{ lines: lines.map(sure), text: `${lines.join('\n')}\n`, parses: true },
};
const mine = 'const jars = [];\n\nexport function goesStale(jar) {\n  return jar.days > 3;\n}\n';
const theirs = mine.replace('> 3;', '> 30;');

function diffTab(): vscode.TabInputTextDiff | undefined {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  return input instanceof vscode.TabInputTextDiff ? input : undefined;
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

suite('the code of a moment', function () {
  this.timeout(60_000);
  let shown: ShownMessages;
  let video: WatchedVideo;
  let file: vscode.Uri;
  let restore: () => void;
  const request = { path: samplePath(), atMs: mediaMs(40_000) };
  suiteSetup(async () => {
    shown = new ShownMessages();
    const { requests } = await getParts();
    video = await openSample();
    const read = requests.code.bind(requests);
    Object.assign(requests, { code: () => Promise.resolve(seen) });
    restore = () => {
      Object.assign(requests, { code: read });
    };
    file = vscode.Uri.file(path.join(home(), 'jars.js'));
    await writeFile(file.fsPath, mine);
  });
  suiteTeardown(async () => {
    restore();
    shown.dispose();
    (await getParts()).sessions.release(video);
  });
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('is copied', async () => {
    await vscode.commands.executeCommand('codealong.copyCode', request);
    assert.equal(await vscode.env.clipboard.readText(), seen.text);
  });

  test('is compared with the file of its name, in what was visible', async () => {
    await vscode.window.showTextDocument(file);
    await vscode.commands.executeCommand('codealong.compareCode', request);
    const diff = await until('the diff', diffTab);
    assert.equal(diff.modified.toString(), file.toString());
    assert.equal(diff.original.scheme, 'codealong-code');
    assert.equal(await textOf(diff.original), theirs);
    const document = await vscode.workspace.openTextDocument(diff.original);
    assert.equal(document.languageId, 'javascript');
  });

  test('is put into that file after a look, in one step', async () => {
    const { document } = { document: await vscode.workspace.openTextDocument(file) };
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('codealong.insertCode', request);
    const diff = await until('the proposal', diffTab);
    assert.equal(document.getText(), mine);
    assert.equal(await textOf(diff.modified), theirs);
    await vscode.commands.executeCommand('codealong.applyCode', diff.modified);
    assert.equal(document.getText(), theirs);
    await until('the end of the diff', () => diffTab() === undefined || undefined);
    assert.equal(vscode.window.activeTextEditor?.document, document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), mine);
  });

  test('is offered as a new file where none is open', async () => {
    await vscode.commands.executeCommand('codealong.insertCode', request);
    assert.match(shown.texts.at(-1) ?? '', /^Open the file that the code belongs in/);
  });
});
