/**
 * Where each line of a screen stands: in an editor, a terminal, a tree … told from layout alone, so that any theme and program will do.
 * Lines are first put together by the pane they are written on; what a pane is follows from how its lines are set and what lies around.
 */
import type { ScreenRegion } from '../../protocol/index.ts';
import type { Picture } from '../media/frameSource.ts';
import type { LaidOutLine } from './lineLayout.ts';
import { findPapers, isSame, type Colour, type Paper } from './papers.ts';
import { centreOf } from './places.ts';
import type { PixelBox } from './runs.ts';
import {
  looksLikeAddress,
  looksLikePath,
  looksLikePrompt,
  looksLikeProgram,
  lineNumberOf,
} from './lineForms.ts';

/** A pane with what is written on it. */
interface Pane {
  readonly area: PixelBox;
  readonly lines: readonly LaidOutLine[];
  /** Share of its longer lines that are monospaced, 0 … 1. */
  readonly monospaced: number;
  /** Line numbers that stand below one another and count up. */
  readonly numbers: number;
  /** Lies above another pane. */
  readonly floats: boolean;
  readonly lineHeight: number;
}

interface Screen {
  readonly width: number;
  readonly height: number;
  readonly panes: readonly Pane[];
  readonly lineHeight: number;
}

/** Lengths in line heights, shares of the screen; chosen on drawn screens in six themes, looked at on real recordings. */
const shape = {
  /** A strip holds one row of text: tabs, title, status bar. */
  stripHeights: 3.4,
  /** Below this, a pane on another is a highlighted row of it. */
  rowHeights: 2.2,
  /** Tabs, and the head of a tree, are at most this far above what they belong to. */
  aboveHeights: 2.2,
  /** What floats covers no larger share of the screen. */
  largestFloat: 0.3,
  /** What lies around a pane is looked at this far out, at so many points a side. */
  aroundHeights: 0.8,
  points: 11,
  /** Fewer numbers may be anything. */
  leastNumbers: 3,
  /** Characters from which on a line tells whether it is monospaced. */
  tellingLength: 6,
  monospacedFrom: 0.5,
  /** Trees are narrower than this share of the screen, and taller than wide or of several rows. */
  treeWidth: 0.42,
  treeRows: 3,
  /** Letters of slides are higher than this share of the screen, if they are monospaced or not … */
  slideLetters: 0.034,
  slideProse: 0.025,
  /** … and there are no more lines. */
  slideLines: 24,
  /** The address is within this share of the screen's height from the top. */
  addressTop: 0.25,
  /** Programs have at least this share of lines that look like one. */
  programShare: 0.3,
} as const;

/** @returns the region of each line, in the order of the lines */
export function classifyLines(picture: Picture, lines: readonly LaidOutLine[]): ScreenRegion[] {
  if (lines.length === 0) return [];
  const screen = readScreen(picture, lines);
  const found = new Map<LaidOutLine, ScreenRegion>();
  const regions = new Map<Pane, ScreenRegion>();
  for (const name of askedInTurn) {
    for (const pane of screen.panes) {
      if (!regions.has(pane) && tests[name](pane, screen, regions)) regions.set(pane, name);
    }
  }
  markBrowser(screen, regions);
  for (const pane of screen.panes) {
    const region = regions.get(pane) ?? 'other';
    for (const line of pane.lines) {
      const here = regionInPane(line, pane, region);
      found.set(line, here === 'other' ? regionAbove(line, regions) : here);
    }
  }
  return lines.map((line) => found.get(line) ?? 'other');
}

type Test = (pane: Pane, screen: Screen, known: ReadonlyMap<Pane, ScreenRegion>) => boolean;

/** What can be told by itself comes first; the rest by what lies around. */
const askedInTurn = [
  'slide',
  'popup',
  'dialog',
  'editor',
  'statusBar',
  'terminal',
  'tabs',
  'breadcrumbs',
  'tree',
] as const;

