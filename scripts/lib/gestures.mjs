// What hands do in VS Code, and how it is told that it has been done.
import { isAtPrompt } from './editorScreen.mjs';

/**
 * Where a story is played.
 * @typedef {{page: import('playwright-core').Page, hands: import('./typist.mjs').Typist,
 *   screen: import('./editorScreen.mjs').Screen, prompt: string}} Stage
 */

export const limitMs = 15_000;
export const picker = '.quick-input-widget';
export const entries = `${picker} .monaco-list-row .quick-input-list-entry .label-name`;

/** Moves the pointer there in view of everybody and clicks. */
export async function click({ page, hands }, selector, options = {}) {
  const target = page.locator(selector).first();
  await target.waitFor({ timeout: limitMs });
  const { x, y, width, height } = await target.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 12 });
  await hands.pause(150);
  await page.mouse.click(x + width / 2, y + height / 2, options);
}

/** Waits until one element says exactly this. */
export const says = ({ screen }, selector, text) =>
  screen.shows(selector, (texts) => texts.some((each) => each.trim() === text), limitMs);

export const appears = ({ screen }, selector) =>
  screen.shows(selector, (all) => all.length > 0, limitMs);
export const goes = ({ screen }, selector) =>
  screen.shows(selector, (all) => all.length === 0, limitMs);

/** Chooses the entry of an open picker that has this name; what is typed brings it up. */
export async function choose(stage, typed, entry) {
  const { hands, screen } = stage;
  await hands.type(typed);
  let place = -1;
  await screen.shows(
    entries,
    (names) => (place = names.findIndex((name) => name.trim() === entry)) >= 0,
    limitMs,
  );
  await hands.pause(1100);
  await hands.press(...Array.from({ length: place }, () => 'ArrowDown'), 'Enter');
}

export async function focusEditor({ hands }) {
  await hands.press('Control+1');
  await hands.pause(200);
}

/** Runs a command by its name from the palette. */
export async function runCommand(stage, name) {
  await focusEditor(stage);
  await stage.hands.press('F1');
  await stage.hands.pause(400);
  await choose(stage, name, name);
}

/** An entry of the file tree. */
export const inTree = (name) => `.explorer-viewlet .monaco-list-row[aria-label^="${name}"]`;

/** Makes something in the file tree. @param {string} button its label */
export async function makeInTree(stage, button, name) {
  await stage.page.locator('.explorer-folders-view').hover();
  await click(stage, `.explorer-viewlet .pane-header .action-label[aria-label^="${button}"]`);
  await appears(stage, '.explorer-viewlet .monaco-inputbox');
  await stage.hands.pause(500);
  await stage.hands.type(`${name}\n`);
}

export const terminalRows = '.xterm-rows > div';
export const hasText = (rows, text) => rows.some((row) => row.includes(text));

/** To a prompt on an empty terminal. */
async function toTerminal(stage) {
  const { page, hands, prompt } = stage;
  if (await page.locator('.part.panel').isVisible()) {
    if (!(await page.locator('.xterm-rows').first().isVisible()))
      await click(stage, '.part.panel .action-label[aria-label^="Terminal"]');
    await click(stage, '.terminal-wrapper.active .xterm-screen');
  } else {
    await hands.press('Control+Backquote');
  }
  await stage.screen.shows(terminalRows, (rows) => isAtPrompt(rows, prompt), limitMs);
  await hands.press('Control+l');
  await hands.pause(400);
}

export const sideTitle = '.part.sidebar .composite.title .title-label h2';
export const menuEntries = '.monaco-menu .action-label';
export const toasts = '.notifications-toasts .notification-list-item-message';

export async function openMenu(stage, entry) {
  await says(stage, menuEntries, entry);
  await stage.hands.pause(1300);
  await stage.page.locator(menuEntries).filter({ hasText: entry }).first().hover();
  await stage.hands.pause(900);
  await stage.page.keyboard.press('Enter');
}

/** Runs a command line. What it prints may push it out of sight: the viewer reads it before. */
export async function runInTerminal(stage, line) {
  await toTerminal(stage);
  await stage.hands.type(line);
  await stage.screen.shows(terminalRows, (rows) => hasText(rows, line), limitMs);
  await stage.hands.pause(1000);
  await stage.hands.press('Enter');
}
