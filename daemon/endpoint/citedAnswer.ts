/** The first line of an answer, which names the rows that it rests on. Read to the letter: what is not as agreed is no answer. Pure. */

/** What a model writes instead of rows. */
const notSeen = 'NOT SEEN';

/**
 * @param line without its end
 * @param count rows are numbered from 1 to it
 * @returns indices from 0, each once; empty when the rows hold no answer, or the line is not as agreed
 */
export function readCitedRows(line: string, count: number): number[] {
  const [, numbers] = /^ROWS: *(\d{1,6}(?: *, *\d{1,6})*)\.?$/.exec(line.trim()) ?? [];
  if (numbers === undefined) return [];
  const rows = [...new Set(numbers.split(',').map(Number))].map((number) => number - 1);
  return rows.every((row) => row >= 0 && row < count) ? rows : [];
}

/** Whether a line says, as agreed, that nothing was seen: another one that names no rows is a mistake. */
export const isNotSeen = (line: string): boolean => line.trim().replace(/\.$/, '') === notSeen;
