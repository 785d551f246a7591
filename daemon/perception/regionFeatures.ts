/** What is told to the network that says where lines stand: of each its place, its looks and its first signs. */
import { median } from '../base/median.ts';
import type { Picture } from '../media/frameSource.ts';
import type { Gutter } from './gutters.ts';
import type { LaidOutLine } from './lineLayout.ts';
import type { Box } from './perception.ts';
import { centreOf } from './places.ts';

/** A screen as it was read. */
export interface ReadScreen {
  readonly picture: Picture;
  /** Without line numbers. */
  readonly lines: readonly LaidOutLine[];
  readonly gutters: readonly Gutter[];
}

/** Signs of a line that count. */
export const signsOfLine = 40;
/** Numbers of a line before its signs. */
export const looksOfLine = 16;

/** Pixels around a line's box on which its paper is measured. */
const paperMargin = 2;
/** Code begins this far right of its numbers at most, in heights of the numbers. */
const besideGutter = 40;
/** Neighbours above and below are told up to this distance, in line heights. */
const farthestNeighbour = 12;
/** Signs beyond ASCII are one. */
const otherSign = 127;

/**
 * Features of all lines of a screen, shape [lines, looksOfLine + signsOfLine], row-major:
 * left, top, right, bottom as shares of the screen; height and width in usual heights; usual height as share of the screen; whether it is
 * monospaced, and the pitch in heights; whether it stands beside line numbers; its paper's red, green, blue (0 … 1); distances to the
 * nearest lines above and below that it shares columns with, as shares of the farthest; how much of the screen its paper's brightness
 * is that of most lines; then code points, 0 behind the end.
 */
export function regionFeatures({ picture, lines, gutters }: ReadScreen): Float32Array {
  const width = looksOfLine + signsOfLine;
  const features = new Float32Array(lines.length * width);
  const usual = median(lines.map(({ box }) => box.height)) || 1;
  const papers = lines.map(({ box }) => paperOf(picture, box));
  const brightness = papers.map(([red, green, blue]) => (red + green + blue) / 3);
  const common = median(brightness) ?? 0;
  lines.forEach(({ box, text, pitch }, index) => {
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    const looks = [
      box.x / picture.width,
      box.y / picture.height,
      right / picture.width,
      bottom / picture.height,
      box.height / usual,
      box.width / (usual * signsOfLine),
      (usual / picture.height) * 20,
      pitch === undefined ? 0 : 1,
      (pitch ?? 0) / box.height,
      gutters.some((gutter) => isBeside(box, gutter)) ? 1 : 0,
      ...papers[index]!.map((channel) => channel / 255),
      nearest(box, lines, usual, -1),
      nearest(box, lines, usual, 1),
      Math.abs(brightness[index]! - common) / 255,
    ];
    features.set(looks, index * width);
    const signs = Array.from(text).slice(0, signsOfLine);
    signs.forEach((sign, place) => {
      const code = sign.codePointAt(0)!;
      features[index * width + looksOfLine + place] = Math.min(code, otherSign);
    });
  });
  return features;
}

/** Of 0 … 255: the median of the pixels that run around a box, so that neither its own signs nor those beside it count. */
function paperOf({ width, height, data }: Picture, box: Box): [number, number, number] {
  const left = clamp(box.x - paperMargin, width);
  const right = clamp(box.x + box.width + paperMargin, width);
  const top = clamp(box.y - paperMargin, height);
  const bottom = clamp(box.y + box.height + paperMargin, height);
  const around: number[] = [];
  for (let x = left; x <= right; x++) around.push(top * width + x, bottom * width + x);
  for (let y = top + 1; y < bottom; y++) around.push(y * width + left, y * width + right);
  const channel = (offset: number): number => medianByte(around, (at) => data[3 * at + offset]!);
  return [channel(0), channel(1), channel(2)];
}

/** Median of bytes, without sorting: a screen has a hundred lines with hundreds of pixels around each. */
function medianByte(places: readonly number[], byteAt: (place: number) => number): number {
  const counts = new Uint32Array(256);
  for (const place of places) counts[byteAt(place)]!++;
  let value = 0;
  for (let before = counts[0]!; before <= places.length >> 1; before += counts[value]!) value++;
  return value;
}

const clamp = (value: number, length: number): number =>
  Math.min(length - 1, Math.max(0, Math.round(value)));

function isBeside(box: Box, { left, right, top, bottom, height }: Gutter): boolean {
  const { y } = centreOf(box);
  return y > top && y < bottom && box.x > left && box.x < right + besideGutter * height;
}

/** Share of the farthest distance, 1 where nothing is. @param side -1 above, 1 below */
function nearest(box: Box, lines: readonly LaidOutLine[], usual: number, side: 1 | -1): number {
  const { y } = centreOf(box);
  let least = farthestNeighbour * usual;
  for (const { box: other } of lines) {
    const across = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x);
    const distance = side * (centreOf(other).y - y);
    if (across > 0 && distance > 0.5 * usual && distance < least) least = distance;
  }
  return least / (farthestNeighbour * usual);
}
