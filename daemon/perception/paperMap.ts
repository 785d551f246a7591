/**
 * Papers of a screen: areas of one background colour that touch and that nothing divides. All text is left aside, and colours are means of
 * cells, so that neither letters nor the noise of compressed or dithered pictures tear them apart. Theme independent.
 */
import type { Picture } from '../media/frameSource.ts';
import { measureCells, type Cells } from './cells.ts';
import type { Box } from './perception.ts';
import type { PixelBox } from './runs.ts';
import { cutTiles, type Tile, type Tiling } from './tiles.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** One area, text on it left aside. */
export interface Paper {
  /** What encloses it; others may lie inside. */
  readonly area: PixelBox;
  /** Pixels that it covers. */
  readonly size: number;
  readonly colour: Colour;
}

/** Means of cells on one paper differ by no more, of 255: dithering leaves 3, side bars of dark themes differ by 7. */
const sameColour = 5;
/** A paper that has such a share of some tile lies at the ground. */
const ownTile = 0.35;

/** Whether two colours are one but for noise. */
export function isSame(a: Colour, b: Colour): boolean {
  return a.every((channel, index) => Math.abs(channel - b[index]!) <= sameColour);
}

/**
 * The paper that each line is written on, in the order of the lines. Lines on one paper get the same object.
 * @param boxes of the lines; those of other text may follow
 * @param lineHeight usual one, pixels
 */
export function findPapers(
  picture: Picture,
  boxes: readonly Box[],
  lineHeight: number,
): readonly Paper[] {
  const cells = measureCells(picture, boxes, lineHeight);
  const labels = labelCells(cells);
  spread(labels, cells);
  const tiling = cutTiles(labels, cells, lineHeight / cells.size);
  const divided = divideByTiles(labels, cells, tiling);
  const papers = measurePapers(divided, cells, picture);
  return boxes.map((box) => papers.get(labelUnder(box, divided, cells)) ?? ownPaper(box));
}

/** Of a line that fills all around it. */
function ownPaper({ x, y, width, height }: Box): Paper {
  const area = { left: x, top: y, right: x + width, bottom: y + height };
  return { area, size: width * height, colour: [0, 0, 0] };
}

/** Numbers the areas of known cells, from 1; 0 for all other cells. */
function labelCells({ columns, rows, known, border, means }: Cells): Int32Array {
  const labels = new Int32Array(columns * rows);
  const stack = new Int32Array(columns * rows);
  const last = columns - 1;
  let next = 1;
  for (let seed = 0; seed < labels.length; seed++) {
    if (labels[seed] !== 0 || known[seed] === 0 || border[seed] !== 0) continue;
    const name = next++;
    let [red, green, blue, count] = [0, 0, 0, 0];
    let depth = 0;
    const visit = (cell: number): void => {
      if (labels[cell] !== 0 || known[cell] === 0 || border[cell] !== 0) return;
      // Against the mean so far, not against its neighbour: shades must not lead from one paper into another.
      const isAlike =
        Math.abs(means[3 * cell]! - red / count) <= sameColour &&
        Math.abs(means[3 * cell + 1]! - green / count) <= sameColour &&
        Math.abs(means[3 * cell + 2]! - blue / count) <= sameColour;
      if (!isAlike) return;
      labels[cell] = name;
      stack[depth++] = cell;
    };
    labels[seed] = name;
    stack[depth++] = seed;
    while (depth > 0) {
      const cell = stack[--depth]!;
      count++;
      red += means[3 * cell]!;
      green += means[3 * cell + 1]!;
      blue += means[3 * cell + 2]!;
      const x = cell % columns;
      if (x > 0) visit(cell - 1);
      if (x < last) visit(cell + 1);
      if (cell >= columns) visit(cell - columns);
      if (cell < labels.length - columns) visit(cell + columns);
    }
  }
  return labels;
}

/** Gives covered cells to the paper that is nearest; papers of one colour that meet below text become one. */
function spread(labels: Int32Array, { columns, known, border, means }: Cells): void {
  const colours = meanColours(labels, known, means);
  const parents = new Map<number, number>();
  const find = (name: number): number => {
    let root = name;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    return root;
  };
  let front: number[] = [];
  for (let cell = 0; cell < labels.length; cell++) {
    if (labels[cell] === 0 || border[cell] !== 0) continue;
    const isAtText =
      known[cell - 1] === 0 ||
      known[cell + 1] === 0 ||
      known[cell - columns] === 0 ||
      known[cell + columns] === 0;
    if (isAtText) front.push(cell);
  }
  while (front.length > 0) {
    const next: number[] = [];
    for (const cell of front) {
      const x = cell % columns;
      for (const [step, isThere] of [
        [-1, x > 0],
        [1, x < columns - 1],
        [-columns, cell >= columns],
        [columns, cell < labels.length - columns],
      ] as const) {
        const other = cell + step;
        if (!isThere || border[other] !== 0) continue;
        if (labels[other] === 0) {
          if (known[other] !== 0) continue;
          labels[other] = labels[cell]!;
          next.push(other);
        } else if (labels[other] !== labels[cell] && (known[other] === 0 || known[cell] === 0)) {
          const [a, b] = [find(labels[cell]!), find(labels[other]!)];
          if (a !== b && isSame(colours.get(labels[cell]!)!, colours.get(labels[other]!)!))
            parents.set(Math.max(a, b), Math.min(a, b));
        }
      }
    }
    front = next;
  }
  if (parents.size === 0) return;
  for (let cell = 0; cell < labels.length; cell++) labels[cell] = find(labels[cell]!);
}

