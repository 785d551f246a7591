/** Panes of a screen with what is written on them: papers, put together again where a highlighted row or a selection divides them. */
import type { Picture } from '../media/frameSource.ts';
import type { Gutter } from './gutters.ts';
import type { LaidOutLine } from './lineLayout.ts';
import { findPapers, isSame, type Colour } from './paperMap.ts';
import { centreOf, isInRowOf } from './places.ts';
import type { PixelBox } from './runs.ts';

export interface Pane {
  readonly area: PixelBox;
  readonly lines: readonly LaidOutLine[];
  /** Share of its longer lines that are monospaced, 0 … 1. */
  readonly monospaced: number;
  /** Line numbers stand at its left. */
  readonly isNumbered: boolean;
  /** The largest pane above which it lies. */
  readonly over?: Pane;
  /** Usual height of its lines, pixels. */
  readonly lineHeight: number;
}

/** A screen as it was read. */
export interface ReadScreen {
  readonly picture: Picture;
  /** Without line numbers. */
  readonly lines: readonly LaidOutLine[];
  readonly gutters: readonly Gutter[];
}

/** Lengths in line heights, shares of one. */
const config = {
  /** What is lower, and lies in a pane, is a highlighted row or word of it. */
  rowHeights: 2.2,
  /** The highlighted row of a list is this near to the rest. */
  rowGap: 0.6,
  /** Panes above one another that are one have the same edges to this … */
  sameEdge: 1.5,
  /** … and a highlighted row between them. */
  thinnestRow: 0.95,
  thickestRow: 2.4,
  /** A side bar's sections are divided by their titles, and narrower than this share of the screen. */
  sectionGap: 2.6,
  sectionWidth: 0.42,
  /** A selection's lines stand in the rows of the numbers to this. */
  sameRow: 0.3,
  selectionShare: 0.8,
  /** Code begins this far right of its numbers at most. */
  besideGutter: 40,
  /** Code ends with its last number, but for one that was not read; so many lines below are something else. */
  belowNumbers: 2.5,
  leastBelow: 3,
  /** So much of a pane lies on others that it lies above them. */
  covering: 0.6,
  /** What floats covers no larger share of the screen. */
  largestFloat: 0.35,
  /** Characters from which on a line tells whether it is monospaced. */
  tellingLength: 10,
} as const;

/** A pane in the making. */
interface Sheet {
  area: PixelBox;
  readonly colour: Colour;
  readonly lines: LaidOutLine[];
  readonly isNumbered?: boolean;
}

/** @param lineHeight usual height of all lines, pixels. @returns panes that have lines */
export function findPanes({ picture, lines, gutters }: ReadScreen, lineHeight: number): Pane[] {
  const covered = lines.map(({ box }) => box);
  const numbers = gutters.map(({ left, top, right, bottom }) => ({
    ...{ x: left, y: top, width: right - left, height: bottom - top },
  }));
  const papers = findPapers(picture, [...covered, ...numbers], lineHeight);
  let sheets: Sheet[] = [...Map.groupBy(lines.keys(), (index) => papers[index]!)].map(
    ([paper, members]) => ({ ...paper, lines: members.map((index) => lines[index]!) }),
  );
  sheets = joinFirstRows(sheets, lineHeight);
  for (const gutter of gutters) sheets = gatherCode(sheets, gutter, lineHeight);
  sheets = mergeHalves(sheets, { lineHeight, width: picture.width });
  sheets = mergeRows(sheets, lineHeight);
  const panes = sheets.map(({ area, lines: members, isNumbered = false }) => ({
    ...{ area, lines: members, monospaced: monospacedShare(members) },
    isNumbered,
    lineHeight: median(members.map(({ box }) => box.height)),
  }));
  return panes.map((pane) => {
    const over = coveredBy(pane, panes, { picture, lineHeight });
    return over ? { ...pane, over } : pane;
  });
}

/** The first or last row of a list that floats may be highlighted: it belongs to the list, not to what lies below. */
function joinFirstRows(sheets: readonly Sheet[], lineHeight: number): Sheet[] {
  const isRow = ({ area }: Sheet): boolean => heightOf(area) < config.rowHeights * lineHeight;
  const lists = sheets.filter(
    (sheet) =>
      !isRow(sheet) &&
      sheets.some(
        (other) => sizeOf(other.area) > sizeOf(sheet.area) && isWithin(sheet.area, other.area, 0),
      ),
  );
  return sheets.filter((sheet) => {
    const list = lists.find(
      ({ area }) =>
        isRow(sheet) &&
        hasSameEdges(area, sheet.area, lineHeight) &&
        Math.max(area.top - sheet.area.bottom, sheet.area.top - area.bottom) <
          config.rowGap * lineHeight,
    );
    if (list) join(list, sheet);
    return !list;
  });
}

