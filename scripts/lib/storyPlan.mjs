// What happens in a recorded story, by seed: the look of the window, the project, and the steps with what is to be told of
// each. Pure; storySteps.mjs performs it.
import { Dice } from './dice.mjs';
import { cosmetics } from './editorLooks.mjs';
import { interfaceTable } from './interfacePlan.mjs';
import { makeProject, Names } from './storyProject.mjs';
import { Story } from './storyState.mjs';

/** @typedef {import('./storyState.mjs').Look} Look */
/** @typedef {import('./storyState.mjs').Plan} Plan */

export const themes = {
  dark: ['Dark Modern', 'Dark+', 'Dark 2026', 'Monokai', 'Solarized Dark', 'Abyss', 'Kimbie Dark'],
  light: ['Light Modern', 'Light+', 'Light 2026', 'Quiet Light', 'Solarized Light'],
};

/** Commands of the palette that leave everything where it is. */
const commands = [
  'View: Toggle Word Wrap',
  'Fold All',
  'Unfold All',
  'Trim Trailing Whitespace',
  'Cursor Undo',
  'Expand Selection',
  'Select All',
];
const views = ['Explorer', 'Search', 'Source Control', 'Run and Debug'];
const shellCommands = [
  'ls',
  'pwd',
  'git status --short',
  'git log --oneline',
  'git branch',
  'date',
];
const pushWithoutRemote = 'Git: Push';

const isCode = (story) => story.isCode;
const isSaved = (story) => story.isSaved;
const isRunnable = ({ project, isDirty }) => project.isRunnable && !isDirty;
const isSmart = (story) => story.isSmart;

/**
 * The steps of stories, by name: how often, when they can happen, and what they plan.
 * @type {Readonly<Record<string, {weight: number, when?: (story: Story) => boolean, plan: (story: Story) => void}>>}
 */
