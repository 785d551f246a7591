/** Lines on a screen → the code or the terminal's text among them. Pure: places and texts in, lines out; nothing is made up. */
import type { CodeLine, ScreenLineAt } from '../../protocol/index.ts';
import { median } from '../base/median.ts';
import { defaultCodeConfig, type CodeConfig } from './codeConfig.ts';
import { coverOf, findCovers, hiddenLine, type Cover } from './covering.ts';
import {
  findNumberColumns,
  isInColumn,
  numberIn,
  settleNumbers,
  withoutGuides,
  withoutPrefixes,
} from './gutter.ts';
import { choosePane, type Pane } from './panes.ts';
import {
  isBeside,
  isOtherFont,
  rowsOf,
  toPiece,
  usualCell,
  withoutReplaced,
  type Piece,
} from './pieces.ts';
import { layGrid, type RowGrid } from './rowGrid.ts';
import { layColumns, rowText, type ColumnGrid } from './rowText.ts';

export interface ExtractOptions {
  readonly region: 'editor' | 'terminal';
  /** Lines that had gone by then, with their last windows: those that a popup hides are taken from them. */
  readonly earlier?: readonly ScreenLineAt[];
  readonly config?: CodeConfig;
}

/** What was found, and where. */
export interface ExtractedCode {
  readonly lines: readonly CodeLine[];
  /** Edges of the text, px of the video; absent when there was none. */
  readonly pane?: Pick<Pane, 'left' | 'right' | 'top' | 'bottom'>;
}

/** @param lines all lines on screen at a moment, in any order */
export function extractCode(
  lines: readonly ScreenLineAt[],
  { region, earlier = [], config = defaultCodeConfig }: ExtractOptions,
): ExtractedCode {
  const pieces = withoutReplaced(lines.map(toPiece), config).filter(({ text }) => text !== '');
  const candidates = candidatesFor(region, pieces, config);
  const others = pieces.filter((piece) => !candidates.includes(piece));
  const pane = choosePane(candidates, others, config);
  if (!pane) return { lines: [] };
  const { left, right, top, bottom } = pane;
  const gone = earlier.map(toPiece).filter(({ line }) => line.region === region);
  return {
    lines: new PaneText(pane, { others, earlier: gone, config }).lines(),
    pane: { left, right, top, bottom },
  };
}

/** Lines of the region and what belongs to them; where there are none, those beside line numbers. */
function candidatesFor(
  region: ExtractOptions['region'],
  pieces: readonly Piece[],
  config: CodeConfig,
): Piece[] {
  if (pieces.some(({ line }) => line.region === region)) {
    return besideNumbers(withNeighbours(region, pieces, config), pieces, config);
  }
  if (region === 'terminal') return [];
  const numbers = findNumberColumns(pieces, config).flatMap((column) => column.numbers);
  const middles = numbers.map(({ middle }) => middle);
  const height = median(numbers.map((piece) => piece.height)) ?? 0;
  return pieces.filter(
    ({ middle }) =>
      middle > Math.min(...middles) - height / 2 && middle < Math.max(...middles) + height / 2,
  );
}

/**
 * With the rows of a numbered text that were taken for another region: their numbers stand in the same column, and nothing else
 * of the text beside them.
 */
function besideNumbers(
  candidates: readonly Piece[],
  pieces: readonly Piece[],
  config: CodeConfig,
): Piece[] {
  const cell = usualCell(candidates, config);
  const rest = pieces.filter(
    (piece) =>
      !candidates.includes(piece) &&
      piece.line.region !== 'popup' &&
      piece.line.region !== 'dialog',
  );
  const adopted = new Set<Piece>();
  for (const column of findNumberColumns(candidates, config)) {
    const text = candidates.filter(({ left }) => left >= column.right);
    const end = text.length > 0 ? Math.max(...text.map(({ right }) => right)) : Infinity;
    const numbers = rest.filter(
      (piece) => numberIn(piece) !== undefined && isInColumn(piece, column, cell),
    );
    const rows = [...column.numbers, ...numbers].flatMap((number) => {
      const isInRow = (piece: Piece): boolean =>
        piece.left >= column.right && piece.left < end && isBeside(piece, number, config);
      if (text.some(isInRow)) return [];
      const row = rest.filter(isInRow).sort((a, b) => a.left - b.left);
      return row.length > 0 ? [{ number, row }] : [];
    });
    const known = text.length > 0 ? text : rows.flatMap(({ row }) => row);
    const font = usualCell(known, config);
    for (const { number, row } of rows) {
      const own = row.filter(({ line }) => line.region === row[0]!.line.region);
      // A popup that was not told as one lies over the row of a number, too.
      if (own.some((piece) => isOtherFont(piece, font, config))) continue;
      for (const piece of [number, ...own]) adopted.add(piece);
    }
  }
  return [...new Set([...candidates, ...adopted])];
}

