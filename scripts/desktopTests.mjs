// Runs test/vscode/suite in the desktop VS Code, which @vscode/test-electron downloads.
//   npm run test:desktop [-- RELEASE]        RELEASE as 1.100.3; the newest when left out
// It needs update.code.visualstudio.com and, on Linux, a display. Where one is missing it says so in a sentence and ends
// well, since `npm test` runs the same suite in a VS Code from the package registry; with CODEALONG_DESKTOP=1, for
// machines that should have both, it fails instead.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, runMain, say } from './lib/console.mjs';
import { bundleSuite } from './lib/suiteBundle.mjs';
import { withDaemonHome } from './lib/testDaemons.mjs';
import { quietSettings } from './lib/vscodeHost.mjs';

const releases = 'https://update.code.visualstudio.com/api/releases/stable';

/** @returns {Promise<string | undefined>} why the desktop VS Code cannot run here */
async function obstacle() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return 'there is no display (xvfb-run -a npm run test:desktop gives one)';
  }
  try {
    const { ok, status } = await fetch(releases, { signal: AbortSignal.timeout(10_000) });
    return ok ? undefined : `${new URL(releases).host} answers ${status}`;
  } catch (error) {
    const reason = error.cause?.code ?? error.name;
    return `${new URL(releases).host}, where VS Code is downloaded from, cannot be reached (${reason})`;
  }
}

async function runSuite(version) {
  const { runTests } = await import('@vscode/test-electron');
  const folder = await mkdtemp(path.join(tmpdir(), 'codealong-desktop-'));
  const [workspace, user] = ['workspace', 'user/User'].map((name) => path.join(folder, name));
  try {
    for (const each of [workspace, user]) await mkdir(each, { recursive: true });
    await writeFile(path.join(user, 'settings.json'), JSON.stringify(quietSettings));
    const suite = await bundleSuite();
    return await withDaemonHome((home) =>
      runTests({
        version,
        cachePath: path.join(root, '.cache', 'vscode-desktop'),
        extensionDevelopmentPath: root,
        extensionTestsPath: suite,
        extensionTestsEnv: { CODEALONG_HOME: home },
        launchArgs: [workspace, '--user-data-dir', path.dirname(user), '--disable-extensions'],
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await runMain(async () => {
  const [version = 'stable'] = process.argv.slice(2);
  const reason = await obstacle();
  if (reason === undefined) return runSuite(version);
  say(`The desktop VS Code was not tested: ${reason}.`);
  return process.env.CODEALONG_DESKTOP === '1' ? 1 : 0;
});
