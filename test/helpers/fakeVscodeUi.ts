/**
 * The parts of the `vscode` double that people look at and answer: dialogs, documents, views, webviews. Each dialog takes the
 * next answer that a test has laid out; without one, it is closed.
 */

import { code } from './fakeVscodeCode.ts';

/** What the editor hands out for everything that is registered. */
export interface Registration {
  dispose(): void;
}

/** A dialog that was shown. */
export interface ShownDialog {
  readonly kind: 'input' | 'pick' | 'open' | 'save';
  readonly options: Readonly<Record<string, unknown>>;
  /** Of a pick: what could be chosen. */
  readonly labels: readonly string[];
}

/** What people type or choose; in a pick, the label. */
type Answer = string | readonly unknown[] | object;

type Handler = (...args: never) => unknown;

/** What a test sets and reads. */
export const ui = {
  answers: [] as Answer[],
  dialogs: [] as ShownDialog[],
  /** What is done for a command of the editor. */
  onCommand: new Map<string, (...args: never) => unknown>(),
  /** What the extension has registered. */
  commands: new Map<string, Handler>(),
  uriHandlers: [] as { handleUri(uri: unknown): unknown }[],
  customEditors: new Map<string, unknown>(),
  webviewViews: new Map<string, unknown>(),
  treeViews: new Map<string, { treeDataProvider: unknown }>(),
  folders: [] as string[],
  documents: [] as { content?: string; language?: string; uri?: unknown }[],
  shownDocuments: [] as { document: unknown; options: unknown }[],
  files: new Map<string, string>(),
  clipboard: '',
  progress: [] as { message?: string; increment?: number }[],
  /** Presses the button that ends what is in progress. */
  cancelProgress: undefined as (() => void) | undefined,

  reset(): void {
    for (const list of [ui.answers, ui.dialogs, ui.uriHandlers, ui.folders]) list.length = 0;
    for (const list of [ui.documents, ui.shownDocuments, ui.progress]) list.length = 0;
    for (const map of [ui.onCommand, ui.commands, ui.customEditors]) map.clear();
    for (const map of [ui.webviewViews, ui.treeViews, ui.files]) map.clear();
    ui.clipboard = '';
    ui.cancelProgress = undefined;
  },
};

function ask(
  kind: ShownDialog['kind'],
  options: unknown,
  labels: readonly string[] = [],
): Answer | undefined {
  ui.dialogs.push({ kind, options: (options ?? {}) as ShownDialog['options'], labels });
  return ui.answers.shift();
}

function register(map: Map<string, unknown>, id: string, value: unknown): Registration {
  if (map.has(id)) throw new Error(`${id} is registered already`);
  map.set(id, value);
  return { dispose: () => void map.delete(id) };
}

export class TreeItem {
  readonly label: string;
  constructor(label: string) {
    this.label = label;
  }
}

export class TabInputCustom {
  readonly uri: unknown;
  readonly viewType: string;
  constructor(uri: unknown, viewType: string) {
    this.uri = uri;
    this.viewType = viewType;
  }
}

export const UIKind = { Desktop: 1, Web: 2 };

/** Joins `window` of the double. */
export const uiWindow = {
  activeTextEditor: undefined as unknown,
  tabGroups: {
    all: [] as unknown[],
    activeTabGroup: { activeTab: undefined as unknown },
    close: (tab: unknown) => {
      code.closedTabs.push(tab);
      return Promise.resolve(true);
    },
  },
  showInputBox: (options: unknown) => Promise.resolve(ask('input', options)),
  showQuickPick: (items: readonly { label: string }[], options: unknown) => {
    const labels = items.map(({ label }) => label);
    const chosen = ask('pick', options, labels);
    // Of a pick of many, some.
    if (Array.isArray(chosen))
      return Promise.resolve(items.filter(({ label }) => chosen.includes(label)));
    const item = items.find(({ label }) => label === chosen);
    if (chosen !== undefined && !item)
      throw new Error(`no ${JSON.stringify(chosen)} in ${labels.join()}`);
    return Promise.resolve(item);
  },
  showOpenDialog: (options: unknown) => Promise.resolve(ask('open', options)),
  showSaveDialog: (options: unknown) => Promise.resolve(ask('save', options)),
  showTextDocument: (document: unknown, options: unknown) => {
    ui.shownDocuments.push({ document, options });
    return Promise.resolve(code.editorOf(document));
  },
  /** Its lines go nowhere. */
  createOutputChannel: () => {
    const channel = Object.fromEntries(
      ['trace', 'debug', 'info', 'warn', 'error', 'append', 'appendLine', 'show', 'dispose'].map(
        (name) => [name, () => undefined],
      ),
    );
    return channel;
  },
  registerUriHandler: (handler: { handleUri(uri: unknown): unknown }): Registration => {
    ui.uriHandlers.push(handler);
    return { dispose: () => undefined };
  },
  registerCustomEditorProvider: (id: string, provider: unknown) =>
    register(ui.customEditors, id, provider),
  registerWebviewViewProvider: (id: string, provider: unknown) =>
    register(ui.webviewViews, id, provider),
  createTreeView: (id: string, options: { treeDataProvider: unknown }) =>
    register(ui.treeViews, id, options),
};

/** Joins `workspace` of the double. */
export const uiWorkspace = {
  asRelativePath: (path: string): string => {
    const folder = ui.folders.find((each) => path.startsWith(`${each}/`));
    return folder === undefined ? path : path.slice(folder.length + 1);
  },
  openTextDocument: (document: {
    content?: string;
    language?: string;
    path?: string;
    toString(): string;
  }) => {
    const open = code.documents.find(({ uri }) => uri.toString() === document.toString());
    if (open) return Promise.resolve(open);
    ui.documents.push(document);
    return Promise.resolve(document);
  },
  fs: {
    writeFile: (uri: { path: string }, content: Uint8Array) => {
      ui.files.set(uri.path, new TextDecoder().decode(content));
      return Promise.resolve();
    },
  },
};

/** Joins `env` of the double. */
export const uiEnv = {
  language: 'en',
  uiKind: UIKind.Desktop,
  remoteName: undefined as string | undefined,
  clipboard: {
    writeText: (text: string) => {
      ui.clipboard = text;
      return Promise.resolve();
    },
  },
  openExternal: () => Promise.resolve(true),
};

/** A webview whose page is the test: it says what the page would say, and reads what it is told. */
export class FakeWebview {
  readonly cspSource = 'https://webview.test';
  readonly posted: { kind: string; body: unknown }[] = [];
  /** How often the page was made anew. */
  loads = 0;
  options: unknown = {};
  #html = '';
  readonly #listeners = new Set<(message: unknown) => void>();

  get html(): string {
    return this.#html;
  }
  set html(html: string) {
    this.#html = html;
    this.loads++;
  }

  readonly onDidReceiveMessage = (listener: (message: unknown) => void): Registration => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };

  asWebviewUri(uri: { path: string }): { toString(): string } {
    return { toString: () => `https://webview.test${uri.path}` };
  }

  postMessage(message: { kind: string; body: unknown }): Promise<boolean> {
    // As in the editor, a page gets copies.
    this.posted.push(structuredClone(message));
    return Promise.resolve(true);
  }

  /** The page says something. */
  say(kind: string, body: unknown = {}): void {
    for (const listener of [...this.#listeners]) listener({ kind, body });
  }

  /** Bodies of all messages of a kind so far. */
  told(kind: string): readonly unknown[] {
    return this.posted.filter((message) => message.kind === kind).map(({ body }) => body);
  }
}