function meanColours(
  labels: Int32Array,
  known: Uint8Array,
  means: Float32Array,
): Map<number, Colour> {
  const sums = new Float64Array(4 * (largest(labels) + 1));
  for (let cell = 0; cell < labels.length; cell++) {
    if (labels[cell] === 0 || known[cell] === 0) continue;
    const at = 4 * labels[cell]!;
    sums[at]! += means[3 * cell]!;
    sums[at + 1]! += means[3 * cell + 1]!;
    sums[at + 2]! += means[3 * cell + 2]!;
    sums[at + 3]!++;
  }
  const colours = new Map<number, Colour>();
  for (let at = 4; at < sums.length; at += 4) {
    const count = sums[at + 3]!;
    if (count === 0) continue;
    colours.set(at / 4, [sums[at]! / count, sums[at + 1]! / count, sums[at + 2]! / count]);
  }
  return colours;
}

function largest(labels: Int32Array): number {
  return labels.reduce((most, name) => Math.max(most, name), 0);
}

/**
 * What reaches from one tile into another, as an editor and a terminal may through the path above them, is two papers; and what fills a
 * tile is one, even where a highlighted row divides it. What floats belongs to no tile.
 */
function divideByTiles(
  labels: Int32Array,
  { columns, known, means }: Cells,
  { tiles, floating }: Tiling,
): Int32Array {
  const colours = meanColours(labels, known, means);
  const contents = tiles.map((tile) => contentsOf(tile, labels, columns));
  const ground = new Set(
    contents.flatMap((papers, index) => {
      const { left, top, right, bottom } = tiles[index]!;
      const least = ownTile * (right - left) * (bottom - top);
      return [...papers].flatMap(([name, { count }]) =>
        count >= least && !floating.has(name) ? [name] : [],
      );
    }),
  );
  const divided = Int32Array.from(labels);
  let next = largest(labels) + 1;
  contents.forEach((papers, index) => {
    const [[most] = [0]] = [...papers]
      .filter(([name]) => !floating.has(name))
      .sort(([, a], [, b]) => b.count - a.count);
    if (most === 0) return;
    const names = new Map<number, number>();
    const own = next++;
    for (const [name, { isAtSide }] of papers) {
      if (name === most || (isAtSide && isSame(colours.get(name)!, colours.get(most)!)))
        names.set(name, own);
      else if (ground.has(name)) names.set(name, next++);
    }
    const { left, top, right, bottom } = tiles[index]!;
    for (let y = top; y < bottom; y++) {
      for (let cell = y * columns + left; cell < y * columns + right; cell++) {
        divided[cell] = names.get(labels[cell]!) ?? labels[cell]!;
      }
    }
  });
  return divided;
}

interface Content {
  /** Cells. */
  count: number;
  /** It reaches the left or right side of the tile, which nothing does that floats. */
  isAtSide: boolean;
}

function contentsOf(
  { left, top, right, bottom }: Tile,
  labels: Int32Array,
  columns: number,
): Map<number, Content> {
  const found = new Map<number, Content>();
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const name = labels[y * columns + x]!;
      if (name === 0) continue;
      let content = found.get(name);
      if (!content) found.set(name, (content = { count: 0, isAtSide: false }));
      content.count++;
      if (x <= left + 1 || x >= right - 2) content.isAtSide = true;
    }
  }
  return found;
}

function measurePapers(
  labels: Int32Array,
  { columns, size, known, means }: Cells,
  picture: Picture,
): Map<number, Paper> {
  const bounds = new Map<number, PixelBox & { count: number }>();
  for (let cell = 0; cell < labels.length; cell++) {
    const name = labels[cell]!;
    if (name === 0) continue;
    const [left, top] = [(cell % columns) * size, Math.floor(cell / columns) * size];
    const right = Math.min(picture.width, left + size);
    const bottom = Math.min(picture.height, top + size);
    const known = bounds.get(name);
    if (!known) {
      bounds.set(name, { left, top, right, bottom, count: 1 });
      continue;
    }
    known.count++;
    known.left = Math.min(known.left, left);
    known.right = Math.max(known.right, right);
    known.bottom = Math.max(known.bottom, bottom);
  }
  const colours = meanColours(labels, known, means);
  return new Map(
    [...bounds].map(([name, { count, ...area }]) => [
      name,
      { area, size: count * size * size, colour: colours.get(name) ?? [0, 0, 0] },
    ]),
  );
}

/** The paper that most of a line's cells belong to; 0 for none. */
function labelUnder(box: Box, labels: Int32Array, { columns, rows, size }: Cells): number {
  const counts = new Map<number, number>();
  let most = 0;
  let found = 0;
  const bottom = Math.min(rows - 1, Math.floor((box.y + box.height) / size));
  const right = Math.min(columns - 1, Math.floor((box.x + box.width) / size));
  for (let row = Math.max(0, Math.floor(box.y / size)); row <= bottom; row++) {
    for (let column = Math.max(0, Math.floor(box.x / size)); column <= right; column++) {
      const name = labels[row * columns + column]!;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      if (name === 0 || count <= most) continue;
      most = count;
      found = name;
    }
  }
  return found;
}
