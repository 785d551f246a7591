/** What stood on a picture, and how much of it was read right. Pure. */
import type { Box } from '../../../daemon/perception/perception.ts';
import { editDistance, foldSigns, singleSpaced, withoutSpaces } from './edits.ts';

/** What a line belongs to. */
export type LineKind = 'code' | 'interface' | 'terminal';

/** A piece of text as it was drawn. */
export interface TruthLine {
  /** Code and terminal: with its indentation. */
  readonly text: string;
  readonly box: Box;
  readonly kind: LineKind;
}

/** Anything that was read somewhere. */
export interface PlacedText {
  readonly text: string;
  readonly box: Box;
}

/** Pieces of truth and of reading that cover one another: compared as one text, from left to right. */
export interface Match {
  readonly truth: readonly TruthLine[];
  readonly read: readonly PlacedText[];
}

/**
 * Puts readings and truth together by place. A box that holds two labels, and a label that was read in two boxes, count as one
 * text each, so that what is measured is reading and not where boxes end.
 */
export function matchLines(truth: readonly TruthLine[], read: readonly PlacedText[]): Match[] {
  const groups: { truth: TruthLine[]; read: PlacedText[] }[] = truth.map((line) => {
    return { truth: [line], read: [] };
  });
  for (const line of read) {
    const touched = groups.filter((group) =>
      [...group.truth, ...group.read].some(({ box }) => overlaps(box, line.box)),
    );
    const [first, ...others] = touched;
    if (!first) continue;
    first.read.push(line);
    for (const other of others) {
      first.truth.push(...other.truth);
      first.read.push(...other.read);
      groups.splice(groups.indexOf(other), 1);
    }
  }
  return groups.map((group) => ({
    truth: leftToRight(group.truth),
    read: leftToRight(group.read),
  }));
}

function leftToRight<Line extends { readonly box: Box }>(lines: readonly Line[]): Line[] {
  return [...lines].sort((a, b) => a.box.x - b.box.x);
}

/** On one line of text: half of the lower one's height, and more than a hair's breadth. */
function overlaps(a: Box, b: Box): boolean {
  const acrossY = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const acrossX = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  return acrossY >= 0.5 * Math.min(a.height, b.height) && acrossX > 2;
}

/** Sums over lines; two of them can be added. */
export interface Tally {
  readonly lines: number;
  /** Lines of which every character is right; runs of spaces count as one. */
  readonly exact: number;
  /** Lines of which nothing was read. */
  readonly missed: number;
  /** Characters of the truth and the edits between it and the reading, spaces left out. */
  readonly characters: number;
  readonly edits: number;
  /** The same with single spaces. */
  readonly spacedCharacters: number;
  readonly spacedEdits: number;
}

export const emptyTally: Tally = {
  ...{ lines: 0, exact: 0, missed: 0, characters: 0, edits: 0 },
  ...{ spacedCharacters: 0, spacedEdits: 0 },
};

/** Counts one match. Typographic signs count as their plain forms on both sides. */
export function tallyMatch({ truth, read }: Match): Tally {
  const join = (lines: readonly { readonly text: string }[]): string =>
    singleSpaced(foldSigns(lines.map(({ text }) => text).join(' ')));
  const expected = join(truth);
  const actual = join(read);
  const characters = withoutSpaces(expected).length;
  return {
    lines: truth.length,
    exact: expected === actual ? truth.length : 0,
    missed: actual === '' ? truth.length : 0,
    characters,
    edits: editDistance(withoutSpaces(expected), withoutSpaces(actual)),
    spacedCharacters: expected.length,
    spacedEdits: editDistance(expected, actual),
  };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  const add = (a: Tally, b: Tally): Tally => ({
    lines: a.lines + b.lines,
    exact: a.exact + b.exact,
    missed: a.missed + b.missed,
    characters: a.characters + b.characters,
    edits: a.edits + b.edits,
    spacedCharacters: a.spacedCharacters + b.spacedCharacters,
    spacedEdits: a.spacedEdits + b.spacedEdits,
  });
  return tallies.reduce(add, emptyTally);
}

/** Shares of a tally, 0 … 1 (the rates may be above); NaN when it is empty. */
export interface Rates {
  readonly characterErrors: number;
  readonly spacedErrors: number;
  readonly exactLines: number;
  readonly missedLines: number;
}

export function ratesOf(tally: Tally): Rates {
  return {
    characterErrors: tally.edits / tally.characters,
    spacedErrors: tally.spacedEdits / tally.spacedCharacters,
    exactLines: tally.exact / tally.lines,
    missedLines: tally.missed / tally.lines,
  };
}
