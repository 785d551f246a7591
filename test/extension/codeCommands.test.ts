import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { applyCode, compareCode, copyCode, insertCode } from '../../extension/codeCommands.ts';
import { CodeDocuments, parseCodeUri } from '../../extension/codeDocuments.ts';
import { UncertainMarks } from '../../extension/uncertainMarks.ts';
import { mediaMs, type CodeAtMoment, type ReadCodeParams } from '../../protocol/index.ts';
import {
  code,
  codeWindow,
  FakeDocument,
  TabInputText,
  TabInputTextDiff,
} from '../helpers/fakeVscodeCode.ts';
import { editor, Uri } from '../helpers/fakeVscode.ts';
import { TabInputCustom, ui, uiWindow } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

const sure = (text: string) => ({ text, rowId: 1, confidence: 0.97 });
const seen: CodeAtMoment = {
  ...{ atMs: mediaMs(40_000), region: 'editor', languageId: 'javascript', fileName: 'pantry.js' },
  lines: ['export function goesStale(jar) {', '  return jar.days > 30;', '}'].map(sure),
  text: 'export function goesStale(jar) {\n  return jar.days > 30;\n}\n',
  parses: true,
};
const nothing: CodeAtMoment = { atMs: seen.atMs, region: 'editor', lines: [], text: '' };
const mine = 'const jars = [];\n\nexport function goesStale(jar) {\n  return jar.days > 3;\n}\n';
const theirs = mine.replace('> 3;', '> 30;');

const doubtful: CodeAtMoment = {
  ...seen,
  lines: seen.lines.with(1, { ...seen.lines[1]!, confidence: 0.614 }),
};

let window: VideoWindow;
let answers: Partial<Record<CodeAtMoment['region'], CodeAtMoment | Error>>;
let asked: { path: string; atMs: number; region: string | undefined }[];
let documents: CodeDocuments;
let parts: Parameters<typeof copyCode>[0];
let marks: UncertainMarks;

beforeEach(() => {
  editor.reset();
  uiWindow.tabGroups.all = [];
  uiWindow.tabGroups.activeTabGroup = { activeTab: undefined };
  window = new VideoWindow();
  window.active = window.video;
  window.video.player = { positionMs: mediaMs(40_000), isPlaying: false };
  answers = { editor: seen };
  asked = [];
  const requests = {
    code: (path: string, { atMs, region = 'editor' }: Omit<ReadCodeParams, 'source'>) => {
      asked.push({ path, atMs, region });
      const answer = answers[region];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? nothing);
    },
  };
  documents = new CodeDocuments({ requests, isKnown: (path) => path === window.video.path });
  parts = { videos: window.videos, requests, documents };
  marks = new UncertainMarks(documents);
});
afterEach(() => {
  marks.dispose();
});

const openMine = (text = mine, name = 'pantry.js'): FakeDocument =>
  code.open(new FakeDocument(Uri.file(`/project/${name}`), text), 3, 2);
const diffs = (): { left: Uri; right: Uri; title: string }[] =>
  editor.commands
    .filter(({ command }) => command === 'vscode.diff')
    .map(({ args }) => ({ left: args[0] as Uri, right: args[1] as Uri, title: args[2] as string }));
/** What is marked when a document comes into sight. */
function marksIn(uri: Uri): typeof code.decorations {
  code.decorations.length = 0;
  code.showing.fire([code.editorOf({ uri })]);
  return [...code.decorations];
}
const textOf = (uri: Uri): string | undefined => documents.get(uri as unknown as vscode.Uri)?.text;

describe('copying', () => {
  it('puts the code on the clipboard and says what it is', async () => {
    await copyCode(parts);
    expect(ui.clipboard).toBe(seen.text);
    expect(editor.statusBarMessages).toEqual(['3 lines copied (javascript, pantry.mp4, 0:40).']);
    expect(editor.messages).toEqual([]);
  });

  it('takes the moment that the panel names, not where the player is by then', async () => {
    await copyCode(parts, { path: '/videos/other.mp4', atMs: mediaMs(5000) });
    expect(asked).toEqual([{ path: '/videos/other.mp4', atMs: 5000, region: 'editor' }]);
  });

  it('says that lines are uncertain, and shows them', async () => {
    answers.editor = { ...doubtful, parses: false };
    editor.press = 'Show';
    await copyCode(parts);
    expect(editor.messages[0]?.text).toBe(
      '3 lines copied (javascript, pantry.mp4, 0:40). 1 line is uncertain. It does not parse as javascript.',
    );
    const { document, options } = ui.shownDocuments.at(-1)!;
    expect(options).toMatchObject({ selection: { start: { line: 1 } } });
    expect(marksIn(document as Uri)).toEqual([
      { lines: [1], hovers: ['Read with a confidence of 61 % at 0:40.'] },
    ]);
  });

  it('offers the terminal where there is no code', async () => {
    const output = { ...nothing, region: 'terminal' as const, lines: [sure('$ npm test')] };
    answers = { editor: nothing, terminal: { ...output, text: '$ npm test\n' } };
    await copyCode(parts);
    expect(ui.clipboard).toBe('');
    expect(editor.messages[0]?.text).toBe('No code is on screen at 0:40.');
    editor.press = 'Use the Terminal';
    await copyCode(parts);
    expect(ui.clipboard).toBe('$ npm test\n');
    answers.terminal = nothing;
    await copyCode(parts);
    expect(editor.messages.at(-1)?.text).toBe('No terminal is on screen at 0:40 either.');
  });

  it('tells what went wrong to whoever called, and does nothing without a video', async () => {
    answers.editor = new AppError('engine.lost');
    await expect(copyCode(parts)).rejects.toMatchObject({ code: 'engine.lost' });
    window.active = undefined;
    await copyCode(parts);
    expect(asked).toHaveLength(1);
  });
});

