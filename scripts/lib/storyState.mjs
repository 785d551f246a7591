// What a recorded story is made of, and the state of the window while it is planned. Pure.
import { languages } from './storyProject.mjs';

/**
 * A step: `does` names its performer in storySteps.mjs, `kind` how it is told (models/world/narration.py). Some slots are known
 * only when it happens: `seen` names those.
 * @typedef {{does: string, kind?: string, slots?: Record<string, string>, seen?: readonly string[], [detail: string]: unknown}} PlannedStep
 * @typedef {object} Look
 * @property {number} width px of the window
 * @property {number} height
 * @property {number} fontSize px
 * @property {string} theme
 * @property {boolean} isLight
 * @property {boolean} isSideBarShown
 * @property {boolean} isOnRight where the side bar stands
 * @property {boolean} hasMinimap
 * @property {string} prompt of the shell
 * @property {boolean} hasMenuBar
 * @property {Record<string, unknown>} looks settings that change nothing else
 * @typedef {{seed: number, look: Look, project: import('./storyProject.mjs').Project, steps: readonly PlannedStep[]}} Plan
 */

/** Seconds of film that a step takes, about. */
const secondsOf = ({ does, text = '' }) =>
  ({ type: 2.5 + text.length * 0.115, run: 5 + text.length * 0.1, idle: 5, toast: 8 })[does] ?? 4.5;

/** The state of the window as the steps leave it, and the steps so far. */
export class Story {
  /** @type {PlannedStep[]} */
  steps = [];
  seconds = 0;
  /** @type {{path: string, functions: readonly string[]} | undefined} the file in front */
  file;
  tabs = [];
  isDirty = false;
  isChanged = false;
  isPanelShown = false;
  view = 'Explorer';
  unfolded = [];
  /** Files that are there no more under their name. */
  gone = [];
  isSplit = false;
  isFailing = true;

  constructor(dice, look, project, names) {
    this.dice = dice;
    this.look = look;
    this.project = project;
    this.names = names;
    this.language = languages[project.language];
    this.isSideBarShown = look.isSideBarShown;
    this.isLight = look.isLight;
  }

  /** @param {PlannedStep} step */
  add(step) {
    this.steps.push(step);
    this.seconds += secondsOf(step);
  }

  get isCode() {
    return this.file !== undefined && this.file.functions.length > 0;
  }

  /** Whether a file is in front, and on disk as it stands there. */
  get isSaved() {
    return this.file !== undefined && !this.isDirty;
  }

  /** Whether the editor knows what the names in it mean. */
  get isSmart() {
    return this.isCode && this.project.isRunnable && !this.isDirty;
  }

  get functionName() {
    return this.dice.pick(this.file.functions);
  }

  open(file, does, more = {}) {
    this.file = file;
    if (!this.tabs.includes(file.path)) this.tabs.push(file.path);
    const name = file.path.split('/').at(-1);
    const [shows] = this.project.files[file.path].split('\n');
    this.add({ does, kind: 'open', slots: { file: name }, path: file.path, shows, ...more });
  }

  run(text, kind, slots, more = {}) {
    this.isPanelShown = true;
    this.add({ does: 'run', kind, slots, text, ...more });
  }

  type(lines, kind, slots, at = 'end') {
    this.isDirty = true;
    this.add({ does: 'type', kind, slots, at, text: lines.join('\n'), shows: lines.at(-1) });
  }

  /** Whatever else is to happen needs what is on disk. */
  save() {
    if (!this.isDirty) return;
    this.isDirty = false;
    this.isChanged = true;
    this.add({ does: 'save', kind: 'saved', slots: { file: this.file.path.split('/').at(-1) } });
  }
}
