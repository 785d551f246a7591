/**
 * Where each line of a screen stands: in an editor, a terminal, a tree … told from layout alone, so that any theme and program will do.
 * Lines are first put together by the pane they are written on; what a pane is follows from how its lines are set and what lies around.
 */
import type { ScreenRegion } from '../../protocol/index.ts';
import {
  looksLikeAddress,
  looksLikeFile,
  looksLikePath,
  looksLikePrompt,
  looksLikeProgram,
} from './lineForms.ts';
import type { LaidOutLine } from './lineLayout.ts';
import { findPanes, median, type Pane, type ReadScreen } from './panes.ts';
import { centreOf } from './places.ts';
import type { PixelBox } from './runs.ts';

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
  /** Tabs, and the head of a tree, are at most this far above what they belong to. */
  aboveHeights: 2.2,
  /** Side bars lie this near to an edge, are narrower than this, hold so many rows, or two when they are tall. */
  asideLeft: 0.12,
  asideRight: 0.9,
  treeWidth: 0.42,
  treeRows: 3,
  tallRows: 2,
  tall: 0.55,
  /** Letters of slides are higher than this share of the screen, if they are monospaced or not, … */
  slideLetters: 0.034,
  slideProse: 0.025,
  /** … there are no more lines, and they stand on one paper that fills most of the screen. */
  slideLines: 24,
  slidePaper: 0.6,
  slideShare: 0.8,
  /** The address is within this share of the screen's height from the top. */
  addressTop: 0.25,
  /** Programs have at least this share of lines that look like one. */
  programShare: 0.3,
  monospacedFrom: 0.5,
  /** Notices reach into this corner; questions are centred to this. */
  noticeRight: 0.93,
  noticeBottom: 0.82,
  centred: 0.006,
  /** A page is wider than that; what lies within it is a part of it, but for menus and lists near its top centre. */
  pageWidth: 0.45,
  inside: 0.97,
} as const;

/** @returns the region of each line, in the order of the lines */
export function classifyLines(read: ReadScreen): ScreenRegion[] {
  const { lines, picture } = read;
  if (lines.length === 0) return [];
  const lineHeight = median(lines.map(({ box }) => box.height));
  const { width, height } = picture;
  const screen = { width, height, lineHeight, panes: findPanes(read, lineHeight) };
  const regions = new Map<Pane, ScreenRegion>();
  for (const name of askedInTurn) {
    for (const pane of screen.panes) {
      if (!regions.has(pane) && tests[name](pane, screen, regions)) regions.set(pane, name);
    }
  }
  markParts(screen, regions);
  markBrowser(screen, regions);
  const found = new Map<LaidOutLine, ScreenRegion>();
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
  'dialog',
  'popup',
  'editor',
  'statusBar',
  'tree',
  'terminal',
  'tabs',
  'breadcrumbs',
] as const;

