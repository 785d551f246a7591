// Starts a throw-away VS Code (code-server), opens it in a browser, and always ends the whole process group.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { format, promisify } from 'node:util';
import { ScriptError } from './console.mjs';
import { nodeVersion, pinnedNode } from './pinnedNode.mjs';
import { findOnPath } from './systemTools.mjs';

/**
 * A release of code-server; it embeds the VS Code release with the same number after the first dot.
 * @typedef {object} Host
 * @property {string} version of code-server
 * @property {string} vscode the release of VS Code in it
 * @property {string} node the release of Node that it wants
 * @property {readonly {folder: string, modules: readonly string[]}[]} native packages without a prebuilt binary, by the
 *   folder below node_modules whose own they are
 * @property {boolean} hasGraceTime whether the life of a closed window's extension host can be set
 * @property {boolean} guardsTests whether extensionTestsPath wants a switch
 */

/**
 * The releases that tests run on: `current`, and `minimum`, the oldest that the manifest admits.
 * @type {{readonly current: Host, readonly minimum: Host}}
 */
export const hosts = {
  current: {
    version: '4.139.1',
    vscode: '1.139.1',
    node: nodeVersion,
    native: [
      { folder: 'code-server/lib/vscode', modules: ['@vscode/spdlog', '@vscode/native-watchdog'] },
    ],
    hasGraceTime: true,
    guardsTests: true,
  },
  minimum: {
    version: '4.100.3',
    vscode: '1.100.3',
    node: '20.20.2',
    native: [
      { folder: 'code-server/lib/vscode', modules: ['@vscode/spdlog', 'native-watchdog'] },
      { folder: '', modules: ['argon2'] },
    ],
    hasGraceTime: false,
    guardsTests: false,
  },
};

/** Where installHost.mjs puts a release. @param {Host} [host] */
export function hostFolder(host = hosts.current) {
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
  return path.join(cache, 'codealong', `vscode-host-${host.version}`);
}

/** User settings of a VS Code that shows nothing but what it was asked to show. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'window.confirmBeforeClose': 'never',
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function endGroup(child) {
  // The server's children (extension host, file watcher, terminals) outlive it: signal the group.
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      return; // The group is gone.
    }
    await delay(500);
  }
}

async function untilHealthy(address, child, log) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const response = await fetch(`${address}/healthz`).catch(() => undefined);
    if (response?.ok) return;
    await delay(100);
  }
  throw new ScriptError(
    `VS Code did not start: ${log().slice(-2000)}`,
    'Remove its cache folder and retry.',
  );
}

/** Command-line switches that keep a start independent of the user, the network and earlier starts. */
function serverSwitches(port, { hasGraceTime }) {
  const off = ['telemetry', 'update-check', 'workspace-trust', 'getting-started-override'];
  return [
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--ignore-last-opened'],
    ...off.map((feature) => `--disable-${feature}`),
    // Otherwise the extension host of a closed page lives on for three hours.
    ...(hasGraceTime ? ['--reconnection-grace-time', '1'] : []),
  ];
}

/** Folders of a VS Code that nobody used before. */
async function makeProfile({ settings, keybindings }) {
  const scratch = await mkdtemp(path.join(tmpdir(), 'codealong-vscode-'));
  const names = ['home', 'user/User', 'user/Machine', 'extensions'];
  const [home, user, machine, extensions] = names.map((name) => path.join(scratch, name));
  for (const each of [home, user, machine, extensions]) await mkdir(each, { recursive: true });
  const json = (value) => JSON.stringify(value, null, 2);
  await writeFile(path.join(user, 'settings.json'), json({ ...quietSettings, ...settings }));
  // Where a window of another machine finds what concerns that machine.
  await writeFile(path.join(machine, 'settings.json'), json(settings ?? {}));
  await writeFile(path.join(user, 'keybindings.json'), json(keybindings ?? []));
  await writeFile(path.join(scratch, 'config.yaml'), '');
  return { scratch, home, userData: path.dirname(user), extensions };
}

/**
 * @typedef {object} HostOptions
 * @property {string} workspace absolute folder to open
 * @property {Host} [release] the current one when left out
 * @property {string} [vsix] extension to install first
 * @property {boolean} [apiTests] allow mocha inside the extension host; it also hides toasts and dialogs
 * @property {Record<string, unknown>} [settings] user settings on top of quietSettings
 * @property {readonly object[]} [keybindings] user key bindings
 * @property {NodeJS.ProcessEnv} [env] added to the server's environment
 *
 * @typedef {object} RunningHost
 * @property {number} port
 * @property {string} url opens the workspace
 * @property {string} home the home folder of everything that runs in it
 * @property {string} extensions where the extension was installed
 * @property {() => string} log what the server printed
 */

