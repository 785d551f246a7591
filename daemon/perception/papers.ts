/** Panes of a screen: rectangles of one background colour that lines are written on. Theme independent. */
import type { Picture } from '../media/frameSource.ts';
import type { Box } from './perception.ts';
import type { PixelBox } from './runs.ts';

/** A rectangle of one colour, text on it left aside. */
export interface Paper {
  readonly area: PixelBox;
  readonly colour: Colour;
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Channels of one paper differ by no more, of 255: noise of compressed pictures is below, panes of dark themes differ by 7. */
const sameColour = 5;
/** A part of a row or column is paper when this share of it has its colour: what is written has the rest. */
const paperShare = 0.3;
/** A row or column is looked at in four parts, and what floats above may cover one of them. */
const parts = 4;
const paperParts = 3;
/** Pixels between two that are looked at, along a side. */
const stride = 3;
/** Rows above and below a line that are its paper, too, pixels. */
const outset = 3;
/** Along less than this a letter may take up the most part: what is left above and below it is enough. In line heights, and a share. */
const shortSpan = 3;
const shortShare = 0.2;
/** What is thinner than this is a line between panes; what is thicker, up to `thickestBand`, is a highlighted row. In line heights. */
const thinnestBand = 0.95;
const thickestBand = 2.4;

/**
 * The paper around each line, in the order of the lines. Lines on one paper get the same object.
 * @param lineHeight usual one, pixels
 */
export function findPapers(
  picture: Picture,
  boxes: readonly Box[],
  lineHeight: number,
): readonly Paper[] {
  const papers: Paper[] = [];
  const found = new Array<Paper>(boxes.length);
  // Long lines lie in large panes: what is found later ends where it runs into them, as tabs open into the pane below.
  const order = boxes.map((_, index) => index).sort((a, b) => boxes[b]!.width - boxes[a]!.width);
  for (const index of order) {
    const box = boxes[index]!;
    const colour = colourUnder(picture, box);
    let paper = papers.find((known) => isInside(box, known.area) && isSame(colour, known.colour));
    if (!paper) {
      const taken = papers.filter((known) => isSame(colour, known.colour)).map(({ area }) => area);
      paper = { area: grow(picture, { box, colour, lineHeight, taken }), colour };
      papers.push(paper);
    }
    found[index] = paper;
  }
  return found;
}

function isInside({ x, y, width, height }: Box, area: PixelBox): boolean {
  const [centreX, centreY] = [x + width / 2, y + height / 2];
  return (
    centreX >= area.left && centreX < area.right && centreY >= area.top && centreY < area.bottom
  );
}

/** Whether two colours are one but for the noise of a compressed picture. */
export function isSame(a: Colour, b: Colour): boolean {
  return a.every((channel, index) => Math.abs(channel - b[index]!) <= sameColour);
}

/** The colour that most pixels in and around a line have. */
function colourUnder({ width, height, data }: Picture, box: Box): Colour {
  const counts = new Map<number, number>();
  const top = Math.max(0, Math.floor(box.y) - 2);
  const bottom = Math.min(height, Math.ceil(box.y + box.height) + 2);
  const left = Math.max(0, Math.floor(box.x) - 3);
  const right = Math.min(width, Math.ceil(box.x + box.width) + 3);
  let most = 0;
  let colour: Colour = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x += 2) {
      const at = (y * width + x) * 3;
      const key = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count <= most) continue;
      most = count;
      colour = [data[at]!, data[at + 1]!, data[at + 2]!];
    }
  }
  return colour;
}

interface Seed {
  readonly box: Box;
  readonly colour: Colour;
  readonly lineHeight: number;
  /** Papers of this colour that are known. */
  readonly taken: readonly PixelBox[];
}

type Side = 'left' | 'right' | 'top' | 'bottom';

/** Pushes each side outwards as long as paper lies there, first along the line, then up and down, then once more. */
function grow(picture: Picture, { box, ...seed }: Seed): PixelBox {
  // From inside of the line, whose ends may touch a border; a little higher, so that no letter looks like one.
  const inset = Math.min(box.width / 4, seed.lineHeight / 2);
  const area: PixelBox = {
    left: Math.max(0, Math.floor(box.x + inset)),
    top: Math.max(0, Math.floor(box.y) - outset),
    right: Math.min(picture.width, Math.ceil(box.x + box.width - inset)),
    bottom: Math.min(picture.height, Math.ceil(box.y + box.height) + outset),
  };
  for (const side of ['left', 'right', 'top', 'bottom', 'left', 'right'] as const) {
    for (;;) {
      const step = nextStep(picture, { area, side, ...seed });
      if (step === 0) break;
      area[side] += side === 'left' || side === 'top' ? -step : step;
    }
  }
  return area;
}

interface Push extends Omit<Seed, 'box'> {
  readonly area: PixelBox;
  readonly side: Side;
}

/** How far a side may be pushed: to the next row or column of paper, over a highlighted row if need be; 0 at its end. */
function nextStep(picture: Picture, push: Push): number {
  const { area, side, lineHeight } = push;
  const room = {
    left: area.left,
    top: area.top,
    right: picture.width - area.right,
    bottom: picture.height - area.bottom,
  }[side];
  const isAlong = side === 'left' || side === 'right';
  const widest = isAlong ? 1 : Math.min(room, Math.round(thickestBand * lineHeight));
  for (let distance = 1; distance <= Math.min(room, widest); distance++) {
    if (!hasPaper(picture, push, distance)) continue;
    const isReached = distance === 1 || distance >= thinnestBand * lineHeight;
    return isReached && !isTaken(push, distance) ? distance : 0;
  }
  return 0;
}

/** Whether a side would run into another paper of this colour. */
function isTaken({ area, side, taken }: Push, distance: number): boolean {
  const sign = side === 'left' || side === 'top' ? -1 : 1;
  const next = { ...area, [side]: area[side] + sign * distance };
  return taken.some(
    (other) =>
      Math.min(next.right, other.right) > Math.max(next.left, other.left) &&
      Math.min(next.bottom, other.bottom) > Math.max(next.top, other.top),
  );
}

/** Whether the row or column `distance` pixels outside of a side is paper. */
function hasPaper(
  { width, data }: Picture,
  { area, side, colour, lineHeight }: Push,
  distance: number,
): boolean {
  const isColumn = side === 'left' || side === 'right';
  const [from, to] = isColumn ? [area.top, area.bottom] : [area.left, area.right];
  const fixed =
    side === 'left' || side === 'top' ? area[side] - distance : area[side] + distance - 1;
  const isShort = to - from < shortSpan * lineHeight;
  const step = Math.max(1, (to - from) / (isShort ? 1 : parts));
  const along = { step: isShort ? 1 : stride, share: isShort ? shortShare : paperShare };
  let paper = 0;
  for (let start = from; start < to; start += step) {
    const end = Math.min(to, start + step);
    let same = 0;
    let count = 0;
    for (let place = Math.floor(start); place < end; place += along.step, count++) {
      const at = 3 * (isColumn ? place * width + fixed : fixed * width + place);
      if (
        Math.abs(data[at]! - colour[0]) <= sameColour &&
        Math.abs(data[at + 1]! - colour[1]) <= sameColour &&
        Math.abs(data[at + 2]! - colour[2]) <= sameColour
      )
        same++;
    }
    if (same >= along.share * count) paper++;
  }
  return paper >= (isShort ? 1 : paperParts);
}
