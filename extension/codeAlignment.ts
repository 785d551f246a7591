/** Where code that was seen in a video belongs in a file of one's own. Pure. */

/** A stretch of a file, and what stands there in the video. */
export interface Stretch {
  /** First line that is replaced, from 0. */
  readonly startLine: number;
  /** First line after it; the same when nothing is replaced. */
  readonly endLine: number;
  readonly lines: readonly string[];
}

/** How lines are paired; shares are of a line that fits fully. Chosen on the cases of codeAlignment.test.ts. */
const costs = {
  /** Lines less alike than this are no pair, 0 … 1. */
  leastAlike: 0.6,
  /** A line that was typed anew. */
  changed: -0.2,
  /** A line that only one of both has; dearer, so that a changed line is not one that came and one that went. */
  missing: -0.25,
  /** Characters from which on a line says fully where it belongs: a lone brace fits everywhere. */
  tellingChars: 12,
  /** All pairs together must fit as well as this much of a telling line. */
  leastEvidence: 0.5,
} as const;

/**
 * Finds the stretch of a file that shows the same code, and writes what was seen in the way of that file: a line that differs in
 * nothing that a picture shows is the file's own, and indentation is by tabs where the file's is.
 * @param mine lines of the file
 * @param seen lines of the video, as they stood there one below the other
 * @param tabSize columns of a tab
 * @returns undefined when they have nothing in common
 */
export function alignCode(
  mine: readonly string[],
  seen: readonly string[],
  tabSize: number,
): Stretch | undefined {
  if (mine.every((line) => line.trim() === '')) {
    return { startLine: 0, endLine: mine.length, lines: seen };
  }
  const steps = pair(mine.map(describe), seen.map(describe));
  if (!steps) return undefined;
  const isTabbed = mine.some((line) => line.startsWith('\t'));
  const toMine = (line: string): string => (isTabbed ? withTabs(line, tabSize) : line);
  const lines = steps.flatMap(({ seenAt, mineAt }) => {
    const line = seen[seenAt ?? -1];
    if (line === undefined) return [];
    const own = mine[mineAt ?? -1];
    return [own !== undefined && looksAlike(own, line, tabSize) ? own : toMine(line)];
  });
  const places = steps.flatMap(({ mineAt }) => mineAt ?? []);
  const startLine = places[0] ?? 0;
  return { startLine, endLine: (places.at(-1) ?? startLine - 1) + 1, lines };
}

/** The file with the stretch in it. @param endOfLine of the file */
export function withStretch(mine: readonly string[], stretch: Stretch, endOfLine: string): string {
  const { startLine, endLine, lines } = stretch;
  return [...mine.slice(0, startLine), ...lines, ...mine.slice(endLine)].join(endOfLine);
}

/** Code as it is put into another place: its common indentation is that of the place. @param indent of the place */
export function indentAs(lines: readonly string[], indent: string): string[] {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => indentOf(line).length);
  const common = depths.length === 0 ? 0 : Math.min(...depths);
  return lines.map((line) => (line.trim() === '' ? '' : indent + line.slice(common)));
}

const indentOf = (line: string): string => /^\s*/.exec(line)![0];

interface Described {
  readonly text: string;
  /** How much it says about where it belongs, 0 … 1. */
  readonly weight: number;
  /** Pairs of neighbouring characters, and how often each occurs. */
  readonly pairs: ReadonlyMap<string, number>;
}

function describe(line: string): Described {
  const text = line.trim();
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < text.length; at++) {
    const two = text.slice(at, at + 2);
    pairs.set(two, (pairs.get(two) ?? 0) + 1);
  }
  return { text, weight: Math.min(1, text.length / costs.tellingChars), pairs };
}

/** Share of the neighbouring characters that both have, 0 … 1. @source Dice's coefficient */
function likeness(one: Described, other: Described): number {
  if (one.text === other.text) return 1;
  const total = one.text.length + other.text.length - 2;
  if (total <= 0) return 0;
  let shared = 0;
  for (const [two, count] of one.pairs) shared += Math.min(count, other.pairs.get(two) ?? 0);
  return (2 * shared) / total;
}

/** Lines that stand beside each other; one of both is absent where only the other file has it. */
interface Step {
  readonly mineAt?: number;
  readonly seenAt?: number;
}

/** Aligns all of `seen` with the part of `mine` that it fits best: Needleman–Wunsch whose ends in `mine` cost nothing. */
function pair(mine: readonly Described[], seen: readonly Described[]): Step[] | undefined {
  const width = mine.length + 1;
  const totals = new Float64Array(width * (seen.length + 1));
  const fits = (row: number, column: number): number => {
    const [one, other] = [seen[row - 1]!, mine[column - 1]!];
    const alike = likeness(one, other);
    return alike < costs.leastAlike ? 0 : alike * Math.min(one.weight, other.weight);
  };
  const paired = (row: number, column: number): number => {
    const [one, other] = [seen[row - 1]!, mine[column - 1]!];
    const isSame = one.text === other.text;
    return isSame ? one.weight : fits(row, column) || costs.changed;
  };
  for (let row = 1; row <= seen.length; row++) {
    totals[row * width] = row * costs.missing;
    for (let column = 1; column < width; column++) {
      const here = row * width + column;
      totals[here] = Math.max(
        totals[here - width - 1]! + paired(row, column),
        totals[here - width]! + costs.missing,
        totals[here - 1]! + costs.missing,
      );
    }
  }
  const steps: Step[] = [];
  let row = seen.length;
  const last = totals.subarray(row * width);
  let column = last.reduce((best, total, at) => (total > last[best]! ? at : best), 0);
  let evidence = 0;
  while (row > 0) {
    const here = row * width + column;
    if (column > 0 && totals[here] === totals[here - width - 1]! + paired(row, column)) {
      evidence += fits(row, column);
      steps.push({ seenAt: --row, mineAt: --column });
    } else if (totals[here] === totals[here - width]! + costs.missing) {
      steps.push({ seenAt: --row });
    } else {
      steps.push({ mineAt: --column });
    }
  }
  return evidence < costs.leastEvidence ? undefined : steps.reverse();
}

/** Whether a picture could tell them apart: not by blanks at the end, and not tabs from blanks. */
const looksAlike = (one: string, other: string, tabSize: number): boolean =>
  withBlanks(one, tabSize) === withBlanks(other, tabSize);

function withBlanks(line: string, tabSize: number): string {
  const indent = indentOf(line).replaceAll('\t', ' '.repeat(tabSize));
  return (indent + line.trimStart()).trimEnd();
}

function withTabs(line: string, tabSize: number): string {
  const columns = indentOf(line).length;
  const indent = '\t'.repeat(Math.floor(columns / tabSize)) + ' '.repeat(columns % tabSize);
  return indent + line.trimStart();
}
