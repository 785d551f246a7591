/** What menus and the palette know of us: what is open, what is done with it, and whether anything is watched live. */
import * as vscode from 'vscode';
import type { Sessions } from './sessions.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** Keeps the keys true until disposed. */
export function registerContextKeys(sessions: Sessions): vscode.Disposable {
  const told = new Map<string, boolean>();
  const tell = (key: string, value: boolean): void => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void vscode.commands.executeCommand('setContext', `codealong.${key}`, value);
  };
  const update = (): void => {
    const { active } = sessions;
    const state = active?.status.state;
    tell('hasVideo', active !== undefined);
    tell('isWatching', state === 'watching' || state === 'connecting' || state === 'lost');
    tell('isStopped', state === 'stopped' || state === 'failed');
    tell('hasRecent', sessions.recent.length > 0);
    const live = sessions.live.filter((video) => video.status.state === 'watching');
    tell('isLive', live.length > 0);
    tell('isLivePaused', live.length > 0 && live.every(isPaused));
  };
  let status: vscode.Disposable | undefined;
  const followActive = (): void => {
    status?.dispose();
    status = sessions.active?.onDidChangeStatus(update);
    update();
  };
  const followed = new Map<WatchedVideo, vscode.Disposable>();
  const followLive = (): void => {
    for (const [video, registration] of [...followed]) {
      if (sessions.live.includes(video)) continue;
      registration.dispose();
      followed.delete(video);
    }
    for (const video of sessions.live) {
      if (!followed.has(video)) followed.set(video, video.onDidChangeStatus(update));
    }
    update();
  };
  const registrations = [
    sessions.onDidChangeOpen(followLive),
    sessions.onDidChangeActive(followActive),
    sessions.onDidChangeRecent(update),
  ];
  followActive();
  return new vscode.Disposable(() => {
    status?.dispose();
    for (const registration of [...registrations, ...followed.values()]) registration.dispose();
  });
}

const isPaused = ({ status }: WatchedVideo): boolean => status.live?.state === 'paused';
