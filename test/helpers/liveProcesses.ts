/** Whether processes that a test started are still there. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Runs, and is not merely waiting to be reaped by a parent that is gone. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && stat.slice(stat.lastIndexOf(')')).at(2) !== 'Z';
}

export async function untilGone(pid: number): Promise<void> {
  while (await isAlive(pid)) await sleep(20);
}

/** Process ids of everything on this machine whose command line has these words. */
export function processesWith(words: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return commandLine.includes(words) ? [Number(name)] : [];
    } catch {
      // It has ended in the meantime.
      return [];
    }
  });
}
