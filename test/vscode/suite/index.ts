/** Entry of the suite that VS Code loads into its extension host: runs every test file with mocha. */
import Mocha from 'mocha';

/** Starts mocha on the bundled test files. @throws Error when a test fails; VS Code then ends with a non-zero code */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', reporter: 'spec', color: false, timeout: 60_000 });
  // Makes `suite` and `test` global before the files that call them are loaded.
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, null, mocha);
  // The order matters: the first suite meets an extension that sleeps.
  await import('./activation.test.ts');
  await import('./daemon.test.ts');
  await import('./link.test.ts');
  await import('./watching.test.ts');
  await import('./panel.test.ts');
  await import('./code.test.ts');
  await import('./agents.test.ts');
  const failures: { readonly name: string; readonly message: string }[] = [];
  const counts = await new Promise<{ passed: number; failed: number; skipped: number }>((done) => {
    const runner = mocha.run((failed) => {
      done({ passed: runner.stats?.passes ?? 0, failed, skipped: runner.stats?.pending ?? 0 });
    });
    runner.on('fail', (test, error: Error) => {
      failures.push({ name: test.fullTitle(), message: error.stack ?? error.message });
    });
  });
  const totals = { ...counts, failures };
  // Read by scripts/vscodeTests.mjs; the console is the only way out of the extension host.
  // eslint-disable-next-line no-console
  console.log(`codealong-totals ${JSON.stringify(totals)}`);
  if (totals.failed > 0) throw new Error(`${totals.failed} tests failed`);
}
