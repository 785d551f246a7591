// The story of the demo sample: what the developer does in VS Code, and when a viewer can first see that it happened.
import { setTimeout as delay } from 'node:timers/promises';
import { typedFunction } from './sampleProject.mjs';

/** VS Code as a presenter sets it up: large text, no suggestion boxes over the code, a plain prompt. */
export const presenterSettings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'compact',
  'editor.fontFamily': 'DejaVu Sans Mono',
  'editor.fontSize': 14,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.suggestOnTriggerCharacters': false,
  'editor.parameterHints.enabled': false,
  'editor.lightbulb.enabled': 'off',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.hover.enabled': 'off',
  'files.insertFinalNewline': true,
  'git.enabled': true,
  'git.autofetch': false,
  'javascript.suggest.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'terminal.integrated.fontSize': 14,
  'terminal.integrated.fontFamily': 'DejaVu Sans Mono',
  // Drawn as text elements, the terminal can be read by this script.
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.shellIntegration.enabled': false,
  'terminal.integrated.initialHint': false,
  'terminal.integrated.defaultProfile.linux': 'shell',
  'terminal.integrated.profiles.linux': {
    shell: { path: '/bin/bash', args: ['--noprofile', '--norc'], env: { PS1: 'pantry $ ' } },
  },
};

const plain = (text) => text.replaceAll('\u00a0', ' ');

/** What the developer sees: helpers that wait until something is on screen. */
class Screen {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  async #until(selector, accept) {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const rows = (await this.page.locator(selector).allTextContents()).map(plain);
      if (accept(rows)) break;
      if (Date.now() > deadline)
        throw new Error(`never on screen (${selector}):\n${rows.join('\n')}`);
      await delay(30);
    }
    // The elements are there; one more turn of the page's clock and they are painted.
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** @param {string} text of one line of the editor, somewhere */
  async editorShows(text) {
    await this.#until('.view-line', (lines) => lines.some((line) => line.includes(text)));
  }

  /** @param {(rows: string[]) => boolean} accept gets the terminal's rows, top to bottom */
  async terminalShows(accept) {
    await this.#until('.xterm-rows > div', accept);
  }

  /** @param {string} file whose tab is the selected one */
  async tabShows(file) {
    await this.#until('.tab.active .monaco-icon-label-container', (names) => names.includes(file));
  }

  /** Clicks behind a piece of text in the editor. */
  async clickBehind(text) {
    const at = await this.page.evaluate((wanted) => {
      for (const line of document.querySelectorAll('.view-line')) {
        const offset = line.textContent.replaceAll('\u00a0', ' ').indexOf(wanted);
        if (offset < 0) continue;
        let left = offset + wanted.length;
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          if (left <= node.length) {
            const range = document.createRange();
            range.setStart(node, left - 1);
            range.setEnd(node, left);
            const box = range.getBoundingClientRect();
            return { x: box.right, y: box.top + box.height / 2 };
          }
          left -= node.length;
        }
      }
      return undefined;
    }, text);
    if (at === undefined) throw new Error(`not in the editor: ${text}`);
    await this.page.mouse.move(at.x, at.y, { steps: 8 });
    await this.page.mouse.click(at.x, at.y);
  }
}

/**
 * Prepares the window before the film starts: a low terminal panel that holds a whole test report, a slim side bar.
 * @param {import('playwright-core').Page} page
 */
export async function arrangeWindow(page) {
  const drag = async (from, by) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 5 });
    await page.mouse.up();
  };
  const edgePx = 3; // the draggable border lies just outside the part's box
  await page.keyboard.press('Control+Backquote');
  await new Screen(page).terminalShows((rows) => rows.some((row) => row.startsWith('pantry $')));
  const panel = await page.locator('.part.panel').boundingBox();
  await drag({ x: panel.x + panel.width / 2, y: panel.y - edgePx }, { x: 0, y: -95 });
  const sidebar = await page.locator('.part.sidebar').boundingBox();
  await drag({ x: sidebar.x + sidebar.width + edgePx, y: 200 }, { x: -60, y: 0 });
  await page.mouse.move(700, 250);
  // The panel goes away with its shell running, ready for later.
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.press('Control+Backquote');
  await page.locator('.part.panel').waitFor({ state: 'hidden' });
}

/**
 * Plays the story on a page that shows the project.
 * @param {import('playwright-core').Page} page
 * @param {import('./typist.mjs').Typist} hands
 * @param {(step: {kind: string, slots: Record<string, string>, sentence: string, keywords: string[], caption: string,
 *   act: () => Promise<void>, see: () => Promise<void>}) => Promise<void>} step runs `act`, then `see`, and notes when
 *   each was through: the step is due once `see` resolves
 */
