/** The processes of this machine, read from /proc: Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** What /proc has of a process; empty when it has ended, or is somebody else's. */
export function readProcess(pid: number, file: 'cmdline' | 'environ' | 'stat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** The words that a process was started with, a space between each two. */
export function commandLine(pid: number): string {
  return readProcess(pid, 'cmdline').replaceAll('\0', ' ');
}

/** Process ids of everything, but this process, whose command line has these words. */
export function processesWith(words: string): number[] {
  return processIds().filter((pid) => pid !== process.pid && commandLine(pid).includes(words));
}

/** Parent's process id out of /proc/PID/stat. The program's name stands in brackets before it and may hold anything. */
export function parentOf(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Process ids of everything below a process. */
export function descendantsOf(ancestor: number): number[] {
  const parents = new Map(processIds().map((pid) => [pid, parentOf(readProcess(pid, 'stat'))]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === ancestor || (parent !== undefined && parent > 1 && isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}
