// A walk through a VS Code window that brings up much of what can stand in one. Nothing is told of it: only its screens count.
import { cosmetics } from './editorLooks.mjs';
import { presenterSettings } from './sampleStory.mjs';

/** @typedef {import('./dice.mjs').Dice} Dice */
/** @typedef {{page: import('playwright-core').Page, dice: Dice, files: readonly string[], words: readonly string[]}} Tour */

/** Themes whose screens only measure what was learned. */
export const heldOutThemes = ['Abyss', 'Solarized Light', 'Tomorrow Night Blue'];
const themes =
  'Dark Modern|Dark+|Dark 2026|Visual Studio Dark|Monokai|Monokai Dimmed|Solarized Dark|Kimbie Dark|Red|Dark High Contrast|Light Modern|Light+|Light 2026|Visual Studio Light|Quiet Light|Light High Contrast'.split(
    '|',
  );

/** Settings of a window that looks unlike the last one. @param {Dice} dice @param {boolean} isHeldOut @param {string} searchPath of the shell */
export function tourSettings(dice, isHeldOut, searchPath) {
  const suggests = dice.chance(0.5) ? 'on' : 'off';
  const PS1 = dice.pick(['$ ', '\\u@\\h:\\w$ ', '\\w> ', '[\\W]% ', '\\W on main > ']);
  return {
    ...presenterSettings,
    ...cosmetics(dice),
    'workbench.colorTheme': dice.pick(isHeldOut ? heldOutThemes : themes),
    'workbench.sideBar.location': dice.chance(0.15) ? 'right' : 'left',
    'workbench.activityBar.location': dice.weighted({ default: 8, top: 1, hidden: 2, bottom: 1 }),
    'workbench.panel.defaultLocation': dice.chance(0.12) ? 'right' : 'bottom',
    'workbench.statusBar.visible': !dice.chance(0.08),
    'workbench.editor.showTabs': dice.weighted({ multiple: 12, single: 1, none: 1 }),
    'window.menuBarVisibility': dice.weighted({ compact: 2, visible: 5, hidden: 1 }),
    'editor.fontSize': dice.pick([12, 13, 14, 14, 15, 16, 18, 22, 26]),
    'editor.minimap.enabled': dice.chance(0.4),
    'editor.wordWrap': dice.pick(['off', 'on']),
    'editor.stickyScroll.enabled': dice.chance(0.4),
    'editor.codeLens': true,
    'javascript.referencesCodeLens.enabled': dice.chance(0.4),
    'typescript.referencesCodeLens.enabled': dice.chance(0.4),
    'editor.inlayHints.enabled': dice.pick(['on', 'off']),
    'javascript.suggest.enabled': true,
    'editor.quickSuggestions': { other: suggests, comments: 'off', strings: 'off' },
    'editor.hover.enabled': 'on',
    'explorer.compactFolders': dice.chance(0.5),
    'terminal.integrated.fontSize': dice.pick([11, 12, 13, 14, 16, 20]),
    'terminal.integrated.profiles.linux': {
      shell: { path: '/bin/bash', args: ['--noprofile', '--norc'], env: { PS1, PATH: searchPath } },
    },
  };
}

const shellLines =
  'ls -la|ls|git status|git log --oneline --stat|git diff HEAD~1 --stat|git branch -a|node --test|ps aux --sort=-%mem | head -15|df -h|env | sort | head -30|cat README.md|cat package.json|grep -rn import . | head -30|find . -name "*.js" | head -20|wc -l *|uname -a && uptime|node -e "console.table(process.memoryUsage())"|node -p process.versions|date; sleep 0; pwd|python3 --version; node --version|echo done|npm --version|cat nothing.txt|tree -L 2|du -sh *|git show --stat|python3 -c "raise ValueError(1)"|node missing.js'.split(
    '|',
  );
const commands =
  'format|git|theme|debug: |view: |preferences|terminal: |markdown|sort lines|fold|toggle|developer|typescript|snippets|split|help|test|notebook|file: |task'.split(
    '|',
  );
/** What answers with a notification in a repository without a remote. */
const noisyCommands = [
  'Git: Push',
  'Git: Pull',
  'Git: Sync',
  'Git: Fetch',
  'Git: Publish Branch...',
  'Git: Pop Latest Stash',
  'Git: Apply Latest Stash',
  'Git: Delete Remote Tag',
  'Git: Undo Last Commit',
  'Tasks: Run Build Task',
  'Tasks: Configure Default Build Task',
  'Debug: Start Debugging',
  'TypeScript: Open TS Server log',
  'Format Document',
  'Emmet: Update Image Size',
];
const bars = ['Explorer', 'Search', 'Source Control', 'Run and Debug', 'Extensions'];