/**
 * Starts a fresh VS Code.
 * @param {HostOptions} options
 * @returns {Promise<RunningHost & {stop: () => Promise<void>}>} `stop` removes every trace of it
 */
export async function startHost(options) {
  const { workspace, release = hosts.current, vsix, apiTests, env } = options;
  const folder = hostFolder(release);
  const entry = path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const node = pinnedNode(folder);
  const { scratch, home, userData, extensions } = await makeProfile(options);
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  const base = [entry, ...folders, '--config', path.join(scratch, 'config.yaml')];
  // An empty gallery removes the only request the server would make to the outside.
  const childEnv = { ...process.env, HOME: home, EXTENSIONS_GALLERY: '{}', ...env };
  for (const name of ['VSCODE_IPC_HOOK_CLI', 'PASSWORD', 'NODE_OPTIONS']) delete childEnv[name];
  let child;
  let log = '';
  const stop = async () => {
    if (child !== undefined) await endGroup(child);
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    if (vsix !== undefined) {
      await promisify(execFile)(node, [...base, '--install-extension', vsix], { env: childEnv });
    }
    const port = await freePort();
    // Without the switch a built VS Code ignores extensionTestsPath and reports nothing.
    const guard = apiTests && release.guardsTests;
    const driver = guard ? ['--vscode-option', 'enable-smoke-test-driver'] : [];
    child = spawn(node, [...base, ...serverSwitches(port, release), ...driver], {
      env: childEnv,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
    const address = `http://127.0.0.1:${port}`;
    await untilHealthy(address, child, () => log);
    const url = `${address}/?folder=${encodeURIComponent(workspace)}`;
    return { port, url, home, extensions, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Runs `use` against a fresh VS Code and removes every trace of it afterwards, also when interrupted.
 * @template T
 * @param {HostOptions} options
 * @param {(host: RunningHost) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withHost(options, use) {
  const host = await startHost(options);
  const interrupted = () => void host.stop().then(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await use(host);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await host.stop();
  }
}

/** The system's Chromium: CHROMIUM, else the first known name on PATH, else undefined. */
export function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return process.env.CHROMIUM ?? names.map(findOnPath).find((file) => file !== undefined);
}

/**
 * Starts a fresh headless browser.
 * @param {{width?: number, height?: number}} size of its pages, px
 * @returns {Promise<{context: import('playwright-core').BrowserContext, close: () => Promise<void>}>}
 */
export async function openBrowser({ width = 1280, height = 800 } = {}) {
  const { chromium } = await import('playwright-core');
  const profile = await mkdtemp(path.join(tmpdir(), 'codealong-browser-'));
  const quiet = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    headless: true,
    viewport: { width, height },
    args: ['--no-sandbox', '--no-first-run', ...quiet.map((feature) => `--disable-${feature}`)],
  });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}

/**
 * Runs `use` with a page of a fresh headless browser.
 * @template T
 * @param {{width?: number, height?: number}} size of the page, px
 * @param {(page: import('playwright-core').Page) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withPage(size, use) {
  const { context, close } = await openBrowser(size);
  try {
    return await use(context.pages()[0] ?? (await context.newPage()));
  } finally {
    await close();
  }
}

/** The workbench's own chatter on the test run's console. */
const chatter =
  /^(Creating a socket|Resolv|Ignoring fetching|Updating additional|Timed out waiting for authentication|Creation of workbench|\[(reconnection|Service Worker|AgentHost|AccountPolicy))/;

/**
 * Runs a compiled mocha suite (a test-electron style module with `run()`) inside the extension host.
 * @param {import('playwright-core').Page} page a page that has shown nothing yet
 * @param {{port: number, url: string}} host started with apiTests
 * @param {{extension: string, suite: string, print: (line: string) => void, timeoutMs?: number}} options
 *   extension: absolute folder with the manifest; suite: absolute path of the compiled module
 * @returns {Promise<number>} the suite's exit code
 * @throws Error when the suite has not ended in time
 */
export async function runExtensionHostTests(page, { port, url }, options) {
  const { extension, suite, print, timeoutMs = 300_000 } = options;
  let finish;
  const ended = new Promise((resolve) => (finish = resolve));
  await page.exposeFunction('codeAutomationLog', (_type, values) => {
    const shown = values.filter(
      (value) => typeof value !== 'string' || !value.startsWith('color: '),
    );
    const line = format(...shown);
    if (!chatter.test(line)) print(line);
  });
  await page.exposeFunction('codeAutomationExit', (code) => finish(code));
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(suite)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  await page.goto(`${url}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
  const late = delay(timeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`the suite inside VS Code did not end within ${timeoutMs / 1000} s`);
  });
  return Promise.race([ended, late]);
}
