import { describe, expect, it } from 'vitest';
import { Gutters } from '../../../daemon/perception/gutters.ts';
import type { LaidOutLine } from '../../../daemon/perception/lineLayout.ts';
import type { ReadScreen } from '../../../daemon/perception/panes.ts';
import { RegionMemory } from '../../../daemon/perception/regionMemory.ts';
import { classifyLines } from '../../../daemon/perception/regions.ts';
import { ScreenPicture, type Rgb } from '../../helpers/screenPicture.ts';

const [width, height] = [960, 600];

/** Panes of a theme, and what is written on them. */
class Drawing {
  readonly picture: ScreenPicture;
  readonly lines: LaidOutLine[] = [];
  readonly names: string[] = [];

  constructor(paper: Rgb) {
    this.picture = new ScreenPicture(width, height, paper);
  }

  pane(x: number, y: number, w: number, h: number, colour: Rgb): this {
    this.picture.fill({ x, y, width: w, height: h }, colour);
    return this;
  }

  write(region: string, text: string, x: number, y: number, isMono = false): this {
    this.picture.write(text, x, y, [128, 128, 128]);
    const box = { x, y, width: text.length * 8, height: 12 };
    this.lines.push({ box, text, confidence: 0.9, left: x, ...(isMono ? { pitch: 8 } : {}) });
    this.names.push(region);
    return this;
  }

  /** As the reader gives it: without line numbers. */
  get read(): ReadScreen {
    return { picture: this.picture, ...new Gutters().takeOff(this.lines) };
  }

  /** Regions of the lines that are no line numbers. */
  get expected(): string[] {
    return this.names.filter((_, index) => !/^ *\d+$/.test(this.lines[index]!.text));
  }

  /** Lines 20 pixels apart. */
  rows(region: string, texts: readonly string[], x: number, y: number, isMono = false): this {
    for (const [row, text] of texts.entries()) this.write(region, text, x, y + 20 * row, isMono);
    return this;
  }
}

const program = [
  'def total(rows):',
  '    result = 0',
  '    for row in rows:',
  '        result += row.price',
  '    return result',
  'print(total(load()))',
];
const session = [
  '$ npm test',
  'Tests  1 failed, 5 passed',
  'AssertionError: no rows',
  '$ git status',
];

/** An editor with side bar, tabs, path, gutter, terminal and status bar. */
function editor(paper: Rgb, side: Rgb, bar: Rgb): Drawing {
  const drawing = new Drawing(paper)
    .pane(0, 0, 200, 576, side)
    .pane(200, 0, 760, 32, side)
    .pane(200, 400, 760, 2, bar)
    .pane(0, 576, 960, 24, bar)
    .rows('tree', ['EXPLORER', 'main.py', 'store.py', 'tests'], 20, 40)
    .write('tabs', 'main.py', 220, 10)
    .write('tabs', 'store.py', 330, 10)
    .write('breadcrumbs', 'src › main.py', 220, 36)
    .rows('terminal', session, 220, 420, true)
    .write('statusBar', 'Ln 3, Col 7', 640, 582)
    .write('statusBar', 'UTF-8', 800, 582);
  program.forEach((line, row) => {
    const indent = line.length - line.trimStart().length;
    const number = String(row + 8);
    drawing.write('editor', number, 232 - 8 * number.length, 60 + 20 * row, true);
    drawing.write('editor', line.trim(), 260 + 8 * indent, 60 + 20 * row, true);
  });
  return drawing;
}

const themes: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
  dark: [
    [30, 30, 30],
    [37, 37, 38],
    [0, 122, 204],
  ],
  light: [
    [255, 255, 255],
    [243, 243, 243],
    [0, 95, 184],
  ],
};