const tests: Readonly<Record<(typeof askedInTurn)[number], Test>> = {
  slide: (_, { panes, height, lineHeight }) => {
    const lines = panes.flatMap((pane) => pane.lines);
    return (
      lineHeight >= (panes.some(isMonospaced) ? shape.slideLetters : shape.slideProse) * height &&
      lines.length <= shape.slideLines &&
      panes.every(({ numbers }) => numbers < shape.leastNumbers) &&
      !lines.some(({ text }) => looksLikePrompt(text) || looksLikeAddress(text))
    );
  },
  popup: (pane, screen) => pane.floats && !isDialog(pane, screen),
  dialog: (pane, screen) => pane.floats && isDialog(pane, screen),
  editor: (pane, screen) => {
    if (pane.numbers >= shape.leastNumbers) return true;
    const isWritten = isMonospaced(pane) && !isStrip(pane);
    const hasOther = screen.panes.some(
      (other) => other !== pane && other.numbers >= shape.leastNumbers,
    );
    return isWritten && !hasOther && !hasPrompt(pane) && isProgram(pane);
  },
  statusBar: (pane, screen) => {
    const isLast = screen.panes.every(
      ({ area }) => area === pane.area || area.bottom <= pane.area.bottom + 2,
    );
    const isLow = pane.area.bottom > screen.height - 1.5 * screen.lineHeight;
    const isWide = pane.area.right - pane.area.left > 0.4 * screen.width;
    return isStrip(pane) && isWide && (isLast || isLow) && pane.area.top > screen.height / 2;
  },
  terminal: (pane) =>
    isMonospaced(pane) && !(isStrip(pane) && pane.lines.length < 2 && !hasPrompt(pane)),
  tabs: (pane, { panes, lineHeight }, known) =>
    panesOf(known, 'editor').some((editor) => {
      const above = panes.filter(
        (other) =>
          isStrip(other) &&
          isAbove(other, editor, 3 * lineHeight) &&
          !other.lines.some(({ text }) => looksLikePath(text)),
      );
      return above.every(({ area }) => area.bottom <= pane.area.bottom) && above.includes(pane);
    }),
  breadcrumbs: (pane, { lineHeight }, known) =>
    isStrip(pane) &&
    panesOf(known, 'editor').some((editor) => isAbove(pane, editor, lineHeight)) &&
    pane.lines.some(({ text }) => looksLikePath(text)),
  tree: (pane, { width }, known) => {
    const isAside = pane.area.left < 0.12 * width || pane.area.right > 0.9 * width;
    const isNarrow = pane.area.right - pane.area.left < shape.treeWidth * width;
    const isBesideCode = panesOf(known, 'editor').length + panesOf(known, 'terminal').length > 0;
    return isAside && isNarrow && isBesideCode && rowsOf(pane) >= shape.treeRows;
  },
};

/** Interface text at the top of an editor's paper is its path; elsewhere above it are titles of panels. */
function regionInPane(line: LaidOutLine, pane: Pane, region: ScreenRegion): ScreenRegion {
  if (region !== 'editor' || line.pitch !== undefined || lineNumberOf(line.text) !== undefined)
    return region;
  const isTop = line.box.y < pane.area.top + 2.2 * pane.lineHeight;
  return isTop && looksLikePath(line.text) ? 'breadcrumbs' : region;
}

/** Where title, tabs and the head of a tree share one colour, what a line stands right above tells them apart. */
function regionAbove(
  { box, text }: LaidOutLine,
  regions: ReadonlyMap<Pane, ScreenRegion>,
): ScreenRegion {
  for (const [{ area, lineHeight }, region] of regions) {
    if (region !== 'editor' && region !== 'tree') continue;
    const { x, y } = centreOf(box);
    const gap = (area.top - y) / lineHeight;
    const isOver = x > area.left && x < area.right && gap > 0 && gap < shape.aboveHeights;
    if (!isOver) continue;
    if (region === 'editor') return lineNumberOf(text) === undefined ? 'tabs' : 'editor';
    // The topmost row is the window's, but for a view's title in capitals.
    return y > 2 * lineHeight || !/\p{Ll}/u.test(text) ? 'tree' : 'other';
  }
  return 'other';
}

// --- browser -----------------------------------------------------------------------------------------------------------

/** All that lies below an address, and beside it, is a browser's. */
function markBrowser(screen: Screen, regions: Map<Pane, ScreenRegion>): void {
  const bar = screen.panes.find(
    (pane) =>
      isStrip(pane) &&
      pane.area.top > 0 &&
      pane.lines.some(
        ({ text, box }) => looksLikeAddress(text) && box.y < shape.addressTop * screen.height,
      ),
  );
  if (!bar) return;
  const window = enclosingWindow(bar, screen);
  for (const pane of screen.panes) {
    const centre = (pane.area.left + pane.area.right) / 2;
    if (centre >= window.left && centre <= window.right) regions.set(pane, 'browser');
  }
}

/** The columns that a browser's toolbar spans. */
function enclosingWindow({ area }: Pane, { panes, width, lineHeight }: Screen): PixelBox {
  const wide = { ...area, left: 0, right: width };
  // An editor beside it ends where the browser begins.
  for (const other of panes) {
    if (other.numbers < shape.leastNumbers || other.area.bottom < area.bottom + 4 * lineHeight)
      continue;
    if (other.area.right <= area.left) wide.left = Math.max(wide.left, other.area.right);
    if (other.area.left >= area.right) wide.right = Math.min(wide.right, other.area.left);
  }
  return wide;
}

