import { describe, expect, it } from 'vitest';
import {
  type Import,
  listFiles,
  readSource,
  readText,
  type SourceFile,
} from './helpers/sourceTree.ts';

/**
 * What a room may take from another: `all`, `types` alone, or `pure`: types and code that leads to no native door, not even
 * through other files. What is not listed is forbidden.
 */
type Access = 'all' | 'pure' | 'types';

/** Row may import column. */
const table: Readonly<Record<string, Readonly<Record<string, Access>>>> = {
  protocol: {},
  base: { protocol: 'all' },
  media: { protocol: 'all', base: 'all' },
  perception: { protocol: 'all', base: 'all', media: 'pure', weights: 'types' },
  llm: { base: 'all', weights: 'types' },
  timeline: { protocol: 'all', base: 'all' },
  // The other kind of engine: models on servers. It knows their API, and nothing of videos, timelines or sessions.
  endpoint: { protocol: 'all', base: 'all' },
  code: { protocol: 'all', base: 'all' },
  assistant: {
    ...{ protocol: 'all', base: 'all', code: 'pure' },
    ...{ media: 'pure', perception: 'pure', llm: 'pure', timeline: 'pure', endpoint: 'pure' },
  },
  // Serves a pack to other daemons; what runs it is given to it.
  hub: { protocol: 'all', base: 'all', endpoint: 'pure', assistant: 'types' },
  weights: { protocol: 'all', base: 'all' },
  engine: {
    ...{ base: 'all', llm: 'all', perception: 'all', weights: 'all' },
    ...{ protocol: 'types', media: 'types' },
  },
  client: { protocol: 'all', base: 'all' },
  language: { protocol: 'all', base: 'all', timeline: 'pure' },
  server: {
    ...{ protocol: 'all', base: 'all', client: 'all', language: 'all' },
    ...{ assistant: 'types', media: 'types', weights: 'types' },
  },
  cli: { protocol: 'all', base: 'all', client: 'all', mcp: 'all', bench: 'all' },
  bench: { protocol: 'all', base: 'all', client: 'all' },
  mcp: { protocol: 'all', base: 'all', client: 'all' },
  main: {
    ...{
      protocol: 'all',
      base: 'all',
      media: 'all',
      perception: 'all',
      llm: 'all',
      timeline: 'all',
    },
    ...{ assistant: 'all', weights: 'all', engine: 'all', client: 'all', server: 'all' },
    code: 'all',
    endpoint: 'all',
    hub: 'all',
  },
  extension: { protocol: 'all', base: 'pure', client: 'all' },
  webview: { protocol: 'all' },
  scripts: {
    ...{
      protocol: 'all',
      base: 'all',
      media: 'all',
      perception: 'all',
      llm: 'all',
      assistant: 'all',
    },
    ...{ weights: 'all', engine: 'all', client: 'all', main: 'all', code: 'all', timeline: 'all' },
    bench: 'all',
  },
};

/**
 * Rooms of the files that stand directly in `daemon/`. Others count as `main`: they put the program together, may import
 * everything, and nothing may import them.
 */
const topFiles: Readonly<Record<string, string>> = {
  'daemon/server.ts': 'server',
  'daemon/runDaemon.ts': 'server',
  'daemon/listener.ts': 'server',
  'daemon/handshake.ts': 'server',
  'daemon/openMedia.ts': 'server',
  'daemon/outbox.ts': 'server',
  'daemon/throttle.ts': 'server',
  'daemon/validation.ts': 'server',
  'daemon/workDone.ts': 'server',
  'daemon/cli.ts': 'cli',
  'daemon/mcp.ts': 'cli',
};

