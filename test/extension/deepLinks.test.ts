import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeepLink, registerDeepLinks } from '../../extension/deepLinks.ts';
import type { Videos } from '../../extension/videos.ts';
import { formatDeepLink, mediaMs, type DeepLink } from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';

/** What the editor makes of a link before it hands it over: everything is decoded once. */
function received(link: string): vscode.Uri {
  const [address = '', query = ''] = link.split('?', 2);
  return vscode.Uri.parse(address).with({ query: decodeURIComponent(query) });
}

describe('reading a link', () => {
  it.each([
    '/videos/pantry.mp4',
    '/videos/a & b.mp4',
    '/videos/100%25 =&? #1 (final).mp4',
    '/videos/ä&t.mp4',
    String.raw`c:\talks\a&b.mp4`,
  ])('finds the path that was written: %s', (file) => {
    for (const atMs of [undefined, mediaMs(750_500)]) {
      const link: DeepLink = { path: file, ...(atMs === undefined ? {} : { atMs }) };
      expect(readDeepLink(received(formatDeepLink('vscode', link)))).toEqual(link);
    }
  });

  it('takes the moment first or last, in any way that people write it', () => {
    for (const query of ['video=/a.mp4&t=12:30', 't=750&video=/a.mp4', 'video=/a.mp4&t=750s']) {
      const uri = vscode.Uri.from({ scheme: 'vscode', path: '/open', query });
      expect(readDeepLink(uri)).toEqual({ path: '/a.mp4', atMs: 750_000 });
    }
  });

  it.each([
    ['another action', '/run', 'video=/a.mp4'],
    ['no video', '/open', 't=5'],
    ['a path that depends on where one stands', '/open', 'video=a.mp4'],
    ['a path with a zero', '/open', 'video=/a\0.mp4'],
    ['a moment that is none', '/open', 'video=/a.mp4&t=soon'],
    ['another scheme inside', '/open', 'video=https://x.test/a.mp4'],
  ])('refuses %s', (_, way, query) => {
    expect(readDeepLink(vscode.Uri.from({ scheme: 'vscode', path: way, query }))).toBeUndefined();
  });
});

describe('following a link', () => {
  let folder: string;
  let followed: DeepLink[];
  let open: string[];

  beforeEach(() => {
    editor.reset();
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'codealong-links-')));
    writeFileSync(path.join(folder, 'a.mp4'), '');
    followed = [];
    open = [];
    const videos = {
      isOpen: (file: string) => open.includes(file),
      goTo: (link: DeepLink) => {
        followed.push(link);
        return Promise.resolve();
      },
    };
    registerDeepLinks(
      { subscriptions: [] } as unknown as vscode.ExtensionContext,
      videos as unknown as Videos,
    );
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const follow = async (link: string): Promise<void> => {
    await ui.uriHandlers[0]!.handleUri(received(link));
  };
  const file = (): string => path.join(folder, 'a.mp4');
  const link = (): string => formatDeepLink('vscode', { path: file(), atMs: mediaMs(5000) });

  it('opens a video of the workspace at its moment', async () => {
    ui.folders.push(folder);
    await follow(link());
    expect(followed).toEqual([{ path: file(), atMs: 5000 }]);
    expect(editor.messages).toEqual([]);
  });

  it('opens another one only when people agree', async () => {
    await follow(link());
    expect(followed).toEqual([]);
    editor.press = 'Open';
    await follow(link());
    expect(followed).toHaveLength(1);
    expect(editor.messages).toHaveLength(2);
  });

  it('does not ask for what is open already', async () => {
    open.push(file());
    await follow(link());
    expect(followed).toHaveLength(1);
    expect(editor.messages).toEqual([]);
  });

  it.each([
    [
      'vscode://codealong.codealong/open?video=/none/there.mp4',
      'There is no file /none/there.mp4.',
    ],
    ['vscode://codealong.codealong/settings?video=/a.mp4', 'The link does not lead to a video.'],
    ['vscode://codealong.codealong/open?video=/etc/passwd', '/etc/passwd is not a video.'],
  ])('says in a sentence what is wrong with %s', async (bad, sentence) => {
    await follow(bad);
    expect(followed).toEqual([]);
    expect(editor.messages).toMatchObject([{ kind: 'error' }]);
    expect(editor.messages[0]?.text).toContain(sentence);
    expect(editor.commands).toEqual([]);
  });
});
