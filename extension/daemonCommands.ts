/** Commands about the daemon itself: its log, its health, its end. */
import { release } from 'node:os';
import * as vscode from 'vscode';
import { preparePaths } from '../daemon/client/paths.ts';
import { onDidChangeDaemonSettings, readConfiguration } from './configuration.ts';
import type { DaemonClient } from './daemonClient.ts';
import { examine, renderDoctor } from './doctorReport.ts';
import { LogFollower } from './logView.ts';
import { showError } from './messages.ts';

export interface DaemonCommandParts {
  readonly client: DaemonClient;
  readonly channel: vscode.LogOutputChannel;
  /** Of the extension. */
  readonly version: string;
}

const scheme = 'codealong';
const doctorPage = vscode.Uri.from({ scheme, path: '/Codealong Doctor.md' });

/** Registers `showLog`, `doctor` and `restartDaemon`, and offers the last when a setting of the daemon has changed. */
export function registerDaemonCommands(
  context: vscode.ExtensionContext,
  parts: DaemonCommandParts,
): void {
  const { client, channel } = parts;
  const follower = new LogFollower(channel);
  const page = new DoctorPage(parts);
  const register = (name: string, run: () => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(`codealong.${name}`, () => run().catch(showError));
  context.subscriptions.push(
    follower,
    vscode.workspace.registerTextDocumentContentProvider(scheme, page),
    register('showLog', () => showLog(channel, follower)),
    register('doctor', () => page.show()),
    register('restartDaemon', () => restartDaemon(client)),
    onDidChangeDaemonSettings(() => {
      if (client.state !== 'idle') void offerRestart();
    }),
  );
}

function showLog(channel: vscode.LogOutputChannel, follower: LogFollower): Promise<void> {
  channel.show(true);
  return Promise.resolve().then(() => {
    const { home } = readConfiguration().daemon;
    follower.follow(preparePaths({ home }).log, isLogSeen);
  });
}

/** The view of an output channel counts as an editor of its document. */
function isLogSeen(): boolean {
  return vscode.window.visibleTextEditors.some(
    ({ document: { uri } }) => uri.scheme === 'output' && uri.path.includes('Codealong'),
  );
}

async function restartDaemon(client: DaemonClient): Promise<void> {
  const title = vscode.l10n.t('Codealong: restarting the daemon');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    client.restart(),
  );
  vscode.window.setStatusBarMessage(vscode.l10n.t('Codealong: the daemon was restarted.'), 4000);
}

async function offerRestart(): Promise<void> {
  const action = vscode.l10n.t('Restart Daemon');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The setting takes effect when the Codealong daemon is restarted.'),
    action,
  );
  if (chosen === action) await vscode.commands.executeCommand('codealong.restartDaemon');
}

/** A document that nobody can edit, so that closing it asks nothing. */
class DoctorPage implements vscode.TextDocumentContentProvider {
  readonly #parts: DaemonCommandParts;
  readonly #emitter = new vscode.EventEmitter<vscode.Uri>();
  #text = '';

  readonly onDidChange: vscode.Event<vscode.Uri> = this.#emitter.event;

  constructor(parts: DaemonCommandParts) {
    this.#parts = parts;
  }

  provideTextDocumentContent(): string {
    return this.#text;
  }

  async show(): Promise<void> {
    const { client, version } = this.#parts;
    const title = vscode.l10n.t('Codealong: looking at everything the program needs');
    const location = vscode.ProgressLocation.Notification;
    const report = await vscode.window.withProgress(
      { location, title, cancellable: true },
      (_progress, token) => examine(client, version, token),
    );
    this.#text = renderDoctor(report, { version, facts: describeSurroundings() });
    this.#emitter.fire(doctorPage);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', doctorPage);
    } catch {
      // The editor's Markdown extension may be switched off.
      await vscode.window.showTextDocument(doctorPage, { preview: true });
    }
  }
}

function describeSurroundings(): readonly (readonly [string, string])[] {
  const problems: string[] = [];
  const { daemon } = readConfiguration((problem) => {
    problems.push(problem);
  });
  const { t } = vscode.l10n;
  const place = vscode.env.remoteName ?? t('this machine');
  return [
    [vscode.env.appName, vscode.version],
    [t('Extension host'), `${place}, Node ${process.versions.node}`],
    [t('System'), `${process.platform} ${process.arch}, ${release()}`],
    [t('Home'), daemon.home],
    ...problems.map((problem): readonly [string, string] => [t('Setting'), problem]),
  ];
}
