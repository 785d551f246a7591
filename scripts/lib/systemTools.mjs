// Programs that come with the operating system: where they are, and how to get them.
import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { run, runQuietly, say, ScriptError } from './console.mjs';

/** Absolute path of a program on PATH, or undefined. @param {string} name */
export function findOnPath(name) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

async function canUseApt() {
  if (process.getuid?.() !== 0 || findOnPath('apt-get') === undefined) return false;
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release);
}

/**
 * Makes sure a program is on PATH; as root on Debian or Ubuntu it is installed, elsewhere the reader is told how.
 * @param {{program: string, aptPackage: string, purpose: string, hint: string}} tool hint: how to get it, imperative
 * @returns {Promise<string>} the program's absolute path
 * @throws ScriptError when it is missing and cannot be installed
 */
export async function ensureTool({ program, aptPackage, purpose, hint }) {
  const present = findOnPath(program);
  if (present !== undefined) return present;
  if (await canUseApt()) {
    say(`installing ${aptPackage} with apt-get`);
    // The package lists of a fresh container are empty, so a failing update only matters if the install fails too.
    await run('apt-get', ['update', '-qq'], { log: '/dev/null' });
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', aptPackage];
    await runQuietly(`apt-get install ${aptPackage}`, install, { env });
    const installed = findOnPath(program);
    if (installed !== undefined) return installed;
  }
  throw new ScriptError(`${program} is missing (${purpose}).`, hint);
}
