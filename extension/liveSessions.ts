/** The open videos of a window, live ones above all: which of those are watched now, and something kept for each while it is open. */
import * as vscode from 'vscode';
import type { Sessions } from './sessions.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** Those of which something is captured, or looked for. */
export function watchedLive({ live }: Pick<Sessions, 'live'>): readonly WatchedVideo[] {
  return live.filter(({ status }) => status.state === 'watching');
}

/** Keeps one of something for each live session as long as that is open. */
export function followLive(
  sessions: Pick<Sessions, 'live' | 'onDidChangeOpen'>,
  create: (video: WatchedVideo) => { dispose(): void },
): vscode.Disposable {
  return follow(() => sessions.live, sessions.onDidChangeOpen, create);
}

/** Keeps one of something for each video as long as it is open. */
export function followOpen(
  sessions: Pick<Sessions, 'all' | 'onDidChangeOpen'>,
  create: (video: WatchedVideo) => { dispose(): void },
): vscode.Disposable {
  return follow(() => sessions.all, sessions.onDidChangeOpen, create);
}

function follow(
  open: () => readonly WatchedVideo[],
  onDidChange: vscode.Event<undefined>,
  create: (video: WatchedVideo) => { dispose(): void },
): vscode.Disposable {
  const made = new Map<WatchedVideo, { dispose(): void }>();
  const update = (): void => {
    const videos = open();
    for (const [video, one] of [...made]) {
      if (videos.includes(video)) continue;
      one.dispose();
      made.delete(video);
    }
    for (const video of videos) if (!made.has(video)) made.set(video, create(video));
  };
  const registration = onDidChange(update);
  update();
  return new vscode.Disposable(() => {
    registration.dispose();
    for (const one of made.values()) one.dispose();
    made.clear();
  });
}