/** The rows beside line numbers are one pane, whatever is highlighted or selected in them. */
function gatherCode(sheets: readonly Sheet[], gutter: Gutter, lineHeight: number): Sheet[] {
  const reach = config.besideGutter * gutter.height;
  const isBeside = ({ box }: LaidOutLine): boolean => {
    const { y } = centreOf(box);
    return (
      y > gutter.top && y < gutter.bottom && box.x > gutter.right && box.x < gutter.right + reach
    );
  };
  const beside = sheets.flatMap(({ lines }) => lines.filter(isBeside));
  const isNext = (line: LaidOutLine): boolean =>
    !beside.some((other) => other.box.x < line.box.x && isInRowOf(other.box, line.box));
  const next = new Set(beside.filter(isNext));
  const countIn = ({ lines }: Sheet): number => lines.filter((line) => next.has(line)).length;
  const most = [...sheets].sort((a, b) => countIn(b) - countIn(a))[0];
  if (!most || countIn(most) === 0) return [...sheets];
  const code: Sheet = {
    ...{ ...most, area: around(most.area, gutter), lines: [...most.lines] },
    isNumbered: true,
  };
  const rest = sheets.filter((sheet) => {
    if (sheet === most) return false;
    const isPart =
      isWithin(sheet.area, code.area, lineHeight) &&
      (heightOf(sheet.area) < config.rowHeights * lineHeight ||
        isSame(sheet.colour, code.colour) ||
        isSelection(sheet, code));
    const isRest =
      isSame(sheet.colour, code.colour) &&
      countIn(sheet) > 0 &&
      hasSameEdges(sheet.area, code.area, lineHeight);
    if (!isPart && !isRest) return true;
    join(code, sheet);
    return false;
  });
  return [...rest, ...splitBelow(code, gutter)];
}

/** What lies below the last number is no code, even if no border can be seen: a terminal in the same colour, or the end of the file. */
function splitBelow(code: Sheet, gutter: Gutter): Sheet[] {
  const end = gutter.bottom + config.belowNumbers * gutter.height;
  const below = code.lines.filter(({ box }) => box.y > end);
  if (below.length < config.leastBelow) return [code];
  const top = Math.min(...below.map(({ box }) => box.y)) - gutter.height / 2;
  const lines = code.lines.filter(({ box }) => box.y <= end);
  return [
    { ...code, area: { ...code.area, bottom: top }, lines },
    { ...code, area: { ...code.area, top }, lines: below, isNumbered: false },
  ];
}

/** A selection goes over several rows; its lines are in one font and in the rows of the code. A list above the code is not. */
function isSelection({ lines }: Sheet, code: Sheet): boolean {
  const [first] = lines;
  const pitches = code.lines.flatMap(({ pitch }) => pitch ?? []);
  const usual = median(pitches);
  const rows = code.lines.map(({ box }) => centreOf(box).y);
  const pitch = smallestStep(rows);
  if (!first || pitch === undefined) return false;
  const inRows = lines.filter(({ box, pitch: own }) => {
    const offset = (centreOf(box).y - rows[0]!) / pitch;
    const isSameFont = own === undefined || Math.abs(own / usual - 1) < 0.03;
    return Math.abs(offset - Math.round(offset)) < config.sameRow && isSameFont;
  });
  const hasFont = lines.some(({ pitch: own }) => own !== undefined);
  return hasFont && inRows.length >= config.selectionShare * lines.length;
}

/** The usual distance of rows that follow one another. */
function smallestStep(rows: readonly number[]): number | undefined {
  const sorted = [...rows].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((y, index) => y - sorted[index]!);
  const telling = steps.filter((step) => step > 4);
  return telling.length === 0 ? undefined : quantile(telling, 0.25);
}

interface Scale {
  readonly lineHeight: number;
  /** Of the screen. */
  readonly width: number;
}