/** Packages that open a door, and the only files or folders that may import them. */
const doors: Readonly<Record<string, readonly string[]>> = {
  koffi: ['daemon/llm/', 'daemon/engine/'],
  'node-llama-cpp': ['daemon/llm/', 'daemon/engine/'],
  'onnxruntime-node': ['daemon/perception/ortSession.ts'],
  'node:sqlite': ['daemon/timeline/database.ts'],
  'node:child_process': [
    'daemon/media/ffmpegProcess.ts',
    'daemon/engine/engineProcess.ts',
    'daemon/client/spawnDaemon.ts',
    // No part of the program: for tests and measures.
    'scripts/virtualDisplay.ts',
  ],
  'node:worker_threads': ['daemon/perception/'],
  vscode: ['extension/'],
  'vscode-languageclient': ['extension/'],
  'vscode-languageserver-textdocument': ['daemon/language/'],
  // Its types only: at run time it would bring a second JSON-RPC along.
  'vscode-languageserver-protocol': [],
  'vscode-jsonrpc': ['daemon/server.ts', 'daemon/runDaemon.ts', 'daemon/client/'],
};

/** Doors that load native code or start a process: what leads to them is not pure. */
const nativeDoors = new Set([
  ...['koffi', 'node-llama-cpp', 'onnxruntime-node', 'node:sqlite'],
  ...['node:child_process', 'node:worker_threads'],
]);

/** All that the panel's page is made of beside its own code: it is loaded with every panel. */
const pagePackages = new Set([
  ...['preact', 'preact/hooks', '@tanstack/virtual-core', '@vscode/l10n'],
]);

const maxLines = 500;
/** Files that may be longer, each with its reason. */
const waivers: Readonly<Record<string, string>> = {};

function roomOf(path: string): string {
  const [top, room, rest] = path.split('/');
  if (top !== 'daemon') return top!;
  return rest === undefined ? (topFiles[path] ?? 'main') : room!;
}

/** Who may import this package, or a part of it such as `vscode-jsonrpc/node`; undefined when everybody may. */
function doorOf(to: string): readonly string[] | undefined {
  return Object.entries(doors).find(([name]) => to === name || to.startsWith(`${name}/`))?.[1];
}

/** Files from which run-time imports lead to a native door. */
function nativeFiles(files: readonly SourceFile[]): Set<string> {
  const native = new Set<string>();
  for (let before = -1; before < native.size;) {
    before = native.size;
    for (const { path, imports } of files) {
      const leadsOut = ({ to, isTypeOnly }: Import): boolean =>
        !isTypeOnly && (nativeDoors.has(to) || native.has(to));
      if (imports.some(leadsOut)) native.add(path);
    }
  }
  return native;
}

/** Every import that the table or the doors forbid, as a sentence. */
function violations(files: readonly SourceFile[]): string[] {
  const native = nativeFiles(files);
  const judge = (path: string, { to, isTypeOnly }: Import): string | undefined => {
    const allowed = doorOf(to);
    if (allowed && !isTypeOnly && !allowed.some((place) => path.startsWith(place))) {
      return `${path} imports ${to}, which only ${allowed.join(', ')} may`;
    }
    const from = roomOf(path);
    if (!/\.tsx?$/.test(to)) {
      const isStyles = to.endsWith('.css');
      const isForbidden =
        (from === 'protocol' && to.startsWith('node:')) ||
        (from === 'webview' && !pagePackages.has(to) && !isStyles);
      return isForbidden ? `${path} imports ${to}` : undefined;
    }
    const room = roomOf(to);
    if (room === from) return undefined;
    const access = table[from]?.[room];
    if (access === undefined) return `${path} imports ${to}: ${from} may not import ${room}`;
    if (access === 'all' || isTypeOnly) return undefined;
    if (access === 'types')
      return `${path} imports ${to}: ${from} may import types of ${room} only`;
    return native.has(to) ? `${path} imports ${to}, which leads to a native door` : undefined;
  };
  return files.flatMap(({ path, imports }) => imports.flatMap((line) => judge(path, line) ?? []));
}

const code = ['protocol', 'daemon', 'extension', 'webview', 'scripts'].flatMap((folder) => [
  ...listFiles(folder, '.ts'),
  ...listFiles(folder, '.tsx'),
]);
const files = code.map((path) => readSource(path));

