/** What the editor shows of the extension agrees with what the extension does. */
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../extension/configuration.ts';
import { activate, deactivate } from '../../extension/extension.ts';
import { toolDescriptions } from '../../protocol/index.ts';
import { agents } from '../helpers/fakeVscodeAgents.ts';
import { editor, FakeMemento } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';
import { listFiles, readText } from '../helpers/sourceTree.ts';

interface Setting {
  readonly scope?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Entry {
  readonly command: string;
  readonly when?: string;
  readonly enablement?: string;
}
interface Manifest {
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly l10n: string;
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: string; readonly description: string };
  };
  readonly contributes: {
    readonly chatParticipants: readonly {
      readonly id: string;
      readonly commands: readonly { readonly name: string }[];
    }[];
    readonly languageModelTools: readonly {
      readonly name: string;
      readonly modelDescription: string;
      readonly toolReferenceName: string;
      readonly inputSchema: { readonly properties: object; readonly required?: readonly string[] };
    }[];
    readonly commands: readonly (Entry & { readonly title: string; readonly category: string })[];
    readonly menus: Readonly<Record<string, readonly Entry[]>>;
    readonly keybindings: readonly (Entry & { readonly key: string })[];
    readonly customEditors: readonly {
      readonly viewType: string;
      readonly priority: string;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly completionEvents: readonly string[];
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
      }[];
    }[];
  };
}

const text = readText('package.json');
const manifest = JSON.parse(text) as Manifest;
const words = JSON.parse(readText('package.nls.json')) as Readonly<Record<string, string>>;
const { contributes } = manifest;
const settings = Object.assign(
  {},
  ...contributes.configuration.map((group) => group.properties),
) as Readonly<Record<string, Setting>>;
const commands = contributes.commands.map(({ command }) => command);

/** Commands in links of a text: `[…](command:id?…)`. */
const linkedCommands = (markdown: string): string[] =>
  [...markdown.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command!);

beforeAll(async () => {
  editor.reset();
  activate({
    subscriptions: [],
    extensionPath: '/extension',
    extensionUri: vscode.Uri.file('/extension'),
    globalState: new FakeMemento(),
    workspaceState: new FakeMemento(),
    extension: { packageJSON: { version: '0.0.0' } },
  } as unknown as vscode.ExtensionContext);
  await deactivate();
});

describe('the words of the manifest', () => {
  const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!);

  it('are all there, and all used', () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(words).sort());
  });

  it('are nowhere but in their own file', () => {
    const shown = contributes.commands.flatMap(({ title }) => title);
    expect(shown.filter((title) => !/^%[\w.]+%$/.test(title))).toEqual([]);
  });
});

describe('start-up', () => {
  it('is nothing: only what people do wakes the extension', () => {
    expect(manifest.activationEvents).toEqual(['onUri']);
  });

  it('has the files that the editor shows before that', () => {
    const pictures = contributes.walkthroughs.flatMap(({ steps }) =>
      steps.map(({ media }) => media.svg),
    );
    for (const file of [manifest.icon, 'extension/images/activity.svg', ...pictures]) {
      expect(readFileSync(new URL(`../../${file}`, import.meta.url)).length).toBeGreaterThan(100);
    }
    expect(manifest.l10n).toBe('./l10n');
  });
});

describe('commands', () => {
  it('are all registered, and all shown', () => {
    expect([...ui.commands.keys()].sort()).toEqual([...commands].sort());
  });

  it('belong to one category', () => {
    expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(
      new Set(['Codealong']),
    );
  });

  it('in menus, key bindings and links exist', () => {
    const entries = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    const welcome = contributes.viewsWelcome.flatMap(({ contents }) => linkedCommands(contents));
    const linked = Object.values(words).flatMap(linkedCommands);
    const named = [...entries.map(({ command }) => command), ...welcome, ...linked];
    const own = named.filter((command) => command.startsWith('codealong.'));
    expect(own.filter((command) => !commands.includes(command))).toEqual([]);
  });

  it('ask only for what the extension tells menus and walkthrough', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const conditions = [
      ...steps.flatMap(({ completionEvents }) => completionEvents),
      ...contributes.commands.map(({ enablement }) => enablement),
      ...Object.values(contributes.menus).flatMap((entries) => entries.map(({ when }) => when)),
    ].join(' ');
    const asked = new Set(conditions.match(/\bcodealong\.(?:has|is)\w+/g));
    const told = editor.commands
      .filter(({ command }) => command === 'setContext')
      .map(({ args }) => args[0]);
    expect([...asked].filter((key) => !told.includes(key))).toEqual([]);
    expect(asked.size).toBeGreaterThan(0);
  });

  it('have key bindings only where they make sense, and none that editing needs', () => {
    for (const { key, when } of contributes.keybindings) {
      expect(when).toMatch(/codealong/);
      // Whoever wants nothing to be seen any more has no time for two keys.
      expect(key).toMatch(when?.startsWith('codealong.isLive') ? /^ctrl\+f9$/ : /^ctrl\+k /);
    }
  });
});

