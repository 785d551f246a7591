// The tour: watches the sample, asks two questions, summarises, and says what it measured. Set-up is scripts/setup.mjs.
//   node scripts/demo.mjs [--ui]
// --ui serves a real VS Code with the sample open instead, for a browser.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

if (process.argv.includes('--ui')) {
  const { serveDemo } = await import('./demoUi.mjs');
  await serveDemo();
  process.exit();
}

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cli = path.join(root, 'dist', 'cli.js');
const sample = path.join(root, 'samples', 'pantry.mp4');
const home = mkdtempSync(path.join(tmpdir(), 'codealong-demo-'));

/** Runs one command of the program as a person would, its output on this terminal. */
function codealong(...args) {
  process.stdout.write(
    `\n$ codealong ${args.map((a) => (/\s/.test(a) ? `"${a}"` : a)).join(' ')}\n`,
  );
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, '--home', home, ...args], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`codealong ${args[0]} ended with ${signal ?? code}`));
    });
  });
}

const relative = path.relative(process.cwd(), sample);
try {
  await codealong('watch', relative);
  await codealong('ask', relative, 'Which command was run to test the code?');
  await codealong('ask', relative, 'When was goesStale on screen?');
  await codealong('summarize', relative);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