export async function playStory(page, hands, step) {
  const screen = new Screen(page);
  const openFile = async (start) => {
    await hands.press('Control+p');
    await hands.pause(500);
    await hands.type(start);
    await hands.pause(700);
    await hands.press('Enter');
  };
  const finished = (rows, text) => {
    const last = rows.findLastIndex((row) => row.trim() !== '');
    return rows[last]?.trim() === 'pantry $' && rows.some((row) => row.includes(text));
  };

  await hands.pause(2500);
  await step({
    kind: 'open',
    slots: { file: 'larder.js' },
    sentence: 'The developer opens larder.js.',
    keywords: ['larder.js'],
    caption: 'This is a small pantry program. The shelves live in larder.js.',
    act: () => openFile('larder.j'),
    see: async () => {
      await screen.tabShows('larder.js');
      await screen.editorShows('fillLarder');
    },
  });
  await hands.pause(2500);
  await step({
    kind: 'function',
    slots: { file: 'larder.js', symbol: 'spoilsWithin' },
    sentence: 'The developer writes the function spoilsWithin in larder.js.',
    keywords: ['spoilsWithin', 'larder.js'],
    caption: 'I need to know which jars to use first, so I write a filter.',
    act: async () => {
      await hands.press('Control+End');
      await hands.type(typedFunction);
    },
    see: () => screen.editorShows('.map((jar) => jar.spice);'),
  });
  await hands.pause(1200);
  await hands.press('Control+s');
  await hands.pause(1500);
  await step({
    kind: 'testsFail',
    slots: {
      command: 'npm test',
      symbol: 'names the jars to use first',
      result: 'AssertionError',
    },
    sentence:
      'npm test fails: the test "names the jars to use first" gets no jar instead of saffron.',
    keywords: ['npm test', 'fail', 'saffron'],
    caption: 'Let us run the tests in the terminal.',
    act: async () => {
      await hands.press('Control+Backquote');
      await hands.pause(1200);
      await hands.type('npm test\n');
    },
    see: () => screen.terminalShows((rows) => finished(rows, "'saffron'")),
  });
  await hands.pause(5000);
  await step({
    kind: 'edit',
    slots: { file: 'larder.js', symbol: 'spoilsWithin' },
    sentence: 'The developer corrects the comparison in spoilsWithin from < to <=.',
    keywords: ['spoilsWithin', '<='],
    caption: 'The last day counts too: smaller or equal.',
    act: async () => {
      await screen.clickBehind('jar.daysLeft <');
      await hands.pause(700);
      await hands.type('=');
    },
    see: () => screen.editorShows('jar.daysLeft <= days'),
  });
  await hands.pause(900);
  await hands.press('Control+s');
  await hands.pause(900);
  await step({
    kind: 'testsPass',
    slots: { command: 'npm test', result: '2 passed' },
    sentence: 'npm test passes: both tests succeed.',
    keywords: ['npm test', 'pass'],
    caption: 'And once more.',
    act: async () => {
      await hands.press('Control+Backquote');
      await hands.pause(500);
      await hands.type('clear\n');
      await hands.pause(600);
      await hands.type('npm test\n');
    },
    see: () => screen.terminalShows((rows) => finished(rows, 'pass 2')),
  });
  await hands.pause(3500);
  await step({
    kind: 'rename',
    slots: { symbol: 'spoilsWithin', result: 'goesStale' },
    sentence: 'The developer renames spoilsWithin to goesStale.',
    keywords: ['spoilsWithin', 'goesStale', 'rename'],
    caption: 'The name is clumsy. F2 renames it everywhere.',
    act: async () => {
      await screen.clickBehind('function spoils');
      await hands.pause(600);
      await hands.press('F2');
      await hands.pause(1200);
      await hands.type('goesStale');
      await hands.pause(800);
      await hands.press('Enter');
    },
    see: () => screen.editorShows('function goesStale('),
  });
  await hands.pause(2500);
  await step({
    kind: 'open',
    slots: { file: 'larder.test.js' },
    sentence: 'The developer opens larder.test.js, where the call is now goesStale.',
    keywords: ['larder.test.js', 'goesStale'],
    caption: 'The test file follows.',
    act: () => openFile('larder.t'),
    see: async () => {
      await screen.tabShows('larder.test.js');
      await screen.editorShows('goesStale(larder, 2)');
    },
  });
  await hands.pause(3000);
  await step({
    kind: 'commit',
    slots: { command: 'git commit', result: 'warn about stale jars' },
    sentence: 'The developer commits two files with the message "warn about stale jars".',
    keywords: ['commit', 'warn about stale jars'],
    caption: 'Good. Commit it.',
    act: async () => {
      await hands.press('Control+Backquote');
      await hands.pause(600);
      await hands.type('clear\n');
      await hands.pause(500);
      await hands.type('git commit -am "warn about stale jars"\n');
    },
    see: () => screen.terminalShows((rows) => finished(rows, '2 files changed')),
  });
  await hands.pause(3500);
}
