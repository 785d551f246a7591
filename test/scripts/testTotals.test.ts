/** Counting tests: the line that closes a run must be true. */
import { expect, test } from 'vitest';

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const { describe, junitTotals, sum, vitestTotals } = (await import(
  new URL('../../scripts/lib/testTotals.mjs', import.meta.url).href
)) as {
  describe: (totals: Totals) => string;
  junitTotals: (xml: string) => Totals;
  sum: (all: Totals[]) => Totals;
  vitestTotals: (json: string) => Totals;
};

/** A report of vitest's JSON reporter about files with these tests. */
function vitestReport(files: { status: string; tests: string[] }[]): string {
  const all = files.flatMap((file) => file.tests);
  const count = (status: string) => all.filter((each) => each === status).length;
  return JSON.stringify({
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: 0,
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((each) => ({ status: each })),
    })),
  });
}

test('counts what vitest reports', () => {
  const report = vitestReport([{ status: 'failed', tests: ['passed', 'failed', 'pending'] }]);
  expect(vitestTotals(report)).toEqual({ passed: 1, failed: 1, skipped: 1 });
});

test('a test file that cannot be loaded is a failure', () => {
  const report = vitestReport([
    { status: 'failed', tests: [] },
    { status: 'passed', tests: ['passed'] },
  ]);
  expect(vitestTotals(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('counts what pytest reports', () => {
  const xml =
    '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" ' +
    'failures="2" skipped="3" tests="10" time="0.1"><testcase name="tests" /></testsuite></testsuites>';
  expect(junitTotals(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 });
});

test('adds up and says so; nothing skipped is not mentioned', () => {
  const total = sum([
    { passed: 3, failed: 0, skipped: 0 },
    { passed: 4, failed: 1, skipped: 0 },
  ]);
  expect(describe(total)).toBe('7 passed, 1 failed');
  expect(describe({ ...total, skipped: 2 })).toBe('7 passed, 1 failed, 2 skipped');
});
