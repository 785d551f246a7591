/** A fresh home with a fake daemon for one test of real processes, and proof that nothing is left of it afterwards. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../daemon/base/clock.ts';
import { connectDaemon } from '../../daemon/client/connect.ts';
import type { DaemonConnection } from '../../daemon/client/connection.ts';
import { preparePaths, type DaemonPaths } from '../../daemon/client/paths.ts';
import { isAlive } from '../../daemon/base/processes.ts';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));
const script = fileURLToPath(new URL('fakeDaemon.ts', import.meta.url));

/** Never aborted. */
export const noAbort: AbortSignal = new AbortController().signal;

/** How fast a machine is says nothing; less than a test of the process ring may take, so that what never happened is named. */
const patienceMs = 80_000;

/** Waits until `condition` holds. @throws Error with `what` when it does not for `patienceMs` */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await systemClock.sleep(20, { signal: noAbort });
  }
}

export class DaemonHome implements AsyncDisposable {
  readonly home: string = mkdtempSync(path.join(tmpdir(), 'codealong-test-'));
  readonly paths: DaemonPaths = preparePaths({ home: this.home });

  connect(options: { buildId?: string; idleExitMs?: string } = {}): Promise<DaemonConnection> {
    const { buildId, idleExitMs } = options;
    const extra = buildId === undefined ? {} : { buildId };
    return connectDaemon(
      {
        home: this.home,
        ...extra,
        program: {
          script,
          packageFolder: repositoryRoot,
          arguments: [
            ...(buildId === undefined ? [] : ['--build-id', buildId]),
            ...(idleExitMs === undefined ? [] : ['--idle-exit-ms', idleExitMs]),
          ],
        },
      },
      { signal: noAbort },
    );
  }

  /** What the fake service did, in order, without the process ids. */
  journal(): readonly string[] {
    return this.#journalLines().map((line) => line.replace(/^\d+ /, ''));
  }

  /** Process ids of every daemon that this home has seen. */
  daemons(): readonly number[] {
    return [...new Set(this.#journalLines().map((line) => Number(line.split(' ')[0])))];
  }

  log(): string {
    return existsSync(this.paths.log) ? readFileSync(this.paths.log, 'utf8') : '';
  }

  async gone(): Promise<void> {
    await until('the daemons of the test leave', () => !this.daemons().some(isAlive));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.gone();
    } catch (error) {
      for (const pid of this.daemons()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      throw error;
    } finally {
      rmSync(this.home, { recursive: true, force: true });
    }
  }

  #journalLines(): readonly string[] {
    const file = path.join(this.home, 'journal.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }
}
