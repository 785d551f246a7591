/** Opening and finding videos, wherever the settings want them shown. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { DeepLink } from '../protocol/index.ts';
import { readConfiguration } from './configuration.ts';
import { pickVideo } from './openVideo.ts';
import type { Panel } from './panel.ts';
import type { PanelPlace, Panels } from './panels.ts';
import type { Sessions } from './sessions.ts';

export interface VideosParts {
  readonly sessions: Sessions;
  readonly panels: Panels;
  readonly editor: PanelPlace;
  readonly sideBar: PanelPlace;
}

/** What commands, links and lists do with videos. */
export class Videos {
  readonly #parts: VideosParts;

  constructor(parts: VideosParts) {
    this.#parts = parts;
  }

  isOpen(file: string): boolean {
    return this.#parts.sessions.find(file) !== undefined;
  }

  /** Brings a video into sight, opening it when it is not open. @throws AppError when it does not appear */
  show(file: string, { preserveFocus = false } = {}): Promise<Panel> {
    const { panels, editor, sideBar } = this.#parts;
    const usual = readConfiguration().panel.location === 'sideBar' ? sideBar : editor;
    // A link may name a file in a roundabout way: one file is one tab, and one page.
    return panels.show(path.normalize(file), usual, { preserveFocus });
  }

  /** Shows a moment and plays from there. @throws AppError when the video does not appear */
  async goTo(
    { path: file, atMs }: DeepLink,
    options: { preserveFocus?: boolean } = {},
  ): Promise<void> {
    const { video } = await this.show(file, options);
    if (atMs !== undefined) video.seek(atMs, true);
  }

  /** The panel of the video that is looked at; without one, people are offered to open one. */
  async current(): Promise<Panel | undefined> {
    const { sessions, panels } = this.#parts;
    const panel = sessions.active && panels.of(sessions.active);
    if (panel) return panel;
    const open = vscode.l10n.t('Open Video…');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t('No video is open.'),
      open,
    );
    return chosen === open ? this.choose() : undefined;
  }

  /** Lets people choose a file and shows it. */
  async choose(): Promise<Panel | undefined> {
    const file = await pickVideo();
    return file === undefined ? undefined : this.show(file);
  }
}
