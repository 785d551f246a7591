/**
 * Finds lines of text on a screen without a model: gradients, gaps closed along the row, connected components.
 * @source the reading study: same recall on real recordings as a neural detector at a tenth of its cost.
 */
import type { Picture } from '../media/frameSource.ts';
import { markGradients, withoutLongStrokes, type RowRange, type Strokes } from './inkMask.ts';
import { cutIcons } from './iconCutting.ts';
import { areBridged, type UnderscoreSearch } from './underscores.ts';
import { findComponents, type InkMask, type PixelBox } from './runs.ts';
import type { Box } from './perception.ts';
import type { SegmenterManifest } from '../weights/manifest.ts';

export interface Segmentation {
  /** In no particular order. */
  readonly boxes: readonly Box[];
  readonly heights: LineHeights;
}

/** How high lines of a screen are, pixels: its scale for all that is measured in line heights. */
export interface LineHeights {
  /** Of its words. */
  readonly typical: number;
  /** Of its longer lines: with ascenders and descenders. */
  readonly usual: number;
}

export interface SegmentOptions {
  /** Only these rows, with the heights of the whole screen, which a strip cannot tell. */
  readonly strip?: { readonly rows: RowRange; readonly heights: LineHeights };
}

// Height bounds of the first estimate: below, letters are noise; above, they are headings.
const smallestEstimate = 8;
const largestEstimate = 40;
/** Text this close on both sides of a rule is one line that the rule runs through; otherwise it divides panes. */
const nearRuleHeights = 0.7;
/** A rule beside a line runs along so much of its rows. */
const ruleShare = 0.7;
/** Used when a screen shows no line at all. */
const defaultHeight = 12;

/** @returns a box per line of text; boxes much lower than usual are grown to the usual height around their centre. */
export function segmentLines(
  picture: Picture,
  manifest: SegmenterManifest,
  options: SegmentOptions = {},
): Segmentation {
  const rows = options.strip?.rows ?? { top: 0, bottom: picture.height };
  const ink = markGradients(picture, rows, manifest.gradientThreshold);
  const estimate = options.strip?.heights.typical ?? clamp(estimateHeight(ink, manifest));
  const longest = Math.round(manifest.maxStrokeHeights * estimate + manifest.maxStrokeExtraPx);
  const strokes = withoutLongStrokes(ink, longest);
  const gap = Math.round(manifest.gapHeights * estimate);
  const divider = { rules: strokes.rules, nearPx: Math.round(nearRuleHeights * estimate) };
  const pieces = findComponents(strokes, gap, divider).filter(
    ({ left, top, right, bottom, area }) => bottom - top >= 2 && right - left >= 2 && area >= 4,
  );
  const parts = pieces.flatMap((piece) =>
    piece.bottom - piece.top > 1.75 * estimate ? splitRows(strokes, piece) : [piece],
  );
  const threshold = manifest.gradientThreshold;
  const search = { picture, height: estimate, gap, threshold, strokes, nearRule: divider.nearPx };
  const lines = joinPieces(parts, search).flatMap((line) => cutIcons(strokes, line));
  const usual = options.strip?.heights.usual ?? usualHeightOf(lines, estimate, manifest);
  const boxes = lines.filter((line) => isLine(line, estimate, usual));
  return {
    boxes: boxes.map((line) =>
      growBox(line, { usualHeight: usual, manifest, pictureHeight: picture.height }),
    ),
    heights: { typical: estimate, usual },
  };
}

function clamp(height: number): number {
  return Math.max(smallestEstimate, Math.min(largestEstimate, height));
}

function estimateHeight(ink: InkMask, manifest: SegmenterManifest): number {
  // Twice the tallest usual stroke: only rules and borders go.
  const strokes = withoutLongStrokes(ink, 48);
  const heights = findComponents(strokes, manifest.firstGapPx)
    .map(({ left, top, right, bottom }) => ({ width: right - left, height: bottom - top }))
    .filter(
      ({ width, height }) =>
        height >= manifest.minLineHeightPx &&
        height <= manifest.maxLineHeightPx &&
        width > 1.5 * height,
    )
    .map(({ height }) => height);
  // Above the median: words without ascenders are lower than their line.
  return quantile(heights, 0.6) ?? defaultHeight;
}

/** Cuts a piece that spans several lines at the rows with (almost) no ink. */
function splitRows(mask: InkMask, piece: PixelBox): PixelBox[] {
  const height = piece.bottom - piece.top;
  const profile = new Uint32Array(height);
  for (let y = 0; y < height; y++) {
    const offset = (piece.top - mask.top + y) * mask.width;
    let count = 0;
    for (let x = piece.left; x < piece.right; x++) count += mask.data[offset + x]!;
    profile[y] = count;
  }
  const empty = Math.max(1, profile.reduce((most, count) => Math.max(most, count), 0) * 0.06);
  const parts: PixelBox[] = [];
  for (let y = 0; y < height; y++) {
    if (profile[y]! <= empty) continue;
    const start = y;
    while (y < height && profile[y]! > empty) y++;
    const part = tighten(mask, { ...piece, top: piece.top + start, bottom: piece.top + y });
    if (part) parts.push(part);
  }
  return parts;
}

