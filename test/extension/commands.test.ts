import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerCommands, type CommandParts } from '../../extension/commands.ts';
import { mediaMs } from '../../protocol/index.ts';
import { code } from '../helpers/fakeVscodeCode.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

let window: VideoWindow;
/** Reads nothing, and finds nothing. */
const requests = {
  code: (path: string, { atMs }: { atMs: number }) => {
    window.told.push(`code ${path} ${atMs}`);
    return Promise.resolve({ atMs, region: 'editor', text: '', lines: [] });
  },
  search: (path: string | undefined, { query }: { query: string }) => {
    window.told.push(`search ${path ?? 'all'} ${query}`);
    return Promise.resolve([]);
  },
};
let log: string[];
let context: { subscriptions: { dispose(): void }[] };

beforeEach(() => {
  editor.reset();
  window = new VideoWindow();
  log = [];
  context = { subscriptions: [] };
  registerCommands(context as unknown as vscode.ExtensionContext, {
    ...{ sessions: window.sessions, videos: window.videos },
    ...({ requests, documents: {} } as unknown as Pick<CommandParts, 'requests' | 'documents'>),
    ...({ client: {}, live: {}, servers: {}, sessionOptions: () => ({}) } as unknown as Pick<
      CommandParts,
      'client' | 'live' | 'servers' | 'sessionOptions'
    >),
    log: { error: (line: string | Error) => void log.push(String(line)) },
  });
});

const run = async (id: string, ...args: readonly unknown[]): Promise<void> => {
  const handler = ui.commands.get(`codealong.${id}`) as (...all: readonly unknown[]) => unknown;
  await handler(...args);
};

/** What menus know. */
const contextKeys = (): Record<string, unknown> =>
  Object.fromEntries(
    editor.commands
      .filter(({ command }) => command === 'setContext')
      .map(({ args }) => [args[0] as string, args[1]]),
  );

describe('opening', () => {
  it('shows the file that is named, the first of several', async () => {
    await run('openVideo', vscode.Uri.file('/a.mp4'));
    await run('openResource', vscode.Uri.file('/b.mp4'), [
      vscode.Uri.file('/b.mp4'),
      vscode.Uri.file('/c.mp4'),
    ]);
    expect(window.told).toEqual(['show /a.mp4', 'show /b.mp4']);
  });

  it('lets people choose when none is named', async () => {
    await run('openVideo');
    expect(window.told).toEqual(['choose']);
  });

  it('says in a sentence that a file lies on another machine', async () => {
    await run('openVideo', vscode.Uri.from({ scheme: 'vscode-remote', path: '/talks/a.mp4' }));
    expect(window.told).toEqual([]);
    expect(editor.messages).toMatchObject([{ kind: 'error' }]);
    expect(editor.messages[0]?.text).toMatch(/^a\.mp4 does not lie on this machine\./);
    expect(log).toHaveLength(1);
  });
});

describe('going to a moment', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codealong-commands-'));
    writeFileSync(path.join(folder, 'a.mp4'), '');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const target = (): object => ({ path: path.join(folder, 'a.mp4'), atMs: 5000 });
  const went = (): string => `go to ${folder}/a.mp4 5000`;

  it('asks before it opens what was never opened here', async () => {
    await run('seekTo', target());
    expect(window.told).toEqual([]);
    expect(editor.messages).toMatchObject([{ isModal: true }]);
    editor.press = 'Open';
    await run('seekTo', target());
    expect(window.told).toEqual([went()]);
  });

  it('does not ask for what lies in the workspace, or was opened before', async () => {
    ui.folders.push(folder);
    await run('seekTo', target());
    ui.folders.length = 0;
    window.recentVideos = [{ path: path.join(folder, 'a.mp4') }];
    await run('seekTo', target());
    expect(window.told).toEqual([went(), went()]);
    expect(editor.messages).toEqual([]);
  });

  it.each([
    ['/a.mp4'],
    [{ path: 'a.mp4' }],
    [{ path: '/a\0.mp4' }],
    [{ path: '/a.mp4', atMs: -1 }],
    [{ path: '/a.mp4', atMs: '5' }],
    [null],
  ])('refuses %j', async (bad) => {
    await run('seekTo', bad);
    expect(window.told).toEqual([]);
    expect(editor.messages).toMatchObject([{ kind: 'error' }]);
  });

  it('asks for it when the command comes alone', async () => {
    const sought: unknown[] = [];
    window.video.onDidRequestSeek((seek) => sought.push(seek));
    ui.answers.push('0:30');
    await run('seekTo');
    expect(ui.dialogs).toEqual([]);
    window.active = window.video;
    await run('seekTo');
    expect(sought).toEqual([{ atMs: 30_000, play: true }]);
  });
});

