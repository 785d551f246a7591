/** What the tests inside the extension host share: the extension's parts, the daemon's process, and what people were shown. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { DaemonRecord } from '../../../daemon/client/paths.ts';
import type { Parts } from '../../../extension/extension.ts';
import type { WatchedVideo } from '../../../extension/watchedVideo.ts';

const id = 'codealong.codealong';

/** The extension as VS Code has it installed. */
export function findExtension(): vscode.Extension<Parts> {
  const extension = vscode.extensions.getExtension<Parts>(id);
  assert.ok(extension, `${id} is not installed`);
  return extension;
}

/** The parts of the running extension. */
export async function getParts(): Promise<Parts> {
  return findExtension().activate();
}

/** A recording that comes with the extension's sources. */
export function samplePath(): string {
  return path.join(findExtension().extensionPath, 'samples', 'pantry.mp4');
}

/** The sample as this window looks at it, without a panel; whoever opened it releases it. */
export async function openSample(): Promise<WatchedVideo> {
  const { sessions } = await getParts();
  const video = sessions.open(samplePath());
  sessions.setActive(video);
  return video;
}

/** Longest that watching the sample takes. */
export const watchLimitMs = 150_000;

/** Waits until a video was watched to its end. */
export async function untilWatched(video: WatchedVideo): Promise<void> {
  const isWatched = (): true | undefined => video.status.state === 'finished' || undefined;
  await until('it was watched to its end', isWatched, watchLimitMs);
}

/** Waits until there is a value. @throws Error with `what` when there is none in time */
export async function until<Value>(
  what: string,
  find: () => Value | undefined | Promise<Value | undefined>,
  limitMs = 40_000,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await find();
    if (found !== undefined && (found as unknown) !== false) return found;
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await delay(50);
  }
}

/** The home that the test run gave the editor. */
export function home(): string {
  const folder = process.env.CODEALONG_HOME;
  assert.ok(folder, 'the test run sets CODEALONG_HOME');
  return folder;
}

/** The daemons that listen in this home. */
export function daemonPids(): readonly number[] {
  const folder = path.join(home(), 'run');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as DaemonRecord).pid);
}

/** The only daemon of this home. */
export function daemonPid(): number {
  const pids = daemonPids();
  assert.equal(pids.length, 1, `there are ${pids.length} daemons`);
  return pids[0]!;
}

/** Collects the messages that would be shown, instead of showing them, until it is disposed. */
export class ShownMessages implements vscode.Disposable {
  readonly texts: string[] = [];
  readonly #restore: (() => void)[] = [];

  constructor() {
    const names = ['showErrorMessage', 'showWarningMessage', 'showInformationMessage'] as const;
    // The test and the extension share one `vscode`, because one lies in the folder of the other.
    const window = vscode.window as Record<(typeof names)[number], unknown>;
    for (const name of names) {
      const real = window[name];
      window[name] = (text: string) => {
        this.texts.push(text);
        return Promise.resolve(undefined);
      };
      this.#restore.push(() => {
        window[name] = real;
      });
    }
  }

  dispose(): void {
    for (const restore of this.#restore) restore();
  }
}
