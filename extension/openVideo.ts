/** Which files are videos, and how people choose one. */
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { liveIdPattern } from '../protocol/index.ts';

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

/** Live sessions have addresses of this scheme in the editor: `codealong-live:/<id>/<name>`. */
const liveScheme = 'codealong-live';

export const isLiveName = (file: string): boolean => liveIdPattern.test(file);

/** Whether a text can be what the extension knows a video by: an absolute path, or the id of a live session. */
export const isVideoName = (file: string): boolean =>
  (path.isAbsolute(file) && !file.includes('\0')) || isLiveName(file);

/** The editor's address of a video. @param file absolute path, or the id of a live session; `name` is what that is called */
export function videoUri(file: string, name = file): vscode.Uri {
  if (!isLiveName(file)) return vscode.Uri.file(file);
  // The last part of it is what a tab shows.
  return vscode.Uri.from({ scheme: liveScheme, path: `/${file}/${name}` });
}

/** The name of a live session that its address tells; undefined for files. */
export function liveNameOf({ scheme, path: place }: vscode.Uri): string | undefined {
  if (scheme !== liveScheme) return undefined;
  return /^\/[^/]+\/(.+)$/s.exec(place)?.[1];
}

/** @returns absolute path, or the id of a live session @throws AppError "source.notFound" for a file that lies on no disk of this machine */
export function localPath(uri: vscode.Uri): string {
  if (uri.scheme === 'file') return uri.fsPath;
  const [, id = ''] = uri.scheme === liveScheme ? uri.path.split('/') : [];
  if (isLiveName(id)) return id;
  throw new AppError(
    'source.notFound',
    vscode.l10n.t('{0} does not lie on this machine.', path.posix.basename(uri.path)),
  );
}
