/** A screen cut along straight edges from side to side, again and again, as windows divide their space. */
import type { Cells } from './cells.ts';

/** A rectangle of cells, right and bottom exclusive. */
export interface Tile {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const config = {
  /** An edge runs along this share of what can be seen of it, for tabs open into what lies below … */
  edgeShare: 0.8,
  /** … and this share of the tile: the rest may be covered by text and by what floats above it. */
  leastEdge: 0.25,
  /** What floats has one paper around it, on this share of its sides, so many line heights away: beyond its shadow. */
  around: 0.75,
  aroundHeights: 0.8,
  /** It is no row of a list, line heights, and covers no larger share of the screen. */
  leastFloat: 2,
  largestFloat: 0.35,
  /** Smallest tiles, line heights. */
  leastWidth: 2.2,
  leastHeight: 0.9,
  /** Deeper than any window divides itself; papers of photographs would be cut for ever. */
  mostCuts: 40,
} as const;

/** Cells on which an edge lies, summed along it: from one sum and another follows how many lie between. */
interface Edges {
  /** [column][row + 1]: left edges. */
  readonly left: Int32Array;
  /** [row][column + 1]: upper edges. */
  readonly upper: Int32Array;
}

/** A screen in tiles. */
export interface Tiling {
  readonly tiles: readonly Tile[];
  /** Papers that lie in the midst of a tile, across a cut: they float above it. */
  readonly floating: ReadonlySet<number>;
}

/** @param labels of papers, 0 where a border runs. @param lineHeight in cells */
export function cutTiles(labels: Int32Array, cells: Cells, lineHeight: number): Tiling {
  const edges = sumEdges(labels, cells);
  const floating = findFloating(labels, cells, lineHeight);
  const open: Tile[] = [{ left: 0, top: 0, right: cells.columns, bottom: cells.rows }];
  const tiles: Tile[] = [];
  let cuts = 0;
  for (let tile = open.pop(); tile !== undefined; tile = open.pop()) {
    const cutting = { tile, labels, edges, cells, lineHeight, floating };
    const best = cuts < config.mostCuts ? findCut(cutting) : undefined;
    if (best) {
      cuts++;
      open.push(...cutAt(best, cutting));
    } else tiles.push(tile);
  }
  return { tiles, floating };
}

/** Papers that another one lies around: menus, hints and notices above code. Their edges are no window's. */
function findFloating(
  labels: Int32Array,
  { columns, rows }: Cells,
  lineHeight: number,
): Set<number> {
  const bounds = new Map<number, { left: number; top: number; right: number; bottom: number }>();
  labels.forEach((name, cell) => {
    if (name === 0) return;
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    const known = bounds.get(name);
    if (!known) {
      bounds.set(name, { left: x, top: y, right: x + 1, bottom: y + 1 });
      return;
    }
    known.left = Math.min(known.left, x);
    known.right = Math.max(known.right, x + 1);
    known.bottom = y + 1;
  });
  const out = Math.ceil(config.aroundHeights * lineHeight);
  const floating = new Set<number>();
  for (const [name, { left, top, right, bottom }] of bounds) {
    const [width, height] = [right - left, bottom - top];
    const isLarge = width * height > config.largestFloat * columns * rows;
    if (isLarge || Math.min(width, height) < config.leastFloat * lineHeight) continue;
    const counts = new Map<number, number>();
    let length = 0;
    const look = (x: number, y: number): void => {
      length++;
      if (x < 0 || y < 0 || x >= columns || y >= rows) return;
      const other = labels[y * columns + x]!;
      if (other !== 0 && other !== name) counts.set(other, (counts.get(other) ?? 0) + 1);
    };
    for (let x = left; x < right; x++) {
      look(x, top - out);
      look(x, bottom - 1 + out);
    }
    for (let y = top; y < bottom; y++) {
      look(left - out, y);
      look(right - 1 + out, y);
    }
    if (Math.max(0, ...counts.values()) >= config.around * length) floating.add(name);
  }
  return floating;
}

/** An edge is where names differ; a cell further counts, too, because edges lie within cells. */
function sumEdges(labels: Int32Array, { columns, rows }: Cells): Edges {
  const left = new Int32Array((columns + 1) * (rows + 1));
  const upper = new Int32Array((columns + 1) * (rows + 1));
  const differ = (cell: number, step: number): boolean =>
    labels[cell] !== labels[cell - step] || labels[cell] === 0;
  for (let x = 1; x < columns; x++) {
    for (let y = 0; y < rows; y++) {
      const cell = y * columns + x;
      const isEdge = differ(cell, 1) || (x + 1 < columns && differ(cell + 1, 1));
      left[x * (rows + 1) + y + 1] = left[x * (rows + 1) + y]! + Number(isEdge);
    }
  }
  for (let y = 1; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const cell = y * columns + x;
      const isEdge = differ(cell, columns) || (y + 1 < rows && differ(cell + columns, columns));
      upper[y * (columns + 1) + x + 1] = upper[y * (columns + 1) + x]! + Number(isEdge);
    }
  }
  return { left, upper };
}

