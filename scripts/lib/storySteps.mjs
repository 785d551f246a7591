// Performs planned steps in VS Code as a person does, and waits until each can be seen.
import { isAtPrompt } from './editorScreen.mjs';
import {
  appears,
  choose,
  click,
  entries,
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
  sideTitle,
  terminalRows,
  toasts,
} from './gestures.mjs';
import { interfacePerformers } from './interfaceSteps.mjs';
import { presenterSettings } from './sampleStory.mjs';

/**
 * @typedef {import('./gestures.mjs').Stage} Stage
 * @typedef {import('./storyState.mjs').PlannedStep} PlannedStep
 */

/**
 * User settings of a story.
 * @param {import('./storyState.mjs').Look} look
 * @param {string} searchPath of the shell
 */
export function settingsOf(
  { theme, fontSize, hasMinimap, isOnRight, hasMenuBar, prompt, looks },
  searchPath,
) {
  const env = { PS1: `${prompt} `, PATH: searchPath };
  const terminal = Math.min(fontSize, 16);
  return {
    ...presenterSettings,
    ...looks,
    'workbench.colorTheme': theme,
    'window.menuBarVisibility': hasMenuBar ? 'visible' : 'compact',
    'window.dialogStyle': 'custom',
    // Settings are a tab, as they were for ten years.
    'workbench.editor.useModal': 'off',
    'git.enableSmartCommit': true,
    'git.confirmSync': false,
    'files.simpleDialog.enable': true,
    'workbench.sideBar.location': isOnRight ? 'right' : 'left',
    'editor.fontSize': fontSize,
    'editor.minimap.enabled': hasMinimap,
    // What is typed is what stands there, whatever the language.
    'editor.autoIndent': 'none',
    'explorer.autoReveal': false,
    'explorer.compactFolders': false,
    'files.insertFinalNewline': false,
    'git.openRepositoryInParentFolders': 'never',
    'javascript.suggest.enabled': true,
    'editor.wordBasedSuggestions': 'currentDocument',
    'terminal.integrated.fontSize': terminal,
    'terminal.integrated.profiles.linux': {
      shell: { path: '/bin/bash', args: ['--noprofile', '--norc'], env },
    },
  };
}

/** Sees a file in front. */
async function seesFile({ screen }, { slots, shows }) {
  await screen.tabShows(slots.file);
  if (shows) await screen.editorShows(shows);
}

/**
 * How each step is done and when it can be seen. `see` resolves to names that only the screen knew.
 * @type {Readonly<Record<string, (stage: Stage, step: PlannedStep) => {act: () => Promise<void>, see: () => Promise<Record<string, string> | void>}>>}
 */
