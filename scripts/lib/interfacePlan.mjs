// What happens around the code in a recorded story: settings, trees, source control, the debugger, a page. interfaceSteps.mjs performs it.
/** @typedef {import('./storyState.mjs').Story} Story */

/** Settings that people change, by what they look for; each label stands alone on its line. */
const settings = [
  { query: 'format on save', does: 'tick', label: 'Format On Save' },
  { query: 'format on paste', does: 'tick', label: 'Format On Paste' },
  { query: 'mouse wheel zoom', does: 'tick', label: 'Mouse Wheel Zoom' },
  { query: 'detect indentation', does: 'tick', label: 'Detect Indentation' },
  { query: 'linked editing', does: 'tick', label: 'Linked Editing' },
  { query: 'trim trailing whitespace', does: 'tick', label: 'Trim Trailing Whitespace' },
  { query: 'line numbers', does: 'selectSetting', label: 'Line Numbers', value: 'relative' },
  { query: 'render whitespace', does: 'selectSetting', label: 'Render Whitespace', value: 'all' },
  { query: 'cursor style', does: 'selectSetting', label: 'Cursor Style', value: 'block' },
  { query: 'match brackets', does: 'selectSetting', label: 'Match Brackets', value: 'near' },
  { query: 'auto save', does: 'selectSetting', label: 'Auto Save', value: 'onFocusChange' },
  { query: 'tab size', does: 'fillSetting', label: 'Tab Size' },
  { query: 'word wrap column', does: 'fillSetting', label: 'Word Wrap Column' },
  { query: 'auto save delay', does: 'fillSetting', label: 'Auto Save Delay' },
];
const modes = ['Python', 'Markdown', 'Go', 'Rust', 'Ruby', 'Java', 'YAML', 'HTML', 'Lua', 'Swift'];
const menuBar = [
  { menu: 'Selection', entry: 'Expand Selection' },
  { menu: 'Selection', entry: 'Select All' },
  { menu: 'Selection', entry: 'Add Cursor Below' },
  { menu: 'Edit', entry: 'Copy' },
  { menu: 'Edit', entry: 'Find' },
  { menu: 'Go', entry: 'Go to Bracket' },
];
/** Keys that open the problems, and the output. */
const panelKeys = ['Control+Shift+m', 'Control+k Control+h'];

const hasTree = ({ view, isSideBarShown }) => view === 'Explorer' && isSideBarShown;
const isSaved = (story) => story.isSaved;

/** A file in the tree that no tab shows. @param {Story} story */
const looseFile = ({ project, tabs, gone }) =>
  ['README.md', 'LICENSE', 'notes.txt'].find(
    (name) => name in project.files && !tabs.includes(name) && !gone.includes(name),
  );

