/** The panels of this window, and how a video gets one. */
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { Panel, type PanelParts } from './panel.ts';
import type { Sessions } from './sessions.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** What shows panels: an editor or a view. */
export interface PanelPlace {
  /** Brings a video into sight; its panel may be bound later. */
  show(file: string, options: { readonly preserveFocus: boolean }): Promise<void>;
}

/** A place that was shown binds its panel before this, or something is wrong with it. */
const bindLimitMs = 15_000;

/** Binds videos to webviews, and finds the panel that a command means. */
export class Panels implements vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #parts: PanelParts;
  /** Newest last, with what shows it. */
  readonly #panels: { readonly panel: Panel; readonly place: PanelPlace }[] = [];
  readonly #bound = new vscode.EventEmitter<Panel>();

  constructor(sessions: Sessions, parts: PanelParts) {
    this.#sessions = sessions;
    this.#parts = parts;
  }

  /** Shows a video in a webview; the first one begins to watch it. Whoever binds calls `release`. */
  bind(webview: vscode.Webview, file: string, place: PanelPlace): Panel {
    const isFirst = this.#sessions.find(file) === undefined;
    const video = this.#sessions.open(file);
    const panel = new Panel(webview, video, this.#parts);
    this.#panels.push({ panel, place });
    this.#sessions.setActive(video);
    if (isFirst) video.start();
    this.#bound.fire(panel);
    return panel;
  }

  release(panel: Panel): void {
    const index = this.#panels.findIndex((bound) => bound.panel === panel);
    if (index < 0) return;
    this.#panels.splice(index, 1);
    panel.dispose();
    this.#sessions.release(panel.video);
  }

  /** The newest panel of a video. */
  of(video: WatchedVideo): Panel | undefined {
    return this.#newest(video)?.panel;
  }

  /**
   * Brings a video into sight, where it is open already.
   * @param usual where it is opened otherwise
   * @throws AppError when it does not appear
   */
  async show(
    file: string,
    usual: PanelPlace,
    options: { readonly preserveFocus: boolean },
  ): Promise<Panel> {
    const place = this.#find(file)?.place ?? usual;
    await place.show(file, options);
    return this.#find(file)?.panel ?? this.#nextOf(file);
  }

  /** Whether people can see a panel of this video now. */
  isVisible(video: WatchedVideo): boolean {
    return this.#panels.some(({ panel }) => panel.video === video && panel.isVisible);
  }

  tellSettings(): void {
    for (const { panel } of this.#panels) panel.tellSettings();
  }

  tellAttention(): void {
    for (const { panel } of this.#panels) panel.tellAttention();
  }

  dispose(): void {
    for (const { panel } of [...this.#panels]) this.release(panel);
    this.#bound.dispose();
  }

  #newest(video: WatchedVideo): { panel: Panel; place: PanelPlace } | undefined {
    return this.#panels.findLast(({ panel }) => panel.video === video);
  }

  #find(file: string): { panel: Panel; place: PanelPlace } | undefined {
    const video = this.#sessions.find(file);
    return video && this.#newest(video);
  }

  #nextOf(file: string): Promise<Panel> {
    const wanted = path.normalize(file);
    return new Promise((resolve, reject) => {
      const registration = this.#bound.event((panel) => {
        if (panel.video.path !== wanted) return;
        clearTimeout(timer);
        registration.dispose();
        resolve(panel);
      });
      const timer = setTimeout(() => {
        registration.dispose();
        reject(new AppError('internal'));
      }, bindLimitMs);
    });
  }
}
