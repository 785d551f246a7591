// Serves a real VS Code with the extension installed and the sample open, until Ctrl+C, and leaves nothing behind.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureHost } from './installHost.mjs';
import { root, runMain, say } from './lib/console.mjs';
import { endDaemons } from './lib/testDaemons.mjs';
import { startHost } from './lib/vscodeHost.mjs';
import { packageVsix } from './packageVsix.mjs';

/** A folder with the sample and what one may try with it. */
async function makeWorkspace() {
  const workspace = await mkdtemp(path.join(tmpdir(), 'codealong-demo-'));
  await copyFile(path.join(root, 'samples', 'pantry.mp4'), path.join(workspace, 'pantry.mp4'));
  await writeFile(
    path.join(workspace, 'pantry.js'),
    '// Rest the pointer on a name that is on screen in the video.\ngoesStale(saffron);\n',
  );
  return workspace;
}

/** Opens the sample with Codealong as soon as the page is there. */
function addressOf({ url, port }, workspace) {
  const file = `vscode-remote://127.0.0.1:${port}${path.join(workspace, 'pantry.mp4')}`;
  return `${url}&payload=${encodeURIComponent(JSON.stringify([['openFile', file]]))}`;
}

/** Resolves with the first Ctrl+C; a second one does not cut the clearing up short. */
function interrupted() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve);
  });
}

/** Serves until interrupted. Sets the exit code. */
export const serveDemo = () =>
  runMain(async () => {
    await ensureHost();
    const vsix = await packageVsix();
    const stop = interrupted();
    const workspace = await makeWorkspace();
    try {
      const settings = { 'workbench.editorAssociations': { '*.mp4': 'codealong.video' } };
      const host = await startHost({ workspace, vsix, settings });
      try {
        say(`\nopen ${addressOf(host, workspace)}\nCtrl+C ends it`);
        await stop;
      } finally {
        await endDaemons(path.join(host.home, '.codealong'));
        await host.stop();
      }
    } finally {
      await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
    }
  });
