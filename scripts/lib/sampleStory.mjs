// The story of the demo sample: what the developer does in VS Code, and when a viewer can first see that it happened.
import { isAtPrompt, Screen } from './editorScreen.mjs';
import { typedFunction } from './sampleProject.mjs';

/** What the shell begins its lines with. */
export const prompt = 'pantry $';

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
    shell: { path: '/bin/bash', args: ['--noprofile', '--norc'], env: { PS1: `${prompt} ` } },
  },
};

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
  const finished = (rows, text) =>
    isAtPrompt(rows, prompt) && rows.some((row) => row.includes(text));

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
      await screen.shows('.rename-box', (boxes) => boxes.length > 0);
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
