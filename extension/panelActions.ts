/** What the buttons of a panel do outside of it. */
import * as vscode from 'vscode';
import { formatDeepLink, type MediaMs, type PanelAction } from '../protocol/index.ts';
import { showError } from './messages.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** Does what a button asks for; what goes wrong is shown. */
export function runAction(action: PanelAction, video: WatchedVideo): void {
  switch (action) {
    case 'showLog':
    case 'doctor':
    case 'restartDaemon':
    case 'setModelKey':
      runCommand(`codealong.${action}`);
      break;
    case 'openExternally':
      openExternally(video.path).catch(showError);
      break;
    case 'openSettings':
      runCommand('workbench.action.openSettings', '@ext:codealong.codealong');
      break;
    case 'retry':
      watchAgain(video);
      break;
  }
}

/** Goes on with a video; what is live is another session each time. */
export function watchAgain(video: WatchedVideo): void {
  if (video.isLive) runCommand('codealong.watchAgain', video.path);
  else video.start();
}

/** Runs a command; what goes wrong is shown. */
export function runCommand(command: string, ...args: readonly unknown[]): void {
  vscode.commands.executeCommand(command, ...args).then(undefined, showError);
}

/** Puts a link to a moment on the clipboard. */
export async function copyLink(path: string, atMs: MediaMs): Promise<void> {
  await vscode.env.clipboard.writeText(formatDeepLink(vscode.env.uriScheme, { path, atMs }));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Link to this moment copied.'), 3000);
}

/** In a browser, or on another machine than the editor's window, there is no player to hand it to. */
async function openExternally(path: string): Promise<void> {
  if (await vscode.env.openExternal(vscode.Uri.file(path))) return;
  const copy = vscode.l10n.t('Copy Path');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('No other player could be opened for {0}.', path),
    copy,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(path);
}
