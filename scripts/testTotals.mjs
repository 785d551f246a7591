// Prints the sum of the test runs since `--clear`, for a runner that starts several of them.
//   node scripts/testTotals.mjs --clear | --exit-status STATUS
// A run that failed (STATUS other than 0) without a failed test, for example in set-up, counts as one failure.
import { parseArgs } from 'node:util';
import { runMain, say } from './lib/console.mjs';
import { clearTotals, describe, readTotals } from './lib/testTotals.mjs';

await runMain(async () => {
  const { values } = parseArgs({
    options: { clear: { type: 'boolean' }, 'exit-status': { type: 'string', default: '0' } },
  });
  if (values.clear) return clearTotals();
  const totals = await readTotals();
  if (values['exit-status'] !== '0' && totals.failed === 0) totals.failed = 1;
  say(describe(totals));
});
