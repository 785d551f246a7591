// The VS Code ring: runs test/vscode/suite inside the extension host of a real VS Code, from the built extension.
//   node scripts/vscodeTests.mjs [file for the totals, JSON]
import { build } from 'esbuild';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, runMain, say, ScriptError } from './lib/console.mjs';
import { withDaemonHome } from './lib/testDaemons.mjs';
import { runExtensionHostTests, withHost, withPage } from './lib/vscodeHost.mjs';

/** How the suite reports its totals on the console: see test/vscode/suite/index.ts. */
const totalsLine = /^codealong-totals (\{.*\})$/;

/** Bundles the suite; mocha stays outside, its files find each other by path. */
async function bundleSuite() {
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

await runMain(async () => {
  const suite = await bundleSuite();
  const workspace = await mkdtemp(path.join(tmpdir(), 'codealong-workspace-'));
  let totals;
  const print = (line) => {
    const found = totalsLine.exec(line);
    if (found) totals = JSON.parse(found[1]);
    else say(line);
  };
  try {
    const tests = { extension: root, suite, print };
    const code = await withDaemonHome((home) =>
      withHost({ workspace, apiTests: true, env: { CODEALONG_HOME: home } }, (host) =>
        withPage({}, (page) => runExtensionHostTests(page, host, tests)),
      ),
    );
    if (totals === undefined) throw new ScriptError('VS Code ended before the suite did.');
    const [report] = process.argv.slice(2);
    if (report !== undefined) await writeFile(report, JSON.stringify(totals));
    return code;
  } finally {
    await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
});
