/** What is remembered of videos over windows and restarts: which were opened, and where each was left. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { MediaMs } from '../protocol/index.ts';
import { isLiveName, isVideoName } from './openVideo.ts';

/** A video that was opened before. */
export interface RecentVideo {
  /** Absolute, or the id of a live session. */
  readonly path: string;
  /** Of a live session: what it is called. */
  readonly name?: string;
  /** Where it was left; its start when absent. */
  readonly positionMs?: MediaMs;
  /** Standing requests, in people's own words. */
  readonly requests?: readonly string[];
}

const key = 'codealong.videos';
/** As many as the list shows. */
const maxVideos = 20;

/** Newest first, in the editor's store. A window sees what others have written when it is loaded. */
export class VideoMemory implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #emitter = new vscode.EventEmitter<undefined>();
  /** Of live sessions that this window has heard of. */
  readonly #names = new Map<string, string>();

  readonly onDidChange: vscode.Event<undefined> = this.#emitter.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get recent(): readonly RecentVideo[] {
    const stored = this.#state.get<unknown>(key);
    return Array.isArray(stored) ? stored.filter(isRecentVideo) : [];
  }

  positionOf(file: string): MediaMs | undefined {
    return this.recent.find((video) => video.path === file)?.positionMs;
  }

  requestsOf(file: string): readonly string[] {
    return this.recent.find((video) => video.path === file)?.requests ?? [];
  }

  /** What people want to be told of a video. */
  asked(file: string, requests: readonly string[]): void {
    this.#change(file, { requests });
  }

  /** A live session is called so. */
  name(id: string, name: string): void {
    this.#names.set(id, name);
  }

  /** What to show for a video: the name of a file, what a live session is called. */
  nameOf(file: string): string {
    if (!isLiveName(file)) return path.basename(file);
    const known = this.recent.find((video) => video.path === file)?.name;
    return this.#names.get(file) ?? known ?? file;
  }

  /** Puts a video first. */
  opened(file: string): void {
    const known = this.recent.find((video) => video.path === file);
    const fresh = isLiveName(file) ? { path: file, name: this.nameOf(file) } : { path: file };
    this.#store([{ ...known, ...fresh }, ...this.#without(file)]);
    this.#emitter.fire(undefined);
  }

  /** Remembers where a video is, without moving it in the list. */
  left(file: string, positionMs: MediaMs): void {
    this.#change(file, { positionMs });
  }

  forget(file: string): void {
    this.#store(this.#without(file));
    this.#emitter.fire(undefined);
  }

  dispose(): void {
    this.#emitter.dispose();
  }

  #without(file: string): readonly RecentVideo[] {
    return this.recent.filter((video) => video.path !== file);
  }

  #change(file: string, change: Partial<RecentVideo>): void {
    this.#store(
      this.recent.map((video) => (video.path === file ? { ...video, ...change } : video)),
    );
  }

  #store(videos: readonly RecentVideo[]): void {
    void this.#state.update(key, videos.slice(0, maxVideos));
  }
}

/** The store may hold what another version wrote. */
function isRecentVideo(value: unknown): value is RecentVideo {
  if (typeof value !== 'object' || value === null) return false;
  const {
    path: file,
    name,
    positionMs,
    requests = [],
  } = value as Partial<Record<keyof RecentVideo, unknown>>;
  const isPosition = positionMs === undefined || Number.isFinite(positionMs);
  const isNamed = name === undefined || typeof name === 'string';
  const isAsked = Array.isArray(requests) && requests.every((each) => typeof each === 'string');
  return typeof file === 'string' && isVideoName(file) && isNamed && isPosition && isAsked;
}
