/** What people do with the code on screen: copy it, put it into a file of theirs, compare it with one. */
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { indentAs } from './codeAlignment.ts';
import {
  doubtsAbout,
  fileNameOf,
  originOf,
  readCodeAt,
  type CodeParts,
  type CodeRequest,
  type SeenCode,
} from './codeAtMoment.ts';
import {
  codeUri,
  mergeCode,
  parseCodeUri,
  seenVersion,
  type CodeDocuments,
  type CodeSubject,
  type CodeVersion,
} from './codeDocuments.ts';
import { openDocumentNamed, pickOwnFile } from './ownFiles.ts';
import { columnBesidePlayer } from './summaries.ts';

/** How long the status bar says what was done. */
const shownMs = 8000;

export interface CodeCommandParts extends CodeParts {
  readonly documents: CodeDocuments;
}

/** Puts the code on the clipboard and says what it is; uncertain lines can be looked at. @throws AppError */
export async function copyCode(parts: CodeCommandParts, request?: CodeRequest): Promise<void> {
  const seen = await readCodeAt(parts, request);
  if (!seen) return;
  await vscode.env.clipboard.writeText(seen.code.text);
  const { languageId, lines } = seen.code;
  const what = languageId === undefined ? originOf(seen) : `${languageId}, ${originOf(seen)}`;
  const copied =
    lines.length === 1
      ? vscode.l10n.t('1 line copied ({0}).', what)
      : vscode.l10n.t('{0} lines copied ({1}).', lines.length, what);
  await sayCopied(copied, seen, parts);
}

/** In a file of that name the change is shown before it is made; elsewhere it goes to the cursor, after a preview. @throws AppError */
export async function insertCode(parts: CodeCommandParts, request?: CodeRequest): Promise<void> {
  const seen = await readCodeAt(parts, request);
  if (!seen) return;
  const document = await openDocumentNamed(seen.code.fileName);
  const version = document && mergeCode(document, seen.code);
  if (!document || !version) {
    await insertAtCursor(seen);
    return;
  }
  if (version.text === version.base) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Your file has this code already.'), shownMs);
    return;
  }
  const proposal = codeUri(subjectOf('proposal', seen, document.uri), document.fileName);
  parts.documents.set(proposal, version);
  await showDiff(document.uri, proposal, `${nameOf(document.uri)} ← ${originOf(seen)}`);
  say([vscode.l10n.t('Take the code over with ✓ at the top of the editor.')], seen, version);
}

/** Makes the change that a proposal shows, as one step. @throws AppError "request.invalid" when it shows none */
export async function applyCode({ documents }: CodeCommandParts, uri: vscode.Uri): Promise<void> {
  const { mine } = parseCodeUri(uri);
  const version = documents.get(uri);
  if (mine === undefined || !version?.stretch) throw new AppError('request.invalid');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(mine, true));
  if (document.getText() !== version.base) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t('Your file has changed since; insert the code again.'),
    );
    return;
  }
  const { startLine, endLine, lines } = version.stretch;
  const edit = new vscode.WorkspaceEdit();
  const isToEnd = endLine >= document.lineCount;
  const range = document.validateRange(new vscode.Range(startLine, 0, endLine, 0));
  const endOfLine = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const last = isToEnd && version.base !== '' ? '' : endOfLine;
  const text = lines.length === 0 ? '' : lines.join(endOfLine) + last;
  edit.replace(document.uri, range, text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new AppError('internal');
  await closeDiff(uri);
  const selection = new vscode.Range(startLine, 0, startLine, 0);
  await vscode.window.showTextDocument(document, { selection, preview: false });
}

/** Shows a file of one's own beside the same file as the video has it, as far as it was visible. @throws AppError */
export async function compareCode(parts: CodeCommandParts, request?: CodeRequest): Promise<void> {
  const seen = await readCodeAt(parts, request);
  if (!seen) return;
  const mine = await pickOwnFile(seen.code.fileName);
  if (!mine) return;
  const merged = mergeCode(await vscode.workspace.openTextDocument(mine), seen.code);
  const version = merged ?? seenVersion(seen.code);
  const kind = merged ? 'merged' : 'seen';
  const theirs = codeUri(subjectOf(kind, seen, mine), merged ? nameOf(mine) : fileNameOf(seen));
  parts.documents.set(theirs, version);
  await showDiff(theirs, mine, `${originOf(seen)} ↔ ${nameOf(mine)}`);
  const news = !merged
    ? [vscode.l10n.t('Your file and the video have nothing in common here.')]
    : merged.text === merged.base
      ? [vscode.l10n.t('Your file is the same in what was visible.')]
      : [];
  say(news, seen, version);
}

