/** What menus and the palette know of us: is a video open, is it being watched, could it be, was one open before. */
import * as vscode from 'vscode';
import type { Sessions } from './sessions.ts';

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
  };
  let status: vscode.Disposable | undefined;
  const followActive = (): void => {
    status?.dispose();
    status = sessions.active?.onDidChangeStatus(update);
    update();
  };
  const registrations = [
    sessions.onDidChangeActive(followActive),
    sessions.onDidChangeRecent(update),
  ];
  followActive();
  return new vscode.Disposable(() => {
    status?.dispose();
    for (const registration of registrations) registration.dispose();
  });
}