/** Panes of one colour that a highlighted row divides are one, and so are the sections of a side bar. */
function mergeHalves(sheets: readonly Sheet[], { lineHeight, width }: Scale): Sheet[] {
  const merged: Sheet[] = [];
  for (const sheet of [...sheets].sort((a, b) => a.area.top - b.area.top)) {
    const above = merged.find((other) => {
      const gap = (sheet.area.top - other.area.bottom) / lineHeight;
      // What belongs to numbered code is known already.
      if (sheet.isNumbered || other.isNumbered) return false;
      if (!isSame(sheet.colour, other.colour)) return false;
      if (!hasSameEdges(sheet.area, other.area, lineHeight)) return false;
      const isSection = widthOf(sheet.area) < config.sectionWidth * width;
      if (isSection) return gap > -1 && gap < config.sectionGap;
      const areTall = [sheet, other].every(
        ({ area }) => heightOf(area) >= config.rowHeights * lineHeight,
      );
      return areTall && gap >= config.thinnestRow && gap <= config.thickestRow;
    });
    if (!above) {
      merged.push({ ...sheet, lines: [...sheet.lines] });
      continue;
    }
    join(above, sheet);
  }
  return merged;
}

/** Highlighted rows and words belong to the pane that they lie in. */
function mergeRows(sheets: readonly Sheet[], lineHeight: number): Sheet[] {
  const isRow = ({ area }: Sheet): boolean => heightOf(area) < config.rowHeights * lineHeight;
  const large = sheets.filter((sheet) => !isRow(sheet));
  const rest: Sheet[] = [];
  for (const sheet of sheets.filter(isRow)) {
    const outer = large
      .filter(({ area }) => isWithin(sheet.area, area, 0.5 * lineHeight))
      .sort((a, b) => sizeOf(a.area) - sizeOf(b.area))[0];
    if (outer) join(outer, sheet);
    else rest.push(sheet);
  }
  return [...large, ...joinStrips(rest, lineHeight)];
}

/** Strips in one row that touch are one: tabs and fields have papers of their own. */
function joinStrips(strips: readonly Sheet[], lineHeight: number): Sheet[] {
  const joined: Sheet[] = [];
  for (const strip of [...strips].sort((a, b) => a.area.left - b.area.left)) {
    const last = joined.find(
      ({ area }) =>
        Math.abs(middle(area) - middle(strip.area)) < 0.5 * lineHeight &&
        strip.area.left - area.right < lineHeight,
    );
    if (last) join(last, strip);
    else joined.push({ ...strip, lines: [...strip.lines] });
  }
  return joined;
}

function join(sheet: Sheet, part: Sheet): void {
  sheet.area = around(sheet.area, part.area);
  sheet.lines.push(...part.lines);
}

/** The largest pane that a pane lies above; undefined when it stands beside the others. */
function coveredBy(
  pane: Pane,
  panes: readonly Pane[],
  { picture, lineHeight }: { readonly picture: Picture; readonly lineHeight: number },
): Pane | undefined {
  const size = sizeOf(pane.area);
  const isTall = heightOf(pane.area) >= config.rowHeights * lineHeight;
  if (!isTall || size > config.largestFloat * picture.width * picture.height) return undefined;
  const below = panes
    .filter((other) => other !== pane && sizeOf(other.area) > size)
    .map((other) => ({ other, shared: sharedSize(pane.area, other.area) }))
    .sort((a, b) => b.shared - a.shared);
  const covered = below.reduce((sum, { shared }) => sum + shared, 0);
  return covered >= config.covering * size ? below[0]!.other : undefined;
}

function monospacedShare(lines: readonly LaidOutLine[]): number {
  const telling = lines.filter(
    ({ text }) => text.length >= config.tellingLength && /\p{L}/u.test(text),
  );
  if (telling.length === 0) return 0;
  return telling.filter(({ pitch }) => pitch !== undefined).length / telling.length;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * values.length)] ?? 0;
}

const middle = ({ top, bottom }: PixelBox): number => (top + bottom) / 2;
const widthOf = ({ left, right }: PixelBox): number => right - left;
const heightOf = ({ top, bottom }: PixelBox): number => bottom - top;
const sizeOf = (area: PixelBox): number => widthOf(area) * heightOf(area);
const sharedSize = (a: PixelBox, b: PixelBox): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
const around = (a: PixelBox, b: PixelBox): PixelBox => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});
/** Whether an area lies in another, but for some pixels. */
const isWithin = (inner: PixelBox, outer: PixelBox, slack: number): boolean =>
  inner.left >= outer.left - slack &&
  inner.right <= outer.right + slack &&
  inner.top >= outer.top - slack &&
  inner.bottom <= outer.bottom + slack;
const hasSameEdges = (a: PixelBox, b: PixelBox, lineHeight: number): boolean =>
  Math.abs(a.left - b.left) < config.sameEdge * lineHeight &&
  Math.abs(a.right - b.right) < config.sameEdge * lineHeight;
