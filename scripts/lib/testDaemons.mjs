// A home folder of its own for the daemon of one test run, and the end of every daemon that was started in it.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Asks each daemon of a home folder to leave and waits until it has. @param {string} home */
export async function endDaemons(home) {
  const folder = path.join(home, 'run');
  const names = await readdir(folder).catch(() => []);
  const records = names.filter((name) => name.endsWith('.json'));
  for (const name of records) {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined);
    if (text === undefined) continue; // It has just left.
    const { pid } = JSON.parse(text);
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      if (isAlive(pid)) process.kill(pid, signal);
      const deadline = Date.now() + 10_000;
      while (isAlive(pid) && Date.now() < deadline) await delay(100);
    }
  }
}

/**
 * Runs `use` with a fresh home folder.
 * @template T
 * @param {(home: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withDaemonHome(use) {
  const home = await mkdtemp(path.join(tmpdir(), 'codealong-home-'));
  try {
    return await use(home);
  } finally {
    await endDaemons(home);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