function tighten(mask: InkMask, box: PixelBox): PixelBox | undefined {
  let left = box.right;
  let right = box.left;
  for (let y = box.top - mask.top; y < box.bottom - mask.top; y++) {
    const offset = y * mask.width;
    for (let x = box.left; x < left; x++) if (mask.data[offset + x] !== 0) left = x;
    for (let x = box.right - 1; x >= right; x--) if (mask.data[offset + x] !== 0) right = x + 1;
  }
  return right > left + 1 ? { ...box, left, right } : undefined;
}

interface JoinSearch extends UnderscoreSearch {
  /** Pieces of a row that are closer belong together, pixels. */
  readonly gap: number;
  readonly strokes: Strokes;
  /** Pieces further apart are divided by a rule between them, pixels. */
  readonly nearRule: number;
}

/** Puts underscores, dots and halves of broken lines back together. */
function joinPieces(pieces: readonly PixelBox[], search: JoinSearch): PixelBox[] {
  let parts = pieces.map((piece) => ({ ...piece }));
  for (let round = 0; round < 4; round++) {
    parts.sort((a, b) => a.top - b.top || a.left - b.left);
    const taken = new Uint8Array(parts.length);
    const joined: PixelBox[] = [];
    for (let i = 0; i < parts.length; i++) {
      if (taken[i] !== 0) continue;
      const line = parts[i]!;
      for (let j = i + 1; j < parts.length && parts[j]!.top <= line.bottom + 3; j++) {
        if (taken[j] !== 0 || !belongTogether(line, parts[j]!, search)) continue;
        extend(line, parts[j]!);
        taken[j] = 1;
      }
      joined.push(line);
    }
    const isDone = joined.length === parts.length;
    parts = joined;
    if (isDone) break;
  }
  return parts;
}

function belongTogether(a: PixelBox, b: PixelBox, search: JoinSearch): boolean {
  const { height } = search;
  const overlapX = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const overlapY = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const jointHeight = Math.max(a.bottom, b.bottom) - Math.min(a.top, b.top);
  const lower = Math.min(a.bottom - a.top, b.bottom - b.top);
  const isSameRow = overlapY >= 0.4 * lower && jointHeight <= 1.5 * height;
  if (isSameRow) {
    const isNear = overlapX >= -search.gap || areBridged(a, b, search);
    return isNear && (overlapX >= -search.nearRule || !areDivided(a, b, search.strokes));
  }
  const isMark = overlapX > -2 && overlapY >= -2 && lower < 0.5 * height;
  return isMark && jointHeight <= 1.45 * height;
}

/** Whether a rule stands between two pieces, along most of the rows that either has. */
function areDivided(a: PixelBox, b: PixelBox, { rules, width, top }: Strokes): boolean {
  const first = Math.min(a.top, b.top);
  const end = Math.max(a.bottom, b.bottom);
  const from = Math.min(a.right, b.right);
  const to = Math.max(a.left, b.left);
  for (let x = from; x < to; x++) {
    let count = 0;
    for (let y = first; y < end; y++) count += rules[(y - top) * width + x]!;
    if (count >= ruleShare * (end - first)) return true;
  }
  return false;
}

function extend(line: PixelBox, part: PixelBox): void {
  line.left = Math.min(line.left, part.left);
  line.top = Math.min(line.top, part.top);
  line.right = Math.max(line.right, part.right);
  line.bottom = Math.max(line.bottom, part.bottom);
}

function usualHeightOf(
  lines: readonly PixelBox[],
  estimate: number,
  manifest: SegmenterManifest,
): number {
  const heights = lines
    .filter(
      ({ left, right, top, bottom }) => right - left > 5 * estimate && bottom - top < 2 * estimate,
    )
    .map(({ top, bottom }) => bottom - top);
  return quantile(heights, manifest.usualHeightPercentile) ?? estimate;
}

function isLine(line: PixelBox, estimate: number, usualHeight: number): boolean {
  const width = line.right - line.left;
  const height = line.bottom - line.top;
  // The narrowest is what is left of an indent guide where something crosses it.
  const isSpeck = width < 0.3 * usualHeight || (width < 0.8 * estimate && height < 0.3 * estimate);
  return height <= 3.2 * usualHeight && height >= 2 && !isSpeck;
}

interface Growth {
  readonly usualHeight: number;
  readonly manifest: SegmenterManifest;
  readonly pictureHeight: number;
}

function growBox(line: PixelBox, { usualHeight, manifest, pictureHeight }: Growth): Box {
  const width = line.right - line.left;
  const height = line.bottom - line.top;
  const isLong = width > manifest.longLine * height;
  const target = isLong ? Math.min(usualHeight, manifest.mostGrowth * height) : usualHeight;
  const missing = height < manifest.growBelow * target ? (target - height) / 2 : 0;
  const top = Math.max(0, line.top - missing);
  const bottom = Math.min(pictureHeight, line.bottom + missing);
  return { x: line.left, y: top, width, height: bottom - top };
}

/** The value below which `share` of the values lie; undefined without values. */
function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
