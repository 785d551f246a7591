/** The shared daemon as a window meets it: started by the first need, looked into, restarted, and mended after a crash. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { connectDaemon } from '../../../daemon/client/connect.ts';
import { isAlive } from '../../../daemon/base/processes.ts';
import { daemonStatus } from '../../../protocol/index.ts';
import {
  daemonPid,
  daemonPids,
  findExtension,
  getParts,
  home,
  ShownMessages,
  until,
} from './support.ts';

/** What stands in the view of the log, once it has these words. */
function shownLog(words: string): Promise<string> {
  return until(`"${words}" in the log`, () =>
    vscode.workspace.textDocuments
      .filter(({ uri }) => uri.scheme === 'output')
      .map((document) => document.getText())
      .find((text) => text.includes(words)),
  );
}

suite('daemon', () => {
  let shown: ShownMessages;
  setup(() => {
    shown = new ShownMessages();
  });
  teardown(() => {
    shown.dispose();
  });

  test('Doctor starts it and shows what it found', async () => {
    await vscode.commands.executeCommand('codealong.doctor');
    assert.equal((await getParts()).client.state, 'running');
    assert.ok(isAlive(daemonPid()));
    const uri = vscode.Uri.from({ scheme: 'codealong', path: '/Codealong Doctor.md' });
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    for (const words of ['# Codealong', 'engine', 'ffmpeg', 'SQLite', home()]) {
      assert.ok(text.replaceAll('\\', '').includes(words), `"${words}" is missing in ${text}`);
    }
  });

  test('Show Log shows its lines, each once', async () => {
    await vscode.commands.executeCommand('codealong.showLog');
    await vscode.commands.executeCommand('codealong.showLog');
    const log = await shownLog('[daemon] listening');
    assert.equal(log.split('[daemon] listening').length, 2);
    assert.match(log, /\[info\] \d\d:\d\d:\d\d\.\d{3} \[daemon\] listening \{"pid":\d+/);
  });

  test('two clients share it', async () => {
    const { buildId } = JSON.parse(
      readFileSync(path.join(findExtension().extensionPath, 'dist', 'build.json'), 'utf8'),
    ) as { buildId: string };
    const { signal } = new AbortController();
    using other = await connectDaemon(
      {
        ...{ home: home(), buildId },
        program: { script: 'none: it runs already', packageFolder: '/' },
      },
      { signal },
    );
    const { client } = await getParts();
    const [ours, theirs] = await Promise.all([
      client.request(daemonStatus, {}),
      other.request(daemonStatus, {}, { signal }),
    ]);
    assert.equal(ours.pid, theirs.pid);
    assert.equal(ours.clients, 2);
  });

  test('Restart Daemon ends it and starts another, without a word', async () => {
    const before = daemonPid();
    await vscode.commands.executeCommand('codealong.restartDaemon');
    const after = daemonPid();
    assert.notEqual(after, before);
    await until('the old daemon is gone', () => !isAlive(before) || undefined);
    assert.equal((await getParts()).client.state, 'running');
    assert.deepEqual(shown.texts, []);
  });

  test('the log goes on by itself while it is shown', async () => {
    await shownLog('"reason":"restart"');
    const log = await shownLog(`"pid":${daemonPid()}`);
    assert.equal(log.split('"reason":"restart"').length, 2);
  });

  test('a crash is mended by itself and announced once', async () => {
    const { client } = await getParts();
    const states: string[] = [];
    const registration = client.onDidChangeState((state) => {
      states.push(state);
    });
    const before = daemonPid();
    const open = client.request({ method: 'codealong/doctor' }, {});
    process.kill(before, 'SIGKILL');
    await assert.rejects(open, { code: 'connection.lost' });
    await until('it runs again', () => states.includes('running') || undefined);
    registration.dispose();
    assert.deepEqual(states, ['lost', 'running']);
    assert.notEqual((await client.request(daemonStatus, {})).pid, before);
    assert.deepEqual(shown.texts, [
      'The Codealong daemon ended unexpectedly; it was started again and watching goes on.',
    ]);
  });

  test('a daemon that hangs is ended by Restart Daemon', async () => {
    const before = daemonPid();
    process.kill(before, 'SIGSTOP');
    await vscode.commands.executeCommand('codealong.restartDaemon');
    assert.equal(isAlive(before), false);
    assert.notEqual(daemonPids()[0], before);
    assert.deepEqual(shown.texts, []);
  });
});
