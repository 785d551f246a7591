import { describe, expect, it } from 'vitest';
import { extractCode } from '../../../daemon/code/extractCode.ts';
import { mediaMs, type ScreenLineAt } from '../../../protocol/index.ts';
import { cell, lineAt, pane, rowPitch } from '../../helpers/codeScreen.ts';

const source = `import { shelf } from './shelf.js';

export function label(jar) {
  if (!jar) {
    return '';
  }

  return shelf
    .map((row) => row.name)
    .join(', ');
}`;

const textOf = (lines: readonly ScreenLineAt[], region: 'editor' | 'terminal' = 'editor') =>
  extractCode(lines, { region })
    .lines.map(({ text }) => text)
    .join('\n');

/** The same lines in an order that tells nothing. */
const shuffled = (lines: readonly ScreenLineAt[]): ScreenLineAt[] =>
  [...lines].sort((a, b) => a.text.length - b.text.length || b.rowId - a.rowId);

describe('code on a screen', () => {
  it('is what stands in the editor, with its indentation and its empty lines', () => {
    expect(textOf(shuffled(pane(source, { firstNumber: 1 })))).toBe(source);
    expect(textOf(shuffled(pane(source)))).toBe(source);
  });

  it('has the numbers beside its lines, read or not', () => {
    const lines = pane(source, { firstNumber: 40 }).filter(({ text }) => text !== '43');
    const { lines: found } = extractCode(lines, { region: 'editor' });
    expect(found.map(({ lineNumber }) => lineNumber)).toEqual(found.map((_, index) => 40 + index));
  });

  it('leaves out a misread number', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line) =>
      line.text === '3' ? { ...line, text: '8' } : line,
    );
    const { lines: found } = extractCode(lines, { region: 'editor' });
    expect(found[2]).toMatchObject({ text: 'export function label(jar) {', lineNumber: 3 });
  });

  it('keeps its indentation where the reader gives none or another', () => {
    const none = pane(source, { firstNumber: 1 }).map((line) => ({ ...line, indentColumns: 0 }));
    expect(textOf(none)).toBe(source);
    const shifted = pane(source, { firstNumber: 1 }).map((line) => ({
      ...line,
      indentColumns: line.indentColumns + 40,
    }));
    expect(textOf(shifted)).toBe(source);
  });

  it('keeps its indentation where a guide widens the box', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line) => {
      const [x, y, width, height] = line.box;
      return line.indentColumns === 2
        ? { ...line, box: [360, y, width + x - 360, height] as const }
        : line;
    });
    expect(textOf(lines)).toBe(source);
  });

  it('keeps its indentation where the right edge is a little off, too', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line) => {
      const [x, y, width, height] = line.box;
      return line.indentColumns === 2
        ? { ...line, box: [360, y, width + x - 360 - 0.7 * cell, height] as const }
        : line;
    });
    expect(textOf(lines)).toBe(source);
  });

  it('is indented as the reader remembers it when everything visible is', () => {
    const inner = source.split('\n').slice(7, 10).join('\n');
    expect(textOf(pane(inner))).toBe(inner);
    // No room for it left of the text: the reader is wrong.
    const tree = lineAt('  shelf.js', [280, 70], { region: 'tree' });
    expect(textOf([...pane(inner, { at: [400, 60] }), { ...tree, box: [330, 70, 80, 14] }])).toBe(
      inner
        .split('\n')
        .map((line) => line.slice(2))
        .join('\n'),
    );
  });

  it('joins the pieces of a row as far apart as they stand', () => {
    const row = 'const a = 1;       // one';
    const [whole] = pane(row);
    const [, y] = whole!.box;
    const pieces = [
      lineAt('const a = 1', [360, y]),
      lineAt(';', [360 + 11 * cell, y]),
      lineAt('// one', [360 + 19 * cell, y]),
    ];
    expect(textOf(shuffled([...pieces, ...pane('\nlet b = 2;')]))).toBe(`${row}\nlet b = 2;`);
  });

  it('loses the numbers that were read together with their lines', () => {
    const lines = source.split('\n').flatMap((line, row) => {
      const number = String(row + 1).padStart(2);
      return lineAt(`${number}   ${line}`.trimEnd(), [360 - 5 * cell, 60 + row * rowPitch], {
        indentColumns: 0,
      });
    });
    const { lines: found } = extractCode(lines, { region: 'editor' });
    expect(found[3]).toMatchObject({ text: '  if (!jar) {', lineNumber: 4 });
    expect(found.map(({ text }) => text.trim())).toEqual(
      source.split('\n').map((line) => line.trim()),
    );
  });

  it('knows numbers with a mark of a change beside them', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line) =>
      line.text === '3' || line.text === '4' ? { ...line, text: `${line.text}|` } : line,
    );
    const { lines: found } = extractCode(lines, { region: 'editor' });
    expect(found[3]).toMatchObject({ text: '  if (!jar) {', lineNumber: 4 });
    expect(found.map(({ text }) => text).join('\n')).toBe(source);
  });

  it('loses indentation guides, and keeps bars that are code', () => {
    const guided = pane(source, { firstNumber: 1 }).map((line) => {
      const [x, y, width, height] = line.box;
      if (line.indentColumns < 2) return line;
      const bars = line.indentColumns === 4 ? '| | ' : '| ';
      const box = [360.5, y, width + x - 360.5, height] as const;
      return { ...line, text: bars + line.text, box, indentColumns: 0 };
    });
    expect(textOf(guided)).toBe(source);
    const union = "type Row =\n  | 'one'\n  | 'two';\n| a | b |";
    expect(textOf(pane(union, { firstNumber: 1 }))).toBe(union);
  });

  it('goes on in lines of no known region, at the same edge', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line) =>
      line.box[1] > 60 + 9.5 * rowPitch ? { ...line, region: 'other' as const } : line,
    );
    expect(textOf(lines)).toBe(source);
    const beside = lineAt('Problems', [330, 60 + 11 * rowPitch], { region: 'other' });
    expect(textOf([...lines, beside])).toBe(source);
  });

  it('has a line once at the moment at which it is replaced', () => {
    const at = mediaMs(10_000);
    const lines = pane(source, { firstNumber: 1 }).flatMap((line) => {
      if (line.text !== 'if (!jar) {') return line;
      const [x, y, width, height] = line.box;
      const wider = [x - 2 * cell, y, width + 2 * cell, height] as const;
      return [
        { ...line, box: wider, endMs: at },
        { ...line, startMs: at },
      ];
    });
    expect(textOf(lines)).toBe(source);
    // What was seen in one frame alone replaces nothing.
    expect(textOf(pane(source).map((line) => ({ ...line, startMs: at, endMs: at })))).toBe(source);
  });

  it('keeps numbers that are code', () => {
    const table = 'sizes = [\n    12,\n    7,\n    2026,\n]';
    expect(textOf(pane(table, { firstNumber: 1 }))).toBe(table);
    expect(textOf(pane(table))).toBe(table);
  });

  it('has no empty lines where lines are folded away', () => {
    const folded = [
      ...pane('a = 1;\nfunction f() {', { firstNumber: 1 }),
      ...pane('}\nb = 2;\nc = 3;', { firstNumber: 20, at: [360, 60 + 2 * rowPitch] }),
    ];
    const { lines } = extractCode(folded, { region: 'editor' });
    expect(lines.map(({ text }) => text)).toEqual([
      'a = 1;',
      'function f() {',
      '}',
      'b = 2;',
      'c = 3;',
    ]);
    expect(lines.map(({ lineNumber }) => lineNumber)).toEqual([1, 2, 20, 21, 22]);
  });

  it('leaves out hints between the lines', () => {
    const y = (row: number): number => 60 + row * rowPitch;
    const hint = lineAt('2 references | run the test', [360, y(1)]);
    const [x, top, width] = hint.box;
    const lines = [
      ...pane('const a = 1;', { firstNumber: 1 }),
      { ...hint, box: [x, top, width * 0.7, 11] as const },
      ...pane('function f() {\n  return a;\n}', { firstNumber: 2, at: [360, y(2)] }),
    ];
    expect(textOf(lines)).toBe('const a = 1;\nfunction f() {\n  return a;\n}');
  });

  it('is that of the pane with the most of it', () => {
    const other = 'one();\ntwo();\nthree();\nfour();';
    const right = pane(source, { at: [800, 60], firstNumber: 1 });
    expect(textOf(shuffled([...pane(other, { firstNumber: 7 }), ...right]))).toBe(source);
    // Without numbers, the rows that stand alone show that another pane begins.
    expect(textOf(shuffled([...pane(other), ...pane(source, { at: [800, 65] })]))).toBe(source);
  });

  it('ends where another editor begins below its tabs', () => {
    const below = 60 + 14 * rowPitch;
    const lines = [
      ...pane(source, { firstNumber: 1 }),
      lineAt('other.js', [360, below], { region: 'tabs' }),
      ...pane('one();\ntwo();\nthree();', { at: [360, below + 30], firstNumber: 1 }),
    ];
    expect(textOf(lines)).toBe(source);
  });

  it('ends where a text runs across the line numbers, whatever it was taken for', () => {
    const below = 60 + 11 * rowPitch;
    const terminal = ['drwxr-xr-x    4 ci', 'one two', 'three'].map((text, row) =>
      lineAt(text, [320, below + row * rowPitch]),
    );
    const lines = [
      lineAt('src > core > shelf.js', [320, 60 - rowPitch]),
      ...pane(source, { firstNumber: 1 }),
      ...terminal,
      // A second column of the terminal stands where code could.
      lineAt('4096 Oct 31', [520, below]),
    ];
    expect(textOf(lines)).toBe(source);
  });

  it('ends before what stands where none of its rows would', () => {
    const below = 60 + 12.6 * rowPitch;
    const titles = [lineAt('EDITORS', [400, below]), lineAt('OUTLINE', [500, below])];
    expect(textOf([...pane(source, { firstNumber: 1 }), ...titles])).toBe(source);
  });

  it('has the rows beside its numbers that were taken for something else', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line, index) =>
      index < 2 || line.text === 'if (!jar) {' ? { ...line, region: 'terminal' as const } : line,
    );
    expect(textOf(lines)).toBe(source);
    const hover = lineAt('(jar) => string', [420, 60 + rowPitch], { region: 'popup' });
    expect(textOf([...lines, hover])).toBe(source);
  });

  it('keeps out what lies over the row of a number in another font', () => {
    const lines = pane(source, { firstNumber: 1 });
    const [x, y, width, height] = lineAt('Enter to Rename, Enter to Preview', [
      480,
      60 + rowPitch,
    ]).box;
    const label = lineAt('Enter to Rename, Enter to Preview', [480, 60], { region: 'terminal' });
    expect(textOf([...lines, { ...label, box: [x, y, width * 0.7, height] }])).toBe(source);
  });

  it('is found beside its numbers when all of it was taken for something else', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line) =>
      /^\d+$/.test(line.text) ? line : { ...line, region: 'terminal' as const },
    );
    expect(textOf(lines)).toBe(source);
  });

  it('begins in the column in which most of it begins', () => {
    const text = '// a comment here\n@main\n// another comment\nstruct hello {\n    // inner\n}';
    // Ink does not begin where its cell does: from the line furthest left, the first one is more than half a cell away.
    const shifts: Readonly<Record<string, number>> = { '@main': -0.3, '// a comment here': 0.3 };
    const lines = pane(text, { firstNumber: 1 }).map((line) => {
      const [x, y, width, height] = line.box;
      const shift = (shifts[line.text] ?? 0) * cell;
      return { ...line, box: [x + shift, y, width, height] as const, indentColumns: 0 };
    });
    expect(textOf(lines)).toBe(text);
  });

  it('has no text in the column of its numbers', () => {
    const lines = pane(source, { firstNumber: 18 }).map((line) =>
      line.text === '23' ? { ...line, text: '2B' } : line,
    );
    expect(textOf(lines)).toBe(source);
  });

  it('is found beside line numbers where no line was taken for an editor', () => {
    const around = [lineAt('label.js', [60, 80], { region: 'tree' })];
    expect(textOf([...pane(source, { firstNumber: 1, region: 'terminal' }), ...around])).toBe(
      source,
    );
  });

  it('is nothing but the editor', () => {
    const around = [
      lineAt('shelf.js', [60, 80], { region: 'tree' }),
      lineAt('label.js', [360, 20], { region: 'tabs' }),
      lineAt('Ln 3, Col 1', [900, 700], { region: 'statusBar' }),
      lineAt('npm test', [360, 400], { region: 'terminal' }),
    ];
    expect(textOf([...pane(source, { firstNumber: 1 }), ...around])).toBe(source);
    expect(textOf([...pane(source, { region: 'browser' }), ...around])).toBe('');
    expect(textOf([])).toBe('');
  });

  it('stands beside the line numbers where the reader tells no regions', () => {
    const lines = [
      ...pane(source, { firstNumber: 1, region: 'other' }),
      lineAt('pantry $ npm test', [360, 400], { region: 'other' }),
    ];
    expect(textOf(lines)).toBe(source);
  });

  it('ends before a row that the edge of the pane cuts', () => {
    const cut = lineAt('1\\   ...', [360 - 5 * cell, 60 + 11 * rowPitch], { confidence: 0.5 });
    expect(textOf([...pane(source, { firstNumber: 1 }), cut])).toBe(source);
  });

  it('is as sure as the least sure piece of each line', () => {
    const lines = pane(source, { firstNumber: 1 }).map((line) =>
      line.text === '}' ? { ...line, confidence: 0.61 } : line,
    );
    const { lines: found } = extractCode(lines, { region: 'editor' });
    expect(found.map(({ confidence }) => confidence)).toEqual(
      source.split('\n').map((line) => (line === '' ? 1 : line.trim() === '}' ? 0.61 : 0.97)),
    );
    expect(found.filter(({ rowId }) => rowId === undefined).map(({ text }) => text)).toEqual([
      '',
      '',
    ]);
  });
});

