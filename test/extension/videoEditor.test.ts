import * as vscode from 'vscode';
import { beforeEach, describe, expect, it } from 'vitest';
import { Sessions } from '../../extension/sessions.ts';
import { registerVideoEditor } from '../../extension/videoEditor.ts';
import { VideoMemory } from '../../extension/videoMemory.ts';
import type { Videos } from '../../extension/videos.ts';
import { mediaMs } from '../../protocol/index.ts';
import { ClientHarness, settle } from '../helpers/fakeDaemonLinks.ts';
import { playable } from '../helpers/fakeVideo.ts';
import { editor, EventEmitter, FakeMemento } from '../helpers/fakeVscode.ts';
import { FakeWebview, TabInputCustom, ui, uiWindow } from '../helpers/fakeVscodeUi.ts';

const file = '/videos/pantry.mp4';

/** An editor tab, or a view of the side bar. */
class FakePlace {
  readonly webview = new FakeWebview();
  readonly #changed = new EventEmitter<undefined>();
  readonly #disposed = new EventEmitter<undefined>();
  readonly onDidChangeViewState = this.#changed.event;
  readonly onDidChangeVisibility = this.#changed.event;
  readonly onDidDispose = this.#disposed.event;
  visible = true;
  active = true;
  description: string | undefined;
  shown = 0;

  show(): void {
    this.shown++;
  }

  change(state: { visible: boolean; active: boolean }): void {
    Object.assign(this, state);
    this.#changed.fire(undefined);
  }

  close(): void {
    this.#disposed.fire(undefined);
  }
}

let harness: ClientHarness;
let sessions: Sessions;
let videos: Videos;
let workspaceState: FakeMemento;

beforeEach(() => {
  editor.reset();
  uiWindow.tabGroups.all = [];
  harness = new ClientHarness({
    'codealong/startSession': () => ({ sessionId: 's1', videoId: 'v1', isIndexed: false }),
    'codealong/stopSession': () => null,
    'codealong/adjustSession': () => null,
    'codealong/openMedia': () => playable,
    'codealong/closeMedia': () => null,
  });
  const memory = new VideoMemory(new FakeMemento());
  sessions = new Sessions({ client: harness.client, memory, sessionOptions: () => ({}) });
  workspaceState = new FakeMemento();
  const context = {
    ...{ subscriptions: [], extensionUri: vscode.Uri.file('/extension'), workspaceState },
    globalState: new FakeMemento(),
  } as unknown as vscode.ExtensionContext;
  const log = { error: () => undefined, warn: () => undefined };
  videos = registerVideoEditor(context, { sessions, log });
});

function openTab(uri = vscode.Uri.file(file)): FakePlace {
  const provider = ui.customEditors.get('codealong.video') as vscode.CustomReadonlyEditorProvider;
  const place = new FakePlace();
  const token = new vscode.CancellationTokenSource().token;
  const document = provider.openCustomDocument(
    uri,
    {} as vscode.CustomDocumentOpenContext,
    token,
  ) as vscode.CustomDocument;
  void provider.resolveCustomEditor(document, place as unknown as vscode.WebviewPanel, token);
  return place;
}

function openView(): FakePlace {
  const provider = ui.webviewViews.get('codealong.player') as vscode.WebviewViewProvider;
  const place = new FakePlace();
  void provider.resolveWebviewView(
    place as unknown as vscode.WebviewView,
    {} as vscode.WebviewViewResolveContext,
    new vscode.CancellationTokenSource().token,
  );
  return place;
}

describe('an editor tab', () => {
  it('shows a video and has it watched, until it is closed', async () => {
    const tab = openTab();
    tab.webview.say('ready');
    expect(tab.webview.told('init')).toMatchObject([{ name: 'pantry.mp4' }]);
    await settle();
    expect(harness.link.methods).toEqual(
      expect.arrayContaining(['codealong/openMedia', 'codealong/startSession']),
    );
    expect(sessions.active?.path).toBe(file);
    tab.close();
    await settle();
    expect(sessions.find(file)).toBeUndefined();
    expect(harness.link.methods).toContain('codealong/closeMedia');
  });

  it('shares the video with another one', () => {
    const [first, second] = [openTab(), openTab()];
    const video = sessions.find(file);
    first.close();
    expect(sessions.find(file)).toBe(video);
    second.close();
    expect(sessions.find(file)).toBeUndefined();
  });

  it('does not go on watching what people have stopped, because it is opened once more', async () => {
    openTab();
    await settle();
    await sessions.find(file)?.stop();
    const asked = harness.link.methods.length;
    openTab();
    await settle();
    expect(harness.link.methods).toHaveLength(asked);
  });

  it('that is looked at makes its video the active one', () => {
    const first = openTab();
    openTab(vscode.Uri.file('/videos/other.mp4'));
    expect(sessions.active?.name).toBe('other.mp4');
    first.change({ visible: true, active: true });
    expect(sessions.active?.name).toBe('pantry.mp4');
  });

  it('says in a sentence that its file lies on another machine', () => {
    const tab = openTab(vscode.Uri.from({ scheme: 'vscode-remote', path: '/talks/a.mp4' }));
    expect(tab.webview.html).toContain('a.mp4 does not lie on this machine.');
    expect(tab.webview.html).not.toContain('<script');
  });
});

