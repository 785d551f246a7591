/** The one status-bar item: which video is looked at, what is being done with it, and how far behind that is. */
import * as vscode from 'vscode';
import {
  formatMediaTime,
  noticeableLagMs,
  type HostToWebview,
  type ServerStats,
} from '../protocol/index.ts';
import { videoUri } from './openVideo.ts';
import type { Sessions } from './sessions.ts';
import type { WatchedVideo } from './watchedVideo.ts';

const maxNameChars = 24;

/** What the item shows. */
export interface StatusText {
  readonly text: string;
  /** In whole words, also for screen readers. */
  readonly tooltip: string;
  readonly isFailure: boolean;
}

/** Says in a few words what is being done with a video. */
export function describeStatus(name: string, status: HostToWebview['status']): StatusText {
  const { icon, words } = describeState(status);
  const lag = describeLag(status);
  const details = [words, ...(lag === undefined ? [] : [lag])].join(', ');
  const error = status.error ? ` ${status.error.message} ${status.error.remedy}` : '';
  return {
    text: `$(${icon}) ${shorten(name)} ${details}`,
    tooltip: [
      `Codealong: ${name}, ${details}.${error}`,
      ...(status.state === 'watching' && status.stats?.server
        ? [describeServer(status.stats.server)]
        : []),
    ].join(' '),
    isFailure: status.state === 'failed',
  };
}

/** Where what is watched goes. */
export function describeServer({ host, model, isLocal, isAway }: ServerStats): string {
  const { t } = vscode.l10n;
  if (isAway) return t('The model {0} at {1} does not answer.', model, host);
  return isLocal
    ? t('The model {0} watches on this machine, at {1}.', model, host)
    : t('What is watched is sent to {0} at {1}.', model, host);
}

function describeState({ state, stats }: HostToWebview['status']): { icon: string; words: string } {
  const { t } = vscode.l10n;
  switch (state) {
    case 'connecting':
      return { icon: 'sync~spin', words: t('connecting') };
    case 'watching': {
      if (!stats) return { icon: 'sync~spin', words: t('watching') };
      const { positionMs, durationMs } = stats;
      if (durationMs === undefined || durationMs <= 0) {
        return { icon: 'sync~spin', words: t('watched up to {0}', formatMediaTime(positionMs)) };
      }
      const percent = Math.min(99, Math.floor((100 * positionMs) / durationMs));
      return { icon: 'sync~spin', words: t('indexing {0} %', percent) };
    }
    case 'finished':
      return { icon: 'eye', words: t('watched') };
    case 'stopped':
      return { icon: 'debug-pause', words: t('stopped') };
    case 'failed':
      return { icon: 'warning', words: t('failed') };
    case 'lost':
      return { icon: 'sync~spin', words: t('connection lost, reconnecting') };
  }
}

function describeLag({ state, stats }: HostToWebview['status']): string | undefined {
  if (state !== 'watching' || !stats || stats.lagMs < noticeableLagMs) return undefined;
  return vscode.l10n.t('{0} s behind', Math.round(stats.lagMs / 1000));
}

/** For the bar, where there is little room. */
export function shorten(name: string): string {
  return name.length <= maxNameChars ? name : `${name.slice(0, maxNameChars - 1)}…`;
}

/** Hidden as long as no video is open. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #registration: vscode.Disposable;
  #ofVideo: vscode.Disposable | undefined;

  constructor(sessions: Pick<Sessions, 'active' | 'onDidChangeActive'>) {
    this.#item = vscode.window.createStatusBarItem('status', vscode.StatusBarAlignment.Right, 100);
    this.#item.name = 'Codealong';
    this.#registration = sessions.onDidChangeActive((video) => {
      this.#follow(video);
    });
    this.#follow(sessions.active);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#ofVideo?.dispose();
    this.#item.dispose();
  }

  #follow(video: WatchedVideo | undefined): void {
    this.#ofVideo?.dispose();
    this.#ofVideo = undefined;
    if (!video) {
      this.#item.hide();
      return;
    }
    this.#ofVideo = video.onDidChangeStatus((status) => {
      this.#show(video, status);
    });
    this.#item.command = {
      command: 'codealong.openVideo',
      title: vscode.l10n.t('Show the Video'),
      arguments: [videoUri(video.path, video.name)],
    };
    this.#show(video, video.status);
  }

  #show(video: WatchedVideo, status: HostToWebview['status']): void {
    // A live source that is watched has an item of its own.
    if (video.isLive && status.state === 'watching') {
      this.#item.hide();
      return;
    }
    this.#item.show();
    const { text, tooltip, isFailure } = describeStatus(video.name, status);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: tooltip };
    this.#item.backgroundColor = isFailure
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
  }
}