/** Lines of the region, and those of no known one that go on right above or below them at the same edge. */
function withNeighbours(
  region: ScreenLineAt['region'],
  pieces: readonly Piece[],
  config: CodeConfig,
): Piece[] {
  const candidates = pieces.filter(({ line }) => line.region === region);
  const cell = usualCell(candidates, config);
  const [numbers, text] = [true, false].map((isNumber) =>
    candidates.filter((piece) => (numberIn(piece) !== undefined) === isNumber),
  );
  const goesOn = (piece: Piece): boolean => {
    const reach = config.nextRowHeights * piece.height;
    const near = candidates.filter(({ middle }) => Math.abs(middle - piece.middle) < reach);
    if (near.length === 0 || near.some((other) => isBeside(other, piece, config))) return false;
    const isNumber = numberIn(piece) !== undefined;
    // Numbers end at one edge, lines begin at one.
    const distances = isNumber
      ? numbers!.map(({ right }) => Math.abs(right - piece.right))
      : text!.map(({ left }) => Math.abs(left - piece.left));
    return Math.min(...distances) < config.sameEdgeCells * cell;
  };
  const adopted = pieces.filter((piece) => piece.line.region === 'other' && goesOn(piece));
  return [...candidates, ...adopted];
}

interface Surroundings {
  readonly others: readonly Piece[];
  readonly earlier: readonly Piece[];
  readonly config: CodeConfig;
}

interface Row {
  readonly pieces: readonly Piece[];
  /** In part when what can be seen of it is told, and not what stood there before. */
  readonly covered?: 'inPart' | 'wholly';
}

/** The text of one pane. */
class PaneText {
  readonly #pane: Pane;
  readonly #around: Surroundings;
  readonly #grid: RowGrid;
  readonly #columns: ColumnGrid;
  readonly #rows: ReadonlyMap<number, Row>;
  readonly #numbers: ReadonlyMap<number, number>;

