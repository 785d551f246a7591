/** What stands around the code on the pages that are read for measuring: our own words, in no training text. */

/** Entries of menus and context menus, with their keys. */
export const menuEntries: readonly (readonly [entry: string, key: string])[] = [
  ['New Untitled File', 'Ctrl+N'],
  ['Reopen Closed Editor', 'Ctrl+Shift+T'],
  ['Reveal in Side Bar', 'Alt+R'],
  ['Convert Indentation to Tabs', ''],
  ['Toggle Word Wrap', 'Alt+Z'],
  ['Split Editor Right', 'Ctrl+\\'],
  ['Go to Next Failing Test', 'F8'],
  ['Collapse All Folders', ''],
  ['Copy Relative Path', 'Ctrl+K Ctrl+C'],
  ['Extract to Inner Function', 'Ctrl+.'],
  ['Rename All Matching Tags', 'F2'],
  ['Peek Call Hierarchy', 'Shift+Alt+H'],
  ['Close Others in Group', ''],
  ['Compare with Clipboard', ''],
  ['Open Timeline of Changes', ''],
  ['Debug JavaScript Terminal', ''],
  ['Clear Editor History', ''],
  ['Select All Occurrences', 'Ctrl+Shift+L'],
];

/** Names in a file tree. */
export const fileNames: readonly string[] = [
  'billing',
  'invoiceQueue.ts',
  'invoiceQueue.spec.ts',
  'ledger_writer.py',
  'test_ledger_writer.py',
  'orbital',
  'keplerSolver.cc',
  'keplerSolver.hh',
  'Illustrations',
  'wallclock.go',
  'wallclock_test.go',
  'l10n-lint.mjs',
  'docker-compose.ci.yml',
  'Cargo.lock',
  '.editorconfig',
  '.env.example',
  'tsconfig.build.json',
  'CHANGELOG.md',
  'vite.config.mts',
  'Makefile.PL',
  'requirements-dev.txt',
  'index.scss',
  'OOMKiller.rs',
  'utils64.hpp',
  '0001_initial.sql',
];

/** Items of a status bar. */
export const statusItems: readonly string[] = [
  'release/2.14*',
  '3 warnings, 0 errors',
  'Ln 118, Col 27',
  'Spaces: 2',
  'UTF-8',
  'LF',
  'TypeScript JSX',
  'Prettier',
  'Python 3.11.8 (.venv)',
  'Go 1.22.5',
  'Live Share',
  '14 tests passed',
];

/** Titles of views and panels. */
export const viewTitles: readonly string[] = [
  'EXPLORER: ORBITAL',
  'OPEN EDITORS',
  'OUTLINE',
  'PROBLEMS',
  'DEBUG CONSOLE',
  'TERMINAL',
  'PORTS',
  'GITLENS',
  'NPM SCRIPTS',
];

/** Messages and buttons of notifications and dialogs. */
export const messages: readonly string[] = [
  'The file has been changed on disk. Do you want to overwrite it?',
  'Extension host terminated unexpectedly. Restart it to continue.',
  'Installed 214 packages in 8.3 s; 2 of them ask for funding.',
  'Do you trust the authors of the files in this folder?',
  'Your branch is ahead of origin/trunk by 3 commits.',
  'Port 8471 is already in use. Try another one?',
  'Could not resolve hostname "vault.internal".',
  'All 61 references were updated in 17 files.',
];
export const buttons: readonly string[] = [
  'Overwrite',
  'Reload Window',
  'Do Not Show Again',
  'Yes, I trust them',
  'Discard',
  'Learn More',
  'Try 8472',
  'Cancel',
];

/** A web page of documentation: headings and sentences. */
export const headings: readonly string[] = [
  'Getting Your First Worker Online',
  'Rate Limits and Quotas',
  'Migrating from Version 6',
  'Environment Variables',
  'Frequently Asked Questions',
  'Rolling Back a Deployment',
];
export const sentences: readonly string[] = [
  'Each worker owns exactly one queue; a queue may be drained by as many as thirty-two workers.',
  'Set RETRY_AFTER_MS to zero and failed jobs are put back at once, which is rarely what you want.',
  'Illegal values are rejected with error 1101 before anything has been written to the ledger.',
  'A snapshot holds up to 4,096 rows (about 1.5 MB) and is kept for 30 days.',
  'When the clock of the host is off by more than 250 ms, tokens are refused.',
  'You need an account with the role "operator", not merely "viewer".',
  'Click Download CSV to keep a copy: the link expires after 15 minutes.',
  'See also: Idempotency keys, Webhooks, Clock skew, and the list of known issues.',
  'Version 7 drops support for Node 18; nothing else in your code has to change.',
  'Only the first 1,000 characters are indexed (Il1 and O0 are told apart).',
  'Run the health check every 10 s and alert after three failures in a row.',
  'Fields marked with * are required.',
];

/** Labels of a form, with what is typed into it. */
export const formFields: readonly (readonly [label: string, value: string])[] = [
  ['Connection name', 'staging-eu-west-1'],
  ['Server address', 'db-02.corp.example.net'],
  ['Port', '5433'],
  ['Database', 'orbital_test'],
  ['User', 'ci_runner'],
  ['Connection timeout', '30'],
  ['Region', 'Frankfurt (fra1)'],
  ['Webhook URL', 'https://hooks.example.org/v1/q8Zl0?retry=3'],
];

/** Addresses and titles of browser tabs. */
export const addresses: readonly string[] = [
  'https://docs.example.org/workers/first-steps#limits',
  'localhost:4173/invoices?page=12',
  '192.168.17.40:9090/graph',
  'github.example.com/orbital/ledger/pull/1187/files',
];
export const pageTitles: readonly string[] = [
  'Workers - First Steps',
  'Invoices (12)',
  'Prometheus Time Series',
  'Fix off-by-one in ledger #1187',
];
