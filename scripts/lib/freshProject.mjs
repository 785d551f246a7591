// A project that nobody worked in before, in a VS Code that nobody used before.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pinnedEnvironment } from './pinnedNode.mjs';
import { terminalEnvironment, writeRepository } from './sampleProject.mjs';
import { hostFolder, withHost, withPage } from './vscodeHost.mjs';

/**
 * Runs `use` on a page that shows the project, and removes every trace of it afterwards.
 * @template T
 * @param {object} options
 * @param {{name: string, files: Readonly<Record<string, string>>, hasRemote?: boolean}} options.project files by path;
 *   hasRemote: there is a repository to push to
 * @param {(searchPath: string) => Record<string, unknown>} options.settings of the user, for a shell with this search path
 * @param {{width: number, height: number}} options.size of the page, px
 * @param {(page: import('playwright-core').Page) => Promise<T>} use gets the page once it is opened
 * @returns {Promise<T>}
 */
export async function withProject({ project, settings, size }, use) {
  const place = await mkdtemp(path.join(tmpdir(), 'codealong-project-'));
  const workspace = path.join(place, project.name);
  try {
    const remote = project.hasRemote ? path.join(place, 'origin.git') : undefined;
    writeRepository(workspace, project.files, remote);
    const { PATH } = pinnedEnvironment(hostFolder());
    const npm = { npm_config_offline: 'true', npm_config_fund: 'false' };
    const env = { PATH, ...terminalEnvironment, ...npm };
    return await withHost({ workspace, settings: settings(PATH), env }, ({ url }) =>
      withPage(size, async (page) => {
        await page.goto(url);
        return use(page);
      }),
    );
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  }
}
