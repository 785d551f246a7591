/** Waiting for the daemon: in silence as long as it is short, then visibly, and so that people can end it. */
import * as vscode from 'vscode';

/** What is over sooner needs no notification. */
const patienceMs = 700;

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
