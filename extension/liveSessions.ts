/** The live sessions of a window: which of them are watched now, and something kept for each of them while it is open. */
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
  const made = new Map<WatchedVideo, { dispose(): void }>();
  const update = (): void => {
    const { live } = sessions;
    for (const [video, one] of [...made]) {
      if (live.includes(video)) continue;
      one.dispose();
      made.delete(video);
    }
    for (const video of live) if (!made.has(video)) made.set(video, create(video));
  };
  const registration = sessions.onDidChangeOpen(update);
  update();
  return new vscode.Disposable(() => {
    registration.dispose();
    for (const one of made.values()) one.dispose();
    made.clear();
  });
}
