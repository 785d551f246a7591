/** Whether processes that a test started are still there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcess } from '../../scripts/processes.ts';

/** Runs, and is not merely waiting to be reaped by a parent that is gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = readProcess(pid, 'stat');
  return stat !== '' && stat.slice(stat.lastIndexOf(')')).at(2) !== 'Z';
}

export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20);
}
