/** Watching the sample with the shipped model, in a window: guidance comes, names are found, and a crash loses nothing. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatDeepLink, mediaMs, type TimelineRow } from '../../../protocol/index.ts';
import type { WatchedVideo } from '../../../extension/watchedVideo.ts';
import {
  daemonPid,
  getParts,
  home,
  openSample,
  samplePath,
  ShownMessages,
  until,
  untilWatched,
  watchLimitMs,
} from './support.ts';

function guidanceOf(video: WatchedVideo): readonly TimelineRow[] {
  return video.rows.filter(({ kind }) => kind === 'guidance');
}

const byId = (rows: readonly TimelineRow[]): TimelineRow[] => rows.toSorted((a, b) => a.id - b.id);

suite('watching', function () {
  this.timeout(watchLimitMs + 30_000);
  let shown: ShownMessages;
  let video: WatchedVideo;
  suiteSetup(async () => {
    shown = new ShownMessages();
    video = await openSample();
    video.start();
  });
  suiteTeardown(async () => {
    shown.dispose();
    (await getParts()).sessions.release(video);
  });

  test('brings guidance while the video is being indexed', async () => {
    const first = await until('guidance', () => guidanceOf(video)[0], watchLimitMs);
    assert.ok(first.kind === 'guidance' && first.text.length > 0);
    await until('the counters', () =>
      (video.status.stats?.positionMs ?? 0) >= first.startMs ? true : undefined,
    );
  });

  test('makes it playable at an address that answers', async () => {
    const media = await until('an address', () =>
      video.media?.videoUrl ? video.media : undefined,
    );
    assert.equal(media.width, 1280);
    // The address is the one for the editor's window; here, window and extension host share a machine.
    const part = await fetch(media.videoUrl!, { headers: { range: 'bytes=0-99' } });
    assert.equal(part.status, 206);
    assert.equal((await part.arrayBuffer()).byteLength, 100);
    const picture = await fetch(`${media.frameUrl}/4000.jpg`);
    assert.equal(picture.headers.get('content-type'), 'image/jpeg');
  });

  test('goes on after a crash, with the rows it had', async () => {
    const before = guidanceOf(video);
    assert.ok(before.length > 0);
    let resets = 0;
    const registration = video.onDidChangeRows(({ isReset }) => {
      if (isReset) resets++;
    });
    process.kill(daemonPid(), 'SIGKILL');
    await until('the loss is shown', () => video.status.state === 'lost' || undefined);
    await untilWatched(video);
    registration.dispose();
    const after = guidanceOf(video);
    assert.equal(resets, 0);
    assert.deepEqual(after.slice(0, before.length), before);
    assert.equal(new Set(video.rows.map(({ id }) => id)).size, video.rows.length);
    assert.equal(shown.texts.filter((text) => text.includes('unexpectedly')).length, 1);
  });

  test('answers a question in words as they come, with times', async () => {
    const source = new vscode.CancellationTokenSource();
    let words = '';
    const onText = (text: string): void => {
      words += text;
    };
    const answer = await video.ask(
      { question: 'What is the name of the function?', scope: { kind: 'whole' } },
      { onText },
      source.token,
    );
    // What the small model says is its own affair; that it says something, and shows where, is ours.
    assert.equal(answer.abstained, answer.citations.length === 0);
    assert.ok(answer.text.length > 0);
    assert.ok(words.length > 0);
    assert.deepEqual(
      video.rows.slice(-2).map(({ kind }) => kind),
      ['query', 'answer'],
    );
  });

  test('a question can be stopped', async () => {
    const source = new vscode.CancellationTokenSource();
    source.cancel();
    const question = { question: 'What happens?', scope: { kind: 'whole' as const } };
    const onText = (): void => undefined;
    await assert.rejects(video.ask(question, { onText }, source.token), { name: 'Canceled' });
  });

  test('a name in any file is found in the video', async () => {
    const file = path.join(home(), 'jar.js');
    await writeFile(file, 'const soon = spoilsWithin(3);\n');
    const document = await vscode.workspace.openTextDocument(file);
    const position = new vscode.Position(0, document.lineAt(0).text.indexOf('spoils') + 2);
    const hovers = await until('a hover', async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        ...[document.uri, position],
      );
      return found.length > 0 ? found : undefined;
    });
    const texts = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]);
    const ours = texts.find(({ value }) => value.includes('pantry.mp4'));
    assert.ok(ours, JSON.stringify(texts));
    assert.ok(ours.value.includes('command:codealong.seekTo?'), ours.value);
    assert.deepEqual(ours.isTrusted, { enabledCommands: ['codealong.seekTo'] });
  });

  test('moments in notes can be clicked', async () => {
    const file = path.join(home(), 'notes.md');
    const link = formatDeepLink('vscode', { path: video.path, atMs: mediaMs(12_000) });
    await writeFile(file, `# Notes\n\nHere it breaks: [0:12](${link})\n`);
    const { uri } = await vscode.workspace.openTextDocument(file);
    const lenses = await until('a lens', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        uri,
      );
      return found.find(({ command }) => command?.command === 'codealong.seekTo');
    });
    assert.match(lenses.command!.title, /0:12/);
  });

  test('another window that opens it gets the rows at once', async () => {
    const { sessions } = await getParts();
    const rows = guidanceOf(video);
    sessions.release(video);
    video = sessions.open(samplePath());
    video.start();
    await until('the stored rows', () => guidanceOf(video).length === rows.length || undefined);
    // What was said about an earlier second came later, and is told in the order of time now.
    assert.deepEqual(byId(guidanceOf(video)), byId(rows));
    await untilWatched(video);
  });
});
