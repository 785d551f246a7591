/** `Find in Videos…`: every line that was seen, said or written about any video, as people type. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatMediaTime, plainText, type SearchHit } from '../protocol/index.ts';
import { isCancelled, showError, toShownError } from './messages.ts';
import { copyLink } from './panelActions.ts';
import type { VideoRequests } from './videoRequests.ts';
import type { Videos } from './videos.ts';

/** What the panel says with the command. */
export interface FindRequest {
  readonly query?: string;
  /** Only this video is searched. */
  readonly path?: string;
}

export interface FindParts {
  readonly requests: Pick<VideoRequests, 'search'>;
  readonly videos: Pick<Videos, 'goTo'>;
}

/** People type faster than they read. */
const pauseMs = 150;
/** As many as anybody looks through. */
const limit = 50;

type HitItem = vscode.QuickPickItem & { readonly hit?: SearchHit };

const linkButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('link'),
  tooltip: vscode.l10n.t('Copy Link to This Moment'),
});
const onlyButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('filter'),
  tooltip: vscode.l10n.t('Find in This Video Only'),
});
const allButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('library'),
  tooltip: vscode.l10n.t('Find in All Videos'),
});

/** Shows the search. @returns when it is closed; choosing a hit opens its video there */
export async function findInVideos(parts: FindParts, request: FindRequest = {}): Promise<void> {
  using search = new Search(parts, request);
  await search.closed;
}

class Search implements Disposable {
  readonly closed: Promise<void>;
  readonly #parts: FindParts;
  readonly #pick = vscode.window.createQuickPick<HitItem>();
  /** The only video that is searched. */
  #path: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: vscode.CancellationTokenSource | undefined;

  constructor(parts: FindParts, { query = '', path: only }: FindRequest) {
    this.#parts = parts;
    const pick = this.#pick;
    pick.value = query;
    pick.matchOnDetail = true;
    pick.placeholder = vscode.l10n.t('Words that were seen or said, such as npm test');
    pick.onDidChangeValue(() => {
      this.#cancel();
      this.#timer = setTimeout(() => void this.#search(), pauseMs);
    });
    pick.onDidTriggerButton(() => {
      this.#restrictTo(undefined);
    });
    pick.onDidTriggerItemButton(({ item: { hit }, button }) => {
      const file = hit && videoNameOf(hit);
      if (file === undefined) return;
      if (button.tooltip === onlyButton().tooltip) this.#restrictTo(file);
      else copyLink(file, hit!.startMs).catch(showError);
    });
    pick.onDidAccept(() => {
      const hit = pick.selectedItems[0]?.hit;
      const file = hit && videoNameOf(hit);
      if (file === undefined) return;
      const atMs = hit!.startMs;
      pick.hide();
      parts.videos.goTo({ path: file, atMs }).catch(showError);
    });
    this.closed = new Promise((resolve) => {
      pick.onDidHide(() => {
        resolve();
      });
    });
    this.#restrictTo(only);
    pick.show();
  }

  #restrictTo(file: string | undefined): void {
    this.#path = file;
    this.#pick.title =
      file === undefined
        ? vscode.l10n.t('Find in Videos')
        : vscode.l10n.t('Find in {0}', path.basename(file));
    this.#pick.buttons = file === undefined ? [] : [allButton()];
    void this.#search();
  }

  /** Takes the place of the search before. Never fails: the list says what went wrong. */
  async #search(): Promise<void> {
    this.#cancel();
    const pick = this.#pick;
    const query = pick.value.trim();
    if (query === '') {
      pick.items = [];
      return;
    }
    const running = new vscode.CancellationTokenSource();
    this.#running = running;
    pick.busy = true;
    try {
      const { token } = running;
      const hits = await this.#parts.requests.search(this.#path, { query, limit }, { token });
      if (running !== this.#running) return;
      pick.items = hits.length > 0 ? hits.map(toItem) : [sentence(nothingFor(query))];
    } catch (error) {
      if (running !== this.#running || isCancelled(error)) return;
      const { message, remedy } = toShownError(error);
      pick.items = [sentence(`$(warning) ${message}`, remedy)];
    } finally {
      if (running === this.#running) pick.busy = false;
    }
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#running?.cancel();
    this.#running?.dispose();
    this.#running = undefined;
    this.#pick.busy = false;
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#pick.dispose();
  }
}

const nothingFor = (query: string): string => vscode.l10n.t('Nothing found for “{0}”.', query);

const sentence = (label: string, detail?: string): HitItem => ({
  ...{ label, alwaysShow: true },
  ...(detail === undefined ? {} : { detail }),
});

/** Words and names stand beside the label: the editor would sort labels by how they fit what is typed, and lose the order of the hits. */
function toItem(hit: SearchHit): HitItem {
  const { video, startMs } = hit;
  const name =
    video.live?.name ?? (video.path === undefined ? undefined : path.basename(video.path));
  const detail = oneLine(plainText(hit));
  const time = formatMediaTime(startMs);
  if (name === undefined) {
    return { ...sentence(`$(circle-slash) ${time}`, detail), description: missing() };
  }
  return {
    label: `$(play) ${time}`,
    description: `${name} · ${placeOf(hit)}`,
    detail,
    alwaysShow: true,
    buttons: [linkButton(), onlyButton()],
    hit,
  };
}

/** What the extension knows the video of a hit by; undefined when nobody knows where it lies. */
const videoNameOf = ({ video }: SearchHit): string | undefined =>
  video.live ? video.videoId : video.path;

const missing = (): string => vscode.l10n.t('It is not known where this video lies.');

/** An icon's name in the text stays text. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('$(', '$\u200b(');

/** Where on screen, or in which way, the words were met. */
export function placeOf({
  kind,
  region,
  origin,
}: Pick<SearchHit, 'kind' | 'region' | 'origin'>): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'screenText':
      return placeOnScreen(region ?? 'other');
    case 'guidance':
      return t('guidance');
    case 'cue':
      return origin === 'speech' ? t('heard') : t('caption');
    case 'chapter':
      return t('chapter');
    case 'answer':
      return t('answer');
    case 'query':
      return t('question');
    case 'summary':
      return t('summary');
    case 'gap':
      return t('gap');
  }
}

function placeOnScreen(region: NonNullable<SearchHit['region']>): string {
  const { t } = vscode.l10n;
  switch (region) {
    case 'editor':
      return t('editor');
    case 'terminal':
      return t('terminal');
    case 'tree':
      return t('file tree');
    case 'tabs':
      return t('tabs');
    case 'breadcrumbs':
      return t('breadcrumbs');
    case 'statusBar':
      return t('status bar');
    case 'browser':
      return t('browser');
    case 'slide':
      return t('slide');
    case 'dialog':
      return t('dialog');
    case 'popup':
      return t('popup');
    case 'other':
      return t('on screen');
  }
}
