// Prints the failed tests and the sum of the test runs since `--clear`, for a runner that starts several of them.
//   node scripts/testTotals.mjs --clear | --exit-status STATUS
// A run that failed (STATUS other than 0) without a failed test, for example in set-up, counts as one failure.
import { parseArgs } from 'node:util';
import { runMain, say } from './lib/console.mjs';
import { clearTotals, closing, countFailure, readTotals } from './lib/testTotals.mjs';

await runMain(async () => {
  const { values } = parseArgs({
    options: { clear: { type: 'boolean' }, 'exit-status': { type: 'string', default: '0' } },
  });
  if (values.clear) return clearTotals();
  const totals = await readTotals();
  const status = values['exit-status'];
  if (status !== '0') {
    const message = `a command ended with status ${status}, and no test had failed`;
    countFailure(totals, { ring: 'run', name: 'outside of the tests', message });
  }
  say(closing(totals));
});
