// Performs what happens around the code in a story; what interfacePlan.mjs plans.
import { isAtPrompt } from './editorScreen.mjs';
import {
  appears,
  choose,
  click,
  focusEditor,
  goes,
  hasText,
  inTree,
  limitMs,
  makeInTree,
  menuEntries,
  openMenu,
  picker,
  runCommand,
  runInTerminal,
  says,
  terminalRows,
} from './gestures.mjs';

/** @typedef {import('./gestures.mjs').Stage} Stage */

const setting = (label) =>
  `.settings-tree-container .setting-item-contents:has(.setting-item-label:text-is("${label}"))`;
const toolbar = '.debug-toolbar:visible';

/** Whether a page inside of the window, at any depth, shows a text. */
async function isInside(page, text) {
  for (const frame of page.frames()) {
    const body = await frame
      .locator('body')
      .innerText({ timeout: 500 })
      .catch(() => '');
    if (frame !== page.mainFrame() && body.includes(text)) return true;
  }
  return false;
}

async function untilInside({ page }, text) {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline;) {
    if (await isInside(page, text)) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`no page shows ${text}`);
}

/** @type {typeof import('./storySteps.mjs').performers} */
export const interfacePerformers = {
  openSettings: (stage) => ({
    act: () => runCommand(stage, 'Preferences: Open Settings (UI)'),
    see: async () => {
      await stage.screen.tabShows('Settings');
      await appears(stage, '.settings-tree-container .setting-item-label');
    },
  }),
  searchSettings: (stage, { slots }) => ({
    act: () => stage.hands.type(slots.text),
    see: () =>
      stage.screen.shows(
        '.settings-editor .settings-count-widget',
        ([count]) => /Found/.test(count ?? ''),
        limitMs,
      ),
  }),
  tick: (stage, { slots }) => {
    const box = `${setting(slots.label)} .setting-value-checkbox`;
    return {
      act: async () => {
        const isTicked = await stage.page.locator(box).first().getAttribute('aria-checked');
        await click(stage, box);
        await stage.page
          .locator(`${box}:not([aria-checked="${isTicked}"])`)
          .first()
          .waitFor({ timeout: limitMs });
      },
      see: () => Promise.resolve(),
    };
  },
  selectSetting: (stage, { slots }) => ({
    act: async () => {
      const { page, hands } = stage;
      await click(stage, `${setting(slots.field)} select`);
      const option = `.monaco-select-box-dropdown-container .option-text:text-is("${slots.value}")`;
      await page.locator(option).first().waitFor({ timeout: limitMs });
      await hands.pause(900);
      await click(stage, option);
    },
    see: () => goes(stage, '.monaco-select-box-dropdown-container.visible'),
  }),
  fillSetting: (stage, { slots }) => ({
    act: async () => {
      await click(stage, `${setting(slots.field)} input`);
      await stage.page.keyboard.press('Control+a');
      await stage.hands.type(slots.text);
    },
    see: () => Promise.resolve(),
  }),
  mode: (stage, { slots }) => ({
    act: async () => {
      await click(stage, '.editor-status-mode a, [id="status.editor.mode"] a');
      await appears(stage, `${picker} .monaco-list-row`);
      await stage.hands.pause(500);
      await choose(stage, slots.value.toLowerCase(), slots.value);
    },
    see: () =>
      stage.screen.shows(
        '[id="status.editor.mode"]',
        ([name]) => name?.trim() === slots.value,
        limitMs,
      ),
  }),
  line: (stage, { slots }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+g');
      await appears(stage, `${picker} input`);
      await stage.hands.type(slots.text);
    },
    see: () => appears(stage, `${picker} .monaco-list-row`),
  }),
  symbol: (stage, { slots }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+Shift+o');
      await appears(stage, `${picker} .monaco-list-row`);
      await stage.hands.pause(600);
      await choose(stage, slots.value, slots.value);
    },
    see: () => stage.page.locator(picker).waitFor({ state: 'hidden', timeout: limitMs }),
  }),
  findToReplace: (stage, { slots }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+Home', 'Control+h');
      await appears(stage, '.find-widget.visible.replaceToggled');
      await stage.page.keyboard.press('Control+a');
      await stage.hands.type(slots.query);
    },
    see: () =>
      stage.screen.shows(
        '.find-widget.visible .matchesCount',
        ([count]) => /^(\d+|\?) of \d+/.test(count ?? ''),
        limitMs,
      ),
  }),
  replace: (stage, { slots }) => ({
    act: async () => {
      await stage.hands.press('Tab');
      await stage.hands.type(slots.value);
      await stage.hands.pause(800);
      await stage.hands.press('Control+Alt+Enter');
    },
    see: () => stage.screen.editorShows(slots.value),
  }),
  retype: (stage, { line }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+End', 'Shift+Home');
      await stage.hands.type(line);
    },
    see: () => stage.screen.editorShows(line),
  }),
  treeMenu: (stage, { slots, file, isAsking = false }) => ({
    act: async () => {
      await click(stage, inTree(file), { button: 'right' });
      await openMenu(stage, slots.entry);
    },
    see: async () => {
      await goes(stage, menuEntries);
      if (isAsking) await appears(stage, '.monaco-dialog-box .monaco-button');
    },
  }),
  renameFile: (stage, { slots }) => ({
    act: async () => {
      await appears(stage, '.explorer-viewlet .monaco-inputbox');
      await stage.page.keyboard.press('Control+a');
      await stage.hands.type(`${slots.new}\n`);
    },
    see: () => appears(stage, inTree(slots.new)),
  }),
  dialog: (stage, { slots }) => ({
    act: () => click(stage, `.monaco-dialog-box .monaco-button:has-text("${slots.label}")`),
    see: () => goes(stage, '.monaco-dialog-box'),
  }),
  newFolder: (stage, { slots }) => ({
    act: () => makeInTree(stage, 'New Folder', slots.file),
    see: () => appears(stage, inTree(slots.file)),
  }),
  menuBar: (stage, { menu, slots }) => ({
    act: async () => {
      await focusEditor(stage);
      await click(stage, `.menubar-menu-button[aria-label="${menu}"]`);
      await openMenu(stage, slots.entry);
    },
    see: () => goes(stage, menuEntries),
  }),
  otherPanel: (stage, { keys }) => ({
    act: () => stage.hands.press(...keys.split(' ')),
    see: () => stage.page.locator('.part.panel').waitFor({ timeout: limitMs }),
  }),
  sourceControl: (stage, { slots }) => ({
    act: async () => {
      await appears(stage, '.scm-view .resource');
      await click(stage, '.scm-view .scm-editor');
      await stage.hands.type(slots.message);
      await stage.hands.pause(900);
      await stage.hands.press('Control+Enter');
    },
    see: () => goes(stage, '.scm-view .resource'),
  }),
  breakpoint: (stage, { line }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.screen.clickBehind(line);
      await stage.hands.pause(500);
      await stage.hands.press('F9');
    },
    see: () => appears(stage, '.monaco-editor [class*="codicon-debug-breakpoint"]'),
  }),
  debugStart: (stage) => ({
    act: async () => {
      await stage.hands.press('F5');
      const entry = `${picker} .monaco-list-row:has-text("Node.js")`;
      await stage.page.locator(entry).first().waitFor({ timeout: limitMs });
      await stage.hands.pause(1200);
      await click(stage, entry);
    },
    see: () => appears(stage, toolbar),
  }),
  debugPause: (stage, { slots }) => ({
    act: () => Promise.resolve(),
    see: () =>
      stage.screen.shows(
        '.debug-call-stack .stack-frame .label',
        (frames) => frames.some((frame) => frame.includes(slots.name)),
        limitMs,
      ),
  }),
  debugStop: (stage) => ({
    act: () => click(stage, `${toolbar} .codicon-debug-stop`),
    see: () => goes(stage, toolbar),
  }),
  serve: (stage, { slots, text }) => ({
    act: () => runInTerminal(stage, text),
    see: () =>
      stage.screen.shows(terminalRows, (rows) => hasText(rows, `localhost:${slots.port}`), limitMs),
  }),
  browse: (stage, { slots }) => ({
    act: async () => {
      const { hands } = stage;
      await runCommand(stage, 'Simple Browser: Show');
      await stage.page
        .locator(`${picker} input[placeholder*="example.com"]`)
        .waitFor({ timeout: limitMs });
      await hands.type(`${slots.url}`);
      await hands.pause(600);
      await hands.press('Enter');
      await stage.screen.tabShows('Simple Browser');
      await hands.press('Control+Alt+ArrowRight');
    },
    see: () => untilInside(stage, slots.title),
  }),
  reload: (stage, { slots }) => ({
    act: () => Promise.resolve(),
    see: () => untilInside(stage, slots.text),
  }),
  endServer: (stage) => ({
    act: async () => {
      await click(stage, '.terminal-wrapper.active .xterm-screen');
      await stage.hands.press('Control+c');
    },
    see: () => stage.screen.shows(terminalRows, (rows) => isAtPrompt(rows, stage.prompt), limitMs),
  }),
  preview: (stage, { slots }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+k', 'v');
    },
    see: () => says(stage, '.tab .monaco-icon-label-container', slots.view),
  }),
};
