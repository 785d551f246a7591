/** Entry of the extension: wiring only. Nothing runs until a command is used. */
import path from 'node:path';
import * as vscode from 'vscode';
import { connectDaemon } from '../daemon/client/connect.ts';
import { resolveHome } from '../daemon/client/paths.ts';
import { isAppError } from '../daemon/base/errors.ts';
import { readLog } from '../protocol/index.ts';

export function activate(context: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Codealong', { log: true });
  context.subscriptions.push(
    channel,
    vscode.commands.registerCommand('codealong.showLog', () => showLog(context, channel)),
  );
}

/** Shows the newest lines of the daemon's log; starts the daemon when none runs. */
async function showLog(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
): Promise<void> {
  channel.show(true);
  const { signal } = new AbortController();
  try {
    using connection = await connectDaemon(
      {
        home: resolveHome(),
        program: {
          script: path.join(context.extensionPath, 'dist', 'daemon.js'),
          packageFolder: context.extensionPath,
        },
      },
      { signal },
    );
    const { lines } = await connection.request(readLog, { maxLines: 500 }, { signal });
    for (const line of lines) channel.appendLine(line);
  } catch (error) {
    const [sentence, remedy] = isAppError(error)
      ? [error.message, error.remedy]
      : ['The log could not be read.', 'Try again.'];
    channel.error(error instanceof Error ? error : sentence);
    void vscode.window.showErrorMessage(`${sentence} ${remedy}`);
  }
}
