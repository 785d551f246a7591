/** What people do with the code on screen: copy it, put it into a file of theirs, compare it with one. */
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { formatMediaTime } from '../protocol/index.ts';
import { indentAs } from './codeAlignment.ts';
import {
  doubtsAbout,
  fileNameOf,
  originOf,
  readCodeAt,
  uncertainLines,
  type CodeParts,
  type CodeRequest,
  type SeenCode,
} from './codeAtMoment.ts';
import {
  codeUri,
  mergeCode,
  parseCodeUri,
  type CodeDocuments,
  type CodeSubject,
} from './codeDocuments.ts';
import { documentNamed, pickOwnFile } from './ownFiles.ts';
import { columnBesidePlayer } from './summaries.ts';

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
  await say(copied, seen, parts);
}

/** In a file of that name the change is shown before it is made; elsewhere it goes to the cursor, after a preview. @throws AppError */
export async function insertCode(parts: CodeCommandParts, request?: CodeRequest): Promise<void> {
  const seen = await readCodeAt(parts, request);
  if (!seen) return;
  const document = documentNamed(seen.code.fileName);
  const version = document && mergeCode(document, seen.code);
  if (!document || !version) {
    await insertAtCursor(seen);
    return;
  }
  if (version.text === version.base) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Your file has this code already.'), 5000);
    return;
  }
  const proposal = codeUri(subjectOf('proposal', seen, document.uri), document.fileName);
  parts.documents.set(proposal, version);
  await showDiff(document.uri, proposal, `${nameOf(document.uri)} ← ${originOf(seen)}`);
  await say(vscode.l10n.t('Take the code over with ✓ at the top of the editor.'), seen, parts);
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
  const version = mergeCode(await vscode.workspace.openTextDocument(mine), seen.code);
  const kind = version ? 'merged' : 'seen';
  const theirs = codeUri(subjectOf(kind, seen, mine), version ? nameOf(mine) : fileNameOf(seen));
  parts.documents.set(theirs, version ?? { text: seen.code.text });
  await showDiff(theirs, mine, `${originOf(seen)} ↔ ${nameOf(mine)}`);
  const doubts = doubtsAbout(seen);
  const isAlike = version !== undefined && version.text === version.base;
  if (isAlike) await say(vscode.l10n.t('Your file is the same in what was visible.'), seen, parts);
  else if (!version) {
    await say(vscode.l10n.t('Your file and the video have nothing in common here.'), seen, parts);
  } else if (doubts.length > 0) await say('', seen, parts);
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
  edit.replace(document.uri, selection, text, {
    needsConfirmation: true,
    label: vscode.l10n.t('Code from {0}', originOf(seen)),
    ...(doubtsAbout(seen).length > 0 && { description: doubtsAbout(seen).join(' ') }),
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

/** Says what was done: briefly when all is sure, else with a way to look at what is not. */
async function say(done: string, seen: SeenCode, parts: CodeCommandParts): Promise<void> {
  const doubts = doubtsAbout(seen);
  if (doubts.length === 0) {
    vscode.window.setStatusBarMessage(done, 6000);
    return;
  }
  const show = vscode.l10n.t('Show Them');
  const hasLines = uncertainLines(seen.code).length > 0;
  const words = [done, ...doubts].filter((sentence) => sentence !== '').join(' ');
  const chosen = await vscode.window.showInformationMessage(words, ...(hasLines ? [show] : []));
  if (chosen === show) await showUncertain(seen, parts);
}

/** Opens the code as it was seen, with its uncertain lines marked. */
async function showUncertain(seen: SeenCode, { documents }: CodeCommandParts): Promise<void> {
  const { path, atMs, code } = seen;
  const uri = codeUri({ kind: 'seen', path, atMs, region: code.region }, fileNameOf(seen));
  documents.set(uri, { text: code.text });
  const document = await vscode.workspace.openTextDocument(uri);
  if (code.languageId !== undefined && document.languageId !== code.languageId) {
    await vscode.languages
      .setTextDocumentLanguage(document, code.languageId)
      .then(undefined, () => undefined);
  }
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: columnBesidePlayer(),
  });
  const lines = uncertainLines(code);
  const mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('diffEditor.unchangedCodeBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorWarning.foreground'),
    borderColor: new vscode.ThemeColor('editorWarning.foreground'),
    ...{ borderStyle: 'dashed', borderWidth: '0 0 1px 0' },
  });
  editor.setDecorations(
    mark,
    lines.map((line) => ({
      range: new vscode.Range(line, 0, line, 0),
      hoverMessage: vscode.l10n.t(
        'Read with a confidence of {0} % at {1}.',
        Math.round(code.lines[line]!.confidence * 100),
        formatMediaTime(atMs),
      ),
    })),
  );
  const [first = 0] = lines;
  editor.revealRange(new vscode.Range(first, 0, first, 0), vscode.TextEditorRevealType.InCenter);
  const closing = vscode.workspace.onDidCloseTextDocument((closed) => {
    if (closed !== document) return;
    mark.dispose();
    closing.dispose();
  });
}
