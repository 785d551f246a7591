/** How much of a piece of code was got back. Pure. */
import { editSimilarity } from '../reading/edits.ts';

export interface CodeScore {
  /** 1 − edits ÷ characters of the longer text, line ends and indentation counted. */
  readonly similarity: number;
  /** Lines of the truth that came back to the letter and in order, indentation counted. */
  readonly exactLines: number;
  readonly lines: number;
}

/** Compares what stood in the editor with what was told. Empty lines at both ends and spaces at ends of lines do not count. */
export function scoreCode(truth: string, told: string): CodeScore {
  const expected = linesOf(truth);
  const actual = linesOf(told);
  return {
    similarity: editSimilarity(expected.join('\n'), actual.join('\n')),
    exactLines: commonLines(expected, actual),
    lines: expected.length,
  };
}

/** Lines without the indentation that all of them have: a stretch from inside a function says the same at any depth. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  const body = first < 0 ? [] : lines.slice(first, last + 1);
  const depths = body
    .filter((line) => line !== '')
    .map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...depths);
  return body.map((line) => line.slice(shared));
}

/** Length of the longest sequence of lines that both have. */
function commonLines(a: readonly string[], b: readonly string[]): number {
  let above = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const row = [0];
    b.forEach((other, index) => {
      row.push(line === other ? above[index]! + 1 : Math.max(above[index + 1]!, row[index]!));
    });
    above = row;
  }
  return above[b.length]!;
}

/** The shares of several pieces together: the mean similarity, and the exact lines of all lines. */
export function sumScores(
  scores: readonly CodeScore[],
): readonly [similarity: number, exact: number] {
  const sum = (value: (score: CodeScore) => number): number =>
    scores.reduce((total, score) => total + value(score), 0);
  return [
    sum(({ similarity }) => similarity) / scores.length,
    sum(({ exactLines }) => exactLines) / sum(({ lines }) => lines),
  ];
}