export const table = {
  ...interfaceTable,
  quickOpen: {
    weight: 2,
    when: ({ isDirty }) => !isDirty,
    plan: (story) => {
      const others = story.project.sources.filter(({ path }) => path !== story.file?.path);
      story.open(story.dice.pick(others), 'quickOpen');
    },
  },
  openLong: {
    weight: 1,
    when: (story) => isSaved(story) && story.file.path !== story.project.long,
    plan: (story) => {
      story.open({ path: story.project.long, functions: [] }, 'quickOpen');
    },
  },
  scroll: {
    weight: 12,
    when: (story) =>
      story.file?.path === story.project.long && story.steps.at(-1).does !== 'scroll',
    plan: (story) => {
      story.add({ does: 'scroll', kind: 'scroll', slots: { direction: 'down' } });
      if (story.dice.chance(0.4))
        story.add({ does: 'scroll', kind: 'scroll', slots: { direction: 'up' } });
    },
  },
  unfold: {
    weight: 2.5,
    when: ({ view, isSideBarShown, unfolded }) =>
      view === 'Explorer' && isSideBarShown && unfolded.length === 0,
    plan: (story) => {
      const folder = story.dice.pick(story.project.folders);
      story.unfolded.push(folder.name);
      story.add({
        does: 'unfold',
        kind: 'expanded',
        slots: { item: folder.name },
        file: folder.file,
      });
      if (story.isDirty || story.dice.chance(0.4)) return;
      story.open({ path: `${folder.name}/${folder.file}`, functions: [] }, 'explorerOpen');
    },
  },
  create: {
    weight: 1.5,
    when: ({ view, isSideBarShown, isDirty }) => view === 'Explorer' && isSideBarShown && !isDirty,
    plan: (story) => {
      const name = `${story.names.noun()}.${story.dice.pick([story.language.extension, 'md', 'json'])}`;
      story.file = { path: name, functions: [] };
      story.tabs.push(name);
      story.isChanged = true;
      story.add({ does: 'create', kind: 'create', slots: { file: name } });
    },
  },
  typeFunction: {
    weight: 3,
    when: isCode,
    plan: (story) => {
      const name = story.names.function(story.language);
      const body = story.language.body(name, story.names.field(), story.dice.between(2, 99));
      story.type(['', ...body], 'function', { function: name });
      if (story.dice.chance(0.7)) story.save();
    },
  },
  typeValue: {
    weight: 2,
    when: isCode,
    plan: (story) => {
      const value = story.dice.between(2, 999);
      const constant = story.names.constant(story.language);
      const { text, name } = story.language.constant(constant, value);
      story.type(['', text], 'value', { name, value: String(value) });
    },
  },
  typeImport: {
    weight: 1,
    when: isCode,
    plan: (story) => {
      const { text, module } = story.language.include(story.dice.pick(story.language.modules));
      story.type([text], 'import', { module }, 'start');
    },
  },
  typeCode: {
    weight: 2,
    when: isCode,
    plan: (story) => {
      const line = `${story.language.comment} ${story.names.message()}`;
      story.type(['', line], 'code', { line });
    },
  },
  save: {
    weight: 4,
    when: ({ isDirty }) => isDirty,
    plan: (story) => {
      story.save();
    },
  },
  command: {
    weight: 2,
    plan: (story) => {
      const command = story.dice.pick(shellCommands);
      story.run(command, 'command', { command });
    },
  },
  runOk: {
    weight: 2.5,
    when: isRunnable,
    plan: (story) => {
      const command = `node ${story.project.programs.ok}`;
      story.run(command, 'run_ok', { command }, { shows: [story.project.programs.said] });
    },
  },
  runError: {
    weight: 2,
    when: isRunnable,
    plan: (story) => {
      const { broken, error } = story.project.programs;
      const command = `node --stack-trace-limit=0 ${broken}`;
      story.run(command, 'run_error', { command, error }, { shows: [error] });
    },
  },
  testsPass: {
    weight: 3,
    when: isRunnable,
    plan: (story) => {
      const { path, count } = story.project.tests.passing;
      const command = `node --test ${path}`;
      const shows = [`pass ${count}`, 'fail 0'];
      story.run(command, 'tests_pass', { command, count: String(count) }, { shows });
    },
  },
  testsFail: {
    weight: 3,
    when: isRunnable,
    plan: (story) => {
      const { path, test, error } = story.project.tests.failing;
      const command = `node --test --stack-trace-limit=0 ${path}`;
      story.run(command, 'tests_fail', { command, test, error }, { shows: [test, error] });
    },
  },
  commit: {
    weight: 5,
    when: ({ isChanged, isDirty }) => isChanged && !isDirty,
    plan: (story) => {
      const message = story.names.message();
      story.isChanged = false;
      story.run(
        `git add . && git commit -m "${message}"`,
        'commit',
        { message },
        {
          shows: [`] ${message}`],
        },
      );
    },
  },
  branch: {
    weight: 0.7,
    plan: (story) => {
      const branch = `${story.dice.pick(['feature', 'fix', 'try'])}/${story.names.noun()}`;
      const shows = [`Switched to a new branch '${branch}'`];
      story.run(`git switch -c ${branch}`, 'branch', { branch }, { shows });
    },
  },
  find: {
    weight: 1.5,
    when: isCode,
    plan: (story) => {
      story.add({ does: 'find', kind: 'find', slots: { query: story.functionName } });
    },
  },
  findEverywhere: {
    weight: 1,
    when: (story) => story.view === 'Search' && story.isSideBarShown && story.isCode,
    plan: (story) => {
      story.add({ does: 'findEverywhere', kind: 'find', slots: { query: story.functionName } });
    },
  },
  rename: {
    weight: 1.5,
    when: isSmart,
    plan: (story) => {
      const old = story.functionName;
      const renamed = story.names.function(story.language);
      const functions = story.file.functions.map((each) => (each === old ? renamed : each));
      const { sources } = story.project;
      story.file = { ...story.file, functions };
      story.project = {
        ...story.project,
        sources: sources.map((each) => (each.path === story.file.path ? story.file : each)),
      };
      story.isDirty = true;
      story.add({ does: 'rename', kind: 'rename', slots: { old, new: renamed } });
    },
  },
  hover: {
    weight: 2.5,
    when: isSmart,
    plan: (story) => {
      const name = story.functionName;
      story.add({ does: 'hover', kind: 'hover', slots: {}, seen: ['text'], name });
    },
  },
  complete: {
    weight: 2.5,
    when: isSmart,
    plan: (story) => {
      const name = story.functionName;
      const typed = name.slice(0, story.dice.between(3, 4));
      story.isDirty = true;
      story.add({
        ...{ does: 'suggest', kind: 'completions', slots: {}, seen: ['first'] },
        ...{ typed, name },
      });
      story.add({ does: 'accept', kind: 'completed', slots: { entry: name } });
    },
  },
  problem: {
    weight: 3,
    when: (story) => isSmart(story) && story.project.language === 'ts',
    plan: (story) => {
      const name = `${story.dice.pick(['first', 'last', 'best'])}${story.dice.between(1, 9)}`;
      const text = `const ${name}: number = '${story.names.noun()}';`;
      story.type(['', text], 'code', { line: text });
      story.isPanelShown = true;
      const message = "Type 'string' is not assignable to type 'number'.";
      story.add({ does: 'problems', kind: 'problem', slots: { message } });
    },
  },
  palette: {
    weight: 2,
    when: isCode,
    plan: (story) => {
      story.add({
        does: 'palette',
        kind: 'palette',
        slots: { command: story.dice.pick(commands) },
      });
    },
  },
  toast: {
    weight: 2.5,
    when: (story) => isSaved(story) && !story.project.hasRemote,
    plan: (story) => {
      story.add({ does: 'palette', kind: 'palette', slots: { command: pushWithoutRemote } });
      story.add({ does: 'toast', kind: 'notification', slots: {}, seen: ['text'], comes: true });
      story.add({ does: 'closeToast', kind: 'closed', slots: {} });
    },
  },
  editorMenu: {
    weight: 1.2,
    when: isSmart,
    plan: (story) => {
      story.add({
        ...{ does: 'editorMenu', kind: 'menu', name: story.functionName },
        slots: { entry: story.dice.pick(['Change All Occurrences', 'Go to Definition']) },
      });
    },
  },
  tabMenu: {
    weight: 1,
    when: isSaved,
    plan: (story) => {
      story.add({
        ...{ does: 'tabMenu', kind: 'menu', file: story.file.path.split('/').at(-1) },
        slots: { entry: story.dice.pick(['Copy Path', 'Copy Relative Path']) },
      });
    },
  },
  closeTab: {
    weight: 1,
    when: (story) => isSaved(story) && story.tabs.length > 1,
    plan: (story) => {
      const path = story.file.path;
      story.tabs = story.tabs.filter((each) => each !== path);
      story.file = undefined;
      const name = path.split('/').at(-1);
      story.add({ does: 'closeTab', kind: 'closed', slots: { name } });
    },
  },
  view: {
    weight: 1.5,
    when: ({ isSideBarShown }) => isSideBarShown,
    plan: (story) => {
      story.view = story.dice.pick(views.filter((view) => view !== story.view));
      // Its title is written in capitals by some releases.
      story.add({ does: 'view', kind: 'view', slots: {}, seen: ['view'], name: story.view });
    },
  },
  sideBar: {
    weight: 0.8,
    // In Markdown its keys make text bold.
    when: ({ file }) => file?.path.endsWith('.md') !== true,
    plan: (story) => {
      story.isSideBarShown = !story.isSideBarShown;
      const kind = story.isSideBarShown ? 'side_show' : 'side_hide';
      story.add({ does: 'sideBar', kind, slots: {}, isShown: story.isSideBarShown });
    },
  },
  panel: {
    weight: 1.2,
    plan: (story) => {
      story.isPanelShown = !story.isPanelShown;
      const kind = story.isPanelShown ? 'panel_open' : 'panel_close';
      story.add({ does: 'panel', kind, slots: {}, isShown: story.isPanelShown });
    },
  },
  theme: {
    weight: 0.8,
    plan: (story) => {
      story.isLight = !story.isLight;
      const name = story.dice.pick(story.isLight ? themes.light : themes.dark);
      const kind = story.isLight ? 'theme_light' : 'theme_dark';
      story.add({ does: 'theme', kind, slots: {}, name, isLight: story.isLight });
    },
  },
  idle: {
    weight: 1.5,
    plan: (story) => {
      story.add({ does: 'idle', ms: story.dice.between(3000, 7000) });
    },
  },
};