/** @type {Readonly<Record<string, {weight: number, when?: (story: Story) => boolean, plan: (story: Story) => void}>>} */
export const interfaceTable = {
  settings: {
    weight: 3,
    when: isSaved,
    plan: (story) => {
      const { query, does, label, value } = story.dice.pick(settings);
      story.add({ does: 'openSettings', kind: 'view', slots: { view: 'Settings' } });
      story.add({ does: 'searchSettings', kind: 'typed', slots: { text: query } });
      if (does === 'tick') story.add({ does, kind: 'checked', slots: { label } });
      else if (does === 'selectSetting')
        story.add({ does, kind: 'selected', slots: { value, field: label } });
      else {
        const text = String(story.dice.between(3, 90));
        story.add({ does, kind: 'typed', slots: { text, field: label } });
      }
      story.add({ does: 'closeTab', kind: 'closed', slots: { name: 'Settings' } });
    },
  },
  mode: {
    weight: 1,
    when: (story) => story.isSaved && story.isCode,
    plan: (story) => {
      story.add({ does: 'mode', kind: 'selected', slots: { value: story.dice.pick(modes) } });
      story.file = { ...story.file, functions: [] };
    },
  },
  line: {
    weight: 3,
    when: (story) => story.file?.path === story.project.long,
    plan: (story) => {
      const text = String(story.dice.between(2, 60));
      story.add({ does: 'line', kind: 'typed', slots: { text } });
    },
  },
  symbol: {
    weight: 1,
    when: (story) => story.isSmart,
    plan: (story) => {
      story.add({ does: 'symbol', kind: 'selected', slots: { value: story.functionName } });
    },
  },
  replace: {
    weight: 1.5,
    when: (story) => story.isCode && !story.isDirty,
    plan: (story) => {
      const old = story.functionName;
      const value = story.names.function(story.language);
      story.isDirty = true;
      story.file = {
        ...story.file,
        functions: story.file.functions.map((each) => (each === old ? value : each)),
      };
      story.add({ does: 'findToReplace', kind: 'find', slots: { query: old } });
      story.add({ does: 'replace', kind: 'change', slots: { name: old, value } });
    },
  },
  change: {
    weight: 1.5,
    when: ({ steps }) => steps.at(-1)?.kind === 'value' && steps.at(-1).text.includes('\n'),
    plan: (story) => {
      const { slots, text } = story.steps.at(-1);
      const value = String(story.dice.between(2, 999));
      const line = text.split('\n').at(-1).replace(slots.value, value);
      story.add({ does: 'retype', kind: 'change', slots: { name: slots.name, value }, line });
    },
  },
  renameFile: {
    weight: 2,
    when: (story) => hasTree(story) && !story.isDirty && looseFile(story) !== undefined,
    plan: (story) => {
      const old = looseFile(story);
      const renamed = `${story.names.noun()}.md`;
      story.gone.push(old);
      story.isChanged = true;
      story.add({ does: 'treeMenu', kind: 'menu', slots: { entry: 'Rename...' }, file: old });
      story.add({ does: 'renameFile', kind: 'rename', slots: { old, new: renamed } });
    },
  },
  deleteFile: {
    weight: 2,
    when: (story) => hasTree(story) && !story.isDirty && looseFile(story) !== undefined,
    plan: (story) => {
      const file = looseFile(story);
      const label = story.dice.pick(['Delete', 'Cancel']);
      if (label === 'Delete') {
        story.gone.push(file);
        story.isChanged = true;
      }
      const slots = { entry: 'Delete Permanently' };
      story.add({ does: 'treeMenu', kind: 'menu', slots, file, isAsking: true });
      story.add({ does: 'dialog', kind: 'button', slots: { label } });
    },
  },
  treeMenu: {
    weight: 0.8,
    when: (story) => hasTree(story) && looseFile(story) !== undefined,
    plan: (story) => {
      const entry = story.dice.pick(['Copy Path', 'Copy Relative Path', 'Select for Compare']);
      story.add({ does: 'treeMenu', kind: 'menu', slots: { entry }, file: looseFile(story) });
    },
  },
  newFolder: {
    weight: 1,
    when: (story) => hasTree(story) && !story.isDirty && story.unfolded.length === 0,
    plan: (story) => {
      story.add({ does: 'newFolder', kind: 'create', slots: { file: story.names.noun() } });
    },
  },
  menuBar: {
    weight: 2.5,
    when: (story) => story.look.hasMenuBar && story.isCode,
    plan: (story) => {
      const { menu, entry } = story.dice.pick(menuBar);
      story.add({ does: 'menuBar', kind: 'menu', slots: { entry }, menu });
    },
  },
  otherPanel: {
    weight: 0.8,
    when: ({ isPanelShown }) => !isPanelShown,
    plan: (story) => {
      const keys = story.dice.pick(panelKeys);
      story.isPanelShown = true;
      story.add({ does: 'otherPanel', kind: 'panel_open', slots: {}, keys });
    },
  },
  sourceControl: {
    weight: 4,
    when: ({ isChanged, isDirty, isSideBarShown, view }) =>
      isChanged && !isDirty && isSideBarShown && view !== 'Source Control',
    plan: (story) => {
      story.view = 'Source Control';
      story.isChanged = false;
      story.add({ does: 'view', kind: 'view', slots: {}, seen: ['view'], name: story.view });
      const message = story.names.message();
      story.add({ does: 'sourceControl', kind: 'commit', slots: { message } });
    },
  },
  push: {
    weight: 8,
    when: ({ project, steps }) =>
      project.hasRemote &&
      steps.some(({ kind }) => kind === 'commit') &&
      steps.every(({ kind }) => kind !== 'push' && kind !== 'branch'),
    plan: (story) => {
      const more = { shows: ['main -> main'] };
      story.run('git push origin main', 'push', { branch: 'main' }, more);
    },
  },
  install: {
    weight: 1.5,
    when: (story) =>
      story.project.isRunnable && story.steps.every(({ kind }) => kind !== 'install'),
    plan: (story) => {
      const name = story.project.dependency;
      const slots = { package: name, tool: 'npm' };
      story.isChanged = true;
      story.run(`npm install ./vendor/${name}`, 'install', slots, { shows: ['added 1 package'] });
    },
  },
  debug: {
    weight: 5,
    when: (story) => story.project.language === 'js' && story.isSideBarShown && story.isSaved,
    plan: (story) => {
      const { path, name, stop } = story.project.stepped;
      const file = path.split('/').at(-1);
      story.open({ path, functions: [] }, 'quickOpen');
      story.add({ does: 'breakpoint', kind: 'breakpoint', slots: { file }, line: stop });
      story.add({ does: 'debugStart', kind: 'debug_start', slots: {} });
      story.add({ does: 'debugPause', kind: 'debug_pause', slots: { name, file }, comes: true });
      story.add({ does: 'debugStop', kind: 'debug_stop', slots: {} });
      story.view = 'Run and Debug';
      story.isPanelShown = true;
    },
  },
  site: {
    weight: 3,
    when: (story) =>
      story.project.isRunnable && story.isSaved && !story.isSplit && story.look.width >= 1280,
    plan: (story) => {
      const { server, page, port, title } = story.project.site;
      const command = `node ${server}`;
      story.isSplit = true;
      story.open({ path: page, functions: [] }, 'quickOpen');
      story.isPanelShown = true;
      story.add({ does: 'serve', kind: 'server_start', slots: { port, command }, text: command });
      const url = `http://localhost:${port}`;
      story.add({ does: 'browse', kind: 'browser', slots: { title, url } });
      const text = story.names.message();
      const line = `<p>${text}</p>`;
      story.add({
        does: 'type',
        kind: 'code',
        slots: { line },
        at: 'end',
        text: line,
        shows: line,
      });
      story.add({ does: 'save', kind: 'saved', slots: { file: page } });
      story.add({ does: 'reload', kind: 'reload', slots: { text }, comes: true });
      story.add({ does: 'endServer', kind: 'server_stop', slots: {} });
    },
  },
  preview: {
    weight: 1.5,
    when: (story) =>
      story.isSaved &&
      !story.isSplit &&
      story.look.width >= 1280 &&
      !story.gone.includes('README.md'),
    plan: (story) => {
      story.isSplit = true;
      story.open({ path: 'README.md', functions: [] }, 'quickOpen');
      const view = 'Preview README.md';
      story.add({ does: 'preview', kind: 'view', slots: { view } });
    },
  },
};
