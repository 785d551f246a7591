/** Failures as people see them: one sentence, and one action that helps. */
import * as vscode from 'vscode';
import { catalogue, isAppError, isCancellation } from '../daemon/base/errors.ts';
import type { ErrorCode, PanelAction, ShownError } from '../protocol/index.ts';

/** What mends a failure, where a button can do it. */
const actions: Partial<Record<ErrorCode, PanelAction>> = {
  'connection.refused': 'restartDaemon',
  'connection.lost': 'retry',
  'daemon.startFailed': 'doctor',
  'daemon.crashLoop': 'restartDaemon',
  'source.unreadable': 'openExternally',
  'ffmpeg.missing': 'openSettings',
  'ffmpeg.failed': 'showLog',
  'model.notFound': 'openSettings',
  'model.invalidManifest': 'doctor',
  'model.fileMismatch': 'doctor',
  'model.unsupported': 'openSettings',
  'endpoint.away': 'retry',
  'endpoint.busy': 'retry',
  'endpoint.refused': 'doctor',
  'endpoint.keyRefused': 'setModelKey',
  'endpoint.keyWithheld': 'openSettings',
  'endpoint.unreadable': 'openSettings',
  'endpoint.noModel': 'openSettings',
  'endpoint.notAllowed': 'retry',
  'engine.libraryUnknown': 'doctor',
  'engine.lost': 'retry',
  'engine.crashLoop': 'doctor',
  'engine.decodeFailed': 'showLog',
  'perception.workerLost': 'retry',
  'store.unavailable': 'doctor',
  'session.notFound': 'retry',
  internal: 'showLog',
};

/** The commands behind those actions that make sense without a panel. */
const commands: Partial<Record<PanelAction, string>> = {
  showLog: 'codealong.showLog',
  doctor: 'codealong.doctor',
  restartDaemon: 'codealong.restartDaemon',
  setModelKey: 'codealong.setModelKey',
};

/** True for what is no failure: somebody stopped it. */
export function isCancelled(error: unknown): boolean {
  return (
    error instanceof vscode.CancellationError ||
    isCancellation(error) ||
    isAppError(error, 'request.cancelled')
  );
}

/** The sentence, the remedy, and the action of any failure; a bug is told without its inner words. */
export function toShownError(error: unknown): ShownError {
  const code = isAppError(error) ? error.code : 'internal';
  const action = actions[code];
  return {
    message: vscode.l10n.t(isAppError(error) ? error.message : catalogue.internal.sentence),
    remedy: vscode.l10n.t(catalogue[code].remedy),
    ...(action ? { action } : {}),
  };
}

/** Shows a failure with its action as a button; cancellations are none. */
export async function showError(error: unknown): Promise<void> {
  if (isCancelled(error)) return;
  const { message, remedy, action } = toShownError(error);
  const title = action && titleOf(action);
  const isChosen = await vscode.window.showErrorMessage(
    `${message} ${remedy}`,
    ...(title === undefined ? [] : [title]),
  );
  if (isChosen === undefined || action === undefined) return;
  const command = commands[action];
  if (command !== undefined) await vscode.commands.executeCommand(command);
  else await vscode.commands.executeCommand('workbench.action.openSettings', 'codealong');
}

/** Says once that the daemon has crashed, when that is over. */
export async function tellRecovered(): Promise<void> {
  const action = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The Codealong daemon ended unexpectedly; it was started again and watching goes on.',
    ),
    action,
  );
  if (chosen === action) await vscode.commands.executeCommand('codealong.showLog');
}

/** Words of an action's button; undefined for what only a panel can do. */
function titleOf(action: PanelAction): string | undefined {
  switch (action) {
    case 'showLog':
      return vscode.l10n.t('Show Log');
    case 'doctor':
      return vscode.l10n.t('Run Doctor');
    case 'restartDaemon':
      return vscode.l10n.t('Restart Daemon');
    case 'setModelKey':
      return vscode.l10n.t('Set Key');
    case 'openSettings':
      return vscode.l10n.t('Open Settings');
    case 'openExternally':
    case 'retry':
      return undefined;
  }
}
