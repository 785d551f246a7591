// Bundles what runs: node scripts/build.mjs
// dist/ then holds the command line with its server for agents, the daemon with its engine process and worker, the extension,
// the panel's page with its styles, and build.json.
// Types are checked by "npm run types", never here.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { isMain, root, runMain, say, seconds } from './lib/console.mjs';

/** Packages with native parts: never bundled, found in node_modules at run time. */
const nativePackages = ['node-llama-cpp', 'koffi', 'onnxruntime-node', 'ffmpeg-static'];
/** Packages whose code reads files that lie beside it: grammars. */
const packagesWithFiles = ['@vscode/tree-sitter-wasm'];

/** What `daemon/base/buildInfo.ts` holds until the build id is known; both are 16 characters long. */
const unknownBuildId = 'development-0000';

/** An ES module may hold packages written for CommonJS, which ask for Node's own modules through `require`. */
const requireForModules = [
  "import { createRequire as codealongCreateRequire } from 'node:module';",
  'const require = codealongCreateRequire(import.meta.url);',
].join(' ');

/**
 * What only a connection to the daemon needs lies beside the extension: an editor reads all of a file before it can run a line
 * of it, and most starts of the extension connect to nothing.
 */
const languageClient = {
  out: 'languageClient.cjs',
  entry: 'node_modules/vscode-languageclient/lib/node/main.js',
  kind: 'library',
};

/** So does what commands, chat and tools do: most starts of the extension run none of them. */
const onDemand = { out: 'onDemand.cjs', entry: 'extension/onDemand.ts', kind: 'extension' };

/** @type {import('esbuild').Plugin} */
const besideExtension = {
  name: 'beside the extension',
  setup: ({ onResolve }) => {
    // The client's module exports all of vscode-jsonrpc too, and there must be only one of it.
    onResolve({ filter: /^vscode-(languageclient|jsonrpc)\/node$/ }, () => ({
      path: `./${languageClient.out}`,
      external: true,
    }));
    onResolve({ filter: /\/onDemand\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${onDemand.out}`, external: true },
    );
  },
};

/**
 * The server for agents is five times as large as the rest of the command line, which loads it for one verb alone; so is what
 * measures models.
 * @type {import('esbuild').Plugin}
 */
const besideCommandLine = {
  name: 'beside the command line',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.\/mcp\.ts$/ }, () => ({ path: './mcp.js', external: true }));
    onResolve({ filter: /\/bench\/quality\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './bench.js', external: true },
    );
  },
};

const programs = {
  module20: {
    format: 'esm',
    target: 'node20',
    banner: { js: `#!/usr/bin/env node\n${requireForModules}` },
    plugins: [besideCommandLine],
  },
  beside: {
    format: 'esm',
    target: 'node20',
    banner: { js: requireForModules },
    minify: true,
  },
  module24: {
    format: 'esm',
    target: 'node24',
    banner: { js: requireForModules },
    external: [...nativePackages, ...packagesWithFiles],
  },
  extension: {
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    plugins: [besideExtension],
    minify: true,
  },
  library: { format: 'cjs', target: 'node20', external: ['vscode'], minify: true },
  page: { format: 'iife', target: 'es2022', platform: 'browser', minify: true },
};

/**
 * @typedef {{ out: string, entry: string, kind: keyof typeof programs }} Program
 * @type {readonly Program[]}
 */
export const allPrograms = [
  { out: 'cli.js', entry: 'daemon/cli.ts', kind: 'module20' },
  { out: 'mcp.js', entry: 'daemon/mcp.ts', kind: 'beside' },
  { out: 'bench.js', entry: 'daemon/bench/quality.ts', kind: 'beside' },
  { out: 'daemon.js', entry: 'daemon/main.ts', kind: 'module24' },
  { out: 'engine.js', entry: 'daemon/engine/engineMain.ts', kind: 'module24' },
  { out: 'perceptionWorker.js', entry: 'daemon/perception/perceptionWorker.ts', kind: 'module24' },
  { out: 'extension.cjs', entry: 'extension/extension.ts', kind: 'extension' },
  languageClient,
  onDemand,
  { out: 'webview.js', entry: 'webview/main.tsx', kind: 'page' },
];

/** @param {Program} program @param {string} outFolder @param {string} version */
async function bundle({ out, entry, kind }, outFolder, version) {
  const result = await build({
    platform: 'node',
    ...programs[kind],
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: path.join(outFolder, out),
    bundle: true,
    minifySyntax: true,
    sourcemap: 'linked',
    legalComments: 'none',
    define: { codealongVersion: JSON.stringify(version) },
    logLevel: 'warning',
    write: false,
    metafile: true,
  });
  return { files: result.outputFiles, packages: packagesIn(result.metafile) };
}

/** Folders of the packages whose code is in a bundle, from the clone's top. @param {import('esbuild').Metafile} metafile */
function packagesIn(metafile) {
  const found = Object.keys(metafile.inputs).map(
    (input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1],
  );
  return found.filter((name) => name !== undefined);
}

/**
 * Names what clients and daemon must agree on. The panel's page is no part of it: it talks to the extension of its own package
 * only, and a new colour must not end everybody's daemon.
 * @param {readonly import('esbuild').OutputFile[]} files @param {string} version
 */
function buildIdOf(files, version) {
  const hash = createHash('sha256').update(version);
  for (const file of files) hash.update(path.basename(file.path)).update(file.contents);
  return hash.digest('hex').slice(0, unknownBuildId.length);
}

/**
 * Builds the programs whose entry exists; the others are named on the terminal.
 * @param {{ programs?: readonly Program[], outFolder?: string, say?: (line: string) => void }} [options] outFolder must
 *   lie inside the clone, so that the native packages are found from there
 * @returns {Promise<string>} the build id, also in `build.json`
 */
export async function buildAll({
  programs: wanted = allPrograms,
  outFolder = path.join(root, 'dist'),
  say: tell = say,
} = {}) {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const present = wanted.filter(({ entry, out }) => {
    const isThere = existsSync(path.resolve(root, entry));
    if (!isThere) tell(`skipped ${out}: there is no ${entry}`);
    return isThere;
  });
  const bundles = await Promise.all(present.map((one) => bundle(one, outFolder, version)));
  const files = bundles.flatMap((one) => one.files);
  const agreeing = bundles.filter((_, index) => present[index].kind !== 'page');
  const buildId = buildIdOf(
    agreeing.flatMap((one) => one.files),
    version,
  );
  await rm(outFolder, { recursive: true, force: true });
  await mkdir(outFolder, { recursive: true });
  const bytes = {};
  for (const file of files) {
    const name = path.basename(file.path);
    await writeFile(file.path, file.text.replaceAll(unknownBuildId, buildId));
    if (name === 'cli.js') await chmod(file.path, 0o755);
    bytes[name] = file.contents.byteLength;
  }
  const packages = [...new Set(bundles.flatMap((one) => one.packages))].sort();
  const manifest = JSON.stringify({ buildId, version, bytes, packages }, null, 2);
  await writeFile(path.join(outFolder, 'build.json'), `${manifest}\n`);
  return buildId;
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    const started = performance.now();
    const buildId = await buildAll();
    say(`built ${buildId} in ${seconds(started)}`);
  });
}
