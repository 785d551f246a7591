/** What menus and the palette know of us: what is open, what is done with it, and whether anything is watched live. */
import * as vscode from 'vscode';
import { followLive, watchedLive } from './liveSessions.ts';
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
    const live = watchedLive(sessions);
    tell('isLive', live.length > 0);
    tell('isLivePaused', live.length > 0 && live.every(isPaused));
  };
  let status: vscode.Disposable | undefined;
  const followActive = (): void => {
    status?.dispose();
    status = sessions.active?.onDidChangeStatus(update);
    update();
  };
  const registrations = [
    followLive(sessions, (video) => video.onDidChangeStatus(update)),
    sessions.onDidChangeOpen(update),
    sessions.onDidChangeActive(followActive),
    sessions.onDidChangeRecent(update),
  ];
  followActive();
  return new vscode.Disposable(() => {
    status?.dispose();
    for (const registration of registrations) registration.dispose();
  });
}

const isPaused = ({ status }: WatchedVideo): boolean => status.live?.state === 'paused';
