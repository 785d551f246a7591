/** The videos that are open in this window, which of them is looked at, and which were open before. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { RecentVideo, VideoMemory } from './videoMemory.ts';
import { WatchedVideo, type WatchedVideoParts } from './watchedVideo.ts';

export interface SessionsParts extends WatchedVideoParts {
  readonly memory: VideoMemory;
}

export class Sessions implements vscode.Disposable {
  readonly #parts: SessionsParts;
  readonly #open = new Map<string, { readonly video: WatchedVideo; users: number }>();
  readonly #activeEmitter = new vscode.EventEmitter<WatchedVideo | undefined>();
  readonly #openEmitter = new vscode.EventEmitter<undefined>();
  #active: WatchedVideo | undefined;

  readonly onDidChangeActive: vscode.Event<WatchedVideo | undefined> = this.#activeEmitter.event;
  /** A video was opened, or let go. */
  readonly onDidChangeOpen: vscode.Event<undefined> = this.#openEmitter.event;
  /** The list of recent videos has changed. */
  readonly onDidChangeRecent: vscode.Event<undefined>;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.onDidChangeRecent = parts.memory.onDidChange;
  }

  /** Newest first, at most twenty. */
  get recent(): readonly RecentVideo[] {
    return this.#parts.memory.recent;
  }

  /** The video that was looked at last, as long as it is open. */
  get active(): WatchedVideo | undefined {
    return this.#active;
  }

  /** The same object for the same file, until everybody who opened it has released it. @param file absolute path */
  open(file: string): WatchedVideo {
    const key = path.normalize(file);
    const known = this.#open.get(key);
    if (known) {
      known.users++;
      return known.video;
    }
    const video = new WatchedVideo(key, this.#parts);
    this.#open.set(key, { video, users: 1 });
    this.#parts.memory.opened(key);
    this.#openEmitter.fire(undefined);
    return video;
  }

  release(video: WatchedVideo): void {
    const known = this.#open.get(video.path);
    if (known?.video !== video || --known.users > 0) return;
    this.#open.delete(video.path);
    if (this.#active === video) this.setActive([...this.#open.values()].at(-1)?.video);
    this.#openEmitter.fire(undefined);
    video.dispose();
  }

  /** Every live session that is open in this window, watched now or kept. */
  get live(): readonly WatchedVideo[] {
    return [...this.#open.values()].flatMap(({ video }) => (video.isLive ? [video] : []));
  }

  /** Every video that is open in this window. */
  get all(): readonly WatchedVideo[] {
    return [...this.#open.values()].map(({ video }) => video);
  }

  find(file: string): WatchedVideo | undefined {
    return this.#open.get(path.normalize(file))?.video;
  }

  /** Whether people have opened it in this window, or lately in any. */
  isKnown(file: string): boolean {
    const wanted = path.normalize(file);
    return this.#open.has(wanted) || this.recent.some((video) => video.path === wanted);
  }

  /** A panel of this video was shown or focused. */
  setActive(video: WatchedVideo | undefined): void {
    if (video === this.#active) return;
    this.#active = video;
    this.#activeEmitter.fire(video);
  }

  /** A live session is called so wherever it is shown. */
  nameLive(id: string, name: string): void {
    this.#parts.memory.name(id, name);
  }

  /** What to show for a video, open or not. */
  nameOf(file: string): string {
    return this.#parts.memory.nameOf(file);
  }

  /** Takes a video out of the list of recent ones. */
  forgetRecent(file: string): void {
    this.#parts.memory.forget(file);
  }

  dispose(): void {
    for (const { video } of this.#open.values()) video.dispose();
    this.#open.clear();
    this.#active = undefined;
    this.#activeEmitter.dispose();
    this.#openEmitter.dispose();
  }
}
