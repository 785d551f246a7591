/** The folder of playable copies: found again by their names, and no more of them than there is room for. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, toError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { isAlive } from '../base/processes.ts';

export interface PlayableCopiesOptions {
  /** Made when it is needed. */
  readonly folder: string;
  /** All copies together may take so much; those that are played stay even above it. */
  readonly maxBytes: number;
  readonly clock: Clock;
}

/** A copy that is being written. */
export interface Draft extends AsyncDisposable {
  /** Empty, to be overwritten; removed when the draft is disposed before it is kept. */
  readonly path: string;
  /** Gives it its name, at once and whole. @returns its path */
  keep(): Promise<string>;
}

/**
 * Several daemons may share one folder: each writes to drafts of its own, and whoever is last to finish the same copy wins. Used copies
 * are touched; the one that was not used for the longest time goes first.
 */
export class PlayableCopies {
  readonly #options: PlayableCopiesOptions;
  readonly #inUse = new Map<string, number>();

  constructor(options: PlayableCopiesOptions) {
    this.#options = options;
  }

  /** Removes drafts of processes that are gone, and what is above the limit. */
  async tidy(): Promise<void> {
    const { folder } = this.#options;
    const names = await readdir(folder).catch(() => []);
    const left = names.filter((name) => {
      const owner = /\.(\d+)-[\da-f]+\.part$/.exec(name)?.[1];
      return owner !== undefined && Number(owner) !== process.pid && !isAlive(Number(owner));
    });
    await Promise.allSettled(left.map((name) => rm(path.join(folder, name), { force: true })));
    await this.evict();
  }

  /** Keeps a copy of this name from being evicted until it is disposed, whether it is there yet or not. */
  use(name: string): Disposable {
    this.#inUse.set(name, (this.#inUse.get(name) ?? 0) + 1);
    return {
      [Symbol.dispose]: () => {
        const users = (this.#inUse.get(name) ?? 1) - 1;
        if (users > 0) this.#inUse.set(name, users);
        else this.#inUse.delete(name);
      },
    };
  }

  /** Path of a finished copy, which counts as used now. */
  async find(name: string): Promise<string | undefined> {
    const file = path.join(this.#options.folder, name);
    const now = this.#options.clock.now() / 1000;
    try {
      await utimes(file, now, now);
      return file;
    } catch {
      return undefined;
    }
  }

  /** @param wantedBytes at least so many are needed. @throws AppError store.unavailable */
  async draft(name: string, wantedBytes: number): Promise<Draft> {
    const { folder } = this.#options;
    const owner = `${process.pid}-${randomBytes(4).toString('hex')}`;
    const draft = path.join(folder, `${name}.${owner}.part`);
    const file = path.join(folder, name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < wantedBytes) throw diskFullError();
      // Whoever writes to it later could not say so well that it cannot be written.
      await writeFile(draft, '');
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      const sentence = 'The folder of playable copies cannot be written.';
      throw new AppError('store.unavailable', sentence, { cause, data: { folder } });
    }
    return {
      path: draft,
      keep: async () => {
        await rename(draft, file).catch(async (error: unknown) => {
          // Windows does not replace what somebody reads: the same copy, made by another daemon.
          await stat(file).catch(() => Promise.reject(toError(error)));
        });
        return file;
      },
      [Symbol.asyncDispose]: () => rm(draft, { force: true }).catch(() => undefined),
    };
  }

  /** Removes copies that nobody uses until the rest is within the limit. */
  async evict(): Promise<void> {
    const { folder, maxBytes } = this.#options;
    const names = await readdir(folder).catch(() => []);
    const copies = await Promise.all(
      names
        .filter((name) => !name.endsWith('.part'))
        .map(async (name) => {
          const facts = await stat(path.join(folder, name)).catch(() => undefined);
          return { name, bytes: facts?.size ?? 0, usedMs: facts?.mtimeMs ?? 0 };
        }),
    );
    copies.sort((a, b) => a.usedMs - b.usedMs);
    let bytes = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    for (const copy of copies) {
      if (bytes <= maxBytes) break;
      if (this.#inUse.has(copy.name)) continue;
      // What cannot be removed, on Windows because somebody reads it, is tried again later.
      const isGone = await rm(path.join(folder, copy.name)).then(
        () => true,
        () => false,
      );
      if (isGone) bytes -= copy.bytes;
    }
  }
}

/** Nothing can be written: the disk is full. */
export function diskFullError(cause?: unknown): AppError {
  const sentence = 'There is no room on the disk for a copy that can be played here.';
  return new AppError('store.unavailable', sentence, { cause });
}