export const performers = {
  ...interfacePerformers,
  quickOpen: (stage, step) => ({
    act: async () => {
      await stage.hands.press('Control+p');
      await stage.hands.pause(500);
      await choose(stage, step.slots.file, step.slots.file);
    },
    see: () => seesFile(stage, step),
  }),
  explorerOpen: (stage, step) => ({
    act: () => click(stage, inTree(step.slots.file)),
    see: () => seesFile(stage, step),
  }),
  unfold: (stage, { slots, file }) => ({
    act: () => click(stage, inTree(slots.item)),
    see: () => appears(stage, inTree(file)),
  }),
  create: (stage, step) => ({
    act: () => makeInTree(stage, 'New File', step.slots.file),
    see: () => seesFile(stage, step),
  }),
  type: (stage, { at, text, shows }) => ({
    act: async () => {
      const { hands } = stage;
      await focusEditor(stage);
      await hands.press(at === 'start' ? 'Control+Home' : 'Control+End');
      await hands.pause(500);
      await hands.type(at === 'start' ? `${text}\n` : text);
    },
    see: () => stage.screen.editorShows(shows),
  }),
  save: (stage, { slots }) => ({
    act: () => stage.hands.press('Control+s'),
    see: () => says(stage, '.tab.active:not(.dirty) .monaco-icon-label-container', slots.file),
  }),
  run: (stage, { text, shows = [] }) => ({
    act: () => runInTerminal(stage, text),
    see: () =>
      stage.screen.shows(
        terminalRows,
        (rows) => isAtPrompt(rows, stage.prompt) && shows.every((each) => hasText(rows, each)),
        limitMs,
      ),
  }),
  scroll: ({ page, hands, screen }, { slots }) => {
    let before;
    const top = (lines) => [...lines].sort().join('\n');
    return {
      act: async () => {
        const editor = await page.locator('.part.editor .monaco-editor').first().boundingBox();
        await page.mouse.move(editor.x + editor.width / 2, editor.y + editor.height / 2, {
          steps: 8,
        });
        before = top(await page.locator('.view-line').allTextContents());
        for (let turn = 0; turn < 5; turn++) {
          await page.mouse.wheel(0, slots.direction === 'down' ? 160 : -160);
          await hands.pause(120);
        }
      },
      see: () => screen.shows('.view-line', (lines) => top(lines) !== before, limitMs),
    };
  },
  find: (stage, { slots }) => ({
    act: async () => {
      await focusEditor(stage);
      // A selection would be searched for.
      await stage.hands.press('Control+Home', 'Control+f');
      await appears(stage, '.find-widget.visible');
      await stage.page.keyboard.press('Control+a');
      await stage.hands.type(slots.query);
    },
    see: async () => {
      await stage.screen.shows(
        '.find-widget.visible .matchesCount',
        ([count]) => /^\d+ of \d+/.test(count ?? ''),
        limitMs,
      );
    },
  }),
  findEverywhere: (stage, { slots }) => ({
    act: async () => {
      await click(stage, '.search-view .search-widget textarea');
      await stage.page.keyboard.press('Control+a');
      await stage.hands.type(slots.query);
    },
    see: () =>
      stage.screen.shows('.search-view .message', (texts) => /result/.test(texts[0]), limitMs),
  }),
  rename: (stage, { slots }) => ({
    act: async () => {
      const { hands, screen } = stage;
      await focusEditor(stage);
      await hands.press('Control+Home');
      await screen.clickBehind(`function ${slots.old}`);
      await hands.pause(600);
      await hands.press('F2');
      await appears(stage, '.rename-box');
      await hands.pause(600);
      await hands.type(slots.new);
      await hands.pause(700);
      await hands.press('Enter');
    },
    see: () => stage.screen.editorShows(`function ${slots.new}(`),
  }),
  hover: (stage, { name }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+Home');
      await stage.screen.clickBehind(`function ${name}`);
      await stage.hands.pause(500);
      await stage.hands.press('Control+k', 'Control+i');
    },
    see: async () => {
      const rows = '.monaco-editor .monaco-hover .hover-row .monaco-tokenized-source';
      await stage.screen.shows(rows, ([text]) => text?.includes(name) === true, limitMs);
      const text = await stage.page.locator(rows).first().innerText();
      return { text: text.replaceAll('\u00a0', ' ').split('\n')[0] };
    },
  }),
  suggest: (stage, { typed, name }) => {
    const labels = '.suggest-widget.visible .monaco-list-row .label-name';
    return {
      act: async () => {
        const { hands } = stage;
        await focusEditor(stage);
        await hands.press('Control+End', 'Enter');
        await hands.type(typed);
        await hands.pause(300);
        await hands.press('Control+Space');
      },
      see: async () => {
        await stage.screen.shows(labels, (all) => all[0]?.trim() === name, limitMs);
        const [first, second] = await stage.page.locator(labels).allInnerTexts();
        return { first, ...(second === undefined ? {} : { second }) };
      },
    };
  },
  accept: (stage, { slots }) => ({
    act: async () => {
      await stage.hands.pause(900);
      await stage.hands.press('Enter');
    },
    see: () =>
      stage.screen.shows(
        '.view-line',
        (lines) => lines.some((line) => line.trim() === slots.entry),
        limitMs,
      ),
  }),
  problems: (stage, { slots }) => ({
    act: () => stage.hands.press('Control+Shift+m'),
    see: () =>
      stage.screen.shows(
        '.markers-panel .monaco-list-row',
        (rows) => rows.some((row) => row.includes(slots.message)),
        limitMs,
      ),
  }),
  palette: (stage, { slots }) => ({
    act: () => runCommand(stage, slots.command),
    see: () => stage.page.locator(picker).waitFor({ state: 'hidden', timeout: limitMs }),
  }),
  toast: (stage) => ({
    // It comes by itself, behind the step before.
    act: () => Promise.resolve(),
    see: async () => {
      await appears(stage, toasts);
      return { text: (await stage.page.locator(toasts).first().innerText()).trim() };
    },
  }),
  closeToast: (stage) => ({
    act: async () => {
      await stage.page.locator(toasts).first().hover();
      await click(stage, '.notifications-toasts .action-label.codicon-notifications-clear');
    },
    see: () => goes(stage, toasts),
  }),
  editorMenu: (stage, { name, slots }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+Home');
      await stage.screen.clickBehind(`function ${name}`);
      await stage.hands.press('Shift+F10');
      await openMenu(stage, slots.entry);
    },
    see: () => goes(stage, menuEntries),
  }),
  tabMenu: (stage, { slots }) => ({
    act: async () => {
      await click(stage, '.tab.active', { button: 'right' });
      await openMenu(stage, slots.entry);
    },
    see: () => goes(stage, menuEntries),
  }),
  closeTab: (stage, { slots }) => ({
    act: async () => {
      await stage.page.locator('.tab.active').hover();
      await click(stage, '.tab.active .tab-actions .action-label');
    },
    see: () =>
      stage.screen.shows(
        '.tab .monaco-icon-label-container',
        (names) => !names.includes(slots.name),
        limitMs,
      ),
  }),
  view: (stage, { name }) => ({
    act: () => click(stage, `.part.activitybar .action-label[aria-label^="${name}"]`),
    see: async () => {
      const isNamed = (title = '') => title.toLowerCase().startsWith(name.toLowerCase());
      await stage.screen.shows(sideTitle, ([title]) => isNamed(title), limitMs);
      return { view: (await stage.page.locator(sideTitle).first().innerText()).trim() };
    },
  }),
  sideBar: (stage, { isShown }) => ({
    act: async () => {
      // In the terminal it would be the shell's.
      await focusEditor(stage);
      await stage.hands.press('Control+b');
    },
    see: () => untilShown(stage.page, '.part.sidebar', isShown),
  }),
  panel: ({ page, hands }, { isShown }) => ({
    act: () => hands.press('Control+j'),
    see: () => untilShown(page, '.part.panel', isShown),
  }),
  theme: (stage, { name, isLight }) => ({
    act: async () => {
      await focusEditor(stage);
      await stage.hands.press('Control+k', 'Control+t');
      await appears(stage, entries);
      await stage.hands.pause(600);
      await stage.hands.type(name);
      await stage.hands.pause(900);
      await stage.hands.press('Enter');
    },
    see: async () => {
      await appears(stage, `.monaco-workbench.${isLight ? 'vs' : 'vs-dark'}`);
      await stage.page.locator(picker).waitFor({ state: 'hidden', timeout: limitMs });
    },
  }),
};

