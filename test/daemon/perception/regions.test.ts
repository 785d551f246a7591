import { describe, expect, it } from 'vitest';
import type { LaidOutLine } from '../../../daemon/perception/lineLayout.ts';
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
    drawing.write('editor', String(row + 8).padStart(2), 216, 60 + 20 * row, true);
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
      const { picture, lines, names } = editor(...colours);
      expect(classifyLines(picture, lines)).toEqual(names);
    });

    it(`sees what floats above the code: ${name}`, () => {
      const drawing = editor(...colours).pane(480, 180, 200, 112, colours[1]);
      const entries = ['append', 'apply', 'approve', 'appraise'];
      drawing.rows('popup', entries, 500, 192);
      const { picture, lines, names } = drawing;
      expect(classifyLines(picture, lines)).toEqual(names);
    });
  }

  it('takes a screen of commands for a terminal', () => {
    const { picture, lines, names } = new Drawing([0, 0, 0]).rows('terminal', session, 8, 8, true);
    expect(classifyLines(picture, lines)).toEqual(names);
  });

  it('takes what lies below an address for a browser', () => {
    const { picture, lines, names } = new Drawing([255, 255, 255])
      .pane(0, 0, 960, 60, [222, 225, 230])
      .pane(110, 28, 700, 24, [255, 255, 255])
      .write('browser', 'localhost:3000/orders', 130, 34)
      .rows('browser', ['Your orders', 'Apples and pears', 'const a = 1;'], 40, 100);
    expect(classifyLines(picture, lines)).toEqual(names);
  });

  it('takes few lines in large letters for a slide', () => {
    const drawing = new Drawing([20, 20, 60]).rows(
      'slide',
      ['Why types help', 'They tell'],
      80,
      80,
    );
    const large = drawing.lines.map((line) => ({ ...line, box: { ...line.box, height: 30 } }));
    expect(classifyLines(drawing.picture, large)).toEqual(drawing.names);
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
    expect(classifyLines(picture, plain.lines)).toEqual(plain.names);
  });
});

describe('RegionMemory', () => {
  it('keeps a line where it was while only letters change', () => {
    const { picture, lines, names } = editor(...themes['dark']!);
    const memory = new RegionMemory();
    expect(memory.regionsOf(picture, lines, true)).toEqual(names);
    const blank = new ScreenPicture(width, height);
    expect(memory.regionsOf(blank, lines, false)).toEqual(names);
  });

  it('follows a new view at the third look, and at once where something else is written', () => {
    const { picture, lines, names } = editor(...themes['dark']!);
    const memory = new RegionMemory();
    memory.regionsOf(picture, lines, true);
    const blank = new ScreenPicture(width, height);
    const looks = [1, 2, 3].map(() => memory.regionsOf(blank, lines, true));
    expect(looks[0]).toEqual(names);
    expect(looks[1]).toEqual(names);
    expect(looks[2]).not.toEqual(names);
  });
});
