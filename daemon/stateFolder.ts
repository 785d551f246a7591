/** Where one daemon keeps the saved states of its sequences: daemons that share a home do not share these. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from './base/processes.ts';

/**
 * Removes what daemons have left behind that are gone.
 * @param root of all daemons of one home
 * @returns the folder of this process, which is not made yet
 */
export async function claimStateFolder(root: string): Promise<string> {
  const names = await readdir(root).catch(() => []);
  const left = names.filter((name) => !/^\d+$/.test(name) || !isAlive(Number(name)));
  // What cannot be removed is only in the way of the disk.
  const removed = left.map((name) => rm(path.join(root, name), { recursive: true, force: true }));
  await Promise.allSettled(removed);
  return path.join(root, String(process.pid));
}
