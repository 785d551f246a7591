/** Whether a file that a link names may be opened: without asking only what lies in the workspace. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { isLiveName, isVideoFile } from './openVideo.ts';

/**
 * Asks, unless the file lies in a folder of the workspace.
 * @param file absolute, or the id of a live session; may come from anywhere
 * @returns false when the person does not want it
 * @throws AppError "source.notFound" | "request.invalid" when there is no such video
 */
export async function admit(file: string): Promise<boolean> {
  // Its rows are this machine's own, and nothing is watched again by opening them.
  if (isLiveName(file)) return true;
  if (!isVideoFile(file)) {
    throw new AppError('request.invalid', vscode.l10n.t('{0} is not a video.', file));
  }
  // Merely looking at a path on another machine tells that machine who looks.
  const isNetwork = /^[\\/]{2}/.test(file);
  if (isNetwork) return (await confirm(file)) && (await isThere(file));
  await isThere(file);
  return (await isInWorkspace(file)) || confirm(file);
}

/** Whether a file lies in a folder of the workspace, symbolic links and `..` followed. */
export async function isInWorkspace(file: string): Promise<boolean> {
  const real = await realPath(file);
  if (real === undefined) return false;
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const folder = uri.scheme === 'file' ? await realPath(uri.fsPath) : undefined;
    if (folder !== undefined && contains(folder, real)) return true;
  }
  return false;
}

/** @throws AppError "source.notFound" unless it is a file */
async function isThere(file: string): Promise<true> {
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() === true) return true;
  throw new AppError('source.notFound', vscode.l10n.t('There is no file {0}.', file));
}

async function confirm(file: string): Promise<boolean> {
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('A link wants to open a video that is not in this workspace.'),
    { modal: true, detail: file },
    open,
  );
  return chosen === open;
}

async function realPath(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch {
    return undefined; // Not there, or not for us to see.
  }
}

function contains(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way !== '' && way.split(path.sep)[0] !== '..' && !path.isAbsolute(way);
}