// --- panes -------------------------------------------------------------------------------------------------------------

function readScreen(picture: Picture, lines: readonly LaidOutLine[]): Screen {
  const { width, height } = picture;
  const lineHeight = median(lines.map(({ box }) => box.height));
  const papers = findPapers(
    picture,
    lines.map(({ box }) => box),
    lineHeight,
  );
  const sheets = mergeRows(
    [
      ...Map.groupBy(
        lines.map((line, index) => ({ line, paper: papers[index]! })),
        ({ paper }) => paper,
      ),
    ].map(([paper, members]) => ({
      area: paper.area,
      colour: paper.colour,
      lines: members.map(({ line }) => line),
    })),
    lineHeight,
  );
  const panes = sheets.map(({ area, lines: members }) => ({
    ...{ area, lines: members, monospaced: monospacedShare(members) },
    numbers: countNumbers(members),
    lineHeight: median(members.map(({ box }) => box.height)),
    floats: countNumbers(members) < shape.leastNumbers && isFloating(picture, area, lineHeight),
  }));
  return { width, height, panes: joinGutters(panes), lineHeight };
}

interface Sheet extends Paper {
  readonly lines: LaidOutLine[];
}

/** Highlighted rows and words belong to the pane that they lie in. */
function mergeRows(sheets: readonly Sheet[], lineHeight: number): Sheet[] {
  const isRow = ({ area }: Sheet): boolean =>
    area.bottom - area.top < shape.rowHeights * lineHeight;
  const large = sheets.filter((sheet) => !isRow(sheet));
  const rest: Sheet[] = [];
  for (const sheet of sheets.filter(isRow)) {
    const around = large
      .filter(({ area }) => contains(area, sheet.area))
      .sort((a, b) => sizeOf(a.area) - sizeOf(b.area))[0];
    if (around) around.lines.push(...sheet.lines);
    else rest.push(sheet);
  }
  return [...large, ...joinStrips(rest, lineHeight)];
}

/** Strips in one row that touch are one: tabs and fields have papers of their own. */
function joinStrips(strips: readonly Sheet[], lineHeight: number): Sheet[] {
  const joined: { area: PixelBox; colour: Sheet['colour']; lines: LaidOutLine[] }[] = [];
  for (const { area, colour, lines } of [...strips].sort((a, b) => a.area.left - b.area.left)) {
    const last = joined.find(
      (other) =>
        Math.abs(middle(other.area) - middle(area)) < 0.5 * lineHeight &&
        area.left - other.area.right < lineHeight,
    );
    if (!last) joined.push({ area: { ...area }, colour, lines: [...lines] });
    else {
      last.area = around(last.area, area);
      last.lines.push(...lines);
    }
  }
  return joined;
}

/** A gutter that has a paper of its own belongs to the code beside it. */
function joinGutters(panes: readonly Pane[]): Pane[] {
  const gutters = panes.filter(
    ({ numbers, lines }) => numbers >= shape.leastNumbers && numbers >= 0.8 * lines.length,
  );
  const rest = panes.filter((pane) => !gutters.includes(pane));
  for (const gutter of gutters) {
    const index = rest.findIndex(({ area }) => {
      const down = Math.min(area.bottom, gutter.area.bottom) - Math.max(area.top, gutter.area.top);
      const isBeside = Math.abs(area.left - gutter.area.right) < 4 * gutter.lineHeight;
      return isBeside && down > 0.5 * (gutter.area.bottom - gutter.area.top);
    });
    if (index < 0) {
      rest.push(gutter);
      continue;
    }
    const code = rest[index]!;
    const lines = [...code.lines, ...gutter.lines];
    rest[index] = { ...code, area: around(code.area, gutter.area), lines, numbers: gutter.numbers };
  }
  return rest;
}

/** Whether one colour lies around at least three sides of an area of several rows: it is drawn on top of another. */
function isFloating(picture: Picture, area: PixelBox, lineHeight: number): boolean {
  const [width, height] = [area.right - area.left, area.bottom - area.top];
  const isLarge = width * height > shape.largestFloat * picture.width * picture.height;
  if (height < shape.rowHeights * lineHeight || isLarge) return false;
  const out = Math.round(shape.aroundHeights * lineHeight);
  const sides = [
    colourAlong(picture, [area.left, area.top - out], [area.right, area.top - out]),
    colourAlong(picture, [area.left, area.bottom + out], [area.right, area.bottom + out]),
    colourAlong(picture, [area.left - out, area.top], [area.left - out, area.bottom]),
    colourAlong(picture, [area.right + out, area.top], [area.right + out, area.bottom]),
  ].filter((colour) => colour !== undefined);
  return (
    sides.length === 4 &&
    sides.some((colour) => sides.filter((other) => isSame(colour, other)).length >= 3)
  );
}

