/** The parts of the `vscode` double that code commands need: documents with lines, edits, decorations, and a quick pick that stays open. */

type Listener<Value> = (value: Value) => unknown;

function event<Value>(): {
  (listener: Listener<Value>): { dispose(): void };
  fire(value: Value): void;
} {
  const listeners = new Set<Listener<Value>>();
  const on = (listener: Listener<Value>) => {
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  };
  return Object.assign(on, {
    fire: (value: Value) => {
      for (const listener of [...listeners]) listener(value);
    },
  });
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
    this.start = new Position(startLine, startCharacter);
    this.end = new Position(endLine, endCharacter);
  }
}

export const EndOfLine = { LF: 1, CRLF: 2 };
export const OverviewRulerLane = { Center: 2 };

/** A file of the person's own. */
export class FakeDocument {
  readonly uri: { readonly scheme: string; readonly path: string; toString(): string };
  readonly fileName: string;
  readonly eol: number;
  languageId = 'plaintext';
  text: string;

  constructor(uri: FakeDocument['uri'], text: string) {
    this.uri = uri;
    this.fileName = uri.path;
    this.text = text;
    this.eol = text.includes('\r\n') ? EndOfLine.CRLF : EndOfLine.LF;
  }

  get lines(): string[] {
    return this.text.split(/\r\n|\n/);
  }
  get lineCount(): number {
    return this.lines.length;
  }
  getText(): string {
    return this.text;
  }
  lineAt(line: number): { text: string } {
    return { text: this.lines[line]! };
  }
  validateRange({ start, end }: Range): Range {
    const last = this.lineCount - 1;
    const inside = end.line > last ? new Position(last, this.lines[last]!.length) : end;
    return new Range(start.line, start.character, inside.line, inside.character);
  }
  offsetAt({ line, character }: Position): number {
    const endOfLine = this.eol === EndOfLine.CRLF ? 2 : 1;
    return this.lines
      .slice(0, line)
      .reduce((sum, text) => sum + text.length + endOfLine, character);
  }
}

interface Edit {
  readonly uri: { toString(): string };
  readonly range: Range;
  readonly text: string;
  readonly metadata?: {
    readonly needsConfirmation: boolean;
    readonly label: string;
    readonly description?: string;
  };
}

export class WorkspaceEdit {
  readonly edits: Edit[] = [];
  replace(uri: Edit['uri'], range: Range, text: string, metadata?: Edit['metadata']): void {
    this.edits.push({ uri, range, text, ...(metadata && { metadata }) });
  }
}

export class TabInputText {
  readonly uri: unknown;
  constructor(uri: unknown) {
    this.uri = uri;
  }
}

export class TabInputTextDiff {
  readonly original: unknown;
  readonly modified: unknown;
  constructor(original: unknown, modified: unknown) {
    this.original = original;
    this.modified = modified;
  }
}

/** A quick pick that stays open: the test types, presses and chooses. */
export class FakeQuickPick {
  value = '';
  title = '';
  placeholder = '';
  busy = false;
  isShown = false;
  items: readonly { label: string; description?: string; detail?: string }[] = [];
  buttons: readonly unknown[] = [];
  selectedItems: readonly unknown[] = [];
  readonly onDidChangeValue = event<string>();
  readonly onDidAccept = event<undefined>();
  readonly onDidHide = event<undefined>();
  readonly onDidTriggerButton = event<unknown>();
  readonly onDidTriggerItemButton = event<unknown>();
  show(): void {
    this.isShown = true;
  }
  hide(): void {
    this.isShown = false;
    this.onDidHide.fire(undefined);
  }
  dispose(): void {
    if (this.isShown) this.hide();
  }

  type(text: string): void {
    this.value = text;
    this.onDidChangeValue.fire(text);
  }
  choose(index: number): void {
    this.selectedItems = [this.items[index]];
    this.onDidAccept.fire(undefined);
  }
  press(index: number, button: number): void {
    const item = this.items[index] as unknown as { buttons: readonly unknown[] };
    this.onDidTriggerItemButton.fire({ item, button: item.buttons[button] });
  }
}

/** What a test sets and reads. */
export const code = {
  documents: [] as FakeDocument[],
  /** Files that a search by name finds. */
  found: [] as unknown[],
  edits: [] as Edit[],
  /** Whether people confirm an edit that asks for it. */
  confirms: true,
  decorations: [] as { lines: readonly number[]; hovers: readonly string[] }[],
  closedTabs: [] as unknown[],
  quickPicks: [] as FakeQuickPick[],
  providers: new Map<string, unknown>(),
  closing: event<unknown>(),
  /** Editors that come into sight. */
  showing: event<readonly unknown[]>(),
  /** Documents that get another text. */
  changing: event<{ document: unknown; contentChanges?: readonly unknown[] }>(),

  reset(): void {
    for (const list of [code.documents, code.found, code.edits, code.decorations]) list.length = 0;
    for (const list of [code.closedTabs, code.quickPicks]) list.length = 0;
    code.providers.clear();
    code.confirms = true;
    codeWindow.visibleTextEditors.length = 0;
  },

  /** What shows a document. */
  editorOf: (document: unknown) => ({
    document,
    setDecorations: (
      _type: unknown,
      marks: readonly { range: Range; hoverMessage: string }[],
    ): void => {
      const lines = marks.map(({ range }) => range.start.line);
      code.decorations.push({ lines, hovers: marks.map(({ hoverMessage }) => hoverMessage) });
    },
  }),

  /** Opens a file of the person's own, in sight, with the cursor somewhere. */
  open(document: FakeDocument, line = 0, character = 0): FakeDocument {
    code.documents.push(document);
    const active = new Position(line, character);
    const selection = Object.assign(new Range(line, character, line, character), { active });
    codeWindow.visibleTextEditors.push({ document, selection, options: { tabSize: 4 } });
    return document;
  },
};

/** Joins `window` of the double. */
export const codeWindow = {
  visibleTextEditors: [] as unknown[],
  createQuickPick: (): FakeQuickPick => {
    const pick = new FakeQuickPick();
    code.quickPicks.push(pick);
    return pick;
  },
  onDidChangeVisibleTextEditors: code.showing,
  createTextEditorDecorationType: () => ({ dispose: () => undefined }),
};

/** Joins `workspace` of the double. */
export const codeWorkspace = {
  applyEdit: ({ edits }: WorkspaceEdit) => {
    code.edits.push(...edits);
    const isRefused = edits.some(({ metadata }) => metadata?.needsConfirmation) && !code.confirms;
    for (const { uri, range, text } of isRefused ? [] : edits) {
      const document = code.documents.find((open) => String(open.uri) === String(uri))!;
      const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      document.text = document.text.slice(0, from) + text + document.text.slice(to);
    }
    return Promise.resolve(!isRefused);
  },
  findFiles: () => Promise.resolve(code.found),
  onDidCloseTextDocument: code.closing,
  onDidChangeTextDocument: code.changing,
  registerTextDocumentContentProvider: (scheme: string, provider: unknown) => {
    code.providers.set(scheme, provider);
    return { dispose: () => void code.providers.delete(scheme) };
  },
};

export const languages = {
  setTextDocumentLanguage: (document: { languageId: string }, languageId: string) => {
    document.languageId = languageId;
    return Promise.resolve(document);
  },
};
