/** Other processes of this machine, and how ours are started. */

/** With how little memory our own processes are content. */
export const frugal = {
  /**
   * V8 lets its young generation grow to 64 MB, however little lives in it.
   * @source two simulated hours: of 44 MB that the daemon grew by behind minute 20, 38 were V8's new space, and none was live or native.
   *   With 4 instead of 8 what is dead soon gets into the old generation, which then grows as much
   */
  nodeFlags: ['--max-semi-space-size=8'],
  /**
   * Pictures are given back to the system at once: by itself glibc learns from their size to keep what it is given back. Other systems
   * do not know the variable.
   * @source `npm run bench -- peers`, daemon and engine together over 600 frames: 458 MB without, 396 MB with it
   */
  environment: { MALLOC_MMAP_THRESHOLD_: String(128 * 1024) },
} as const;

/** True when a process of this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
