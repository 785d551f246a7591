// The part of node_modules that the daemon needs at run time on one platform, and which files of it.
import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { root } from './console.mjs';

/**
 * Packages that the bundles leave outside, with the part that holds the binaries of linux-x64. Graphics cards' libraries
 * are left out: they are larger than everything else together, and the small model is as fast without.
 */
const native = ['node-llama-cpp', '@node-llama-cpp/linux-x64', 'koffi', 'onnxruntime-node'];
const nativeParts = ['@koromix/koffi-linux-x64'];
/** No binaries of a platform, but files that are found beside the package's code. */
const withFiles = ['@vscode/tree-sitter-wasm'];

/** What only installs or compiles a package, and is not loaded when it runs. */
const onlyAtInstall = ['cmake-js', 'node-addon-api', 'adm-zip', 'global-agent'];

/** Folders without anything that is loaded on linux-x64. */
const idleFolders = [
  /^node-llama-cpp\/templates\//,
  /^node-llama-cpp\/llama\/(?!(binariesGithubRelease|llama\.cpp\.info|package)\.json$)/,
  /^koffi\/(vendor|doc)\//,
  /^@koromix\/koffi-linux-x64\/musl_x64\//,
  // Grammars of languages that no file is told to be of.
  /^@vscode\/tree-sitter-wasm\/wasm\/tree-sitter-(ini|regex)\.wasm$/,
  /^onnxruntime-node\/(script|bin\/napi-v6\/(?!linux\/x64\/))/,
  /^(@[^/]+\/)?[^/]+\/(tests?|__tests__|docs?|examples?|benchmarks?)\//,
];

/** Code, data and binaries; not types, maps, sources or manuals. */
const loadable = /\.(c?js|mjs|json|node|so(\.[\d.]+)?|wasm)$/;

/** Licence files travel with what they are about. */
export const isLicence = (file) => /^(licen[cs]e|copying|notice)/i.test(path.basename(file));

/** Folder of a package as Node would find it from another one, or undefined. */
function resolvePackage(name, from) {
  for (let here = from; here.startsWith(root); here = path.dirname(here)) {
    const folder = path.join(here, 'node_modules', name);
    if (existsSync(folder)) return folder;
  }
  return undefined;
}

/**
 * Every package that the native ones load, themselves included.
 * @returns {Promise<string[]>} absolute folders
 * @throws Error when one is not installed
 */
export async function nativeClosure() {
  const found = new Set();
  const add = async (name, from) => {
    const folder = resolvePackage(name, from);
    if (folder === undefined) throw new Error(`${name} is not installed, ${from} needs it`);
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {} } = JSON.parse(
      await readFile(path.join(folder, 'package.json'), 'utf8'),
    );
    for (const each of Object.keys(dependencies)) {
      if (!onlyAtInstall.includes(each)) await add(each, folder);
    }
  };
  for (const name of [...native, ...nativeParts, ...withFiles]) await add(name, root);
  return [...found].sort();
}

/** Every file below a folder, absolute. @param {string} folder @returns {Promise<string[]>} */
export async function filesBelow(folder) {
  const names = await readdir(folder, { recursive: true });
  const files = names.map((name) => path.join(folder, name));
  const kinds = await Promise.all(files.map((file) => stat(file)));
  return files.filter((_, index) => kinds[index].isFile());
}

/**
 * The files of a package that are shipped.
 * @param {string} folder absolute
 * @returns {Promise<string[]>} absolute paths; packages inside the package are left out, they count by themselves
 */
export async function shippedFiles(folder) {
  const nodeModules = path.join(root, 'node_modules');
  return (await filesBelow(folder)).filter((file) => {
    if (path.relative(folder, file).split(path.sep).includes('node_modules')) return false;
    const name = path.relative(nodeModules, file);
    return (isLicence(file) || loadable.test(file)) && !idleFolders.some((idle) => idle.test(name));
  });
}
