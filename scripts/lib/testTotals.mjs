// How many tests passed and failed, kept on disk so that several commands add up to one number.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './console.mjs';

/** Git-ignored folder of reports and totals. */
export const reportsFolder = path.join(root, '.cache', 'tests');

/** @typedef {{passed: number, failed: number, skipped: number}} Totals */

/** Nothing run yet. @returns {Totals} */
export const noTests = () => ({ passed: 0, failed: 0, skipped: 0 });

/** @param {readonly Totals[]} all @returns {Totals} */
export function sum(all) {
  const total = noTests();
  for (const each of all) for (const key of Object.keys(total)) total[key] += each[key];
  return total;
}

/** Keeps the totals of one command. @param {string} name @param {Totals} totals */
export async function saveTotals(name, totals) {
  await mkdir(reportsFolder, { recursive: true });
  await writeFile(path.join(reportsFolder, `${name}.totals.json`), JSON.stringify(totals));
}

/**
 * Runs a test command that writes a report, and reads it; an earlier run's report is removed first.
 * @param {string} file name within reportsFolder
 * @param {(file: string) => Promise<number>} command gets the report's absolute path and gives its exit code
 * @param {(text: string) => Totals} parse
 * @returns {Promise<{code: number, totals: Totals}>} a run without a report has failed
 */
export async function reported(file, command, parse) {
  const report = path.join(reportsFolder, file);
  await mkdir(reportsFolder, { recursive: true });
  await rm(report, { force: true });
  const code = await command(report);
  const text = await readFile(report, 'utf8').catch(() => undefined);
  return text === undefined
    ? { code: code || 1, totals: noTests() }
    : { code, totals: parse(text) };
}

/** Forgets earlier runs. */
export async function clearTotals() {
  await rm(reportsFolder, { recursive: true, force: true });
}

/** The sum over all commands since clearTotals. @returns {Promise<Totals>} */
export async function readTotals() {
  const names = await readdir(reportsFolder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.totals.json'));
  const texts = await Promise.all(files.map((n) => readFile(path.join(reportsFolder, n), 'utf8')));
  return sum(texts.map((text) => JSON.parse(text)));
}

/** The closing line of a run. @param {Totals} totals */
export function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Reads a report of vitest's JSON reporter. @param {string} text @returns {Totals} */
export function vitestTotals(text) {
  const report = JSON.parse(text);
  // A file that cannot be loaded has no tests of its own, yet it failed.
  const broken = report.testResults.filter((file) => {
    return (
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed')
    );
  });
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** Reads a JUnit report, as pytest writes it. @param {string} xml @returns {Totals} */
export function junitTotals(xml) {
  const suites = [...xml.matchAll(/<testsuite\s[^>]*>/g)].map(([tag]) => {
    const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);
    const failed = count('failures') + count('errors');
    const skipped = count('skipped');
    return { passed: count('tests') - failed - skipped, failed, skipped };
  });
  return sum(suites);
}
