/**
 * What the unit tests import as `vscode`: events, tokens and addresses that behave like the editor's, settings that a test sets,
 * and a record of what was shown and called. The real module exists only inside an editor: test/vscode/suite.
 */

import { agents } from './fakeVscodeAgents.ts';
import { code, codeWindow, codeWorkspace } from './fakeVscodeCode.ts';
import { ui, uiEnv, uiWindow, uiWorkspace } from './fakeVscodeUi.ts';

export { TabInputCustom, TreeItem, UIKind } from './fakeVscodeUi.ts';
export * from './fakeVscodeAgents.ts';
export * from './fakeVscodeCode.ts';
export { FakeDataPart as LanguageModelDataPart } from './fakeVscodeAgents.ts';

type Listener<Value> = (value: Value) => unknown;

export class Disposable {
  readonly #run: () => unknown;
  constructor(run: () => unknown) {
    this.#run = run;
  }
  dispose(): void {
    this.#run();
  }

  static from(...each: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const one of each) one.dispose();
    });
  }
}

export class EventEmitter<Value> {
  readonly #listeners = new Set<{ readonly call: Listener<Value> }>();

  readonly event = (
    listener: Listener<Value>,
    self?: unknown,
    disposables?: Disposable[],
  ): Disposable => {
    const entry = { call: (value: Value) => listener.call(self, value) };
    this.#listeners.add(entry);
    const registration = new Disposable(() => this.#listeners.delete(entry));
    disposables?.push(registration);
    return registration;
  };

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** As in the editor, a listener that throws does not keep the others from being called. */
  fire(value: Value): void {
    for (const { call } of [...this.#listeners]) {
      try {
        call(value);
      } catch (error) {
        thrown.push(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** What listeners threw. */
export const thrown: unknown[] = [];

export class CancellationError extends Error {
  constructor() {
    super('Canceled');
    this.name = 'Canceled';
  }
}

export class CancellationTokenSource {
  readonly #emitter = new EventEmitter<undefined>();
  #isCancelled = false;

  readonly token = Object.defineProperty(
    { isCancellationRequested: false, onCancellationRequested: this.#emitter.event },
    'isCancellationRequested',
    { get: () => this.#isCancelled },
  );

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#emitter.fire(undefined);
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}

interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

export class Uri implements UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;

  constructor(parts: UriParts) {
    this.scheme = parts.scheme;
    this.authority = parts.authority;
    this.path = parts.path;
    this.query = parts.query;
    this.fragment = parts.fragment;
  }

  get fsPath(): string {
    return this.path;
  }

  static file(path: string): Uri {
    return Uri.from({ scheme: 'file', path });
  }

  static from(parts: Partial<UriParts>): Uri {
    const none = { scheme: 'file', authority: '', path: '', query: '', fragment: '' };
    return new Uri({ ...none, ...parts });
  }

  static parse(text: string): Uri {
    const [, scheme = '', authority = '', path = '', query = '', fragment = ''] =
      /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(text) ?? [];
    return new Uri({ scheme, authority, path: decodeURIComponent(path), query, fragment });
  }

  static joinPath(base: Uri, ...names: readonly string[]): Uri {
    return base.with({ path: [base.path.replace(/\/$/, ''), ...names].join('/') });
  }

  with(change: Partial<UriParts>): Uri {
    const { scheme, authority, path, query, fragment } = this;
    return new Uri({ ...{ scheme, authority, path, query, fragment }, ...change });
  }

  toString(skipEncoding = false): string {
    const path = skipEncoding ? this.path : encodeURI(this.path);
    const authority = this.authority === '' && this.scheme !== 'file' ? '' : `//${this.authority}`;
    const query = this.query === '' ? '' : `?${this.query}`;
    const fragment = this.fragment === '' ? '' : `#${this.fragment}`;
    return `${this.scheme}:${authority}${path}${query}${fragment}`;
  }
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
export const ViewColumn = { Active: -1, Beside: -2, One: 1 };

/** English, as in an editor without a language pack. */
export const l10n = {
  bundle: undefined,
  t: (text: string, ...values: readonly (string | number | boolean)[]): string =>
    text.replaceAll(/\{(\d+)\}/g, (whole, index: string) =>
      values.length === 0 ? whole : String(values[Number(index)]),
    ),
};

/** A message that was shown; a dialog says more. */
export interface ShownMessage {
  readonly kind: 'error' | 'warning' | 'info';
  readonly text: string;
  readonly buttons: readonly string[];
  readonly isModal?: boolean;
  readonly detail?: string;
}

/** What a test sets and reads. */
export const editor = {
  /** By full name. */
  settings: new Map<string, unknown>(),
  /** Names of settings that the workspace has values of its own for. */
  workspaceSettings: new Set<string>(),
  /** What the extension has set, and where. */
  updates: [] as { name: string; value: unknown; target: unknown }[],
  /** Every message that was shown: its kind, its words, its buttons. */
  messages: [] as ShownMessage[],
  /** The button that people press on each message; undefined closes it. */
  press: undefined as string | undefined,
  /** Every command that was called. */
  commands: [] as { command: string; args: readonly unknown[] }[],
  statusBarMessages: [] as string[],
  statusBarItems: [] as FakeStatusBarItem[],
  /** Where an address of this machine is found from the editor's window. */
  toExternal: (uri: Uri): Uri => uri,
  configurationEmitter: new EventEmitter<{ affectsConfiguration(name: string): boolean }>(),

  /** Back to an editor that shows nothing and has no settings. */
  reset(): void {
    editor.settings.clear();
    editor.workspaceSettings.clear();
    editor.updates.length = 0;
    for (const list of [editor.messages, editor.commands, editor.statusBarMessages, thrown]) {
      list.length = 0;
    }
    editor.statusBarItems.length = 0;
    editor.press = undefined;
    editor.toExternal = (uri) => uri;
    ui.reset();
    code.reset();
    agents.reset();
  },

  /** Sets a setting as a person would. */
  configure(name: string, value: unknown): void {
    editor.settings.set(name, value);
    editor.configurationEmitter.fire({
      affectsConfiguration: (asked) => name === asked || name.startsWith(`${asked}.`),
    });
  },
};

export interface FakeStatusBarItem {
  text: string;
  tooltip: unknown;
  name: string | undefined;
  command: unknown;
  accessibilityInformation: unknown;
  backgroundColor: unknown;
  isShown: boolean;
  isDisposed: boolean;
  show(): void;
  hide(): void;
  dispose(): void;
}

/** Of a message. */
interface MessageOptions {
  readonly modal?: boolean;
  readonly detail?: string;
}

const show =
  (kind: 'error' | 'warning' | 'info') =>
  (text: string, ...items: readonly unknown[]): Promise<string | undefined> => {
    const buttons = items.filter((item): item is string => typeof item === 'string');
    const [options] = items;
    const isOptions = typeof options === 'object' && options !== null;
    const { modal = false, detail } = (isOptions ? options : {}) as MessageOptions;
    const dialog = modal ? { isModal: true, ...(detail === undefined ? {} : { detail }) } : {};
    editor.messages.push({ kind, text, buttons, ...dialog });
    return Promise.resolve(buttons.find((button) => button === editor.press));
  };

export const window = Object.assign(uiWindow, codeWindow, {
  showErrorMessage: show('error'),
  showWarningMessage: show('warning'),
  showInformationMessage: show('info'),
  setStatusBarMessage: (text: string): Disposable => {
    editor.statusBarMessages.push(text);
    return new Disposable(() => undefined);
  },
  createStatusBarItem: (): FakeStatusBarItem => {
    const item: FakeStatusBarItem = {
      ...{ text: '', tooltip: undefined, name: undefined, command: undefined },
      ...{ accessibilityInformation: undefined, backgroundColor: undefined },
      ...{ isShown: false, isDisposed: false },
      show: () => {
        item.isShown = true;
      },
      hide: () => {
        item.isShown = false;
      },
      dispose: () => {
        item.isDisposed = true;
      },
    };
    editor.statusBarItems.push(item);
    return item;
  },
  withProgress: (
    _options: unknown,
    run: (progress: unknown, token: unknown) => Promise<unknown>,
  ): Promise<unknown> => {
    const report = (step: { message?: string; increment?: number }): void => {
      ui.progress.push(step);
    };
    const source = new CancellationTokenSource();
    ui.cancelProgress = () => {
      source.cancel();
    };
    return run({ report }, source.token);
  },
});

export const commands = {
  executeCommand: (command: string, ...args: readonly unknown[]): Promise<undefined> => {
    editor.commands.push({ command, args });
    const run = ui.onCommand.get(command) as ((...all: readonly unknown[]) => unknown) | undefined;
    return Promise.resolve(run?.(...args)).then(() => undefined);
  },
  registerCommand: (command: string, run: (...args: never) => unknown): Disposable => {
    if (ui.commands.has(command)) throw new Error(`${command} is registered already`);
    ui.commands.set(command, run);
    return new Disposable(() => ui.commands.delete(command));
  },
};

export const workspace = {
  // Its folders are read anew each time.
  get workspaceFolders(): unknown {
    return ui.folders.map((path) => ({ uri: Uri.file(path) }));
  },
  ...uiWorkspace,
  ...codeWorkspace,
  getConfiguration: (section: string) => ({
    get: (key: string): unknown => editor.settings.get(`${section}.${key}`),
    inspect: (key: string): { workspaceValue?: unknown } => {
      const name = `${section}.${key}`;
      return editor.workspaceSettings.has(name)
        ? { workspaceValue: editor.settings.get(name) }
        : {};
    },
    update: (key: string, value: unknown, target: unknown): Promise<void> => {
      const name = `${section}.${key}`;
      editor.updates.push({ name, value, target });
      editor.configure(name, value);
      return Promise.resolve();
    },
  }),
  onDidChangeConfiguration: editor.configurationEmitter.event,
};

export const env = Object.assign(uiEnv, {
  uriScheme: 'vscode',
  appName: 'Fake',
  asExternalUri: (uri: Uri): Promise<Uri> => Promise.resolve(editor.toExternal(uri)),
});

/** The editor's store, in memory. */
export class FakeMemento {
  readonly #values = new Map<string, string>();

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  get(key: string, fallback?: unknown): unknown {
    const stored = this.#values.get(key);
    // As in the editor, what is stored is JSON.
    return stored === undefined ? fallback : (JSON.parse(stored) as unknown);
  }

  update(key: string, value: unknown): Promise<void> {
    this.#values.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
}
