/** A picture in small cells, text left aside: the colour of each, and whether a border runs through it. */
import type { Picture } from '../media/frameSource.ts';
import type { Box } from './perception.ts';

export interface Cells {
  /** Pixels a side. */
  readonly size: number;
  readonly columns: number;
  readonly rows: number;
  /** Mean of each channel, three values a cell; only of cells that are `known`. */
  readonly means: Float32Array;
  /** 1 where enough is no text. */
  readonly known: Uint8Array;
  /** 1 where a border runs through. */
  readonly border: Uint8Array;
}

/** Lengths in line heights unless it says otherwise. */
const config = {
  /** Cells are this wide and high, but no less than `leastCellPx`: a border must not fill one with its colour alone. */
  cell: 0.3,
  leastCellPx: 4,
  /** Letters reach this far beyond their boxes, pixels. */
  outsetPx: 1,
  /** A cell tells its colour when this share of it is no text. */
  tellingShare: 0.25,
  /** A border differs by this much of 255 from what lies `besidePx` away on both sides, in the same direction, … */
  borderContrast: 4,
  besidePx: 3,
  /** … for so long, and so much of it was seen. */
  borderLength: 4,
  borderSeen: 0.25,
} as const;

/** Sums of pixels that are no text: red, green, blue, count. */
type Sums = Float32Array;

/** @param boxes of text. @param lineHeight usual one, pixels */
export function measureCells(picture: Picture, boxes: readonly Box[], lineHeight: number): Cells {
  const { width, height, data } = picture;
  const size = Math.max(config.leastCellPx, Math.round(config.cell * lineHeight));
  const [columns, rows] = [Math.ceil(width / size), Math.ceil(height / size)];
  const text = textMask(picture, boxes);
  const byColumn = new Float32Array(rows * width * 4);
  const byRow = new Float32Array(height * columns * 4);
  for (let y = 0; y < height; y++) {
    let column = Math.floor(y / size) * width * 4;
    for (let cell = 0, x = 0; cell < columns; cell++) {
      const row = 4 * (y * columns + cell);
      let red = 0;
      let green = 0;
      let blue = 0;
      let count = 0;
      for (const end = Math.min(width, x + size); x < end; x++, column += 4) {
        const pixel = y * width + x;
        if (text[pixel] !== 0) continue;
        const [r, g, b] = [data[3 * pixel]!, data[3 * pixel + 1]!, data[3 * pixel + 2]!];
        byColumn[column]! += r;
        byColumn[column + 1]! += g;
        byColumn[column + 2]! += b;
        byColumn[column + 3]!++;
        red += r;
        green += g;
        blue += b;
        count++;
      }
      byRow[row] = red;
      byRow[row + 1] = green;
      byRow[row + 2] = blue;
      byRow[row + 3] = count;
    }
  }
  const means = new Float32Array(3 * columns * rows);
  const known = new Uint8Array(columns * rows);
  const cells = { size, columns, rows, means, known, border: new Uint8Array(columns * rows) };
  fillMeans(cells, byRow, height);
  const length = (config.borderLength * lineHeight) / size;
  markBorders(
    { sums: byColumn, places: width, steps: rows, placeStride: 4, stepStride: 4 * width, length },
    (place, step) => {
      cells.border[step * columns + Math.floor(place / size)] = 1;
    },
  );
  markBorders(
    {
      sums: byRow,
      places: height,
      steps: columns,
      placeStride: 4 * columns,
      stepStride: 4,
      length,
    },
    (place, step) => {
      cells.border[Math.floor(place / size) * columns + step] = 1;
    },
  );
  return cells;
}

function textMask({ width, height }: Picture, boxes: readonly Box[]): Uint8Array {
  const mask = new Uint8Array(width * height);
  const out = config.outsetPx;
  for (const box of boxes) {
    const left = Math.max(0, Math.floor(box.x) - out);
    const right = Math.min(width, Math.ceil(box.x + box.width) + out);
    const bottom = Math.min(height, Math.ceil(box.y + box.height) + out);
    for (let y = Math.max(0, Math.floor(box.y) - out); y < bottom; y++) {
      mask.fill(1, y * width + left, y * width + right);
    }
  }
  return mask;
}

function fillMeans(cells: Cells, byRow: Sums, height: number): void {
  const { size, columns, rows, means, known } = cells;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let count = 0;
      for (let y = row * size; y < Math.min(height, (row + 1) * size); y++) {
        const at = 4 * (y * columns + column);
        red += byRow[at]!;
        green += byRow[at + 1]!;
        blue += byRow[at + 2]!;
        count += byRow[at + 3]!;
      }
      if (count < config.tellingShare * size * size) continue;
      const cell = row * columns + column;
      known[cell] = 1;
      means[3 * cell] = red / count;
      means[3 * cell + 1] = green / count;
      means[3 * cell + 2] = blue / count;
    }
  }
}

/** Where borders are looked for: places are pixels across them, steps are cells along them. */
interface Field {
  readonly sums: Sums;
  readonly places: number;
  readonly steps: number;
  readonly placeStride: number;
  readonly stepStride: number;
  /** Shortest border, steps. */
  readonly length: number;
}

/** Tells each step of each thin line that is long enough; text may cover parts of it. */
function markBorders(field: Field, mark: (place: number, step: number) => void): void {
  const { places, steps, length } = field;
  for (let place = config.besidePx; place < places - config.besidePx; place++) {
    let start = -1;
    let seen = 0;
    for (let step = 0; step <= steps; step++) {
      const ridge = step < steps ? ridgeAt(field, place, step) : 'none';
      if (ridge === 'seen') seen++;
      if (ridge !== 'none') {
        if (start < 0) start = step;
        continue;
      }
      if (start < 0) continue;
      if (seen >= length && seen >= config.borderSeen * (step - start)) {
        for (let marked = start; marked < step; marked++) mark(place, marked);
      }
      start = -1;
      seen = 0;
    }
  }
}

function ridgeAt(
  { sums, placeStride, stepStride }: Field,
  place: number,
  step: number,
): 'seen' | 'covered' | 'none' {
  const here = place * placeStride + step * stepStride;
  const before = here - config.besidePx * placeStride;
  const after = here + config.besidePx * placeStride;
  const [count, countBefore, countAfter] = [sums[here + 3]!, sums[before + 3]!, sums[after + 3]!];
  if (count === 0 || countBefore === 0 || countAfter === 0) return 'covered';
  for (let k = 0; k < 3; k++) {
    const value = sums[here + k]! / count;
    const fromBefore = value - sums[before + k]! / countBefore;
    const fromAfter = value - sums[after + k]! / countAfter;
    const least = config.borderContrast;
    const isBrighter = fromBefore >= least && fromAfter >= least;
    if (isBrighter || (fromBefore <= -least && fromAfter <= -least)) return 'seen';
  }
  return 'none';
}
