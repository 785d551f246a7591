/** Which files are videos, and how people choose one. */
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';

/** Files that are offered. `ts` and `mts` are mostly TypeScript: they are in no menu, but may be chosen. */
const videoExtensions = [
  ...['mp4', 'm4v', 'mov', 'mkv', 'webm', 'gif', 'avi'],
  ...['ts', 'm2ts', 'mts'],
];

/** Judged by its name. */
export function isVideoFile(file: string): boolean {
  return videoExtensions.includes(path.extname(file).slice(1).toLowerCase());
}

/** Lets people choose a file. @returns undefined when they did not */
export async function pickVideo(): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Open a Video'),
    openLabel: vscode.l10n.t('Watch'),
    canSelectMany: false,
    filters: { [vscode.l10n.t('Videos')]: videoExtensions },
    ...(folder ? { defaultUri: folder } : {}),
  });
  return chosen?.[0] && localPath(chosen[0]);
}

/** @throws AppError "source.notFound" for a file that lies on no disk of this machine */
export function localPath(uri: vscode.Uri): string {
  if (uri.scheme === 'file') return uri.fsPath;
  throw new AppError(
    'source.notFound',
    vscode.l10n.t('{0} does not lie on this machine.', path.posix.basename(uri.path)),
  );
}
