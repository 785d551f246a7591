/** `Leave Windows out of the Screen…`: which windows and applications are never captured, and how the daemon is told. */
import * as vscode from 'vscode';
import {
  listScreens,
  type ExcludedWindows,
  type LiveSource,
  type SessionOptions,
} from '../protocol/index.ts';
import { readConfiguration } from './configuration.ts';
import { watchedLive } from './liveSessions.ts';
import { ownDisplay } from './ownDisplay.ts';
import type { Sessions } from './sessions.ts';
import type { VideoClient } from './videoSession.ts';
import { waitVisibly } from './waiting.ts';

const setting = 'screen.exclude';

export interface ExclusionParts {
  readonly client: Pick<VideoClient, 'request'>;
  readonly sessions: Pick<Sessions, 'live'>;
}

type Item = vscode.QuickPickItem & { readonly name?: string };

/** Lets people choose among what is open, and what they chose before. @throws AppError */
export async function chooseExcluded({ client, sessions }: ExclusionParts): Promise<void> {
  const { t } = vscode.l10n;
  const listed = await waitVisibly(t('Looking for screens and windows'), (token) =>
    client.request(listScreens, ownDisplay(), token),
  );
  if (!listed) return;
  const before = readConfiguration().screenExclude;
  const open = listed.parts.flatMap(({ application, name, kind }) =>
    kind === 'window' ? [{ name: application ?? name, title: name }] : [],
  );
  const names = [...new Set(open.map(({ name }) => name))].filter((name) => !before.includes(name));
  const titlesOf = (name: string): string =>
    open.flatMap((window) => (window.name === name ? window.title : [])).join(', ');
  const another: Item = { label: `$(add) ${t('Another Name…')}`, alwaysShow: true };
  const items: Item[] = [
    ...before.map((name) => ({ label: plain(name), name, picked: true })),
    ...names.map((name) => ({ label: plain(name), name, description: titlesOf(name) })),
    another,
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Leave Windows out of the Screen'),
    placeHolder: t('What is never captured, wherever it stands?'),
    matchOnDescription: true,
    canPickMany: true,
  });
  if (!chosen) return;
  const typed = chosen.includes(another) ? await askForName() : undefined;
  const kept = chosen.flatMap(({ name }) => name ?? []);
  const now = typed === undefined ? kept : [...kept, typed];
  if (now.join('\n') === before.join('\n')) return;
  const { Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration('codealong').update(setting, now, Global);
  if (watchedLive(sessions).length > 0) {
    void vscode.window.showWarningMessage(
      t('What is being captured now goes on as before. Watch it again to leave these windows out.'),
    );
  }
}

async function askForName(): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Leave Windows out of the Screen'),
    prompt: vscode.l10n.t('Name of an application, or a part of the titles of its windows'),
    ignoreFocusOut: true,
  });
  return typed?.trim() || undefined;
}

/** The settings that go with a source: of a screen, what is left out of it. */
export function optionsFor(source: LiveSource, options: SessionOptions): SessionOptions {
  return source.kind === 'screen' ? { ...options, excluded: excludedWindows() } : options;
}

/** An editor's title ends with its product's name, and has the workspace's before it. */
const ownTitleParts = (): string[] => [
  vscode.env.appName,
  ...(vscode.workspace.name === undefined ? [] : [vscode.workspace.name]),
];

export function isOwnWindow(title: string): boolean {
  return ownTitleParts().every((part) => title.includes(part));
}

function excludedWindows(): ExcludedWindows {
  // The desktop's editor names the process that its windows belong to.
  const processId = Number(process.env['VSCODE_PID']);
  return {
    names: readConfiguration().screenExclude,
    own: {
      titleParts: ownTitleParts(),
      ...(Number.isInteger(processId) && processId > 0 ? { processId } : {}),
    },
  };
}

/** An icon's name in a title stays text. */
export const plain = (text: string): string => text.replaceAll('$(', '$\u200b(');