const tests: Readonly<Record<(typeof askedInTurn)[number], Test>> = {
  slide: (pane, { panes, width, height, lineHeight }) => {
    const lines = panes.flatMap((other) => other.lines);
    const { left, right, top, bottom } = pane.area;
    const isPaper =
      right - left > shape.slidePaper * width && bottom - top > shape.slidePaper * height;
    const letters = panes.some(isMonospaced) ? shape.slideLetters : shape.slideProse;
    return (
      lineHeight >= letters * height &&
      isPaper &&
      pane.lines.length >= shape.slideShare * lines.length &&
      lines.length <= shape.slideLines &&
      !panes.some(({ isNumbered }) => isNumbered) &&
      !lines.some(({ text }) => looksLikePrompt(text) || looksLikeAddress(text))
    );
  },
  dialog: (pane, screen) => !pane.isNumbered && pane.over !== undefined && isDialog(pane, screen),
  popup: (pane, screen) =>
    !pane.isNumbered && pane.over !== undefined && !isPart(pane, pane.over, screen),
  editor: (pane, { panes }) => {
    if (pane.isNumbered) return true;
    const isWritten = isMonospaced(pane) && !isStrip(pane);
    const hasOther = panes.some((other) => other !== pane && other.isNumbered);
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
  tree: (pane, screen, known) => {
    if (!isAside(pane, screen) || hasPrompt(pane)) return false;
    const isTall = pane.area.bottom - pane.area.top > shape.tall * screen.height;
    if (isTall) return rowsOf(pane) >= shape.tallRows;
    return rowsOf(pane) >= shape.treeRows && panesOf(known, 'editor').length > 0;
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
};

/** Interface text above the first row of code is its path; elsewhere above it are titles of panels. */
function regionInPane(line: LaidOutLine, pane: Pane, region: ScreenRegion): ScreenRegion {
  if (region !== 'editor' || line.pitch !== undefined) return region;
  const { text, box } = line;
  const isTop = box.y < pane.area.top + 2.2 * pane.lineHeight;
  const isFirst = pane.lines.every((other) => other.box.y > box.y - box.height / 2);
  return isTop && (looksLikePath(text) || (isFirst && looksLikeFile(text)))
    ? 'breadcrumbs'
    : region;
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
    if (region === 'editor') return 'tabs';
    // The topmost row is the window's, but for a view's title in capitals.
    return y > 2 * lineHeight || !/\p{Ll}/u.test(text) ? 'tree' : 'other';
  }
  return 'other';
}

/** Boxes, fields and buttons of a page are parts of it. */
function markParts(screen: Screen, regions: Map<Pane, ScreenRegion>): void {
  for (const pane of screen.panes) {
    const { over } = pane;
    if (!over || pane.isNumbered || !isPart(pane, over, screen)) continue;
    const region = regions.get(over);
    if (region === undefined) regions.delete(pane);
    else regions.set(pane, region);
  }
}

/** Whether a pane belongs to the page that it lies on. Code, terminals and trees have no parts: what lies on them floats. */
function isPart({ area }: Pane, over: Pane, screen: Screen): boolean {
  const isPage =
    !over.isNumbered &&
    !isMonospaced(over) &&
    over.area.right - over.area.left > shape.pageWidth * screen.width;
  const across = Math.min(area.right, over.area.right) - Math.max(area.left, over.area.left);
  const isInside =
    across >= shape.inside * (area.right - area.left) &&
    area.top > over.area.top + screen.lineHeight;
  return isPage && isInside;
}

// --- browser -----------------------------------------------------------------------------------------------------------

/** All that lies below an address, and beside it, is a browser's. */
function markBrowser(screen: Screen, regions: Map<Pane, ScreenRegion>): void {
  const bar = screen.panes.find(
    (pane) =>
      isStrip(pane) &&
      pane.area.top > 0 &&
      !pane.isNumbered &&
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
    if (!other.isNumbered || other.area.bottom < area.bottom + 4 * lineHeight) continue;
    if (other.area.right <= area.left) wide.left = Math.max(wide.left, other.area.right);
    if (other.area.left >= area.right) wide.right = Math.min(wide.right, other.area.left);
  }
  return wide;
}

// --- panes -------------------------------------------------------------------------------------------------------------

/** Notices stand low at the right, questions in the middle; lists and hints stand near what they are about. */
function isDialog({ area, lines }: Pane, { width, height }: Screen): boolean {
  const [x, y] = [(area.left + area.right) / 2, (area.top + area.bottom) / 2];
  const isNotice =
    area.right > shape.noticeRight * width && area.bottom > shape.noticeBottom * height;
  const isCentred =
    Math.abs(x - width / 2) < shape.centred * width && Math.abs(y - height / 2) < 0.12 * height;
  return isNotice || (isCentred && area.top > 0.2 * height && lines.length <= 12);
}

function isAside({ area }: Pane, { width }: Screen): boolean {
  const isAtEdge = area.left < shape.asideLeft * width || area.right > shape.asideRight * width;
  return isAtEdge && area.right - area.left < shape.treeWidth * width;
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
