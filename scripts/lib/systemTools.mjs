// Programs that come with the operating system: where they are, and how to get them.
import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runQuietly, say, ScriptError } from './console.mjs';

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
 * Makes sure something of the operating system is there; as root on Debian or Ubuntu it is installed, elsewhere the
 * reader is told how to get it.
 * @param {object} tool
 * @param {string} tool.name what is missing, when it is
 * @param {() => boolean} tool.isPresent
 * @param {string} tool.aptPackage
 * @param {string} tool.hint how to get it, imperative and without a full stop
 * @throws ScriptError when it is missing and cannot be installed
 */
export async function ensureTool({ name, isPresent, aptPackage, hint }) {
  if (isPresent()) return;
  if (await canUseApt()) {
    say(`installing ${aptPackage} with apt-get`);
    // The package lists of a fresh container are empty. An update that fails only matters if the install does too.
    await runQuietly('apt-get update', ['apt-get', 'update', '-qq']).catch(() => undefined);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', aptPackage];
    await runQuietly(`apt-get install ${aptPackage}`, install, { env });
    if (isPresent()) return;
  }
  throw new ScriptError(`${name} is missing: ${hint}.`);
}