describe('the video that is looked at', () => {
  it('is watched or not, and a link to its moment is copied', async () => {
    window.active = window.video;
    window.video.player = { positionMs: mediaMs(12_500), isPlaying: false };
    for (const id of ['startWatching', 'stopWatching', 'copyLink']) await run(id);
    expect(window.video.told).toEqual(['start', 'stop']);
    expect(ui.clipboard).toContain('&t=12.5');
  });

  it('takes the next question in its own box', async () => {
    window.active = window.video;
    await run('focusAsk');
    expect(window.told).toEqual(['show /videos/pantry.mp4', 'cursor into the ask box']);
  });

  it('may be missing', async () => {
    const ids = ['startWatching', 'stopWatching', 'copyLink', 'ask', 'focusAsk', 'summarizeClip'];
    for (const id of ids) {
      await run(id);
    }
    expect(editor.messages).toEqual([]);
    expect(log).toEqual([]);
  });

  it('is known to the menus', () => {
    expect(contextKeys()).toEqual({
      'codealong.hasVideo': false,
      'codealong.isLive': false,
      'codealong.isLivePaused': false,
      'codealong.isWatching': false,
      'codealong.isStopped': false,
      'codealong.hasRecent': false,
    });
    window.active = window.video;
    window.video.setStatus({ state: 'watching' });
    expect(contextKeys()).toMatchObject({
      'codealong.hasVideo': true,
      'codealong.isWatching': true,
    });
    const told = editor.commands.length;
    window.video.setStatus({ state: 'watching' });
    expect(editor.commands).toHaveLength(told);
    window.video.setStatus({ state: 'stopped' });
    const stopped = { 'codealong.isWatching': false, 'codealong.isStopped': true };
    expect(contextKeys()).toMatchObject(stopped);
    // There is nothing more to watch.
    window.video.setStatus({ state: 'finished' });
    expect(contextKeys()).toMatchObject({ ...stopped, 'codealong.isStopped': false });
    window.active = undefined;
    expect(contextKeys()).toMatchObject({ 'codealong.hasVideo': false });
  });
});

describe('code and search', () => {
  it('are about the video that is looked at, or the moment that the panel names', async () => {
    window.active = window.video;
    window.video.player = { positionMs: mediaMs(9000), isPlaying: false };
    for (const id of ['copyCode', 'insertCode', 'compareCode']) await run(id);
    // A menu hands over the file that it stands beside.
    await run('copyCode', vscode.Uri.file('/videos/pantry.mp4'));
    await run('copyCode', { path: '/videos/b.mp4', atMs: 1500 });
    expect(window.told).toEqual([
      ...Array<string>(4).fill('code /videos/pantry.mp4 9000'),
      'code /videos/b.mp4 1500',
    ]);
  });

  it('begin with the words of the panel', async () => {
    const closed = run('findInVideos', { query: 'npm', path: '/videos/b.mp4' });
    await vi.waitUntil(() => window.told.length > 0);
    expect(window.told).toEqual(['search /videos/b.mp4 npm']);
    code.quickPicks[0]!.hide();
    await closed;
  });

  it('refuse what is no proposal', async () => {
    await run('applyCode', 'codealong-code:/proposal/a.js');
    expect(editor.messages).toMatchObject([{ kind: 'error' }]);
  });
});

describe('recent videos', () => {
  const recent = [{ path: '/a.mp4' }, { path: '/b.mp4' }];

  it('are taken from the list one by one, or all', async () => {
    window.recentVideos = recent;
    await run('removeRecent', recent[0]);
    expect(window.recentVideos).toEqual([recent[1]]);
    expect(contextKeys()).toMatchObject({ 'codealong.hasRecent': true });
    await run('clearRecent');
    expect(window.recentVideos).toEqual([]);
    expect(contextKeys()).toMatchObject({ 'codealong.hasRecent': false });
  });

  it('are revealed where files are shown', async () => {
    await run('revealRecent', recent[0]);
    expect(editor.commands.at(-1)).toMatchObject({ command: 'revealFileInOS' });
  });
});

it('everything ends with the extension', () => {
  for (const registration of context.subscriptions) registration.dispose();
  expect(ui.commands.size).toBe(0);
});
