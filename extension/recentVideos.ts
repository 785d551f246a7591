/** The view of videos that were opened lately. */
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatMediaTime, type WatchState } from '../protocol/index.ts';
import { isInWorkspace } from './admission.ts';
import { isLiveName, videoUri } from './openVideo.ts';
import type { Sessions } from './sessions.ts';
import type { RecentVideo } from './videoMemory.ts';

const viewId = 'codealong.videos';

/** Registers the view; its commands stand in `commands.ts`. */
export function registerRecentVideos(context: vscode.ExtensionContext, sessions: Sessions): void {
  const list = new RecentVideos(sessions);
  context.subscriptions.push(
    list,
    vscode.window.createTreeView(viewId, { treeDataProvider: list, showCollapseAll: false }),
  );
}

/** Shows a file where the system or the explorer shows files. */
export async function revealVideo({ path: file }: RecentVideo): Promise<void> {
  const command = (await isInWorkspace(file)) ? 'revealInExplorer' : 'revealFileInOS';
  await vscode.commands.executeCommand(command, vscode.Uri.file(file));
}

class RecentVideos implements vscode.TreeDataProvider<RecentVideo>, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #registrations: readonly { dispose(): unknown }[];
  #activeStatus: vscode.Disposable | undefined;
  /** Of the video that is looked at, as the list shows it. */
  #shownState: WatchState | undefined;

  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#changed.event;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#registrations = [
      this.#changed,
      sessions.onDidChangeRecent(() => {
        this.#changed.fire(undefined);
      }),
      sessions.onDidChangeActive(() => {
        this.#followActive();
      }),
    ];
    this.#followActive();
  }

  getChildren(parent?: RecentVideo): RecentVideo[] {
    return parent ? [] : [...this.#sessions.recent];
  }

  async getTreeItem(video: RecentVideo): Promise<vscode.TreeItem> {
    const { path: file, positionMs } = video;
    const isLive = isLiveName(file);
    const name = this.#sessions.nameOf(file);
    const state = this.#sessions.find(file)?.status.state;
    const left = positionMs === undefined ? undefined : formatMediaTime(positionMs);
    const details = [
      ...(state === undefined ? [] : [stateWords(state)]),
      ...(left === undefined ? [] : [vscode.l10n.t('left at {0}', left)]),
      isLive ? vscode.l10n.t('live') : folderOf(file),
    ];
    const item = new vscode.TreeItem(name);
    item.id = file;
    item.description = details.join(' · ');
    item.tooltip = isLive ? name : file;
    const icon = isLive ? 'broadcast' : 'device-camera-video';
    item.iconPath = new vscode.ThemeIcon(state === undefined ? icon : 'eye');
    item.accessibilityInformation = { label: [name, ...details].join(', ') };
    item.command = {
      command: 'codealong.openVideo',
      title: vscode.l10n.t('Open Video…'),
      arguments: [videoUri(file, name)],
    };
    item.contextValue = !isLive && (await canReveal(file)) ? 'video reveal' : 'video';
    return item;
  }

  dispose(): void {
    this.#activeStatus?.dispose();
    for (const registration of this.#registrations) registration.dispose();
  }

  #followActive(): void {
    const { active } = this.#sessions;
    this.#activeStatus?.dispose();
    this.#shownState = active?.status.state;
    this.#activeStatus = active?.onDidChangeStatus(({ state }) => {
      // Counters come several times a second; the list shows only the state.
      if (state === this.#shownState) return;
      this.#shownState = state;
      this.#changed.fire(undefined);
    });
    this.#changed.fire(undefined);
  }
}

/** A browser has no file manager to show a file in. */
async function canReveal(file: string): Promise<boolean> {
  const isDesktop = vscode.env.uiKind === vscode.UIKind.Desktop;
  return (isDesktop && vscode.env.remoteName === undefined) || isInWorkspace(file);
}

function folderOf(file: string): string {
  const folder = path.dirname(file);
  const inWorkspace = vscode.workspace.asRelativePath(folder);
  if (inWorkspace !== folder) return inWorkspace;
  const fromHome = path.relative(homedir(), folder);
  if (fromHome === '') return '~';
  return fromHome.startsWith('..') || path.isAbsolute(fromHome) ? folder : path.join('~', fromHome);
}

function stateWords(state: WatchState): string {
  switch (state) {
    case 'connecting':
      return vscode.l10n.t('opening');
    case 'watching':
      return vscode.l10n.t('being watched');
    case 'finished':
      return vscode.l10n.t('watched');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'lost':
      return vscode.l10n.t('connecting again');
  }
}
