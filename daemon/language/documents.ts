/** The texts that one client has open in its editor. */
import { TextDocument } from 'vscode-languageserver-textdocument';

/** Longer texts are data or generated; nobody reads them word by word. */
const maxDocumentCharacters = 2_000_000;
/** Beyond these the text that was opened or changed longest ago is let go. */
const maxDocuments = 500;
const maxCharacters = 32_000_000;

/** A change of LSP's: without a range it replaces everything. */
export type DocumentChange = Parameters<typeof TextDocument.update>[1][number];

/** Keeps what fits; a text that does not is as good as not open. */
export class Documents {
  /** Oldest first. */
  readonly #kept = new Map<string, TextDocument>();
  #characters = 0;

  open(uri: string, opened: { languageId: string; version: number; text: string }): void {
    this.close(uri);
    if (opened.text.length > maxDocumentCharacters) return;
    this.#keep(TextDocument.create(uri, opened.languageId, opened.version, opened.text));
  }

  change(uri: string, version: number, changes: readonly DocumentChange[]): void {
    const known = this.#kept.get(uri);
    if (!known) return;
    this.close(uri);
    const changed = TextDocument.update(known, [...changes], version);
    if (lengthOf(changed) <= maxDocumentCharacters) this.#keep(changed);
  }

  close(uri: string): void {
    const known = this.#kept.get(uri);
    if (!known) return;
    this.#kept.delete(uri);
    this.#characters -= lengthOf(known);
  }

  get(uri: string): TextDocument | undefined {
    return this.#kept.get(uri);
  }

  #keep(document: TextDocument): void {
    this.#kept.set(document.uri, document);
    this.#characters += lengthOf(document);
    for (const uri of this.#kept.keys()) {
      if (this.#kept.size <= maxDocuments && this.#characters <= maxCharacters) return;
      this.close(uri);
    }
  }
}

const lengthOf = (document: TextDocument): number => document.getText().length;
