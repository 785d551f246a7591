/** Underlines, in documents of code and in diffs with them, the lines that may have been read wrong. */
import * as vscode from 'vscode';
import { formatMediaTime } from '../protocol/index.ts';
import { codeScheme, parseCodeUri, type CodeDocuments } from './codeDocuments.ts';

/** Marks whatever comes into sight, until it is disposed. */
export class UncertainMarks implements vscode.Disposable {
  readonly #documents: Pick<CodeDocuments, 'get'>;
  readonly #look = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor('editorWarning.foreground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    borderColor: new vscode.ThemeColor('editorWarning.foreground'),
    ...{ borderStyle: 'dashed', borderWidth: '0 0 1px 0' },
  });
  readonly #registrations: readonly vscode.Disposable[];

  constructor(documents: Pick<CodeDocuments, 'get'>) {
    this.#documents = documents;
    this.#registrations = [
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#mark(editor);
      }),
      // A document that is shown already may be given another text.
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== codeScheme) return;
        for (const editor of vscode.window.visibleTextEditors) {
          if (editor.document === document) this.#mark(editor);
        }
      }),
    ];
  }

  #mark(editor: vscode.TextEditor): void {
    const { uri } = editor.document;
    if (uri.scheme !== codeScheme) return;
    const uncertain = this.#documents.get(uri)?.uncertain ?? [];
    const time = uncertain.length === 0 ? '' : formatMediaTime(parseCodeUri(uri).atMs);
    const marks = uncertain.map(({ line, confidence }) => ({
      range: new vscode.Range(line, 0, line, 0),
      hoverMessage: vscode.l10n.t(
        'Read with a confidence of {0} % at {1}.',
        ...[Math.round(confidence * 100), time],
      ),
    }));
    editor.setDecorations(this.#look, marks);
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#look.dispose();
  }
}
