// The VS Code ring: runs test/vscode/suite inside the extension host of two real releases of VS Code, from the built
// extension: the current one and the oldest supported one.
//   node scripts/vscodeTests.mjs [file for the totals, JSON]
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, runMain, say, ScriptError } from './lib/console.mjs';
import { bundleSuite } from './lib/suiteBundle.mjs';
import { withDaemonHome } from './lib/testDaemons.mjs';
import { sum } from './lib/testTotals.mjs';
import { hosts, runExtensionHostTests, withHost, withPage } from './lib/vscodeHost.mjs';

/** How the suite reports its totals on the console: see test/vscode/suite/index.ts. */
const totalsLine = /^codealong-totals (\{.*\})$/;

/** Runs the suite in a fresh VS Code. @param {import('./lib/vscodeHost.mjs').Host} release @param {string} suite */
async function runOn(release, suite) {
  const workspace = await mkdtemp(path.join(tmpdir(), 'codealong-workspace-'));
  let totals;
  const print = (line) => {
    const found = totalsLine.exec(line);
    if (found) totals = JSON.parse(found[1]);
    else say(line);
  };
  try {
    say(`\nVS Code ${release.vscode}`);
    const tests = { extension: root, suite, print };
    const code = await withDaemonHome((home) =>
      withHost({ workspace, release, apiTests: true, env: { CODEALONG_HOME: home } }, (host) =>
        withPage({}, (page) => runExtensionHostTests(page, host, tests)),
      ),
    );
    if (totals === undefined) throw new ScriptError('VS Code ended before the suite did.');
    const failures = totals.failures.map(({ name, message }) => ({
      name: `${name} (VS Code ${release.vscode})`,
      message,
    }));
    return { code, totals: { ...totals, failures } };
  } finally {
    await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

await runMain(async () => {
  const suite = await bundleSuite();
  const outcomes = [];
  for (const release of Object.values(hosts)) outcomes.push(await runOn(release, suite));
  const [report] = process.argv.slice(2);
  const totals = sum(outcomes.map((outcome) => outcome.totals));
  if (report !== undefined) await writeFile(report, JSON.stringify(totals));
  return outcomes.find(({ code }) => code !== 0)?.code ?? 0;
});
