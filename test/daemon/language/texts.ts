/** Texts as an editor has them open. */
import { TextDocument } from 'vscode-languageserver-textdocument';

export const textDocument = (text: string, languageId = 'typescript'): TextDocument =>
  TextDocument.create(`file:///project/file.${languageId}`, languageId, 1, text);

/** A text with `|` where the cursor stands, taken apart. */
export function withCursor(
  marked: string,
  languageId?: string,
): { readonly document: TextDocument; readonly position: { line: number; character: number } } {
  const at = marked.indexOf('|');
  const document = textDocument(marked.slice(0, at) + marked.slice(at + 1), languageId);
  return { document, position: document.positionAt(at) };
}
