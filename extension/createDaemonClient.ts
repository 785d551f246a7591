/** Puts the daemon's client together: which daemon it starts, from the settings, and whom it tells what happens to it. */
import path from 'node:path';
import type * as vscode from 'vscode';
import { systemClock } from '../daemon/base/clock.ts';
import { toError } from '../daemon/base/errors.ts';
import type { ConnectOptions } from '../daemon/client/connect.ts';
import { daemonArguments, readConfiguration } from './configuration.ts';
import { DaemonClient } from './daemonClient.ts';
import { showError, tellRecovered } from './messages.ts';
import type { ModelServers } from './modelServers.ts';

/** The client of the daemon that came with this extension. Starts nothing yet. */
export function createDaemonClient(
  { extensionPath }: Pick<vscode.ExtensionContext, 'extensionPath'>,
  channel: vscode.LogOutputChannel,
  servers: ModelServers,
): DaemonClient {
  const options = (): ConnectOptions => {
    const { daemon } = readConfiguration((problem) => {
      channel.warn(problem);
    });
    return {
      home: daemon.home,
      program: {
        script: path.join(extensionPath, 'dist', 'daemon.js'),
        // A packaged extension has its packages there; from a clone, the looking goes on above.
        packageFolder: path.join(extensionPath, 'dist'),
        arguments: daemonArguments(daemon),
      },
    };
  };
  return new DaemonClient({
    // Evaluated with the first connection: a language client is large, and activation must be quick.
    connect: async (scope) => {
      const { openLanguageLink } = await import('./languageLink.ts');
      return openLanguageLink(options(), channel, scope);
    },
    endDaemon: async () => {
      const { endDaemon } = await import('./languageLink.ts');
      await endDaemon(options());
    },
    admit: (method, params) => servers.admit(method, params),
    onRecovered: () => void tellRecovered(),
    onGivenUp: (error) => void showError(error),
    onBug: (error) => {
      channel.error(toError(error));
    },
    clock: systemClock,
  });
}
