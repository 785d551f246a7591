/** One page that shows one video: what it is told, when, and what it may ask for. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type {
  Attention,
  CodeAtMoment,
  HostToWebview,
  PanelSettings,
  SearchHit,
  TimelineRow,
  WebviewToHost,
} from '../protocol/index.ts';
import { Answering } from './answering.ts';
import { keepChattiness } from './configuration.ts';
import { showError } from './messages.ts';
import { copyLink, runAction, runCommand, watchAgain } from './panelActions.ts';
import { Newest } from './newest.ts';
import { panelHtml, uncoveredOrigins } from './panelHtml.ts';
import type { Question, WatchedVideo } from './watchedVideo.ts';

/** What a panel needs of the extension. */
export interface PanelParts {
  readonly extensionUri: vscode.Uri;
  readonly log: Pick<vscode.LogOutputChannel, 'error' | 'warn'>;
  /** As they are now. */
  readonly settings: () => PanelSettings;
  readonly attention: () => Attention;
}

/** What is told late and only as it is then, so that a page that cannot keep up gets less, not later. */
type Changing = 'media' | 'status' | 'rows' | 'manner';

type Handlers = {
  readonly [Kind in keyof WebviewToHost]: (body: WebviewToHost[Kind]) => void;
};

/** About one frame of the page. */
const batchMs = 16;

/**
 * Binds a video to a webview. A page that says `ready` is told everything there is, so it may come and go: hidden, reloaded, or
 * made anew because the video now comes from elsewhere.
 */
export class Panel implements vscode.Disposable {
  readonly video: WatchedVideo;
  readonly #webview: vscode.Webview;
  readonly #parts: PanelParts;
  readonly #answering: Answering;
  readonly #searching: Newest<WebviewToHost['search'], readonly SearchHit[]>;
  readonly #reading: Newest<WebviewToHost['readCode'], CodeAtMoment>;
  readonly #registrations: vscode.Disposable[];
  #mediaOrigins: readonly string[] = [];
  /** The page listens. */
  #isReady = false;
  #isVisible = true;
  readonly #changed = new Set<Changing>();
  #timer: NodeJS.Timeout | undefined;
  /** How many of the video's rows the page has. */
  #rowsSent = 0;
  #isRowReset = true;
  /** Those among them that were told anew, by id. */
  readonly #changedRows = new Map<number, TimelineRow>();
  /** Wishes that came before the page listened. */
  #pendingSeek: HostToWebview['seek'] | undefined;
  #pendingReveal: HostToWebview['reveal'] | undefined;
  #wantsFocus = false;

