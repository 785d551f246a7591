// How many tests passed and which failed, kept on disk so that several commands add up to one number.
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './console.mjs';

/** Git-ignored folder of reports and totals. */
export const reportsFolder = path.join(root, '.cache', 'tests');

/** @typedef {{ring?: string, name: string, message: string}} Failure ring: set once a ring's report is read */
/** @typedef {{passed: number, failed: number, skipped: number, failures: Failure[]}} Totals */

/** Nothing run yet. @returns {Totals} */
export const noTests = () => ({ passed: 0, failed: 0, skipped: 0, failures: [] });

/** @param {readonly Totals[]} all @returns {Totals} */
export function sum(all) {
  const total = noTests();
  for (const { passed, failed, skipped, failures } of all) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    total.failures.push(...failures);
  }
  return total;
}

/** What failed without a failed test of its own, as one failure. @param {Totals} totals @param {Failure} failure */
export function countFailure(totals, failure) {
  if (totals.failed > 0) return;
  totals.failed = 1;
  totals.failures.push(failure);
}

/** Keeps the totals of one command. @param {string} name @param {Totals} totals */
export async function saveTotals(name, totals) {
  await mkdir(reportsFolder, { recursive: true });
  await writeFile(path.join(reportsFolder, `${name}.totals.json`), JSON.stringify(totals));
}

/**
 * Runs a test command that writes a report, and reads it; an earlier run's report is removed first.
 * @param {string} file name within reportsFolder, of the ring
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
  if (text === undefined) return { code: code || 1, totals: noTests() };
  const totals = parse(text);
  const ring = path.parse(file).name;
  return { code, totals: { ...totals, failures: totals.failures.map((f) => ({ ring, ...f })) } };
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

/** The line of totals. @param {Totals} totals */
export function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The end of a run: the beginning of what failed, by ring and name, and the line of totals. @param {Totals} totals */
export function closing(totals) {
  const { failures } = totals;
  const lines = failures.slice(0, 20).flatMap(({ ring, name, message }) => {
    const told = stripVTControlCharacters(message).slice(0, 300).trimEnd();
    return [`✗ ${ring}: ${name}`, ...told.split('\n').map((line) => `    ${line}`)];
  });
  if (failures.length > 20) lines.push(`✗ and ${failures.length - 20} more`);
  return [...lines, describe(totals)].join('\n');
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
    failures: report.testResults.flatMap((file) => {
      const name = path.relative(root, file.name);
      if (broken.includes(file)) return [{ name, message: file.message }];
      return file.assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ ancestorTitles, title, failureMessages }) => ({
          name: [name, ...ancestorTitles, title].join(' > '),
          message: failureMessages.join('\n'),
        }));
    }),
  };
}

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The value of an XML attribute. @param {string} tag @param {string} name @returns {string | undefined} */
function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value
    ?.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, entity) => entities[entity]);
}

/** Reads a JUnit report, as pytest writes it. @param {string} xml @returns {Totals} */
export function junitTotals(xml) {
  const counts = [...xml.matchAll(/<testsuite\s[^>]*>/g)].map(([tag]) => {
    const count = (name) => Number(attribute(tag, name) ?? 0);
    const failed = count('failures') + count('errors');
    const skipped = count('skipped');
    return { passed: count('tests') - failed - skipped, failed, skipped, failures: [] };
  });
  const failures = [...xml.matchAll(/(<testcase\s[^>]*[^/]>)\s*(<(?:failure|error)\s[^>]*>)/g)].map(
    ([, test, failure]) => ({
      name: `${attribute(test, 'classname')} > ${attribute(test, 'name')}`,
      message: attribute(failure, 'message') ?? '',
    }),
  );
  return { ...sum(counts), failures };
}