describe('classifyLines', () => {
  for (const [name, colours] of Object.entries(themes)) {
    it(`tells the parts of an editor apart: ${name}`, () => {
      const { read, expected } = editor(...colours);
      expect(classifyLines(read)).toEqual(expected);
    });

    it(`sees what floats above the code: ${name}`, () => {
      const drawing = editor(...colours).pane(480, 180, 200, 112, colours[1]);
      const entries = ['append', 'apply', 'approve', 'appraise'];
      drawing.rows('popup', entries, 500, 192);
      expect(classifyLines(drawing.read)).toEqual(drawing.expected);
    });
  }

  it('takes a screen of commands for a terminal', () => {
    const { read, names } = new Drawing([0, 0, 0]).rows('terminal', session, 8, 8, true);
    expect(classifyLines(read)).toEqual(names);
  });

  it('takes what lies below an address for a browser', () => {
    const { read, names } = new Drawing([255, 255, 255])
      .pane(0, 0, 960, 60, [222, 225, 230])
      .pane(110, 28, 700, 24, [255, 255, 255])
      .write('browser', 'localhost:3000/orders', 130, 34)
      .rows('browser', ['Your orders', 'Apples and pears', 'const a = 1;'], 40, 100);
    expect(classifyLines(read)).toEqual(names);
  });

  it('takes few lines in large letters for a slide', () => {
    const drawing = new Drawing([20, 20, 60]).rows(
      'slide',
      ['Why types help', 'They tell'],
      80,
      80,
    );
    const large = drawing.lines.map((line) => ({ ...line, box: { ...line.box, height: 30 } }));
    const read = { picture: drawing.picture, lines: large, gutters: [] };
    expect(classifyLines(read)).toEqual(drawing.names);
  });

  it('tells a terminal beside the code by the border between them, and below it by the end of the numbers', () => {
    const [paper, side, bar] = themes['dark']!;
    const beside = new Drawing(paper).pane(0, 0, 960, 32, side).pane(600, 32, 1, 568, bar);
    const below = new Drawing(paper).pane(0, 0, 960, 32, side);
    for (const [drawing, x, y] of [
      [beside, 620, 60],
      [below, 72, 300],
    ] as const) {
      program.forEach((line, row) => {
        drawing.write('editor', String(row + 10), 16, 60 + 20 * row, true);
        drawing.write('editor', line.trim(), 72, 60 + 20 * row, true);
      });
      drawing.rows('terminal', session, x, y, true);
      expect(classifyLines(drawing.read)).toEqual(drawing.expected);
    }
  });

  it('takes boxes on a page for parts of it', () => {
    const [paper, side] = themes['dark']!;
    const { read, expected } = new Drawing(paper)
      .pane(0, 0, 200, 600, side)
      .rows('tree', ['CONNECTIONS', 'test_db', 'main_db', 'logs'], 20, 40)
      .rows('other', ['Setup a new connection', 'Server', 'Port'], 260, 60)
      .pane(560, 120, 300, 160, [0, 0, 0])
      .rows('other', ['{', '"name": "new connection",', '"port": 3306', '}'], 580, 140, true);
    expect(classifyLines(read)).toEqual(expected);
  });

  it('is not confused by the dots of a picture with few colours', () => {
    const { picture, read, expected } = editor(...themes['dark']!);
    for (let at = 0; at < picture.data.length; at += 3) {
      const isDot = (at / 3 + Math.floor(at / 3 / width)) % 2 === 0;
      for (let k = 0; k < 3; k++) picture.data[at + k]! += isDot ? 4 : 0;
    }
    expect(classifyLines(read)).toEqual(expected);
  });

  it('does not mind a highlighted row', () => {
    const [paper, side, bar] = themes['dark']!;
    const plain = editor(paper, side, bar);
    const { picture } = editor(paper, side, bar);
    for (let x = 200; x < width; x++) {
      for (let y = 96; y < 116; y++) {
        const at = (y * width + x) * 3;
        if (picture.data[at] === paper[0]) picture.data.set([50, 50, 54], at);
      }
    }
    expect(classifyLines({ ...plain.read, picture })).toEqual(plain.expected);
  });
});

describe('RegionMemory', () => {
  const blank = (read: ReadScreen): ReadScreen => ({
    ...read,
    picture: new ScreenPicture(width, height),
    gutters: [],
  });

  it('keeps a line where it was while only letters change', () => {
    const { read, expected } = editor(...themes['dark']!);
    const memory = new RegionMemory();
    expect(memory.regionsOf(read, true)).toEqual(expected);
    expect(memory.regionsOf(blank(read), false)).toEqual(expected);
  });

  it('follows a new view at the third look, and at once where something else is written', () => {
    const { read, expected } = editor(...themes['dark']!);
    const memory = new RegionMemory();
    memory.regionsOf(read, true);
    const looks = [1, 2, 3].map(() => memory.regionsOf(blank(read), true));
    expect(looks[0]).toEqual(expected);
    expect(looks[1]).toEqual(expected);
    expect(looks[2]).not.toEqual(expected);
  });
});