  constructor(pane: Pane, around: Surroundings) {
    this.#pane = pane;
    this.#around = around;
    const { config, others } = around;
    const { pieces, numbers } = pane;
    const cell = usualCell(pieces, config);
    const whole = rowsOf([...pieces, ...(numbers?.numbers ?? [])], config);
    const height = median(pieces.map((piece) => piece.height))!;
    this.#grid = layGrid(
      whole.map((row) => median(row.map(({ middle }) => middle))!),
      height,
      config,
    );
    const read = new Map(
      numbers?.numbers.map((piece) => [this.#grid.rowAt(piece.middle), numberIn(piece)!]),
    );
    const onGrid = this.#withoutStrays(this.#readRows(pieces), read);
    const { code: text, numbers: all } = withoutPrefixes(onGrid, read, {
      ...{ cell, config },
    });
    const code = withoutGuides(text, { cell, config });
    this.#numbers = settleNumbers(all);
    const covers = findCovers(
      others.filter(({ line }) => line.region === 'popup' || line.region === 'dialog'),
    );
    const gutterEnd = pane.numbers?.right ?? 0;
    this.#rows = connected(this.#uncover(code, covers), this.#numbers, { gutterEnd, config });
    const firsts = [...this.#rows.values()].flatMap((row) => row.pieces[0] ?? []);
    const neighbours = others
      .filter(
        ({ middle, right }) => right <= pane.left && middle > pane.top && middle < pane.bottom,
      )
      .map(({ right }) => right);
    this.#columns = layColumns(
      firsts,
      {
        cell,
        freeFrom: Math.max(gutterEnd, ...neighbours),
      },
      config,
    );
  }

  /** From the first line with text to the last; empty ones between as the grid and the numbers agree. */
  lines(): CodeLine[] {
    const rows = [...this.#rows].sort(([a], [b]) => a - b);
    const lines: CodeLine[] = [];
    let previous: number | undefined;
    for (const [index, row] of rows) {
      for (let empty = this.#emptyBetween(previous, index); empty > 0; empty--) {
        lines.push({ text: '', confidence: 1, ...this.#numberOf(index - empty) });
      }
      lines.push(this.#line(index, row));
      previous = index;
    }
    return lines;
  }

  #readRows(pieces: readonly Piece[]): Map<number, Piece[]> {
    const rows = new Map<number, Piece[]>();
    for (const row of rowsOf(pieces, this.#around.config)) {
      const index = this.#grid.rowAt(median(row.map(({ middle }) => middle))!);
      const known = rows.get(index) ?? [];
      rows.set(
        index,
        [...known, ...row].sort((a, b) => a.left - b.left),
      );
    }
    return rows;
  }

  /** Without what stands above the first number or below the last one, and not where a row of theirs would be. */
  #withoutStrays(
    rows: ReadonlyMap<number, Piece[]>,
    read: ReadonlyMap<number, number>,
  ): ReadonlyMap<number, Piece[]> {
    const numbers = this.#pane.numbers?.numbers ?? [];
    const grid = this.#grid;
    const [first, last] = [Math.min(...read.keys()), Math.max(...read.keys())];
    const isStray = (index: number, [piece]: readonly Piece[]): boolean => {
      const nearest = numbers.find(
        ({ middle }) => grid.rowAt(middle) === (index < first ? first : last),
      );
      if (!nearest || !piece || (index >= first && index <= last)) return false;
      const distance = Math.abs(piece.middle - nearest.middle) / grid.pitch;
      return Math.abs(distance - Math.round(distance)) > this.#around.config.strayRows;
    };
    return new Map([...rows].filter(([index, row]) => !isStray(index, row)));
  }

  #uncover(
    rows: ReadonlyMap<number, readonly Piece[]>,
    covers: readonly Cover[],
  ): Map<number, Row> {
    const { earlier, config } = this.#around;
    const uncovered = new Map<number, Row>();
    for (const [index, pieces] of rows) {
      const cover = coverOf(pieces[0]!.middle, covers);
      const hidden =
        cover && hiddenLine({ middle: pieces[0]!.middle, visible: pieces, cover }, earlier, config);
      const isCut = cover !== undefined && pieces.some(({ left }) => left < cover.left);
      if (hidden) uncovered.set(index, { pieces: [hidden], covered: 'wholly' });
      else uncovered.set(index, isCut ? { pieces, covered: 'inPart' } : { pieces });
    }
    for (const piece of earlier) {
      const index = this.#grid.rowAt(piece.middle);
      const cover = coverOf(piece.middle, covers);
      if (!cover || uncovered.has(index) || !this.#isInside(piece)) continue;
      const hidden = hiddenLine({ middle: piece.middle, visible: [], cover }, earlier, config);
      if (hidden) uncovered.set(index, { pieces: [hidden], covered: 'wholly' });
    }
    return uncovered;
  }

  #isInside({ left, middle }: Piece): boolean {
    const pane = this.#pane;
    const reach = this.#grid.pitch;
    const from = pane.numbers?.right ?? pane.left - reach;
    return (
      left >= from &&
      left <= pane.right &&
      middle > pane.top - reach &&
      middle < pane.bottom + reach
    );
  }

  /** Lines that are folded away leave no empty row, and a hint between lines leaves no number. */
  #emptyBetween(previous: number | undefined, index: number): number {
    if (previous === undefined) return 0;
    const rows = index - previous - 1;
    const [from, to] = [this.#numbers.get(previous), this.#numbers.get(index)];
    return from === undefined || to === undefined ? rows : Math.min(rows, to - from - 1);
  }

  #numberOf(index: number): Pick<CodeLine, 'lineNumber'> {
    const lineNumber = this.#numbers.get(index);
    return lineNumber === undefined ? {} : { lineNumber };
  }

  #line(index: number, { pieces, covered }: Row): CodeLine {
    const { config } = this.#around;
    const confidence = Math.min(
      ...pieces.map(({ line }) => line.confidence),
      covered ? config.coveredConfidence : 1,
    );
    const rowId = pieces[0]!.line.rowId;
    const text = rowText(pieces, this.#columns, config);
    const seenBefore = covered === 'wholly' ? ({ seenBefore: true } as const) : {};
    return { text, rowId, confidence, ...this.#numberOf(index), ...seenBefore };
  }
}

/**
 * Without what stands away from the text, and without a row that the pane's edge cuts: where lines are numbered, an empty one is
 * so too, and two rows with neither number nor text are the end.
 */
function connected(
  rows: ReadonlyMap<number, Row>,
  numbers: ReadonlyMap<number, number>,
  { gutterEnd, config }: { readonly gutterEnd: number; readonly config: CodeConfig },
): ReadonlyMap<number, Row> {
  if (numbers.size === 0) return rows;
  const isText = (index: number): boolean => rows.has(index) || numbers.has(index);
  let [first, last] = [Math.min(...numbers.keys()), Math.max(...numbers.keys())];
  while (isText(first - 1) || isText(first - 2)) first--;
  while (isText(last + 1) || isText(last + 2)) last++;
  const isCut = (index: number): boolean =>
    !numbers.has(index) &&
    (rows.get(index)?.pieces ?? []).every(
      ({ left, line }) => left < gutterEnd || line.confidence < config.cutRowConfidence,
    );
  while (first <= last && isCut(first)) first++;
  while (last >= first && isCut(last)) last--;
  return new Map([...rows].filter(([index]) => index >= first && index <= last));
}