describe('inserting', () => {
  it('shows the change first, in the file that has the name', async () => {
    const document = openMine();
    await insertCode(parts);
    const [diff] = diffs();
    expect(diff?.left).toBe(document.uri);
    expect(textOf(diff!.right)).toBe(theirs);
    expect(diff?.title).toBe('pantry.js ← pantry.mp4, 0:40');
    expect(document.text).toBe(mine);
  });

  it('finds the file in a tab that is not in sight', async () => {
    const document = new FakeDocument(Uri.file('/project/pantry.js'), mine);
    code.documents.push(document);
    uiWindow.tabGroups.all = [{ tabs: [{ input: new TabInputText(document.uri) }] }];
    await insertCode(parts);
    expect(diffs()[0]?.left).toBe(document.uri);
  });

  it('makes the change that was shown, as one edit, and closes what showed it', async () => {
    const document = openMine();
    await insertCode(parts);
    const proposal = diffs()[0]!.right;
    const tab = { input: new TabInputTextDiff(document.uri, proposal) };
    uiWindow.tabGroups.all = [{ tabs: [tab] }];
    await applyCode(parts, proposal as unknown as vscode.Uri);
    expect(document.text).toBe(theirs);
    expect(code.edits).toHaveLength(1);
    expect(code.closedTabs).toEqual([tab]);
    expect(ui.shownDocuments.at(-1)?.document).toBe(document);
  });

  it.each([
    ['at the end of a file without a last line break', mine.trimEnd(), theirs.trimEnd()],
    [
      'with the file’s own line ends',
      mine.replaceAll('\n', '\r\n'),
      theirs.replaceAll('\n', '\r\n'),
    ],
    ['into an empty file', '', seen.text],
  ])('keeps the rest as it is: %s', async (_case, before, after) => {
    const document = openMine(before);
    await insertCode(parts);
    const proposal = diffs()[0]!.right;
    expect(textOf(proposal)).toBe(after);
    await applyCode(parts, proposal as unknown as vscode.Uri);
    expect(document.text).toBe(after);
  });

  it('changes nothing when the file is another by now', async () => {
    const document = openMine();
    await insertCode(parts);
    document.text = `// mine\n${mine}`;
    await applyCode(parts, diffs()[0]!.right as unknown as vscode.Uri);
    expect(editor.messages.at(-1)?.text).toMatch(/^Your file has changed since/);
    expect(code.edits).toEqual([]);
  });

  it('says that the file has it already', async () => {
    openMine(theirs);
    await insertCode(parts);
    expect(diffs()).toEqual([]);
    expect(editor.statusBarMessages).toEqual(['Your file has this code already.']);
  });

  it('goes to the cursor of another file, indented as that line, when people confirm', async () => {
    const document = openMine('function outer() {\n\n\n  \n}\n', 'other.js');
    code.confirms = false;
    await insertCode(parts);
    expect(document.text).toBe('function outer() {\n\n\n  \n}\n');
    code.confirms = true;
    await insertCode(parts);
    expect(document.text).toBe(
      'function outer() {\n\n\n  export function goesStale(jar) {\n    return jar.days > 30;\n  }\n}\n',
    );
    expect(code.edits.map(({ metadata }) => metadata)).toEqual(
      Array(2).fill({ needsConfirmation: true, label: 'Code from pantry.mp4, 0:40' }),
    );
  });

  it('begins a file when none is open', async () => {
    editor.press = 'New File';
    await insertCode(parts);
    expect(ui.documents).toEqual([{ content: seen.text, language: 'javascript' }]);
  });
});