interface Cutting {
  readonly tile: Tile;
  readonly labels: Int32Array;
  readonly edges: Edges;
  readonly cells: Cells;
  readonly lineHeight: number;
  readonly floating: Set<number>;
}

interface Cut {
  readonly share: number;
  /** Column or row of cells. */
  readonly at: number;
  /** From top to bottom. */
  readonly isDown: boolean;
}

/** The edge that runs along most of a tile; undefined when none does. */
function findCut(cutting: Cutting): Cut | undefined {
  const { tile, edges, cells, lineHeight } = cutting;
  const { left, top, right, bottom } = tile;
  const settled = settledIn(cutting);
  let best: Cut | undefined;
  const consider = (at: number, isDown: boolean, marked: number): void => {
    const length = isDown ? bottom - top : right - left;
    if (marked < config.leastEdge * length) return;
    const { seen, open } = lookAlong({ at, isDown }, settled, cutting);
    const share = seen / Math.max(1, seen + open);
    if (seen < config.leastEdge * length || share < config.edgeShare) return;
    if (!best || share > best.share) best = { share, at, isDown };
  };
  const marginY = Math.ceil(config.leastHeight * lineHeight);
  for (let y = top + marginY; y <= bottom - marginY; y++) {
    const sums = y * (cells.columns + 1);
    consider(y, false, edges.upper[sums + right]! - edges.upper[sums + left]!);
  }
  const marginX = Math.ceil(config.leastWidth * lineHeight);
  for (let x = left + marginX; x <= right - marginX; x++) {
    const sums = x * (cells.rows + 1);
    consider(x, true, edges.left[sums + bottom]! - edges.left[sums + top]!);
  }
  return best;
}

/** How many cells along a line lie on an edge, and how many on a paper that goes on; text and what floats tell nothing. */
function lookAlong(
  { at, isDown }: Omit<Cut, 'share'>,
  settled: ReadonlySet<number>,
  { tile, labels, edges, cells, floating }: Cutting,
): { readonly seen: number; readonly open: number } {
  const [from, to] = isDown ? [tile.top, tile.bottom] : [tile.left, tile.right];
  const sums = isDown ? edges.left : edges.upper;
  const first = at * ((isDown ? cells.rows : cells.columns) + 1);
  const across = isDown ? 1 : cells.columns;
  let seen = 0;
  let open = 0;
  for (let place = from; place < to; place++) {
    const cell = isDown ? place * cells.columns + at : at * cells.columns + place;
    const name = labels[cell]!;
    if (sums[first + place + 1]! === sums[first + place]!) {
      if (cells.known[cell] !== 0 && settled.has(name)) open++;
    } else if (!floating.has(name) && !floating.has(labels[cell - across]!)) seen++;
  }
  return { seen, open };
}

function cutAt({ at, isDown }: Cut, cutting: Cutting): [Tile, Tile] {
  const { tile, labels, cells, floating } = cutting;
  const settled = settledIn(cutting);
  const [from, to] = isDown ? [tile.top, tile.bottom] : [tile.left, tile.right];
  for (let place = from; place < to; place++) {
    const cell = isDown ? place * cells.columns + at : at * cells.columns + place;
    const name = labels[cell]!;
    // An edge may lie a cell beside the cut: what ends there is not cut through.
    const step = isDown ? 1 : cells.columns;
    const isAcross = name === labels[cell - 2 * step] && name === labels[cell + step];
    if (name !== 0 && isAcross && !settled.has(name)) floating.add(name);
  }
  return isDown
    ? [
        { ...tile, right: at },
        { ...tile, left: at },
      ]
    : [
        { ...tile, bottom: at },
        { ...tile, top: at },
      ];
}

/** Papers that reach a side of a tile. What lies in its midst may cover parts of an edge. */
function settledIn({ tile, labels, cells, floating }: Cutting): Set<number> {
  const { left, top, right, bottom } = tile;
  const found = new Set<number>();
  for (let x = left; x < right; x++) {
    found.add(labels[top * cells.columns + x]!).add(labels[(bottom - 1) * cells.columns + x]!);
  }
  for (let y = top; y < bottom; y++) {
    found.add(labels[y * cells.columns + left]!).add(labels[y * cells.columns + right - 1]!);
  }
  for (const name of floating) found.delete(name);
  return found;
}
