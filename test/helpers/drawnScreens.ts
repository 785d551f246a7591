/** Drawn screens whose lines are known: panes of a theme, and what is written on them, each line with its region. */
import { Gutters } from '../../daemon/perception/gutters.ts';
import type { LaidOutLine } from '../../daemon/perception/lineLayout.ts';
import type { ReadScreen } from '../../daemon/perception/regionFeatures.ts';
import { ScreenPicture, type Rgb } from './screenPicture.ts';

export const [width, height] = [960, 600];

/** Panes of a theme, and what is written on them. */
export class Drawing {
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

export const program = [
  'def total(rows):',
  '    result = 0',
  '    for row in rows:',
  '        result += row.price',
  '    return result',
  'print(total(load()))',
];
export const session = [
  '$ npm test',
  'Tests  1 failed, 5 passed',
  'AssertionError: no rows',
  '$ git status',
];

/** An editor with side bar, tabs, path, gutter, terminal and status bar. */
export function editor(paper: Rgb, side: Rgb, bar: Rgb): Drawing {
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

export const themes: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
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
