import { homedir } from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import { beforeEach, describe, expect, it } from 'vitest';
import { registerRecentVideos } from '../../extension/recentVideos.ts';
import type { RecentVideo } from '../../extension/videoMemory.ts';
import { mediaMs } from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui, uiEnv, UIKind } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

let window: VideoWindow;
let list: vscode.TreeDataProvider<RecentVideo>;
let changes: number;

beforeEach(() => {
  editor.reset();
  window = new VideoWindow();
  window.recentVideos = [
    { path: window.video.path, positionMs: mediaMs(750_000) },
    { path: path.join(homedir(), 'talks', 'b.mkv') },
  ];
  const context = { subscriptions: [] } as unknown as vscode.ExtensionContext;
  registerRecentVideos(context, window.sessions);
  list = ui.treeViews.get('codealong.videos')!
    .treeDataProvider as vscode.TreeDataProvider<RecentVideo>;
  changes = 0;
  list.onDidChangeTreeData!(() => changes++);
});

async function items(): Promise<vscode.TreeItem[]> {
  const videos = (await list.getChildren()) ?? [];
  return Promise.all(videos.map(async (video) => list.getTreeItem(video)));
}

describe('the list', () => {
  it('names each video, where it was left, and where it lies', async () => {
    expect(await items()).toMatchObject([
      {
        label: 'pantry.mp4',
        description: 'left at 12:30 · /videos',
        tooltip: '/videos/pantry.mp4',
      },
      { label: 'b.mkv', description: path.join('~', 'talks') },
    ]);
  });

  it('says it to screen readers too', async () => {
    const [item] = await items();
    expect(item?.accessibilityInformation?.label).toBe('pantry.mp4, left at 12:30, /videos');
  });

  it('opens what is chosen', async () => {
    const [item] = await items();
    expect(item?.command).toMatchObject({
      command: 'codealong.openVideo',
      arguments: [{ path: '/videos/pantry.mp4' }],
    });
  });

  it('says what is being done with an open video, and changes only when that does', async () => {
    window.active = window.video;
    changes = 0;
    window.video.setStatus({ state: 'watching' });
    window.video.setStatus({ state: 'watching' });
    expect(changes).toBe(1);
    expect((await items())[0]?.description).toBe('being watched · left at 12:30 · /videos');
  });

  it('changes with what was opened and forgotten', () => {
    window.sessions.forgetRecent('/videos/pantry.mp4');
    expect(changes).toBe(1);
  });

  it('offers to reveal only what can be revealed', async () => {
    const contexts = async () => (await items()).map(({ contextValue }) => contextValue);
    expect(await contexts()).toEqual(['video reveal', 'video reveal']);
    uiEnv.remoteName = 'ssh';
    expect(await contexts()).toEqual(['video', 'video']);
    uiEnv.remoteName = undefined;
    uiEnv.uiKind = UIKind.Web;
    expect(await contexts()).toEqual(['video', 'video']);
    uiEnv.uiKind = UIKind.Desktop;
  });

  it('is flat', async () => {
    expect(await list.getChildren(window.recentVideos[0])).toEqual([]);
  });
});
