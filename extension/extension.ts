/** Entry of the extension: wiring only. Nothing runs until something is asked for. */
import * as vscode from 'vscode';
import { registerAgents } from './agents.ts';
import { registerCommands } from './commands.ts';
import { readConfiguration } from './configuration.ts';
import { CodeDocuments } from './codeDocuments.ts';
import { createDaemonClient } from './createDaemonClient.ts';
import type { DaemonClient } from './daemonClient.ts';
import { registerDaemonCommands } from './daemonCommands.ts';
import { registerDeepLinks } from './deepLinks.ts';
import { registerLiveIndicator } from './liveIndicator.ts';
import { LiveMemory } from './liveMemory.ts';
import { registerRecentVideos } from './recentVideos.ts';
import { ModelServers } from './modelServers.ts';
import { Sessions } from './sessions.ts';
import { StatusBar } from './statusBar.ts';
import { registerVideoEditor } from './videoEditor.ts';
import { UncertainMarks } from './uncertainMarks.ts';
import { VideoMemory } from './videoMemory.ts';
import { VideoRequests } from './videoRequests.ts';

/** What the parts of the extension share. */
export interface Parts {
  readonly client: DaemonClient;
  readonly sessions: Sessions;
  readonly channel: vscode.LogOutputChannel;
  readonly requests: VideoRequests;
  /** Of the extension. */
  readonly version: string;
}

let leave: (() => Promise<void>) | undefined;

/** @returns what the extension's tests inside the editor look at */
export function activate(context: vscode.ExtensionContext): Parts {
  const channel = vscode.window.createOutputChannel('Codealong', { log: true });
  const servers = new ModelServers(context.secrets, context.globalState);
  const client = createDaemonClient(context, channel, servers);
  const memory = new VideoMemory(context.globalState);
  const sessionOptions = () => readConfiguration().session;
  const sessions = new Sessions({ client, memory, sessionOptions });
  const { version } = context.extension.packageJSON as { version: string };
  const requests = new VideoRequests(client, sessionOptions);
  const parts: Parts = { client, sessions, channel, requests, version };
  context.subscriptions.push(channel, client, memory, sessions, new StatusBar(sessions));
  context.subscriptions.push(registerLiveIndicator(sessions));
  registerDaemonCommands(context, parts);
  const videos = registerVideoEditor(context, { sessions, log: channel });
  const documents = new CodeDocuments({ requests, isKnown: (file) => sessions.isKnown(file) });
  context.subscriptions.push(documents, new UncertainMarks(documents));
  const live = new LiveMemory(context.secrets);
  registerCommands(context, {
    ...{ sessions, videos, requests, documents, log: channel },
    ...{ client, live, servers, sessionOptions },
  });
  registerAgents(context, { sessions, requests, client });
  registerDeepLinks(context, videos);
  registerRecentVideos(context, sessions);
  leave = () => client.stop();
  return parts;
}

/** @returns when the daemon has been left: it stays for other windows, and ends by itself after the last */
export function deactivate(): Promise<void> | undefined {
  return leave?.();
}