const pause = ({ page }, ms) => page.waitForTimeout(ms);
const press = async (tour, ...keys) => {
  for (const key of keys) {
    await tour.page.keyboard.press(key);
    await pause(tour, 60);
  }
};
const type = ({ page }, text) => page.keyboard.type(text, { delay: 4 });

/** By its name from the command palette. */
async function command(tour, name) {
  await press(tour, 'F1');
  await pause(tour, 250);
  await type(tour, name);
  await pause(tour, 450);
  await press(tour, 'Enter');
  await pause(tour, 500);
}

/** Somewhere in the text of the editor in front. */
async function intoEditor(tour) {
  const { page, dice } = tour;
  await press(tour, 'Control+1');
  const box = await page
    .locator('.editor-group-container.active .monaco-editor')
    .first()
    .boundingBox({ timeout: 1500 });
  const [across, down] = [dice.between(15, 55) / 100, dice.between(10, 85) / 100];
  await page.mouse.click(box.x + box.width * across, box.y + box.height * down);
}

async function openFile(tour) {
  await press(tour, 'Control+p');
  await pause(tour, 250);
  await type(tour, tour.dice.pick(tour.files).split('/').at(-1));
  await pause(tour, 500);
  await press(tour, 'Enter');
  await pause(tour, 700);
}

async function rightClick(tour, selector) {
  const found = tour.page.locator(selector);
  const rows = await found.count();
  await found
    .nth(tour.dice.between(0, Math.max(0, rows - 1)))
    .click({ button: 'right', timeout: 1500 });
}

async function runInTerminal(tour) {
  const isShown = await tour.page.locator('.part.panel .xterm').first().isVisible();
  if (!isShown) await press(tour, 'Control+Backquote');
  await pause(tour, isShown ? 100 : 1200);
  await tour.page.locator('.xterm-helper-textarea').first().focus({ timeout: 1500 });
  for (let runs = tour.dice.between(1, 3); runs > 0; runs--) {
    await type(tour, `${tour.dice.pick(shellLines)}\n`);
    await pause(tour, 500);
  }
}

