// Runs all rings of tests, cheapest first, and ends with a table. Set-up is scripts/setup.mjs --test.
//   node scripts/test.mjs [--quick]
// --quick leaves out the weights and VS Code. A ring that cannot run says why; with CI=1 that is a failure.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { root, run, runMain, say, seconds } from './lib/console.mjs';
import { pinnedEnvironment, pinnedNode } from './lib/pinnedNode.mjs';
import {
  closing,
  countFailure,
  describe,
  noTests,
  reported,
  saveTotals,
  sum,
  vitestTotals,
} from './lib/testTotals.mjs';
import { findChromium, hostFolder, hosts } from './lib/vscodeHost.mjs';

/** @typedef {{code: number, totals?: import('./lib/testTotals.mjs').Totals}} Outcome */

const tool = (name, ...args) =>
  run(pinnedNode(), [path.join(root, 'node_modules', name), ...args], { env: pinnedEnvironment() });

/** Runs commands one after the other, all of them; the last failure's code counts. */
async function all(...commands) {
  let code = 0;
  for (const command of commands) code = (await command()) || code;
  return { code };
}

/** @param {string} project of vitest.config.ts @returns {Promise<Outcome>} */
const vitest = (project) =>
  reported(
    `${project}.json`,
    (report) => {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      return tool('vitest/vitest.mjs', 'run', '--project', project, ...reporters);
    },
    vitestTotals,
  );

/** @returns {Promise<Outcome>} */
const vscodeRing = () =>
  reported(
    'vscode.json',
    (report) => run(pinnedNode(), [path.join(root, 'scripts', 'vscodeTests.mjs'), report]),
    JSON.parse,
  );

async function hasTests(folder) {
  const names = await readdir(path.join(root, folder), { recursive: true }).catch(() => []);
  return names.some((name) => name.endsWith('.test.ts'));
}

const missing = (file, sentence) => (existsSync(path.join(root, file)) ? undefined : sentence);

/** Why VS Code cannot run here, if it cannot. */
function vscodeObstacle() {
  const absent = Object.values(hosts).find((host) => !existsSync(hostFolder(host)));
  if (absent) return `VS Code ${absent.vscode} is not installed (setup.mjs --test)`;
  if (findChromium() === undefined) return 'Chromium is not installed (setup.mjs --test)';
  return missing('dist/extension.cjs', 'the extension is not built');
}

/** In order; `obstacle` says in a sentence why the ring cannot run here. */
const rings = [
  { name: 'types', isQuick: true, run: () => all(() => tool('typescript/bin/tsc', '-b')) },
  {
    name: 'lint',
    isQuick: true,
    run: () =>
      all(
        () => tool('eslint/bin/eslint.js', '.'),
        () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
      ),
  },
  { name: 'unit', isQuick: true, run: () => vitest('unit') },
  {
    name: 'process',
    isQuick: true,
    obstacle: async () =>
      (await hasTests('test/integration')) ? undefined : 'it has no tests yet',
    run: () => vitest('process'),
  },
  {
    name: 'withModels',
    isQuick: false,
    obstacle: () =>
      missing('models/live-tiny/manifest.json', 'there are no weights in models/live-tiny'),
    run: () => vitest('withModels'),
  },
  { name: 'vscode', isQuick: false, obstacle: vscodeObstacle, run: vscodeRing },
  { name: 'e2e', isQuick: false, obstacle: vscodeObstacle, run: () => vitest('e2e') },
];

/** @returns {Promise<{name: string, verdict: string, isFailure: boolean, totals: Outcome['totals']}>} */
async function runRing(ring) {
  const started = performance.now();
  const reason = await ring.obstacle?.();
  if (reason !== undefined) {
    say(`\n${ring.name}: cannot run: ${reason}`);
    const isFailure = process.env.CI === '1';
    const totals = noTests();
    if (isFailure) countFailure(totals, { ring: ring.name, name: 'cannot run', message: reason });
    return { name: ring.name, verdict: `not run: ${reason}`, isFailure, totals };
  }
  say(`\n${ring.name}`);
  const { code, totals = noTests() } = await ring.run();
  // In CI a ring whose tests all skip themselves has not run either.
  const isEmpty = totals.skipped > 0 && totals.passed + totals.failed === 0;
  const isFailure = code !== 0 || (isEmpty && process.env.CI === '1');
  // A check without tests of its own, or a crash outside of them, is one failure.
  if (isFailure) {
    const message = isEmpty ? 'every test was skipped' : `it ended with status ${code}`;
    countFailure(totals, { ring: ring.name, name: 'outside of its tests', message });
  }
  const counts = totals.passed + totals.failed + totals.skipped > 0 ? describe(totals) : 'ok';
  return { name: ring.name, verdict: `${counts} (${seconds(started)})`, isFailure, totals };
}

await runMain(async () => {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
  const outcomes = [];
  for (const ring of rings.filter(({ isQuick }) => isQuick || !values.quick)) {
    outcomes.push(await runRing(ring));
  }
  say('');
  for (const { name, verdict, isFailure } of outcomes) {
    say(`${isFailure ? '✗' : '✓'} ${name.padEnd(12)}${verdict}`);
  }
  const totals = sum(outcomes.map((outcome) => outcome.totals));
  await saveTotals('rings', totals);
  say(`\n${closing(totals)}`);
  return outcomes.some(({ isFailure }) => isFailure) ? 1 : 0;
});
