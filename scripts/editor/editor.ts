/** A VS Code with the package installed and a workspace that has the sample in it, driven as a person would. */
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import { root } from '../lib/console.mjs';
import { endDaemons } from '../lib/testDaemons.mjs';
import {
  openBrowser,
  startHost,
  type Host,
  type HostOptions,
  type RunningHost,
} from '../lib/vscodeHost.mjs';
import { Workbench } from './workbench.ts';

export interface EditorOptions {
  readonly release: Host;
  readonly vsix: string;
  readonly settings?: HostOptions['settings'];
  /** Variables of its environment beside those of this process. */
  readonly env?: HostOptions['env'];
  /** Further files of the workspace, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Of its windows, px. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** Name of the video in the workspace. */
export const sampleName = 'pantry.mp4';

/** The daemon leaves soon after the last window, so that a test can wait for it. */
const idleExitSeconds = 2;

export class Editor implements AsyncDisposable {
  readonly host: RunningHost;
  /** Absolute folder that is open. */
  readonly workspace: string;
  readonly #size: EditorOptions['size'];
  readonly #owned: DisposalStack;
  #browser: BrowserContext | undefined;

  private constructor(
    host: RunningHost,
    workspace: string,
    { size, owned }: Pick<EditorOptions, 'size'> & { readonly owned: DisposalStack },
  ) {
    this.host = host;
    this.workspace = workspace;
    this.#size = size;
    this.#owned = owned;
  }

  static async open({ release, vsix, settings, env, files, size }: EditorOptions): Promise<Editor> {
    await using opening = new DisposalStack();
    const workspace = await mkdtemp(path.join(tmpdir(), 'codealong-workspace-'));
    opening.defer(() => rm(workspace, { recursive: true, force: true, maxRetries: 5 }));
    const sample = path.join(root, 'samples', sampleName);
    await copyFile(sample, path.join(workspace, sampleName));
    for (const [name, text] of Object.entries({ 'pantry.js': 'goesStale(saffron);\n', ...files })) {
      await writeFile(path.join(workspace, name), text);
    }
    const host = await startHost({
      workspace,
      release,
      vsix,
      ...(env && { env }),
      settings: { 'codealong.daemon.idleExitSeconds': idleExitSeconds, ...settings },
    });
    opening.defer(() => host.stop());
    opening.defer(() => endDaemons(path.join(host.home, '.codealong')));
    return new Editor(host, workspace, { ...(size && { size }), owned: opening.move() });
  }

  /** Keeps a picture of every window beside the reports, for whoever asks why a test failed. */
  async photograph(name: string): Promise<void> {
    for (const [index, page] of this.#browser?.pages().entries() ?? []) {
      const file = path.join(root, '.cache', 'e2e', `${name}-${index}.png`);
      await page.screenshot({ path: file }).catch(() => undefined);
    }
  }

  /** Opens another window on the workspace. */
  async openWindow(): Promise<Window> {
    this.#browser ??= await this.#openBrowser();
    const page = await this.#browser.newPage();
    const workbench = new Workbench(page);
    await workbench.open(this.host.url);
    return { page, workbench, close: () => page.close() };
  }

  /** Folder of the installed extension. */
  async extensionFolder(): Promise<string> {
    const names = await readdir(this.host.extensions);
    const name = names.find((each) => each.startsWith('codealong.codealong-'));
    if (name === undefined) throw new Error('the extension is not installed');
    return path.join(this.host.extensions, name);
  }

  async #openBrowser(): Promise<BrowserContext> {
    const { context, close } = await openBrowser(this.#size);
    this.#owned.defer(close);
    return context;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]();
  }
}

export interface Window {
  readonly page: Page;
  readonly workbench: Workbench;
  readonly close: () => Promise<void>;
}
