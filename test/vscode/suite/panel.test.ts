/** The panel in a real window: commands, links and lists bring it up, and a summary leads back into it. */
import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatDeepLink, mediaMs, parseDeepLink } from '../../../protocol/index.ts';
import {
  findExtension,
  getParts,
  home,
  samplePath,
  ShownMessages,
  until,
  untilWatched,
  watchLimitMs,
} from './support.ts';

function panelTab(file: string): vscode.Tab | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.find(
    ({ input }) =>
      input instanceof vscode.TabInputCustom &&
      input.viewType === 'codealong.video' &&
      input.uri.fsPath === file,
  );
}

async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Answers the next dialogs of the extension instead of people. */
function answerDialogs(answers: { pick?: string[]; input?: string[] }): vscode.Disposable {
  const window = vscode.window as unknown as Record<string, unknown>;
  const { showQuickPick, showInputBox } = window;
  window.showQuickPick = (items: readonly { label: string }[]) => {
    const label = answers.pick?.shift();
    return Promise.resolve(items.find((item) => item.label === label));
  };
  window.showInputBox = () => Promise.resolve(answers.input?.shift());
  return new vscode.Disposable(() => Object.assign(window, { showQuickPick, showInputBox }));
}

suite('the panel', function () {
  this.timeout(watchLimitMs + 30_000);
  let shown: ShownMessages;
  suiteSetup(async () => {
    shown = new ShownMessages();
    await getParts();
  });
  suiteTeardown(async () => {
    shown.dispose();
    await closeAll();
  });

  test('its commands are there', async () => {
    const { contributes } = findExtension().packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.filter(({ command }) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  test('opens beside the code by command, and is watched to its end', async () => {
    await vscode.commands.executeCommand('codealong.openVideo', vscode.Uri.file(samplePath()));
    await until('its tab', () => panelTab(samplePath()));
    const { sessions } = await getParts();
    const video = await until('its video', () => sessions.active);
    assert.equal(video.path, samplePath());
    await untilWatched(video);
  });

  test('is brought forward, not opened twice', async () => {
    await vscode.commands.executeCommand('codealong.openVideo', vscode.Uri.file(samplePath()));
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.filter(({ input }) => input instanceof vscode.TabInputCustom).length, 1);
  });

  test('is led into by the links of a summary', async () => {
    const { sessions } = await getParts();
    const video = await until('its video', () => sessions.active);
    const dialogs = answerDialogs({ pick: ['From … to …'], input: ['0:00 - 1:00'] });
    await vscode.commands.executeCommand('codealong.summarizeClip');
    dialogs.dispose();
    const document = await until('its document', () =>
      vscode.workspace.textDocuments.find(
        ({ languageId, isUntitled }) => isUntitled && languageId === 'markdown',
      ),
    );
    const links = [...document.getText().matchAll(/^\[.+\]: (.+)$/gm)].map(([, link]) => link!);
    const moments = links.map((link) => parseDeepLink(link));
    assert.ok(moments.length >= 2, document.getText());
    for (const moment of moments) assert.equal(moment?.path, samplePath());
    assert.match(document.getText(), /^# pantry\.mp4\n/);

    const lenses = await until('its lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        ...[document.uri, 100],
      );
      return found.length > 0 ? found : undefined;
    });
    const lens = lenses.find(({ command }) => command?.title.includes('1:00'));
    assert.ok(lens?.command, JSON.stringify(lenses.map(({ command }) => command?.title)));
    const sought: number[] = [];
    const registration = video.onDidRequestSeek(({ atMs }) => sought.push(atMs));
    const { command, arguments: args = [] } = lens.command;
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    registration.dispose();
    assert.deepEqual(sought, [60_000]);

    const documentLinks = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const targets = documentLinks.map(({ target }) => target?.toString() ?? '');
    assert.ok(
      targets.some((target) => target.startsWith('command:codealong.seekTo')),
      targets.join('\n'),
    );
    // Otherwise the editor asks whether to save it when all is closed.
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('asks before it follows a link to a file outside the workspace', async () => {
    const folder = path.join(home(), 'elsewhere');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, 'other.mp4');
    await copyFile(samplePath(), file);
    const target = { path: file, atMs: 5000 };
    const before = shown.texts.length;
    await vscode.commands.executeCommand('codealong.seekTo', target);
    assert.equal(panelTab(file), undefined);
    assert.match(shown.texts.at(-1) ?? '', /not in this workspace/);
    assert.equal(shown.texts.length, before + 1);
  });

  test('says in a sentence that the file of a link is gone', async () => {
    const gone = path.join(home(), 'gone.mp4');
    await vscode.commands.executeCommand('codealong.seekTo', { path: gone });
    assert.match(shown.texts.at(-1) ?? '', /^There is no file .*gone\.mp4\./);
  });

  test('copies a link that leads to where the player is', async () => {
    const { sessions } = await getParts();
    const video = await until('its video', () => sessions.active);
    video.player = { positionMs: mediaMs(12_500), isPlaying: false };
    await vscode.commands.executeCommand('codealong.copyLink');
    const scheme = vscode.env.uriScheme;
    assert.equal(
      await vscode.env.clipboard.readText(),
      formatDeepLink(scheme, { path: samplePath(), atMs: mediaMs(12_500) }),
    );
  });

  test('lets go of its video when it is closed', async () => {
    await closeAll();
    const { sessions } = await getParts();
    await until('nothing is open', () => sessions.active === undefined || undefined);
    assert.equal(sessions.find(samplePath()), undefined);
    assert.deepEqual(sessions.recent[0]?.path, samplePath());
  });
});
