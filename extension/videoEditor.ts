/** The two places that show a video: an editor tab, and a view of the side bar. */
import * as vscode from 'vscode';
import { AttentionKeeper, registerAttention } from './attention.ts';
import { onDidChangeConfiguration, readConfiguration } from './configuration.ts';
import { toShownError } from './messages.ts';
import { liveNameOf, localPath, videoUri } from './openVideo.ts';
import type { Panel } from './panel.ts';
import { emptyHtml } from './panelHtml.ts';
import { Panels, type PanelPlace } from './panels.ts';
import type { Sessions } from './sessions.ts';
import { Videos } from './videos.ts';

const editorType = 'codealong.video';
const viewType = 'codealong.player';

export interface VideoEditorParts {
  readonly sessions: Sessions;
  readonly log: Pick<vscode.LogOutputChannel, 'error' | 'warn'>;
}

/** Registers both places. @returns how the rest of the extension opens videos */
export function registerVideoEditor(
  context: vscode.ExtensionContext,
  { sessions, log }: VideoEditorParts,
): Videos {
  const attention = new AttentionKeeper(context.globalState);
  const panels = new Panels(sessions, {
    ...{ extensionUri: context.extensionUri, log },
    settings: () => readConfiguration().panel,
    attention: () => attention.value,
  });
  const editor = new VideoEditor(panels, sessions);
  const sideBar = new PlayerView(panels, sessions, context.workspaceState);
  // A player that is thrown away when hidden would load its video anew each time.
  const options = { retainContextWhenHidden: true };
  context.subscriptions.push(
    panels,
    attention,
    attention.onDidChange(() => {
      panels.tellAttention();
    }),
    vscode.window.registerCustomEditorProvider(editorType, editor, {
      webviewOptions: options,
      supportsMultipleEditorsPerDocument: false,
    }),
    vscode.window.registerWebviewViewProvider(viewType, sideBar, { webviewOptions: options }),
    onDidChangeConfiguration(() => {
      panels.tellSettings();
    }),
  );
  const videos = new Videos({ sessions, panels, editor, sideBar });
  registerAttention(context, attention, {
    sessions,
    isVisible: (video) => panels.isVisible(video),
    reveal: async ({ path }, rowId) => {
      (await videos.show(path)).reveal(rowId);
    },
  });
  return videos;
}

/** An editor tab; the editor itself brings it back after the window was reloaded. */
class VideoEditor implements vscode.CustomReadonlyEditorProvider, PanelPlace {
  readonly #panels: Panels;
  readonly #sessions: Sessions;

  constructor(panels: Panels, sessions: Sessions) {
    this.#panels = panels;
    this.#sessions = sessions;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, place: vscode.WebviewPanel): void {
    let file;
    try {
      file = localPath(uri);
      const name = liveNameOf(uri);
      if (name !== undefined) this.#sessions.nameLive(file, name);
    } catch (error) {
      const { message, remedy } = toShownError(error);
      place.webview.html = sentenceHtml(place.webview, `${message} ${remedy}`);
      return;
    }
    const panel = this.#panels.bind(place.webview, file, this);
    const follow = (): void => {
      panel.isVisible = place.visible;
      if (place.active) this.#sessions.setActive(panel.video);
    };
    place.onDidChangeViewState(follow);
    place.onDidDispose(() => {
      this.#panels.release(panel);
    });
    follow();
  }

  async show(file: string, options: { readonly preserveFocus: boolean }): Promise<void> {
    const uri = videoUri(file, this.#sessions.nameOf(file));
    const viewColumn = columnOf(uri);
    await vscode.commands.executeCommand('vscode.openWith', uri, editorType, {
      ...{ viewColumn, preserveFocus: options.preserveFocus, preview: false },
    });
  }
}

/** Where the video is open already, else beside the code, with the other videos there. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const videos = all
    .flatMap((group) => group.tabs)
    .flatMap(({ input, group }) =>
      input instanceof vscode.TabInputCustom && input.viewType === editorType
        ? [{ uri: input.uri.toString(), group }]
        : [],
    );
  const open = videos.find((each) => each.uri === uri.toString());
  if (open) return open.group.viewColumn;
  if (!vscode.window.activeTextEditor) return vscode.ViewColumn.Active;
  const beside = videos.find(({ group }) => group !== activeTabGroup);
  return beside?.group.viewColumn ?? vscode.ViewColumn.Beside;
}

const lastVideoKey = 'codealong.player';

/** A view of the side bar; it shows the video that it showed last, also after the window was reloaded. */
class PlayerView implements vscode.WebviewViewProvider, PanelPlace {
  readonly #panels: Panels;
  readonly #sessions: Sessions;
  readonly #state: vscode.Memento;
  #view: vscode.WebviewView | undefined;
  #panel: Panel | undefined;

  constructor(panels: Panels, sessions: Sessions, state: vscode.Memento) {
    this.#panels = panels;
    this.#sessions = sessions;
    this.#state = state;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    view.onDidChangeVisibility(() => {
      this.#follow(view);
    });
    view.onDidDispose(() => {
      this.#view = undefined;
      this.#release();
    });
    this.#bind(view);
  }

  async show(file: string, { preserveFocus }: { readonly preserveFocus: boolean }): Promise<void> {
    await this.#state.update(lastVideoKey, file);
    if (this.#view) {
      this.#bind(this.#view);
      this.#view.show(preserveFocus);
    } else {
      await vscode.commands.executeCommand(`${viewType}.focus`, { preserveFocus });
    }
  }

  #bind(view: vscode.WebviewView): void {
    const file = this.#state.get<unknown>(lastVideoKey);
    if (typeof file !== 'string') {
      view.webview.options = { enableCommandUris: ['codealong.openVideo'] };
      view.webview.html = sentenceHtml(view.webview, vscode.l10n.t('No video is open.'), {
        command: 'codealong.openVideo',
        link: vscode.l10n.t('Open Video…'),
      });
      return;
    }
    if (this.#panel?.video.path !== file) {
      this.#release();
      this.#panel = this.#panels.bind(view.webview, file, this);
      view.description = this.#panel.video.name;
    }
    this.#follow(view);
  }

  #follow(view: vscode.WebviewView): void {
    if (!this.#panel) return;
    this.#panel.isVisible = view.visible;
    if (view.visible) this.#sessions.setActive(this.#panel.video);
  }

  #release(): void {
    if (this.#panel) this.#panels.release(this.#panel);
    this.#panel = undefined;
  }
}

function sentenceHtml(
  { cspSource }: vscode.Webview,
  sentence: string,
  action: { command?: string; link?: string } = {},
): string {
  const page = { cspSource, language: vscode.env.language, title: 'Codealong' };
  return emptyHtml(page, { sentence, ...action });
}