describe('comparing', () => {
  it('shows what differs in what was visible, against the rest of the file', async () => {
    const document = openMine();
    await compareCode(parts);
    const [diff] = diffs();
    expect(diff?.right).toBe(document.uri);
    expect(textOf(diff!.left)).toBe(theirs);
    expect(diff?.title).toBe('pantry.mp4, 0:40 ↔ pantry.js');
  });

  it.each([
    ['beside the player, which has the focus', 1, 1],
    ['where the person’s code is', 0, 1],
  ])('stands %s', async (_case, active, column) => {
    openMine();
    const { tabGroups } = uiWindow;
    tabGroups.all = [
      { viewColumn: 1, activeTab: { input: new TabInputText(Uri.file('/a.js')) }, tabs: [] },
      { viewColumn: 2, activeTab: { input: new TabInputCustom('', 'codealong.video') }, tabs: [] },
    ];
    tabGroups.activeTabGroup = tabGroups.all[active] as typeof tabGroups.activeTabGroup;
    await compareCode(parts);
    const { args } = editor.commands.find(({ command }) => command === 'vscode.diff')!;
    expect(args[3]).toMatchObject({ viewColumn: column });
  });

  it('finds the file in the workspace by its name', async () => {
    const uri = Uri.file('/project/src/pantry.js');
    code.documents.push(new FakeDocument(uri, mine));
    code.found.push(uri);
    await compareCode(parts);
    expect(diffs()[0]?.right).toBe(uri);
    expect(ui.dialogs).toEqual([]);
  });

  it('asks when several have the name', async () => {
    const uris = ['/a/pantry.js', '/b/pantry.js'].map((path) => Uri.file(path));
    for (const uri of uris) code.documents.push(new FakeDocument(uri, mine));
    code.found.push(...uris);
    await compareCode(parts);
    expect(ui.dialogs[0]?.labels).toEqual(['pantry.js', 'pantry.js', 'Another File…']);
    expect(diffs()).toEqual([]);
  });

  it('asks when none has it', async () => {
    const uri = Uri.file('/elsewhere/mine.js');
    code.documents.push(new FakeDocument(uri, mine));
    ui.answers.push('Another File…', [uri]);
    await compareCode(parts);
    expect(diffs()[0]?.right).toBe(uri);
  });

  it('marks the lines that may be read wrong, but for those that the file has too', async () => {
    answers.editor = doubtful;
    const document = openMine();
    await compareCode(parts);
    const { left } = diffs()[0]!;
    expect(marksIn(left)[0]?.lines).toEqual([3]);
    expect(editor.statusBarMessages).toEqual(['1 line is uncertain.']);
    // What a file of one's own shows is never marked.
    expect(marksIn(Uri.file(document.fileName))).toEqual([]);
    document.text = theirs;
    await compareCode(parts);
    expect(marksIn(left)).toEqual([{ lines: [], hovers: [] }]);
    expect(editor.statusBarMessages.at(-1)).toBe('Your file is the same in what was visible.');
  });

  it('marks anew what is shown already', async () => {
    openMine();
    await compareCode(parts);
    const { left } = diffs()[0]!;
    const document = { uri: left };
    codeWindow.visibleTextEditors.push(code.editorOf(document));
    answers.editor = doubtful;
    await compareCode(parts);
    code.changing.fire({ document });
    expect(code.decorations).toMatchObject([{ lines: [3] }]);
  });

  it('says so when they have nothing in common', async () => {
    openMine('SELECT 1;\n');
    await compareCode(parts);
    expect(textOf(diffs()[0]!.left)).toBe(seen.text);
    expect(editor.statusBarMessages).toEqual([
      'Your file and the video have nothing in common here.',
    ]);
  });

  it('says so when they are the same', async () => {
    openMine(theirs);
    await compareCode(parts);
    expect(editor.statusBarMessages).toEqual(['Your file is the same in what was visible.']);
  });
});

describe('a document of code', () => {
  const token = new vscode.CancellationTokenSource().token;
  const provide = (uri: Uri): Promise<string> =>
    documents.provideTextDocumentContent(uri as unknown as vscode.Uri, token);

  it('is made anew when the window was reloaded', async () => {
    const document = openMine();
    await compareCode(parts);
    const { left } = diffs()[0]!;
    code.closing.fire({ uri: left });
    expect(textOf(left)).toBeUndefined();
    asked.length = 0;
    expect(await provide(left)).toBe(theirs);
    expect(asked).toEqual([{ path: window.video.path, atMs: 40_000, region: 'editor' }]);
    expect(document.text).toBe(mine);
  });

  it.each([
    ['{"kind":"seen","path":"/etc/secret.mp4","atMs":1,"region":"editor"}'],
    ['{"kind":"seen","path":"/videos/pantry.mp4","atMs":"1","region":"editor"}'],
    ['{"kind":"merged","path":"/videos/pantry.mp4","atMs":1,"region":"editor"}'],
    ['no json'],
  ])('is of no video that nobody has opened, and of no other form: %s', async (query) => {
    const uri = Uri.from({ scheme: 'codealong-code', path: '/seen/a.js', query });
    await expect(provide(uri)).rejects.toMatchObject({ code: 'request.invalid' });
    expect(asked).toEqual([]);
  });

  it('has an address that can be read back', async () => {
    openMine();
    await compareCode(parts);
    expect(parseCodeUri(diffs()[0]!.left as unknown as vscode.Uri)).toEqual({
      ...{ kind: 'merged', path: window.video.path, atMs: 40_000, region: 'editor' },
      mine: 'file:///project/pantry.js',
    });
  });
});