describe('settings', () => {
  it('are few, in groups with titles', () => {
    expect(Object.keys(settings).length).toBeGreaterThanOrEqual(10);
    expect(Object.keys(settings).length).toBeLessThanOrEqual(18);
    expect(contributes.configuration.length).toBeGreaterThanOrEqual(3);
    expect(contributes.configuration.filter(({ title }) => !title)).toEqual([]);
  });

  it.each(Object.entries(settings))(
    '%s has scope, description, and words for each choice',
    (_, setting) => {
      expect(['machine', 'window', 'resource']).toContain(setting.scope);
      expect(setting.markdownDescription).toMatch(/^%settings\./);
      expect(setting.enumDescriptions?.length).toBe(setting.enum?.length);
    },
  );

  it('are all read, and no others', () => {
    const read = new Set<string>();
    parseConfiguration(
      (key) => void read.add(`codealong.${key}`),
      () => undefined,
    );
    expect([...read].sort()).toEqual(Object.keys(settings).sort());
  });

  it('are read without complaint when nobody has changed them, or chosen any of their words', () => {
    const problems: string[] = [];
    const tell = (problem: string): void => void problems.push(problem);
    parseConfiguration((key) => settings[`codealong.${key}`]?.default, tell);
    for (const [name, setting] of Object.entries(settings)) {
      const values = [...(setting.enum ?? []), setting.minimum, setting.maximum];
      for (const value of values.filter((each) => each !== undefined)) {
        parseConfiguration((key) => (`codealong.${key}` === name ? value : undefined), tell);
      }
    }
    expect(problems).toEqual([]);
  });

  it('that name programs and folders are not for a folder that is not trusted', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const paths = ['codealong.ffmpeg.path', 'codealong.home', 'codealong.model'];
    expect([...restrictedConfigurations].sort()).toEqual(paths);
    expect(paths.map((name) => settings[name]?.scope)).toEqual(['machine', 'machine', 'machine']);
  });
});

describe('views and editors', () => {
  it('are those that the extension fills', () => {
    const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    expect(views.sort()).toEqual([...ui.treeViews.keys(), ...ui.webviewViews.keys()].sort());
    const editors = contributes.customEditors.map(({ viewType }) => viewType);
    expect(editors).toEqual([...ui.customEditors.keys()]);
    for (const { view } of contributes.viewsWelcome) expect(ui.treeViews.has(view)).toBe(true);
  });

  it('leave the editor’s own preview in place, and TypeScript alone', () => {
    for (const { priority, selector } of contributes.customEditors) {
      expect(priority).toBe('option');
      const patterns = selector.map(({ filenamePattern }) => filenamePattern);
      expect(patterns).toContain('*.mp4');
      expect(patterns).not.toContain('*.ts');
      expect(patterns).not.toContain('*.mts');
    }
  });
});

describe('chat', () => {
  it('has the participant and the tools that the extension answers for', () => {
    const ids = contributes.chatParticipants.map(({ id }) => id);
    expect(ids).toEqual([...agents.participants.keys()]);
    const names = contributes.languageModelTools.map(({ name }) => name);
    expect(names).toEqual([...agents.tools.keys()]);
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(names.length).toBeLessThanOrEqual(6);
  });

  it('tells models the same about its tools as any other client', () => {
    const told = contributes.languageModelTools.map(({ name, modelDescription }) => [
      name
        .replace(/^codealong_/, '')
        .replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
      modelDescription,
    ]);
    const { openVideo, ...others } = toolDescriptions;
    expect(openVideo).toBeDefined();
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(
        Object.entries(others).map(([name, { description }]) => [name, description]),
      ),
    );
  });

  it('has tools that can be named in a question, each by its own name', () => {
    const names = contributes.languageModelTools.map(({ toolReferenceName }) => toolReferenceName);
    expect(new Set(names).size).toBe(names.length);
    for (const { inputSchema } of contributes.languageModelTools) {
      const known = Object.keys(inputSchema.properties);
      expect(known).toEqual(expect.arrayContaining([...(inputSchema.required ?? [])]));
    }
  });
});

describe('manners', () => {
  it('say what a folder that is not trusted, or lies nowhere, may do', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    for (const { supported, description } of [untrustedWorkspaces, virtualWorkspaces]) {
      expect(supported).toBe('limited');
      expect(words[description.replaceAll('%', '')]).toMatch(/\.$/);
    }
  });

  it('show four steps, each of which can be completed', () => {
    const [walkthrough] = contributes.walkthroughs;
    expect(walkthrough?.steps).toHaveLength(4);
    for (const { completionEvents, media } of walkthrough!.steps) {
      expect(completionEvents.length).toBeGreaterThan(0);
      expect(words[media.altText.replaceAll('%', '')]).toMatch(/\.$/);
      for (const event of completionEvents) {
        const [, kind, name = ''] = /^(on\w+):(.+)$/.exec(event) ?? [];
        if (kind === 'onCommand') expect(commands).toContain(name);
        else if (kind === 'onSettingChanged') expect(settings).toHaveProperty([name]);
        else expect(kind).toBe('onContext');
      }
    }
  });

  it('send nothing anywhere', () => {
    const sources = [
      ...listFiles('extension', '.ts'),
      ...listFiles('webview', '.ts'),
      ...listFiles('webview', '.tsx'),
    ];
    const talking = sources.filter((file) =>
      /telemetry|https?:\/\/(?!127|localhost)/i.test(readText(file)),
    );
    expect(talking).toEqual([]);
  });
});
