/** Counting tests: the line that closes a run must be true. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Failure {
  ring?: string;
  name: string;
  message: string;
}

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  failures: Failure[];
}

const { closing, countFailure, describe, junitTotals, noTests, sum, vitestTotals } = (await import(
  new URL('../../scripts/lib/testTotals.mjs', import.meta.url).href
)) as {
  closing: (totals: Totals) => string;
  countFailure: (totals: Totals, failure: Failure) => void;
  describe: (totals: Totals) => string;
  junitTotals: (xml: string) => Totals;
  noTests: () => Totals;
  sum: (all: Totals[]) => Totals;
  vitestTotals: (json: string) => Totals;
};

const root = fileURLToPath(new URL('../..', import.meta.url));

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
      name: path.join(root, 'test/some.test.ts'),
      message: tests.length === 0 ? 'Cannot find module' : '',
      assertionResults: tests.map((each, index) => ({
        status: each,
        ancestorTitles: ['a room'],
        title: `test ${index}`,
        failureMessages: each === 'failed' ? ['Error: no\n    at some.test.ts:3:1'] : [],
      })),
    })),
  });
}

test('counts what vitest reports, and names what failed', () => {
  const report = vitestReport([{ status: 'failed', tests: ['passed', 'failed', 'pending'] }]);
  expect(vitestTotals(report)).toEqual({
    ...{ passed: 1, failed: 1, skipped: 1 },
    failures: [
      {
        name: 'test/some.test.ts > a room > test 1',
        message: 'Error: no\n    at some.test.ts:3:1',
      },
    ],
  });
});

test('a test file that cannot be loaded is a failure', () => {
  const report = vitestReport([
    { status: 'failed', tests: [] },
    { status: 'passed', tests: ['passed'] },
  ]);
  expect(vitestTotals(report)).toEqual({
    ...{ passed: 1, failed: 1, skipped: 0 },
    failures: [{ name: 'test/some.test.ts', message: 'Cannot find module' }],
  });
});

test('counts what pytest reports, and names what failed', () => {
  const xml =
    '<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" ' +
    'failures="1" skipped="1" tests="5" time="0.1">' +
    '<testcase classname="test_a" name="test_fine" time="0.1" />' +
    '<testcase classname="test_a" name="test_left" time="0.1"><skipped message="why" /></testcase>' +
    '<testcase classname="test_a" name="test_wrong[a&gt;b]" time="0.1"><failure ' +
    'message="assert &quot;a&quot; == 1&#10; +  where">long text</failure></testcase>' +
    '<testcase classname="test_b" name="test_broken"><error message="failed on setup">…</error>' +
    '</testcase><testcase classname="test_b" name="test_fine"></testcase></testsuite></testsuites>';
  expect(junitTotals(xml)).toEqual({
    ...{ passed: 2, failed: 2, skipped: 1 },
    failures: [
      { name: 'test_a > test_wrong[a>b]', message: 'assert "a" == 1\n +  where' },
      { name: 'test_b > test_broken', message: 'failed on setup' },
    ],
  });
});

test('adds up and says so; nothing skipped is not mentioned', () => {
  const failure = { ring: 'unit', name: 'a test', message: 'Error: no' };
  const total = sum([
    { ...noTests(), passed: 3 },
    { passed: 4, failed: 1, skipped: 0, failures: [failure] },
  ]);
  expect(describe(total)).toBe('7 passed, 1 failed');
  expect(describe({ ...total, skipped: 2 })).toBe('7 passed, 1 failed, 2 skipped');
  expect(total.failures).toEqual([failure]);
});

test('a command that fails beside its tests is one failure, with a name', () => {
  const totals = noTests();
  countFailure(totals, { ring: 'lint', name: 'outside of its tests', message: 'status 1' });
  countFailure(totals, { ring: 'lint', name: 'once more', message: 'status 1' });
  expect(closing(totals)).toBe('✗ lint: outside of its tests\n    status 1\n0 passed, 1 failed');
});

test('of many failures with long messages the beginning is told', () => {
  const message = `\u001b[31mError\u001b[39m: no\n${'x'.repeat(500)}`;
  const failures = Array.from({ length: 25 }, (_, index) => ({
    ...{ ring: 'unit', name: `test ${index}`, message },
  }));
  const lines = closing({ ...noTests(), failed: 25, failures }).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '✗ unit: test 0',
    '    Error: no',
    `    ${'x'.repeat(300 - 'Error: no\n'.length)}`,
  ]);
  expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(21);
  expect(lines.slice(-2)).toEqual(['✗ and 5 more', '0 passed, 25 failed']);
});
