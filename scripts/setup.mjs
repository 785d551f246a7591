// Makes a clone ready to run; does nothing when it is.
//   node scripts/setup.mjs [--test] [--models]
// Installs the npm packages, checks ffmpeg and builds dist/. --test adds Chromium and the VS Code that tests drive,
// --models the Python environment. Needs Node 20 or newer and nothing else.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { ensureHost } from './installHost.mjs';
import { root, runMain, runQuietly, say, ScriptError, seconds } from './lib/console.mjs';
import { pinnedNode } from './lib/pinnedNode.mjs';
import { pythonIn } from './lib/python.mjs';
import { ensureTool, findOnPath } from './lib/systemTools.mjs';
import { findChromium, hostFolder, hosts } from './lib/vscodeHost.mjs';

/**
 * Runs `install` unless it last ran for the same content. The stamp lies in what it vouches for and goes with it.
 * @param {{stamp: string, content: string, install: () => Promise<void>}} options
 */
async function once({ stamp, content, install }) {
  const wanted = createHash('sha256').update(content).digest('hex');
  const found = await readFile(stamp, 'utf8').catch(() => '');
  if (found === wanted) return;
  await install();
  await writeFile(stamp, wanted);
}

async function installPackages() {
  const started = performance.now();
  say('installing npm packages');
  // No package of ours needs its install script (they only download what the tarball has, or GPU libraries).
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  // `ci` starts from nothing; a tree that npm finished before is only brought up to date.
  const isComplete = existsSync(path.join(root, 'node_modules', '.package-lock.json'));
  const command = isComplete ? ['install', '--no-save'] : ['ci'];
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  await runQuietly('npm install', ['npm', ...command, ...flags], { env });
  await runQuietly('loading the native packages', [
    pinnedNode(),
    path.join(root, 'scripts', 'lib', 'probePackages.mjs'),
  ]);
  say(`npm packages installed in ${seconds(started)}`);
}

async function ensurePackages() {
  const lock = await readFile(path.join(root, 'package-lock.json'), 'utf8');
  await once({
    stamp: path.join(root, 'node_modules', '.codealong-setup'),
    // Not the Node version: the native packages use Node-API, which every Node understands.
    content: `${process.platform}-${process.arch}\n${lock}`,
    install: installPackages,
  });
}

/** Time of the last change below a folder, ms; folders count too, so that a removed file is noticed. */
async function newestChange(entry) {
  const info = await stat(entry).catch(() => undefined);
  if (info === undefined) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  const names = await readdir(entry);
  const changes = await Promise.all(names.map((name) => newestChange(path.join(entry, name))));
  return Math.max(info.mtimeMs, ...changes);
}

async function ensureBuild() {
  const sources = [
    'protocol',
    'extension',
    'daemon',
    'webview',
    'package.json',
    'scripts/build.mjs',
  ];
  const built = path.join(root, 'dist', 'build.json');
  const changes = await Promise.all(sources.map((name) => newestChange(path.join(root, name))));
  if ((await newestChange(built)) > Math.max(...changes)) return;
  const started = performance.now();
  await runQuietly('build', [pinnedNode(), path.join(root, 'scripts', 'build.mjs')]);
  say(`dist/ built in ${seconds(started)}`);
}

const ensureFfmpeg = () =>
  ensureTool({
    name: 'ffmpeg',
    isPresent: () => findOnPath('ffmpeg') !== undefined,
    aptPackage: 'ffmpeg',
    hint: 'install it (apt-get install ffmpeg, brew install ffmpeg or winget install ffmpeg)',
  });

/** Of the display that the tests watch; Linux alone, program by package. */
const displayTools = {
  Xvfb: 'xvfb',
  xterm: 'xterm',
  xrandr: 'x11-xserver-utils',
  xwininfo: 'x11-utils',
};

async function ensureDisplayTools() {
  for (const [name, aptPackage] of Object.entries(displayTools)) {
    await ensureTool({
      ...{ name, aptPackage },
      isPresent: () => findOnPath(name) !== undefined,
      hint: `install it (apt-get install ${aptPackage})`,
    });
  }
}

async function ensureTestTools() {
  if (process.platform === 'linux') await ensureDisplayTools();
  await ensureTool({
    name: 'Chromium',
    isPresent: () => findChromium() !== undefined,
    aptPackage: 'chromium',
    hint: 'install it, or name its binary in the environment variable CHROMIUM',
  });
  const absent = Object.values(hosts).filter((host) => !existsSync(hostFolder(host)));
  if (absent.length > 0) {
    // The oldest release has a module without a prebuilt binary.
    await ensureTool({
      name: 'A C++ compiler',
      isPresent: () => ['g++', 'make', 'python3'].every((tool) => findOnPath(tool) !== undefined),
      aptPackage: 'build-essential',
      hint: 'install g++, make and Python 3 (apt-get install build-essential python3)',
    });
  }
  for (const host of absent) await ensureHost(host);
}

async function ensurePython() {
  const venv = path.join(root, 'models', '.venv');
  const requirements = path.join(root, 'models', 'requirements.txt');
  const python = findOnPath('python3') ?? findOnPath('python');
  if (python === undefined)
    throw new ScriptError('Python is missing: install Python 3.11 or newer.');
  const canMakeVenv = () => spawnSync(python, ['-c', 'import ensurepip, venv']).status === 0;
  const install = async () => {
    const started = performance.now();
    say('installing the Python packages (a few minutes)');
    if (!existsSync(pythonIn(venv))) {
      await ensureTool({
        name: 'The Python module venv',
        isPresent: canMakeVenv,
        aptPackage: 'python3-venv',
        hint: 'install it (apt-get install python3-venv)',
      });
      await runQuietly('python venv', [python, '-m', 'venv', venv]);
    }
    // An index that cannot be reached is given up at once for the one that can: five retries a package took seven minutes.
    const pip = [
      '-m',
      'pip',
      'install',
      '--retries',
      '1',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ];
    await runQuietly('pip install', [pythonIn(venv), ...pip]);
    say(`Python packages installed in ${seconds(started)}`);
  };
  const content = await readFile(requirements, 'utf8');
  await once({ stamp: path.join(venv, '.codealong-setup'), content, install });
}

await runMain(async () => {
  const { values } = parseArgs({
    options: { test: { type: 'boolean' }, models: { type: 'boolean' } },
  });
  await ensurePackages();
  await ensureFfmpeg();
  await ensureBuild();
  if (values.test) await ensureTestTools();
  if (values.models) await ensurePython();
});
