// The little project of the demo sample: what is on disk when the recording starts, and what is typed into it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Names the sample invents. Training data must not contain them: see identifierHashes in the events file. */
export const identifiers = [
  'pantry',
  'larder',
  'larder.js',
  'larder.test.js',
  'fillLarder',
  'spoilsWithin',
  'goesStale',
  'saffron',
  'sumac',
];

const files = {
  'package.json': `{
  "name": "pantry",
  "type": "module",
  "scripts": { "test": "node --stack-trace-limit=0 --test" }
}
`,
  // Makes the files one project to VS Code: without it a rename stays in its own file.
  'jsconfig.json': `{ "compilerOptions": { "module": "nodenext" } }
`,
  'larder.js': `// What stands on the shelves, and for how many days it keeps.

export function fillLarder(jars) {
  return jars.map((jar) => ({ opened: false, ...jar }));
}
`,
  'larder.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillLarder, spoilsWithin } from './larder.js';

const larder = fillLarder([
  { spice: 'saffron', daysLeft: 2 },
  { spice: 'sumac', daysLeft: 30 },
]);

test('a fresh jar is closed', () => {
  assert.equal(larder[0].opened, false);
});

test('names the jars to use first', () => {
  assert.equal(spoilsWithin(larder, 2).join(), 'saffron');
});
`,
};

/** What is typed at the end of larder.js; VS Code repeats the line before's indentation by itself. */
export const typedFunction = `
export function spoilsWithin(larder, days) {
return larder
  .filter((jar) => jar.daysLeft < days)
.map((jar) => jar.spice);
}`;

/** larder.js as it must be on disk after typing. */
export const larderAfterTyping = `${files['larder.js']}
export function spoilsWithin(larder, days) {
  return larder
    .filter((jar) => jar.daysLeft < days)
    .map((jar) => jar.spice);
}
`;

/** larder.js as it must be on disk at the end. */
export const larderAtTheEnd = larderAfterTyping
  .replace('daysLeft < days', 'daysLeft <= days')
  .replace('spoilsWithin', 'goesStale');

/**
 * The whole file that the editor shows once a step of the story is through; undefined for steps in which nobody looks at it.
 * @param {{kind: string, slots: Record<string, string | undefined>}} step
 */
export function shownAfter({ kind, slots }) {
  const corrected = larderAfterTyping.replace('daysLeft < days', 'daysLeft <= days');
  const tests = files['larder.test.js'].replaceAll('spoilsWithin', 'goesStale');
  const opened = { 'larder.js': files['larder.js'], 'larder.test.js': tests };
  const texts = { function: larderAfterTyping, edit: corrected, rename: larderAtTheEnd };
  return kind === 'open' ? opened[slots.file] : texts[kind];
}

/** A terminal in which the same commands print the same: who commits and when is fixed, and npm advertises nothing. */
export const terminalEnvironment = {
  npm_config_update_notifier: 'false',
  GIT_AUTHOR_NAME: 'Codealong sample',
  GIT_AUTHOR_EMAIL: 'sample@codealong.invalid',
  GIT_AUTHOR_DATE: '2026-01-05T10:00:00Z',
  GIT_COMMITTER_NAME: 'Codealong sample',
  GIT_COMMITTER_EMAIL: 'sample@codealong.invalid',
  GIT_COMMITTER_DATE: '2026-01-05T10:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/**
 * Writes files as a repository with one commit.
 * @param {string} folder absolute, created when missing
 * @param {Readonly<Record<string, string>>} texts by path, with slashes
 * @param {string} [remote] absolute: a repository to push to, made as well
 */
export function writeRepository(folder, texts, remote) {
  for (const [name, text] of Object.entries(texts)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const git = (...args) =>
    execFileSync('git', args, { cwd: folder, env: { ...process.env, ...terminalEnvironment } });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', `--message=start the ${path.basename(folder)}`);
  if (remote === undefined) return;
  git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  git('remote', 'add', 'origin', remote);
  git('push', '--quiet', '--set-upstream', 'origin', 'main');
}

/** Writes the project as a repository with one commit. @param {string} folder absolute, created when missing */
export function writeProject(folder) {
  writeRepository(folder, files);
}
