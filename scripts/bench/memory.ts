/** Memory and processor time of a process and all below it. Linux only: read from /proc. */
import { existsSync } from 'node:fs';
import { descendantsOf, readProcess } from '../processes.ts';

/** Often enough to meet a peak of the stream, seldom enough not to be a load itself. */
const intervalMs = 300;

/** Bytes in a megabyte as programs show it. */
const megabyte = 1024 * 1024;

/** The highest sum that was seen, and how it was made up, by the names of the programs. */
export interface MemoryPeak {
  readonly megabytes: number;
  readonly parts: Readonly<Record<string, number>>;
}

export class MemoryWatch implements Disposable {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #peak: MemoryPeak | undefined;

  /** @param pid the daemon's */
  constructor(pid: number) {
    this.#pid = pid;
    if (!existsSync('/proc/self/status')) return;
    this.#look();
    this.#timer = setInterval(() => {
      this.#look();
    }, intervalMs);
  }

  /** undefined where there is no /proc. */
  get peak(): MemoryPeak | undefined {
    return this.#peak;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const parts: Record<string, number> = {};
    for (const { pid, role } of processTree(this.#pid)) {
      parts[role] = (parts[role] ?? 0) + residentBytes(readProcess(pid, 'status')) / megabyte;
    }
    const megabytes = Object.values(parts).reduce((sum, part) => sum + part, 0);
    if (megabytes > (this.#peak?.megabytes ?? 0)) this.#peak = { megabytes, parts };
  }
}

/** Resident bytes out of /proc/PID/status; 0 when the process is gone. */
export function residentBytes(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Ticks of /proc in a second, on every architecture. */
const ticksPerSecond = 100;

/** Seconds of processor time out of /proc/PID/stat, with those of children that have ended; 0 when the process is gone. */
export function processorSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** Processor time that a process and all below it have taken; undefined where there is no /proc. @param pid the daemon's */
export function processorSecondsOf(pid: number): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  return processTree(pid).reduce(
    (sum, one) => sum + processorSeconds(readProcess(one.pid, 'stat')),
    0,
  );
}

/** Resident memory of a process and all below it, by what each is; undefined where there is no /proc. */
export function residentMegabytesOf(pid: number): Readonly<Record<string, number>> | undefined {
  if (!existsSync('/proc/self/status')) return undefined;
  const parts: Record<string, number> = {};
  for (const one of processTree(pid)) {
    const bytes = residentBytes(readProcess(one.pid, 'status'));
    parts[one.role] = (parts[one.role] ?? 0) + bytes / megabyte;
  }
  return parts;
}

/** A process and all below it, with what each is. @param top the daemon's process id, or this one's */
export function processTree(top: number): { readonly pid: number; readonly role: string }[] {
  return [
    { pid: top, role: 'daemon' },
    ...descendantsOf(top).map((pid) => ({
      pid,
      role: readProcess(pid, 'cmdline').includes('engine') ? 'engine' : 'ffmpeg',
    })),
  ];
}