/** Sizes of windows, px, the usual one most often. */
const sizes = { '1280x720': 5, '1024x640': 1, '1600x900': 1.5, '1366x768': 1.5, '1100x800': 1 };

/** @param {Dice} dice @returns {Look} */
function makeLook(dice) {
  const [width, height] = dice.weighted(sizes).split('x').map(Number);
  const isLight = dice.chance(0.35);
  const isSpacious = width >= 1280;
  return {
    ...{ width, height, isLight },
    theme: dice.pick(isLight ? themes.light : themes.dark),
    fontSize: Number(dice.weighted({ 13: 1, 14: 4, 16: 2, ...(isSpacious ? { 19: 1 } : {}) })),
    isSideBarShown: !dice.chance(0.2),
    isOnRight: dice.chance(0.12),
    hasMinimap: isSpacious && dice.chance(0.3),
    prompt: dice.pick(['$', '>', 'dev $', '~ %', 'me@box $']),
    hasMenuBar: dice.chance(0.4),
    looks: cosmetics(dice),
  };
}

/** How long a story is, s, and how many steps it has; one in so many shows nothing that is worth a word. */
const length = { least: 40, most: 75, fewest: 8, steps: 22 };
const idleShare = 0.1;

/** @param {number} seed @returns {Plan} the same for the same seed */
export function planStory(seed) {
  const dice = new Dice(seed);
  const look = makeLook(dice);
  const names = new Names(dice);
  const project = makeProject(dice, names);
  const story = new Story(dice, look, project, names);
  const seconds = dice.between(length.least, length.most);
  if (dice.chance(idleShare)) {
    while (story.seconds < seconds) table.idle.plan(story);
    return { seed, look, project, steps: story.steps };
  }
  table.quickOpen.plan(story);
  let last = 'quickOpen';
  const told = () => story.steps.filter(({ kind }) => kind !== undefined).length;
  while (told() < length.fewest || (story.seconds < seconds && story.steps.length < length.steps)) {
    const possible = Object.entries(table).filter(
      ([name, { when }]) => name !== last && (when === undefined || when(story)),
    );
    last = dice.weighted(Object.fromEntries(possible.map(([name, { weight }]) => [name, weight])));
    table[last].plan(story);
  }
  return { seed, look, project, steps: story.steps };
}
