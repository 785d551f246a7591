/** A disk that can be filled: a file system in memory of a few hundred megabytes. Linux, as root; elsewhere there is none. */
import { appendFile, mkdir, rm, statfs } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';
import { run } from '../../lib/console.mjs';

const megabyte = 1024 * 1024;

export class SmallDisk implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns undefined where nothing may be mounted */
  static async mount(folder: string, megabytes: number): Promise<SmallDisk | undefined> {
    await mkdir(folder, { recursive: true });
    const args = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder];
    const code = await run('mount', args, { log: devNull }).catch(() => 1);
    return code === 0 ? new SmallDisk(folder) : undefined;
  }

  /** Leaves not a byte. */
  async fill(): Promise<void> {
    for (let bytes = 4 * megabyte; bytes >= 4096;) {
      const { bavail, bsize } = await statfs(this.folder);
      if (bavail * bsize < bytes) bytes /= 4;
      else await appendFile(this.#filler, Buffer.alloc(bytes));
    }
  }

  async free(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('umount', [this.folder]);
  }

  get #filler(): string {
    return path.join(this.folder, 'filler');
  }
}
