/** Which file of one's own is the one in the video. */
import path from 'node:path';
import * as vscode from 'vscode';

/** More files of one name are looked through by opening the right one first. */
const maxFound = 20;

const isOwn = ({ scheme }: vscode.Uri): boolean =>
  ['file', 'untitled', 'vscode-remote'].includes(scheme);

const hasName = (uri: vscode.Uri, name: string): boolean =>
  path.posix.basename(uri.path).toLowerCase() === name.toLowerCase();

/** The document of that name that is in sight. */
function documentNamed(name: string | undefined): vscode.TextDocument | undefined {
  if (name === undefined) return undefined;
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = [...(activeTextEditor ? [activeTextEditor] : []), ...visibleTextEditors];
  return editors
    .map(({ document }) => document)
    .find(({ uri }) => isOwn(uri) && hasName(uri, name));
}

/** The document of that name that is in sight, or the only one in a tab. */
export async function openDocumentNamed(
  name: string | undefined,
): Promise<vscode.TextDocument | undefined> {
  const visible = documentNamed(name);
  if (visible || name === undefined) return visible;
  const [uri, ...others] = openFiles().filter((each) => hasName(each, name));
  return uri && others.length === 0 ? vscode.workspace.openTextDocument(uri) : undefined;
}

/** Finds the file by its name, in sight, open, or in the workspace; asks when there are several, or none. @returns undefined when nobody chose one */
export async function pickOwnFile(name: string | undefined): Promise<vscode.Uri | undefined> {
  const visible = documentNamed(name)?.uri;
  if (visible) return visible;
  const open = openFiles();
  const named = name === undefined ? [] : open.filter((uri) => hasName(uri, name));
  const found = named.length > 0 || name === undefined ? named : await findNamed(name);
  return found.length === 1 ? found[0] : choose(found.length > 0 ? found : open, name);
}

/** Files in the tabs of this window. */
function openFiles(): readonly vscode.Uri[] {
  const inputs = vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.map(({ input }) => input),
  );
  const uris = inputs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  return [...new Map(uris.filter(isOwn).map((uri) => [uri.toString(), uri])).values()];
}

async function findNamed(name: string): Promise<readonly vscode.Uri[]> {
  const pattern = name.replace(/[[\]{}()*?!\\]/g, '?');
  return vscode.workspace.findFiles(`**/${pattern}`, '**/node_modules/**', maxFound);
}

type FileItem = vscode.QuickPickItem & { readonly uri?: vscode.Uri };

async function choose(
  files: readonly vscode.Uri[],
  name: string | undefined,
): Promise<vscode.Uri | undefined> {
  const other = { label: vscode.l10n.t('Another File…') };
  const items = files.map((uri) => ({
    label: path.posix.basename(uri.path),
    description: vscode.workspace.asRelativePath(uri.fsPath),
    uri,
  }));
  const all: readonly FileItem[] = [...items, other];
  const chosen = await vscode.window.showQuickPick(all, {
    title:
      name === undefined
        ? vscode.l10n.t('Which File Is the One in the Video?')
        : vscode.l10n.t('Which File Is {0} in the Video?', name),
    ...{ matchOnDescription: true, ignoreFocusOut: true },
  });
  if (chosen === undefined) return undefined;
  if (chosen.uri) return chosen.uri;
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Which File Is the One in the Video?'),
    canSelectMany: false,
  });
  return picked?.[0];
}