function subjectOf(kind: CodeSubject['kind'], seen: SeenCode, mine: vscode.Uri): CodeSubject {
  const { path, atMs, code } = seen;
  return {
    kind,
    path,
    atMs,
    region: code.region,
    ...(kind === 'seen' ? {} : { mine: mine.toString() }),
  };
}

const nameOf = (uri: vscode.Uri): string => uri.path.split('/').at(-1) ?? uri.path;

async function showDiff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
  const options = { viewColumn: columnBesidePlayer(), preview: true };
  await vscode.commands.executeCommand('vscode.diff', left, right, title, options);
}

async function closeDiff(uri: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const tab = tabs.find(
    ({ input }) =>
      input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString(),
  );
  if (tab) await vscode.window.tabGroups.close(tab);
}

async function insertAtCursor(seen: SeenCode): Promise<void> {
  const editor = ownEditor();
  if (!editor) {
    const create = vscode.l10n.t('New File');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t('Open the file that the code belongs in, and put the cursor there.'),
      create,
    );
    if (chosen === create) await showAsNewFile(seen);
    return;
  }
  const { document, selection } = editor;
  const indent = /^\s*/.exec(
    document.lineAt(selection.active.line).text.slice(0, selection.active.character),
  )![0];
  const lines = seen.code.lines.map(({ text }) => text);
  const text = indentAs(lines, indent).join('\n').slice(indent.length);
  const edit = new vscode.WorkspaceEdit();
  const doubts = doubtsAbout(seen, seenVersion(seen.code));
  edit.replace(document.uri, selection, text, {
    needsConfirmation: true,
    label: vscode.l10n.t('Code from {0}', originOf(seen)),
    ...(doubts.length > 0 && { description: doubts.join(' ') }),
  });
  await vscode.workspace.applyEdit(edit);
}

/** The editor with the person's code: beside the panel it is not the active one. */
function ownEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const isOwn = ({ document }: vscode.TextEditor): boolean =>
    ['file', 'untitled', 'vscode-remote'].includes(document.uri.scheme);
  if (activeTextEditor && isOwn(activeTextEditor)) return activeTextEditor;
  return visibleTextEditors.find(isOwn);
}

async function showAsNewFile({ code }: SeenCode): Promise<void> {
  const { text: content, languageId: language } = code;
  const document = await vscode.workspace.openTextDocument({
    content,
    ...(language === undefined ? {} : { language }),
  });
  await vscode.window.showTextDocument(document, { viewColumn: columnBesidePlayer() });
}

/** Says what is to be known of a document in sight, in which uncertain lines are marked. */
function say(news: readonly string[], seen: SeenCode, version: CodeVersion): void {
  const words = [...news, ...doubtsAbout(seen, version)];
  if (words.length > 0) vscode.window.setStatusBarMessage(words.join(' '), shownMs);
}

/** Says what was copied: briefly when all of it is sure, else with a way to look at what is not. */
async function sayCopied(copied: string, seen: SeenCode, parts: CodeCommandParts): Promise<void> {
  const version = seenVersion(seen.code);
  const doubts = doubtsAbout(seen, version);
  if (doubts.length === 0) {
    vscode.window.setStatusBarMessage(copied, shownMs);
    return;
  }
  const show = vscode.l10n.t('Show');
  const words = [copied, ...doubts].join(' ');
  const chosen = await vscode.window.showInformationMessage(words, show);
  if (chosen === show) await showSeen(seen, version, parts);
}

/** Opens the code as it was seen, at its first uncertain line. */
async function showSeen(
  seen: SeenCode,
  version: CodeVersion,
  { documents }: CodeCommandParts,
): Promise<void> {
  const { path, atMs, code } = seen;
  const uri = codeUri({ kind: 'seen', path, atMs, region: code.region }, fileNameOf(seen));
  documents.set(uri, version);
  const document = await vscode.workspace.openTextDocument(uri);
  if (code.languageId !== undefined && document.languageId !== code.languageId) {
    await vscode.languages
      .setTextDocumentLanguage(document, code.languageId)
      .then(undefined, () => undefined);
  }
  const line = version.uncertain[0]?.line ?? 0;
  await vscode.window.showTextDocument(document, {
    viewColumn: columnBesidePlayer(),
    selection: new vscode.Range(line, 0, line, 0),
  });
}
