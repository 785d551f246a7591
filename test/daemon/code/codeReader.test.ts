import { describe, expect, it } from 'vitest';
import { CodeReader } from '../../../daemon/code/codeReader.ts';
import { Grammars } from '../../../daemon/code/grammars.ts';
import { mediaMs, type ScreenLineAt } from '../../../protocol/index.ts';
import { lineAt, pane } from '../../helpers/codeScreen.ts';

const reader = new CodeReader(new Grammars());
const { signal } = new AbortController();
const atMs = mediaMs(1000);
const read = (lines: readonly ScreenLineAt[], region: 'editor' | 'terminal' = 'editor') =>
  reader.read({ atMs, lines }, region, { signal });

const javascript = 'export function add(a, b) {\n  return a + b;\n}\n\nconsole.log(add(1, 2));';
const python = 'def add(a, b):\n    return a + b\n\nprint(add(1, 2))\nprint("done and well")';

const tab = (text: string, x = 360): ScreenLineAt => lineAt(text, [x, 15], { region: 'tabs' });
const crumbs = (text: string, x = 360): ScreenLineAt =>
  lineAt(text, [x, 40], { region: 'breadcrumbs' });

describe('the code at a moment', () => {
  it('comes with its lines, file, language and whether it parses', async () => {
    const code = await read([...pane(javascript, { firstNumber: 1 }), tab('sum.js')]);
    expect(code).toMatchObject({
      ...{ atMs, region: 'editor', text: javascript },
      ...{ fileName: 'sum.js', languageId: 'javascript', parses: true },
    });
    expect(code.lines.map(({ text }) => text).join('\n')).toBe(code.text);
  });

  it('says that it does not parse, and changes nothing', async () => {
    const misread = javascript.replace('return a + b;', 'return (a + b;');
    const code = await read([...pane(misread), tab('sum.js')]);
    expect(code).toMatchObject({ text: misread, parses: false, languageId: 'javascript' });
  });

  it('is the text of the terminal when that is asked for', async () => {
    const lines = [
      ...pane(javascript),
      ...pane('$ npm test', { at: [360, 400], region: 'terminal' }),
    ];
    expect(await read(lines, 'terminal')).toEqual({
      ...{ atMs, region: 'terminal', text: '$ npm test' },
      lines: [expect.objectContaining({ text: '$ npm test' })],
    });
  });

  it('is empty when there is none', async () => {
    expect(await read([tab('sum.js')])).toEqual({ atMs, region: 'editor', text: '', lines: [] });
  });
});

describe('the name of the file', () => {
  const nameOf = async (...lines: ScreenLineAt[]): Promise<string | undefined> =>
    (await read([...pane(javascript), ...lines])).fileName;

  it('is that of the only tab, of the active one, or of the breadcrumbs', async () => {
    expect(await nameOf(tab('JS sum.js M'))).toBe('sum.js');
    expect(await nameOf(tab('sum.js'), tab('sum.test.js ×', 500))).toBe('sum.test.js');
    expect(await nameOf(tab('sum.js × sum.test.js'))).toBe('sum.js');
    expect(
      await nameOf(tab('sum.js'), tab('other.js', 500), crumbs('src > lib > other.js > add')),
    ).toBe('other.js');
  });

  it('is written as in the tab where the breadcrumbs lack a dot', async () => {
    expect(await nameOf(tab('JS sum.js'), tab('x.js', 500), crumbs('JS sumjs > add'))).toBe(
      'sum.js',
    );
  });

  it('is written with all the dots with which it was read anywhere', async () => {
    const inTree = lineAt('sum.test.js', [60, 120], { region: 'tree' });
    expect(await nameOf(tab('JS sumtest.js'), inTree)).toBe('sum.test.js');
  });

  it('is that of the window when the tabs do not tell', async () => {
    const title = lineAt('sum.js - project - Visual Studio Code', [500, 2], { region: 'other' });
    expect(await nameOf(tab('sum.js'), tab('other.js', 500), title)).toBe('sum.js');
    expect(await nameOf(tab('sum.js'), tab('other.js', 500))).toBeUndefined();
  });

  it('is that right above the text, whatever its line was taken for', async () => {
    const above = (text: string, x = 330): ScreenLineAt =>
      lineAt(text, [x, 40], { region: 'other' });
    expect(await nameOf(tab('sum.js'), tab('other.js', 500), above('JS sum.js > add'))).toBe(
      'sum.js',
    );
    expect(await nameOf(above('JS sum.js'), above('JS other.js', 500))).toBeUndefined();
  });

  it('is not one in another pane, nor one in the text', async () => {
    expect(await nameOf(tab('far.py ×', 1200))).toBeUndefined();
    expect(await nameOf(lineAt('other.js', [60, 80], { region: 'tree' }))).toBeUndefined();
  });
});

describe('the language', () => {
  const languageOf = async (text: string, ...lines: ScreenLineAt[]): Promise<string | undefined> =>
    (await read([...pane(text), ...lines])).languageId;
  const status = (text: string): ScreenLineAt => lineAt(text, [900, 700], { region: 'statusBar' });

  it('is that of the file, else that of the status bar', async () => {
    expect(await languageOf(python, tab('a.js'), status('Python'))).toBe('javascript');
    expect(await languageOf(python, status('Ln 1, Col 2 UTF-8LF {} JavaScriptLayout: us'))).toBe(
      'javascript',
    );
    expect(await languageOf('a\nb', status('TypeScript JSX'))).toBe('typescriptreact');
  });

  it('is the one whose grammar takes the text, when nothing names it', async () => {
    expect(await languageOf(python)).toBe('python');
    expect(await languageOf(javascript)).toBe('javascript');
    expect(
      await languageOf('interface Row {\n  readonly id: number;\n}\nlet rows: Row[] = [];'),
    ).toBe('typescript');
    expect(
      await languageOf('Dear all, this is\na letter, and nothing\nthat anyone would run.'),
    ).toBe(undefined);
    expect(await languageOf('a')).toBe(undefined);
  });
});