describe('showing a video', () => {
  beforeEach(() => {
    ui.onCommand.set('vscode.openWith', (uri: vscode.Uri) => {
      openTab(uri);
    });
  });
  const openedIn = (): unknown => editor.commands.at(-1)?.args[2];

  it('opens it beside the code, or where nothing else is', async () => {
    const panel = await videos.show(file);
    expect(panel.video.path).toBe(file);
    expect(editor.commands.at(-1)?.args.slice(0, 2)).toMatchObject([
      { path: file },
      'codealong.video',
    ]);
    expect(openedIn()).toMatchObject({ viewColumn: vscode.ViewColumn.Active });
    uiWindow.activeTextEditor = {};
    await videos.show('/videos/other.mp4');
    expect(openedIn()).toMatchObject({ viewColumn: vscode.ViewColumn.Beside });
    uiWindow.activeTextEditor = undefined;
  });

  it('goes where it is open already', async () => {
    const input = new TabInputCustom(vscode.Uri.file(file), 'codealong.video');
    const group = { viewColumn: 3, tabs: [] as unknown[] };
    group.tabs.push({ input, group });
    uiWindow.tabGroups.all = [group];
    await videos.show(file, { preserveFocus: true });
    expect(openedIn()).toMatchObject({ viewColumn: 3, preserveFocus: true });
  });

  it('joins the videos beside the code, and makes no further column', async () => {
    const input = new TabInputCustom(vscode.Uri.file('/videos/other.mp4'), 'codealong.video');
    const group = { viewColumn: 1, tabs: [] as unknown[] };
    group.tabs.push({ input, group });
    uiWindow.tabGroups.all = [group];
    uiWindow.activeTextEditor = {};
    await videos.show(file);
    uiWindow.activeTextEditor = undefined;
    expect(openedIn()).toMatchObject({ viewColumn: 1 });
  });

  it('waits for a panel that comes late', async () => {
    ui.onCommand.set('vscode.openWith', (uri: vscode.Uri) => {
      setImmediate(() => void openTab(uri));
    });
    expect((await videos.show(file)).video.path).toBe(file);
  });

  it('at a moment begins there', async () => {
    await videos.goTo({ path: file, atMs: mediaMs(30_000) });
    expect(sessions.find(file)?.lastPositionMs).toBe(30_000);
  });

  it('is offered when a command needs one', async () => {
    expect(await videos.current()).toBeUndefined();
    expect(editor.messages).toMatchObject([
      { kind: 'info', text: 'No video is open.', buttons: ['Open Video…'] },
    ]);
    editor.press = 'Open Video…';
    ui.answers.push([vscode.Uri.file(file)]);
    expect((await videos.current())?.video.path).toBe(file);
    expect(ui.dialogs).toMatchObject([
      {
        kind: 'open',
        options: {
          canSelectMany: false,
          filters: { Videos: expect.arrayContaining(['mp4', 'mts']) as unknown },
        },
      },
    ]);
    expect((await videos.current())?.video.path).toBe(file);
    expect(editor.messages).toHaveLength(2);
  });
});

describe('the side bar', () => {
  beforeEach(() => {
    editor.configure('codealong.panel.location', 'sideBar');
  });

  it('says what to do when there is no video', () => {
    const view = openView();
    expect(view.webview.html).toContain('command:codealong.openVideo');
    expect(view.webview.options).toEqual({ enableCommandUris: ['codealong.openVideo'] });
  });

  it('shows the video that is opened, and the next one instead of it', async () => {
    ui.onCommand.set('codealong.player.focus', () => undefined);
    const view = openView();
    await videos.show(file);
    expect(view.webview.html).toContain('<title>pantry.mp4</title>');
    expect(view.description).toBe('pantry.mp4');
    await videos.show('/videos/other.mp4');
    expect(view.webview.html).toContain('<title>other.mp4</title>');
    expect(sessions.find(file)).toBeUndefined();
    view.webview.say('ready');
    expect(view.webview.told('init')).toMatchObject([{ name: 'other.mp4' }]);
    expect(view.shown).toBe(2);
  });

  it('does not begin anew for another way to write the same file', async () => {
    const view = openView();
    await videos.show(file);
    const { loads } = view.webview;
    await videos.show('/videos/sub/../pantry.mp4');
    await videos.show('/videos/sub/../pantry.mp4');
    expect(view.webview.loads).toBe(loads);
  });

  it('does not take over a video that is open in a tab', async () => {
    openTab();
    const view = openView();
    await videos.show(file);
    expect(editor.commands.at(-1)?.command).toBe('vscode.openWith');
    expect(view.webview.html).not.toContain('pantry');
  });

  it('is brought up when it was never seen', async () => {
    ui.onCommand.set('codealong.player.focus', () => {
      openView();
    });
    expect((await videos.show(file)).video.path).toBe(file);
  });

  it('shows its video again after the window was reloaded', async () => {
    await workspaceState.update('codealong.player', file);
    const view = openView();
    expect(view.webview.html).toContain('<title>pantry.mp4</title>');
    view.close();
    expect(sessions.find(file)).toBeUndefined();
  });

  it('tells its page when settings change', async () => {
    await workspaceState.update('codealong.player', file);
    const view = openView();
    view.webview.say('ready');
    editor.configure('codealong.guidance.reveal', 'asPlayed');
    expect(view.webview.told('settings')).toEqual([
      expect.objectContaining({ revealGuidance: 'asPlayed' }),
    ]);
  });
});
