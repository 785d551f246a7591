/** A window of the extension with one fake video in it, for tests of what commands do. */
import path from 'node:path';
import type { Panel } from '../../extension/panel.ts';
import type { Sessions } from '../../extension/sessions.ts';
import type { RecentVideo } from '../../extension/videoMemory.ts';
import type { Question, WatchedVideo } from '../../extension/watchedVideo.ts';
import type { Videos } from '../../extension/videos.ts';
import type { DeepLink } from '../../protocol/index.ts';
import { EventEmitter } from 'vscode';
import { FakeVideo } from './fakeVideo.ts';

export class VideoWindow {
  readonly video = new FakeVideo();
  /** What was asked of the panels, in words. */
  readonly told: string[] = [];
  readonly questions: Question[] = [];
  recentVideos: RecentVideo[] = [];
  /** What live sessions are called. */
  readonly names = new Map<string, string>();
  /** The video that people choose when they are offered to open one. */
  chosen: FakeVideo | undefined;
  readonly #activeChanged = new EventEmitter<WatchedVideo | undefined>();
  readonly #recentChanged = new EventEmitter<undefined>();
  readonly #openChanged = new EventEmitter<undefined>();
  #live: FakeVideo[] = [];
  #active: FakeVideo | undefined;

  readonly panel = {
    video: this.video,
    ask: (question: Question) => {
      this.questions.push(question);
      return Promise.resolve();
    },
    focusAsk: () => {
      this.told.push('cursor into the ask box');
    },
  } as unknown as Panel;

  /** What is open of live sessions. */
  get live(): FakeVideo[] {
    return this.#live;
  }
  set live(videos: FakeVideo[]) {
    this.#live = videos;
    this.#openChanged.fire(undefined);
  }

  get active(): FakeVideo | undefined {
    return this.#active;
  }
  set active(video: FakeVideo | undefined) {
    this.#active = video;
    this.#activeChanged.fire(video?.asWatched);
  }

  readonly videos = {
    isOpen: (file: string) => this.#active?.path === file,
    show: (file: string, options: { preserveFocus?: boolean } = {}) => {
      this.told.push(`show ${file}${options.preserveFocus === true ? ' behind' : ''}`);
      return Promise.resolve(this.panel);
    },
    goTo: ({ path, atMs }: DeepLink) => {
      this.told.push(`go to ${path} ${atMs ?? 'where it was left'}`);
      return Promise.resolve();
    },
    current: () => Promise.resolve((this.#active ?? this.chosen) ? this.panel : undefined),
    choose: () => {
      this.told.push('choose');
      return Promise.resolve(undefined);
    },
  } as unknown as Videos;

  readonly sessions = Object.defineProperties(
    {
      find: (file: string) => (this.#active?.path === file ? this.#active : undefined),
      forgetRecent: (file: string) => {
        this.recentVideos = this.recentVideos.filter((video) => video.path !== file);
        this.#recentChanged.fire(undefined);
      },
      onDidChangeActive: this.#activeChanged.event,
      onDidChangeRecent: this.#recentChanged.event,
      onDidChangeOpen: this.#openChanged.event,
      nameOf: (file: string) => this.names.get(file) ?? path.basename(file),
      nameLive: (id: string, name: string) => {
        this.names.set(id, name);
      },
    },
    {
      active: { get: () => this.#active },
      live: { get: () => this.#live },
      all: { get: () => [...(this.#active ? [this.#active] : []), ...this.#live] },
      recent: { get: () => this.recentVideos },
    },
  ) as unknown as Sessions;
}