/** Moves by name: how often, and what is done. What cannot be done in the window as it is, is left. @type {Readonly<Record<string, {weight: number, go: (tour: Tour) => Promise<void>}>>} */
export const moves = {
  file: { weight: 5, go: openFile },
  scroll: {
    weight: 3,
    go: async (tour) => {
      await intoEditor(tour);
      await tour.page.mouse.wheel(0, tour.dice.between(-1500, 2500));
    },
  },
  write: {
    weight: 2,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'End', 'Enter');
      await type(
        tour,
        `${tour.dice.pick(tour.words)} ${tour.dice.pick(tour.words)}(${tour.dice.pick(tour.words)}`,
      );
    },
  },
  terminal: { weight: 5, go: runInTerminal },
  bigPanel: {
    weight: 0.8,
    go: async (tour) => {
      await runInTerminal(tour);
      await command(tour, 'View: Toggle Maximized Panel');
    },
  },
  quickOpen: {
    weight: 1.5,
    go: async (tour) => {
      await press(tour, 'Control+p');
      if (tour.dice.chance(0.7)) await type(tour, tour.dice.pick(tour.words).slice(0, 3));
    },
  },
  palette: {
    weight: 2.5,
    go: async (tour) => {
      await press(tour, 'F1');
      if (tour.dice.chance(0.85)) await type(tour, tour.dice.pick(commands));
    },
  },
  symbols: {
    weight: 1,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'Control+Shift+o');
    },
  },
  picker: {
    weight: 1.5,
    go: (tour) =>
      command(
        tour,
        tour.dice.pick([
          'Change Language Mode',
          'Preferences: Color Theme',
          'Change File Encoding',
          'Snippets: Insert Snippet',
          'Open View...',
          'Go to Line/Column',
        ]),
      ),
  },
  editorMenu: {
    weight: 2.5,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'Shift+F10');
    },
  },
  treeMenu: { weight: 2, go: (tour) => rightClick(tour, '.explorer-viewlet .monaco-list-row') },
  tabMenu: { weight: 1, go: (tour) => rightClick(tour, '.tab') },
  menuBar: {
    weight: 2,
    go: (tour) =>
      tour.page
        .locator('.menubar-menu-button')
        .nth(tour.dice.between(0, 6))
        .click({ timeout: 1000 }),
  },
  suggest: {
    weight: 4,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'End', 'Enter');
      await type(tour, tour.dice.pick(tour.words).slice(0, 2));
      await press(tour, 'Control+Space');
    },
  },
  hover: {
    weight: 1.5,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'Control+k', 'Control+i');
    },
  },
  renameBox: {
    weight: 1,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'F2');
    },
  },
  peek: {
    weight: 0.7,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'Alt+F12');
      await pause(tour, 700);
    },
  },
  find: {
    weight: 1.5,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, tour.dice.pick(['Control+f', 'Control+h']));
      await type(tour, tour.dice.pick(tour.words));
    },
  },
  view: {
    weight: 4,
    go: (tour) => command(tour, `View: Show ${tour.dice.pick(bars)}`),
  },
  searchView: {
    weight: 1.5,
    go: async (tour) => {
      await press(tour, 'Control+Shift+f');
      await pause(tour, 300);
      await type(tour, tour.dice.pick(tour.words));
      await pause(tour, 1000);
    },
  },
  unfold: {
    weight: 3,
    go: async (tour) => {
      await command(tour, 'View: Show Explorer');
      const folders = tour.page.locator(
        '.explorer-viewlet .monaco-list-row[aria-expanded="false"]',
      );
      if ((await folders.count()) > 0) await folders.first().click({ timeout: 1000 });
    },
  },
  outline: {
    weight: 0.8,
    go: (tour) =>
      command(
        tour,
        tour.dice.pick(['Explorer: Focus on Outline View', 'Explorer: Focus on Timeline View']),
      ),
  },
  sideBar: { weight: 1.5, go: (tour) => press(tour, 'Control+b') },
  panel: { weight: 1.5, go: (tour) => press(tour, 'Control+j') },
  otherPanel: {
    weight: 2,
    go: (tour) =>
      command(
        tour,
        tour.dice.pick([
          'Problems: Focus on Problems View',
          'Output: Focus on Output View',
          'Debug Console: Focus on Debug Console View',
          'View: Toggle Output',
        ]),
      ),
  },
  split: { weight: 1, go: (tour) => press(tour, 'Control+Backslash') },
  joined: { weight: 0.7, go: (tour) => command(tour, 'View: Join All Editor Groups') },
  preview: {
    weight: 1.5,
    go: (tour) =>
      command(
        tour,
        tour.dice.pick(['Markdown: Open Preview to the Side', 'Markdown: Open Preview']),
      ),
  },
  settings: {
    weight: 1.2,
    go: async (tour) => {
      await command(tour, 'Preferences: Open Settings (UI)');
      await type(tour, tour.dice.pick(['font', 'tab', 'git', 'theme', 'format', 'terminal']));
      await pause(tour, 900);
    },
  },
  keys: { weight: 0.6, go: (tour) => command(tour, 'Preferences: Open Keyboard Shortcuts') },
  welcome: { weight: 0.6, go: (tour) => command(tour, 'Help: Welcome') },
  changes: { weight: 1, go: (tour) => command(tour, 'Git: Open Changes') },
  toast: {
    weight: 6,
    go: async (tour) => {
      for (let toasts = tour.dice.between(1, 2); toasts > 0; toasts--)
        await command(tour, tour.dice.pick(noisyCommands));
      await pause(tour, 500);
    },
  },
  notices: { weight: 0.6, go: (tour) => command(tour, 'Notifications: Show Notifications') },
  dialog: {
    weight: 2,
    go: async (tour) => {
      await tour.page.locator('.explorer-viewlet .monaco-list-row').last().click({ timeout: 1000 });
      await press(tour, tour.dice.pick(['Delete', 'Shift+Delete']));
    },
  },
  inlineInput: {
    weight: 0.8,
    go: async (tour) => {
      await command(tour, 'File: New File...');
      await type(tour, tour.dice.pick(tour.words));
    },
  },
  message: {
    weight: 1,
    go: async (tour) => {
      await command(tour, 'View: Show Source Control');
      await type(tour, `${tour.dice.pick(tour.words)} the ${tour.dice.pick(tour.words)}`);
    },
  },
  debug: {
    weight: 1,
    go: async (tour) => {
      await intoEditor(tour);
      await press(tour, 'F9');
      await command(tour, 'View: Show Run and Debug');
    },
  },
};

/** Puts away what lies over the window. @param {Tour} tour */
export const putAway = (tour) => press(tour, 'Escape', 'Escape', 'Escape');

/**
 * One move of a tour; one that the window does not allow changes nothing.
 * @param {Tour} tour
 * @returns {Promise<string>} its name
 */
export async function makeMove(tour) {
  const weights = Object.fromEntries(
    Object.entries(moves).map(([name, { weight }]) => [name, weight]),
  );
  const name = tour.dice.weighted(weights);
  await moves[name].go(tour).catch(() => undefined);
  await pause(tour, 450);
  return name;
}