  constructor(webview: vscode.Webview, video: WatchedVideo, parts: PanelParts) {
    this.video = video;
    this.#webview = webview;
    this.#parts = parts;
    this.#answering = new Answering(video, (kind, body) => {
      this.#post(kind, body);
    });
    this.#searching = new Newest({
      find: ({ query }, token) => video.search(query, token),
      found: ({ requestId }, hits) => {
        this.#post('hits', { requestId, hits });
      },
      failed: ({ requestId }, error) => {
        this.#post('hits', { requestId, hits: [], error });
      },
    });
    this.#reading = new Newest({
      find: ({ atMs, region }, token) => video.code(atMs, region, token),
      found: ({ requestId }, code) => {
        this.#post('codeSeen', { requestId, code });
      },
      failed: ({ requestId }, error) => {
        this.#post('codeSeen', { requestId, error });
      },
    });
    webview.options = {
      enableScripts: true,
      enableForms: false,
      localResourceRoots: [vscode.Uri.joinPath(parts.extensionUri, 'dist')],
    };
    this.#registrations = [
      webview.onDidReceiveMessage((message: unknown) => {
        this.#receive(message);
      }),
      video.onDidChangeMedia(() => {
        this.#change('media');
      }),
      video.onDidChangeStatus(() => {
        this.#change('status');
      }),
      video.onDidChangeRows(({ isReset, changed }) => {
        if (isReset) this.#forgetRows();
        if (changed) this.#changedRows.set(changed.id, changed);
        this.#change('rows');
      }),
      video.onDidChangeManner(() => {
        this.#change('manner');
      }),
      video.onDidRequestSeek((seek) => {
        this.#pendingSeek = seek;
        this.#sendWishes();
      }),
    ];
    this.#load();
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  /** A hidden page is told what happened when it is seen again. */
  set isVisible(isVisible: boolean) {
    this.#isVisible = isVisible;
    if (isVisible) this.#schedule();
  }

  /** Shows a question that was asked outside the page, and its answer. Never fails. */
  ask(question: Question): Promise<void> {
    return this.#answering.askAsPage(question);
  }

  /** Puts the cursor into the ask box. */
  focusAsk(): void {
    this.#wantsFocus = true;
    this.#sendWishes();
  }

  /** Brings a row of guidance into sight once the page has it. */
  reveal(rowId: number): void {
    this.#pendingReveal = { rowId };
    this.#sendWishes();
  }

  tellSettings(): void {
    this.#post('settings', this.#parts.settings());
  }

  tellAttention(): void {
    this.#post('attention', this.#parts.attention());
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#isReady = false;
    this.#answering.dispose();
    this.#searching.dispose();
    this.#reading.dispose();
    for (const registration of this.#registrations) registration.dispose();
  }

  /** Sets the page; whatever was there before is gone. */
  #load(): void {
    const { extensionUri } = this.#parts;
    const fileUri = (name: string): string =>
      this.#webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
    this.#isReady = false;
    this.#webview.html = panelHtml({
      nonce: randomBytes(16).toString('base64url'),
      cspSource: this.#webview.cspSource,
      scriptUri: fileUri('webview.js'),
      styleUri: fileUri('webview.css'),
      mediaOrigins: this.#mediaOrigins,
      language: vscode.env.language,
      title: this.video.name,
    });
  }

  readonly #handlers: Handlers = {
    ready: () => {
      this.#begin();
    },
    player: (player) => {
      this.video.player = player;
    },
    ask: (question) => {
      void this.#answering.ask(question);
    },
    stopAnswer: ({ requestId }) => {
      this.#answering.stop(requestId);
    },
    startWatching: () => {
      watchAgain(this.video);
    },
    stopWatching: () => {
      this.video.stop().catch(showError);
    },
    pauseWatching: ({ isPaused }) => {
      this.video.setPaused(isPaused).catch(showError);
    },
    setChattiness: ({ chattiness }) => {
      keepChattiness(chattiness).catch(showError);
    },
    tellMeWhen: () => {
      runCommand('codealong.tellMeWhen', this.video.path);
    },
    forgetRequest: ({ request }) => {
      this.video.forgetRequest(request);
    },
    snooze: ({ isOver }) => {
      runCommand(isOver ? 'codealong.endSnooze' : 'codealong.snooze');
    },
    summarize: (range) => {
      runCommand('codealong.summarizeClip', { path: this.video.path, ...range });
    },
    code: ({ action, atMs }) => {
      runCommand(`codealong.${action}Code`, { path: this.video.path, atMs });
    },
    search: (search) => {
      void this.#searching.grant(search);
    },
    readCode: (moment) => {
      void this.#reading.grant(moment);
    },
    findInVideos: ({ query }) => {
      runCommand('codealong.findInVideos', query === undefined ? {} : { query });
    },
    copyLink: ({ atMs }) => {
      copyLink(this.video.path, atMs).catch(showError);
    },
    action: ({ action }) => {
      runAction(action, this.video);
    },
    report: ({ kind, detail }) => {
      if (kind === 'media') this.#parts.log.warn(`panel: ${detail}`);
      else this.#parts.log.error(`panel, ${kind}: ${detail}`);
    },
  };

  #receive(message: unknown): void {
    const { kind, body } = (message ?? {}) as { kind?: unknown; body?: unknown };
    if (!isKind(kind, this.#handlers) || typeof body !== 'object' || body === null) {
      this.#parts.log.error(`panel: unknown message ${String(kind).slice(0, 100)}`);
      return;
    }
    // The map gives each kind the handler of its own body.
    (this.#handlers[kind] as (body: object) => void)(body);
  }

  /** The page has nothing yet: tells it everything. */
  #begin(): void {
    const { path, name, isLive, lastPositionMs } = this.video;
    this.#isReady = true;
    this.#post('init', {
      path,
      name,
      ...(isLive ? { isLive } : {}),
      settings: this.#parts.settings(),
      ...(lastPositionMs === undefined ? {} : { positionMs: lastPositionMs }),
      l10n: vscode.l10n.bundle ?? {},
    });
    this.tellAttention();
    this.#forgetRows();
    for (const what of ['media', 'status', 'manner', 'rows'] as const) this.#changed.add(what);
    this.#flush();
    this.#answering.tellAll();
    this.#sendWishes();
  }

  #forgetRows(): void {
    this.#rowsSent = 0;
    this.#isRowReset = true;
    this.#changedRows.clear();
  }

  #change(what: Changing): void {
    this.#changed.add(what);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#changed.size === 0 || !this.#isReady || !this.#isVisible) return;
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, batchMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isReady || !this.#isVisible) return;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    const { media, status, rows } = this.video;
    if (changed.has('media') && media) {
      const missing = uncoveredOrigins(
        [media.videoUrl, media.liveUrl, media.frameUrl],
        this.#mediaOrigins,
      );
      if (missing.length > 0) {
        // The page must be made anew to let them in; it asks for everything again.
        this.#mediaOrigins = [...this.#mediaOrigins, ...missing];
        this.#load();
        return;
      }
      this.#post('media', media);
    }
    if (changed.has('status')) this.#post('status', status);
    if (changed.has('manner')) this.#post('manner', this.video.manner);
    if (changed.has('rows')) {
      const news = rows.slice(this.#rowsSent);
      const known = new Set(news.map(({ id }) => id));
      const changedRows = [...this.#changedRows.values()].filter(({ id }) => !known.has(id));
      this.#post('rows', { rows: [...changedRows, ...news], isReset: this.#isRowReset });
      this.#rowsSent = rows.length;
      this.#isRowReset = false;
      this.#changedRows.clear();
    }
  }

  #sendWishes(): void {
    if (!this.#isReady) return;
    if (this.#pendingSeek) this.#post('seek', this.#pendingSeek);
    this.#pendingSeek = undefined;
    if (this.#pendingReveal) this.#post('reveal', this.#pendingReveal);
    this.#pendingReveal = undefined;
    if (this.#wantsFocus) this.#post('focusAsk', {});
    this.#wantsFocus = false;
  }

  /** A page that does not listen is told when it does. */
  #post<Kind extends keyof HostToWebview>(kind: Kind, body: HostToWebview[Kind]): void {
    if (this.#isReady) void this.#webview.postMessage({ kind, body });
  }
}

function isKind(kind: unknown, handlers: Handlers): kind is keyof Handlers {
  return typeof kind === 'string' && Object.hasOwn(handlers, kind);
}
