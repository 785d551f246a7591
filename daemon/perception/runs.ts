/** Horizontal runs of ink and the connected components they form. */

/** A rectangle of whole pixels, right and bottom exclusive. */
export interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A connected component: its rectangle and the pixels its runs cover, closed gaps included. */
export interface Component extends PixelBox {
  area: number;
}

/** A mask of ink, one byte a pixel, for the rows `top` … `top + height` of a picture. */
export interface InkMask {
  readonly width: number;
  readonly height: number;
  /** The picture's row that the mask's first row stands for. */
  readonly top: number;
  readonly data: Uint8Array;
}

/** Runs row by row, in columns: `start` inclusive, `end` exclusive. */
class RunList {
  starts = new Int32Array(4096);
  ends = new Int32Array(4096);
  rows = new Int32Array(4096);
  parents = new Int32Array(4096);
  count = 0;

  push(start: number, end: number, row: number): void {
    if (this.count === this.starts.length) this.#grow();
    const index = this.count++;
    this.starts[index] = start;
    this.ends[index] = end;
    this.rows[index] = row;
    this.parents[index] = index;
  }

  /** The representative of a run's component; shortens the path on its way. */
  find(run: number): number {
    const { parents } = this;
    while (parents[run] !== run) {
      const grand = parents[parents[run]!]!;
      parents[run] = grand;
      run = grand;
    }
    return run;
  }

  #grow(): void {
    for (const name of ['starts', 'ends', 'rows', 'parents'] as const) {
      const larger = new Int32Array(this[name].length * 2);
      larger.set(this[name]);
      this[name] = larger;
    }
  }
}

/** What keeps ink on either side apart. */
export interface Divider {
  /** One byte a pixel, as in the mask. */
  readonly rules: Uint8Array;
  /** Gaps of at most so many pixels are closed even across a rule: it runs through text, as a ruler does. */
  readonly nearPx: number;
}

/**
 * Components of the mask after closing horizontal gaps of at most `gap` pixels; diagonal neighbours touch.
 * @returns in picture rows, in no particular order.
 */
export function findComponents(mask: InkMask, gap: number, divider?: Divider): Component[] {
  const runs = new RunList();
  let previousStart = 0;
  for (let row = 0; row < mask.height; row++) {
    const rowStart = runs.count;
    collectRuns(mask, row, { gap, runs, divider });
    joinRows(runs, previousStart, rowStart);
    previousStart = rowStart;
  }
  return boundComponents(runs, mask.top);
}

interface Collecting {
  readonly gap: number;
  readonly runs: RunList;
  readonly divider: Divider | undefined;
}

function collectRuns(mask: InkMask, row: number, { gap, runs, divider }: Collecting): void {
  const { width, data } = mask;
  const { rules, nearPx = gap } = divider ?? {};
  const offset = row * width;
  let start = -1;
  let last = -1;
  let rule = -1;
  for (let x = 0; x < width; x++) {
    if (rules !== undefined && rules[offset + x] !== 0) rule = x;
    if (data[offset + x] === 0) continue;
    if (start < 0) start = x;
    else if (x - last > (rule > last ? nearPx : gap)) {
      runs.push(start, last + 1, row);
      start = x;
    }
    last = x;
  }
  if (start >= 0) runs.push(start, last + 1, row);
}

/** Unites each run of the newest row with those of the row above that it touches; both rows are sorted. */
function joinRows(runs: RunList, aboveStart: number, rowStart: number): void {
  let first = aboveStart;
  for (let run = rowStart; run < runs.count; run++) {
    while (first < rowStart && runs.ends[first]! < runs.starts[run]!) first++;
    for (let above = first; above < rowStart && runs.starts[above]! <= runs.ends[run]!; above++) {
      const a = runs.find(above);
      const b = runs.find(run);
      if (a !== b) runs.parents[b] = a;
    }
  }
}

function boundComponents(runs: RunList, top: number): Component[] {
  const components = new Map<number, Component>();
  for (let run = 0; run < runs.count; run++) {
    const root = runs.find(run);
    const left = runs.starts[run]!;
    const right = runs.ends[run]!;
    const row = runs.rows[run]! + top;
    const known = components.get(root);
    if (!known) {
      components.set(root, { left, right, top: row, bottom: row + 1, area: right - left });
      continue;
    }
    known.left = Math.min(known.left, left);
    known.right = Math.max(known.right, right);
    known.bottom = Math.max(known.bottom, row + 1);
    known.area += right - left;
  }
  return [...components.values()];
}