/** The colour of most of some points on a straight line; undefined outside of the picture and where there is none. */
function colourAlong(
  { width, height, data }: Picture,
  from: readonly [number, number],
  to: readonly [number, number],
): Colour | undefined {
  const colours: Colour[] = [];
  for (let point = 0; point < shape.points; point++) {
    const share = (point + 0.5) / shape.points;
    const x = Math.round(from[0] + share * (to[0] - from[0]));
    const y = Math.round(from[1] + share * (to[1] - from[1]));
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const at = (y * width + x) * 3;
    colours.push([data[at]!, data[at + 1]!, data[at + 2]!]);
  }
  return colours.find(
    (colour) => colours.filter((other) => isSame(colour, other)).length > shape.points / 2,
  );
}

/** Notices stand low at the right, questions in the middle; lists and hints stand near what they are about. */
function isDialog({ area, lines }: Pane, { width, height }: Screen): boolean {
  const [x, y] = [(area.left + area.right) / 2, (area.top + area.bottom) / 2];
  const isNotice = x > 0.6 * width && y > 0.6 * height && area.right > 0.9 * width;
  const isCentred =
    Math.abs(x - width / 2) < 0.012 * width && Math.abs(y - height / 2) < 0.12 * height;
  return isNotice || (isCentred && area.top > 0.2 * height && lines.length <= 12);
}

function isAbove({ area }: Pane, { area: below }: Pane, reach: number): boolean {
  const across = Math.min(area.right, below.right) - Math.max(area.left, below.left);
  const gap = below.top - area.bottom;
  return (
    gap > -reach / 2 &&
    gap < reach &&
    across > 0.5 * Math.min(area.right - area.left, below.right - below.left)
  );
}

const panesOf = (known: ReadonlyMap<Pane, ScreenRegion>, region: ScreenRegion): Pane[] =>
  [...known].flatMap(([pane, name]) => (name === region ? [pane] : []));

const isStrip = (pane: Pane): boolean =>
  pane.area.bottom - pane.area.top < shape.stripHeights * pane.lineHeight;
const isMonospaced = ({ monospaced }: Pane): boolean => monospaced >= shape.monospacedFrom;
const hasPrompt = ({ lines }: Pane): boolean => lines.some(({ text }) => looksLikePrompt(text));
const rowsOf = ({ lines, lineHeight }: Pane): number =>
  new Set(lines.map(({ box }) => Math.round(centreOf(box).y / lineHeight))).size;

function isProgram({ lines }: Pane): boolean {
  return (
    lines.filter(({ text }) => looksLikeProgram(text)).length >= shape.programShare * lines.length
  );
}

function monospacedShare(lines: readonly LaidOutLine[]): number {
  const telling = lines.filter(
    ({ text }) => text.length >= shape.tellingLength && /\p{L}/u.test(text),
  );
  const asked = telling.length > 0 ? telling : lines;
  return asked.filter(({ pitch }) => pitch !== undefined).length / asked.length;
}

/** Line numbers that end in one column and grow downwards. */
function countNumbers(lines: readonly LaidOutLine[]): number {
  const numbers = lines
    .flatMap(({ text, box, pitch }) => {
      const number = lineNumberOf(text);
      if (number === undefined) return [];
      const width = /^\d+$/.test(text) ? box.width : String(number).length * (pitch ?? 0);
      return [{ number, right: box.x + width, box }];
    })
    .sort((a, b) => a.box.y - b.box.y);
  let most = 0;
  for (const { right, box } of numbers) {
    const column = numbers.filter((other) => Math.abs(other.right - right) < 0.7 * box.height);
    const rising = column.filter(
      (other, index) => index === 0 || other.number > column[index - 1]!.number,
    );
    if (rising.length >= 0.7 * column.length) most = Math.max(most, rising.length);
  }
  return most;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

const middle = ({ top, bottom }: PixelBox): number => (top + bottom) / 2;
const sizeOf = ({ left, top, right, bottom }: PixelBox): number => (right - left) * (bottom - top);
const around = (a: PixelBox, b: PixelBox): PixelBox => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});
const contains = (outer: PixelBox, inner: PixelBox): boolean =>
  (inner.left + inner.right) / 2 >= outer.left &&
  (inner.left + inner.right) / 2 <= outer.right &&
  middle(inner) > outer.top &&
  middle(inner) < outer.bottom;