describe('code under a popup', () => {
  const popup = ['label', 'labelOf', 'labels'].map((text, row) =>
    lineAt(text, [360 + 12 * cell, 60 + (3 + row) * rowPitch], {
      region: 'popup',
      startMs: mediaMs(5000),
    }),
  );
  const before = pane(source, { firstNumber: 1 });
  const isUnder = ({ box: [, y] }: ScreenLineAt): boolean =>
    y >= 60 + 3 * rowPitch && y < 60 + 6 * rowPitch;
  /** What can still be seen: nothing right of the popup's left edge. */
  const after = before.flatMap((line) => {
    if (!isUnder(line) || /^\d+$/.test(line.text)) return line;
    const visible = line.text.slice(0, 12 - line.indentColumns - 1).trimEnd();
    return [
      {
        ...lineAt(visible, [line.box[0], line.box[1]]),
        indentColumns: line.indentColumns,
        rowId: -1,
      },
    ];
  });

  it('is what was seen before the popup came, and less sure', () => {
    const gone = before.filter(isUnder).map((line) => ({ ...line, endMs: mediaMs(4900) }));
    const { lines } = extractCode([...after, ...popup], { region: 'editor', earlier: gone });
    expect(lines.map(({ text }) => text).join('\n')).toBe(source);
    expect(lines.map(({ confidence }) => confidence < 0.6)).toEqual(
      source.split('\n').map((_, row) => row >= 3 && row < 6),
    );
    // The bracket in the last of them stands left of the popup.
    expect(lines.map(({ seenBefore = false }) => seenBefore)).toEqual(
      source.split('\n').map((_, row) => row === 3 || row === 4),
    );
  });

  it('is not made up from what had gone before or reads otherwise', () => {
    const old = before.filter(isUnder).map((line) => ({ ...line, endMs: mediaMs(1000) }));
    const different = old.map((line) => ({
      ...line,
      text: 'await nothing(at, all)',
      endMs: mediaMs(4900),
    }));
    for (const earlier of [[], old, different]) {
      const { lines } = extractCode([...after, ...popup], { region: 'editor', earlier });
      expect(lines[3]).toMatchObject({ text: '  if (!jar)', confidence: 0.5 });
      expect(lines[3]).not.toHaveProperty('seenBefore');
    }
  });
});

describe('the terminal', () => {
  it('gives its text as it stands, prompts and empty rows included', () => {
    const shown = 'pantry $ npm test\n\n> test\n> node --test\n\n  1 passing';
    const lines = [...pane(source), ...pane(shown, { at: [310, 420], region: 'terminal' })];
    expect(textOf(shuffled(lines), 'terminal')).toBe(shown);
    expect(textOf(pane(shown, { region: 'other' }), 'terminal')).toBe('');
  });
});
