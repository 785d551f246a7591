/** Texts that stand beside each other on screen, read as one line: a label says nothing without its value, nor a cell without its row. Pure. */
import type { MediaMs, PixelRectangle, ScreenTextRow } from '../../protocol/index.ts';
import { inTurns } from '../base/turns.ts';
import type { EvidenceRow } from './evidence.ts';

export interface VisualLineConfig {
  /** Share of the lower one's height by which two texts of a line overlap at least. */
  readonly minOverlap: number;
  /** Widest gap between them, in heights of the line. */
  readonly maxGapHeights: number;
  /** Both were read at the same time; a sample later is the same time, ms. */
  readonly slackMs: number;
}

export const defaultVisualLineConfig: VisualLineConfig = {
  minOverlap: 0.6,
  maxGapHeights: 14,
  slackMs: 500,
};

/** In these, neighbours are things of their own. */
const listed: ReadonlySet<string> = new Set(['tabs', 'breadcrumbs', 'statusBar']);
/** Rows are looked up by the band of the picture that their middle lies in, pixels; they are also known in the bands beside it. */
const bandHeight = 24;

export interface VisualLine {
  /** The row with the text of its whole line as it stood when it appeared. */
  readonly row: EvidenceRow;
  /** Ids of the rows beside it. */
  readonly beside: readonly number[];
}

/** @returns one for each row, same order */
export async function visualLinesOf(
  rows: readonly EvidenceRow[],
  options: { readonly signal: AbortSignal },
  config: VisualLineConfig = defaultVisualLineConfig,
): Promise<VisualLine[]> {
  const placed = rows.filter((row) => row.kind === 'screenText' && !listed.has(row.region));
  const inTime = (placed as ScreenTextRow[]).sort((a, b) => appearedMs(a) - appearedMs(b));
  const lines = new Map<number, VisualLine>();
  const onScreen = new OnScreen(inTime, config.slackMs);
  const join = (row: ScreenTextRow): void => {
    lines.set(row.id, lineOf(row, onScreen.near(row), config));
  };
  await inTurns(inTime, join, options);
  return rows.map((row) => lines.get(row.id) ?? { row, beside: [] });
}

const appearedMs = ({ windows }: ScreenTextRow): MediaMs => windows[0]![0];

/** What is on screen near a row when it appears, for rows that are asked about in the order in which they appear. */
class OnScreen {
  readonly #rows: readonly ScreenTextRow[];
  readonly #slackMs: number;
  readonly #bands = new Map<string, ScreenTextRow[]>();
  #next = 0;

  constructor(rows: readonly ScreenTextRow[], slackMs: number) {
    this.#rows = rows;
    this.#slackMs = slackMs;
  }

  near(row: ScreenTextRow): readonly ScreenTextRow[] {
    const atMs = appearedMs(row);
    for (; this.#next < this.#rows.length; this.#next++) {
      const other = this.#rows[this.#next]!;
      if (appearedMs(other) > atMs + this.#slackMs) break;
      for (const key of [-1, 0, 1].map((further) => bandOf(other, further))) {
        const band = this.#bands.get(key);
        if (band) band.push(other);
        else this.#bands.set(key, [other]);
      }
    }
    const key = bandOf(row, 0);
    const left = (this.#bands.get(key) ?? []).filter(({ endMs }) => endMs >= atMs);
    this.#bands.set(key, left);
    return left.filter(({ windows }) =>
      windows.some(([startMs, endMs]) => startMs <= atMs + this.#slackMs && endMs >= atMs),
    );
  }
}

const bandOf = ({ region, box }: ScreenTextRow, further: number): string =>
  `${region} ${Math.floor((box[1] + box[3] / 2) / bandHeight) + further}`;

function lineOf(
  row: ScreenTextRow,
  near: readonly ScreenTextRow[],
  config: VisualLineConfig,
): VisualLine {
  const beside = near.filter(({ id, box }) => id !== row.id && isOnLine(row.box, box, config));
  const line = [row, ...beside].sort((a, b) => a.box[0] - b.box[0]);
  const joined = unbroken(line, line.indexOf(row), config);
  return {
    row: { ...row, text: joined.map(({ text }) => text).join('  ') },
    beside: joined.map(({ id }) => id).filter((id) => id !== row.id),
  };
}

function isOnLine(a: PixelRectangle, b: PixelRectangle, { minOverlap }: VisualLineConfig): boolean {
  const overlap = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return overlap >= minOverlap * Math.min(a[3], b[3]);
}

/** From the text in the middle, to either side as far as the gaps are small. Texts that stand on each other are not of one moment. */
function unbroken(
  line: readonly ScreenTextRow[],
  middle: number,
  { maxGapHeights }: VisualLineConfig,
): ScreenTextRow[] {
  const joins = (left: ScreenTextRow, right: ScreenTextRow): boolean => {
    const gap = right.box[0] - left.box[0] - left.box[2];
    const height = Math.max(left.box[3], right.box[3]);
    return gap >= -height / 2 && gap <= maxGapHeights * height;
  };
  const joined = [line[middle]!];
  for (let i = middle - 1; i >= 0 && joins(line[i]!, joined[0]!); i--) joined.unshift(line[i]!);
  for (let i = middle + 1; i < line.length && joins(joined.at(-1)!, line[i]!); i++) {
    joined.push(line[i]!);
  }
  return joined;
}
