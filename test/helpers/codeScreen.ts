/** Screens of an editor as lines with boxes, drawn from texts: what a perfect reader would give. */
import { mediaMs, type ScreenLineAt, type ScreenRegion } from '../../protocol/index.ts';

/** Width of a cell and distance of rows, px: 14 px DejaVu Sans Mono in VS Code. */
export const cell = 8.43;
export const rowPitch = 19;
const inkHeight = 14;

/** Room of a character left of its ink, cells. */
function bearing(character: string): number {
  if (character === '|') return 0.42;
  return '.,;:\'"'.includes(character) ? 0.3 : 0.1;
}

let lastRow = 0;

/** One line of text whose first cell begins at (x, y). */
export function lineAt(
  text: string,
  [x, y]: readonly [number, number],
  more: Partial<ScreenLineAt> = {},
): ScreenLineAt {
  const ink = text.trimStart();
  const indent = text.length - ink.length;
  const left = x + (indent + bearing(ink.charAt(0))) * cell;
  const right = x + (text.length - bearing(ink.at(-1) ?? '')) * cell;
  return {
    rowId: ++lastRow,
    text: ink,
    box: [left, y, right - left, inkHeight],
    confidence: 0.97,
    region: 'editor',
    indentColumns: indent,
    provenance: { sightings: 3, readings: 1 },
    startMs: mediaMs(0),
    endMs: mediaMs(60_000),
    ...more,
  };
}

export interface PaneOptions {
  readonly at?: readonly [number, number];
  readonly region?: ScreenRegion;
  /** The number of the first line; no line numbers when left out. */
  readonly firstNumber?: number;
}

/** An editor's pane, its empty lines left out, with line numbers to its left. */
export function pane(
  text: string,
  { at: [x, y] = [360, 60], region = 'editor', firstNumber }: PaneOptions = {},
): ScreenLineAt[] {
  return text.split('\n').flatMap((line, row) => {
    const top = y + row * rowPitch;
    const number = firstNumber === undefined ? '' : String(firstNumber + row);
    return [
      ...(number === ''
        ? []
        : [lineAt(number, [x - (3 + number.length) * cell, top], { region, indentColumns: 0 })]),
      ...(line.trim() === '' ? [] : [lineAt(line, [x, top], { region })]),
    ];
  });
}