describe('the rules', () => {
  const check = (sources: Readonly<Record<string, string>>, expected: readonly string[]): void => {
    const read = Object.entries(sources).map(([path, text]) => readSource(path, text));
    expect(violations(read)).toEqual(expected);
  };

  it('let rooms import what the table grants', () => {
    check(
      {
        'daemon/media/a.ts': "import { mediaMs } from '../../protocol/index.ts';",
        'daemon/perception/b.ts':
          "import { pixels } from '../media/a.ts';\nimport { c } from './c.ts';",
        'daemon/llm/c.ts':
          "import type { M } from '../weights/manifest.ts';\nimport koffi from 'koffi';",
      },
      [],
    );
  });

  it('see every form of import', () => {
    const sentence = 'daemon/llm/a.ts imports daemon/media/b.ts: llm may not import media';
    for (const form of [
      "import { b } from '../media/b.ts';",
      "import type { B } from '../media/b.ts';",
      "export * from '../media/b.ts';",
      "const b = await import('../media/b.ts');",
      "type B = import('../media/b.ts').B;",
    ]) {
      check({ 'daemon/llm/a.ts': form }, [sentence]);
    }
  });

  it('tell types from code', () => {
    check({ 'daemon/llm/a.ts': "import { M } from '../weights/manifest.ts';" }, [
      'daemon/llm/a.ts imports daemon/weights/manifest.ts: llm may import types of weights only',
    ]);
  });

  it('find a native door behind other files', () => {
    check(
      {
        'daemon/timeline/database.ts': "import { DatabaseSync } from 'node:sqlite';",
        'daemon/timeline/store.ts': "import { open } from './database.ts';",
        'daemon/timeline/terms.ts': "import type { Row } from './database.ts';",
        'daemon/assistant/a.ts': "import { store } from '../timeline/store.ts';",
        'daemon/assistant/b.ts': "import { terms } from '../timeline/terms.ts';",
        'daemon/assistant/c.ts': "import type { Store } from '../timeline/store.ts';",
      },
      ['daemon/assistant/a.ts imports daemon/timeline/store.ts, which leads to a native door'],
    );
  });

  it('guard the doors', () => {
    check({ 'daemon/media/a.ts': "import { spawn } from 'node:child_process';" }, [
      `daemon/media/a.ts imports node:child_process, which only ${doors['node:child_process']!.join(', ')} may`,
    ]);
    check({ 'protocol/a.ts': "import { join } from 'node:path';" }, [
      'protocol/a.ts imports node:path',
    ]);
    check({ 'webview/a.tsx': "import 'preact';\nimport react from 'react';\nimport './a.css';" }, [
      'webview/a.tsx imports react',
    ]);
    check({ 'webview/a.tsx': "import { log } from '../daemon/base/log.ts';" }, [
      'webview/a.tsx imports daemon/base/log.ts: webview may not import base',
    ]);
  });

  it('keep what puts the program together on top', () => {
    const sources = {
      'daemon/parts.ts': "import { spawnEngine } from './engine/engineProcess.ts';",
      'daemon/server.ts': "import { parts } from './parts.ts';",
    };
    check(sources, ['daemon/server.ts imports daemon/parts.ts: server may not import main']);
  });
});

describe('the house', () => {
  it('has imports only where the table allows them', () => {
    expect(violations(files)).toEqual([]);
  });

  it('has no any and no console', () => {
    const found = files.flatMap(({ path, words }) =>
      words
        .filter(({ word }) => word !== 'Date.now')
        .map(({ word, line }) => `${path}:${line} ${word}`),
    );
    expect(found).toEqual([]);
  });

  it('takes the time from the clock', () => {
    const found = files
      .filter(({ path }) => path.startsWith('daemon/') && path !== 'daemon/base/clock.ts')
      .filter(({ words }) => words.some(({ word }) => word === 'Date.now'));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('has no index.ts inside the daemon', () => {
    expect(code.filter((path) => /^daemon\/(.*\/)?index\.ts$/.test(path))).toEqual([]);
  });

  it(`has no file of more than ${maxLines} lines without a waiver`, () => {
    const all = [
      ...code,
      ...listFiles('test', '.ts'),
      ...listFiles('test', '.tsx'),
      ...listFiles('webview', '.css'),
      ...listFiles('scripts', '.mjs'),
      ...listFiles('models', '.py'),
      ...listFiles('test', '.py'),
    ];
    expect(all.length).toBeGreaterThan(code.length);
    const long = all.filter((path) => readText(path).split('\n').length > maxLines + 1);
    expect(long).toEqual(Object.keys(waivers));
  });
});
