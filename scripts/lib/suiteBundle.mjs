// The tests that run inside an extension host, as one file: whichever VS Code loads it.
import { build } from 'esbuild';
import path from 'node:path';
import { root } from './console.mjs';

/**
 * Bundles test/vscode/suite; mocha stays outside, its files find each other by path.
 * @returns {Promise<string>} absolute path of the module
 */
export async function bundleSuite() {
  const outfile = path.join(root, 'out', 'vscodeSuite', 'index.cjs');
  await build({
    entryPoints: [path.join(root, 'test', 'vscode', 'suite', 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
