/** Waiting for the daemon: in silence as long as it is short, then visibly, and so that people can end it. */
import * as vscode from 'vscode';
import { isCancelled } from './messages.ts';

/** What is over sooner needs no notification. */
const patienceMs = 700;

/** How far something has come. */
interface Bytes {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/**
 * Installs something with a bar; who ends it hears how it goes on, since what is there is kept.
 * @param listen has `tell` called with each step until what it returns is disposed
 * @returns whether it is installed @throws what `run` throws otherwise
 */
export async function installVisibly(
  name: string,
  listen: (tell: (at: Bytes) => void) => vscode.Disposable,
  run: (token: vscode.CancellationToken) => Promise<unknown>,
): Promise<boolean> {
  const { t } = vscode.l10n;
  try {
    await withBar(t('Installing {0}', name), listen, run);
    return true;
  } catch (error) {
    if (!isCancelled(error)) throw error;
    void vscode.window.showInformationMessage(
      t('Installing {0} was stopped. Choose it again to go on behind what is there.', name),
    );
    return false;
  }
}

function withBar<Result>(
  title: string,
  listen: (tell: (at: Bytes) => void) => vscode.Disposable,
  run: (token: vscode.CancellationToken) => Promise<Result>,
): Thenable<Result> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title, cancellable: true },
    async (progress, token) => {
      let shown = 0;
      const told = listen(({ doneBytes, totalBytes }) => {
        const percent = (100 * doneBytes) / Math.max(1, totalBytes);
        const message = vscode.l10n.t('{0} of {1}', sizeOf(doneBytes), sizeOf(totalBytes));
        progress.report({ message, increment: percent - shown });
        shown = percent;
      });
      try {
        return await run(token);
      } finally {
        told.dispose();
      }
    },
  );
}

export const sizeOf = (bytes: number): string =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** @returns undefined when people ended it @throws what `run` throws otherwise */
export async function waitVisibly<Result>(
  title: string,
  run: (token: vscode.CancellationToken) => Promise<Result>,
): Promise<Result | undefined> {
  const source = new vscode.CancellationTokenSource();
  const result = run(source.token);
  let timer: NodeJS.Timeout | undefined;
  const isLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patienceMs, true);
  });
  try {
    const isOver = result.then(
      () => false,
      () => false,
    );
    if (!(await Promise.race([isLong, isOver]))) return await result;
    const location = vscode.ProgressLocation.Notification;
    return await vscode.window.withProgress(
      { location, title, cancellable: true },
      (_progress, token) => {
        token.onCancellationRequested(() => {
          source.cancel();
        });
        return result;
      },
    );
  } catch (error) {
    if (source.token.isCancellationRequested) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