async function untilShown(page, selector, isShown) {
  await page.locator(selector).waitFor({ state: isShown ? 'visible' : 'hidden', timeout: limitMs });
}

/** What is put away before the next step: a picker, a search, a hover. @type {Readonly<Record<string, readonly string[]>>} */
const tidying = {
  find: ['Escape'],
  replace: ['Escape'],
  hover: ['Escape'],
  editorMenu: ['Escape'],
  menuBar: ['Escape'],
  line: ['Enter'],
};

/** A stretch in which nothing happens that is worth a word. */
async function idle({ page, hands }, { ms }) {
  const { width, height } = page.viewportSize();
  await page.mouse.move(width * 0.5, height * 0.4, { steps: 25 });
  await hands.pause(ms * 0.5);
  await page.mouse.move(width * 0.6, height * 0.55, { steps: 25 });
  await hands.pause(ms * 0.5);
}

/**
 * Plays a plan.
 * @param {Stage} stage
 * @param {readonly PlannedStep[]} steps
 * @param {(step: {kind: string, slots: Record<string, string>, act: () => Promise<void>, see: () => Promise<object | void>}) => Promise<void>} step
 */
export async function playPlan(stage, steps, step) {
  await stage.hands.pause(1500);
  for (const [index, planned] of steps.entries()) {
    if (planned.kind === undefined) {
      await idle(stage, planned);
      continue;
    }
    const { act, see } = performers[planned.does](stage, planned);
    try {
      await step({
        kind: planned.kind,
        slots: planned.slots,
        act,
        see: async () => {
          const seen = await see();
          return seen === undefined ? undefined : { slots: { ...planned.slots, ...seen } };
        },
      });
    } catch (error) {
      const told = `${planned.does} ${JSON.stringify(planned.slots)}`;
      throw new Error(`cannot be played: ${told}: ${error.message}`, { cause: error });
    }
    if (steps[index + 1]?.comes) continue;
    await stage.hands.pause(1700);
    await stage.hands.press(...(tidying[planned.does] ?? []));
  }
  await stage.hands.pause(2000);
}
