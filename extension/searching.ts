/** The search of one page: only the newest one matters. */
import * as vscode from 'vscode';
import type { HostToWebview, WebviewToHost } from '../protocol/index.ts';
import { isCancelled, toShownError } from './messages.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** Searches a video for its page and tells it the hits. */
export class Searching implements vscode.Disposable {
  readonly #video: Pick<WatchedVideo, 'search'>;
  readonly #tell: (hits: HostToWebview['hits']) => void;
  #running: vscode.CancellationTokenSource | undefined;

  constructor(video: Pick<WatchedVideo, 'search'>, tell: (hits: HostToWebview['hits']) => void) {
    this.#video = video;
    this.#tell = tell;
  }

  /** Ends the search before it. Never fails: the page is told. */
  async search({ requestId, query }: WebviewToHost['search']): Promise<void> {
    this.dispose();
    const running = new vscode.CancellationTokenSource();
    this.#running = running;
    try {
      const hits = await this.#video.search(query, running.token);
      if (running === this.#running) this.#tell({ requestId, hits });
    } catch (error) {
      if (running !== this.#running || isCancelled(error)) return;
      this.#tell({ requestId, hits: [], error: toShownError(error) });
    }
  }

  dispose(): void {
    this.#running?.cancel();
    this.#running?.dispose();
    this.#running = undefined;
  }
}
