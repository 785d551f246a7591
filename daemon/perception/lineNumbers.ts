/** Takes line numbers off the lines that they were joined with. */
import type { LaidOutLine } from './lineLayout.ts';

/** Numbers that end in one column make a gutter from this many on. */
const leastNumbers = 3;

/** A monospaced line that begins with a number and a gap, where the screen has a column of lone numbers, loses the number. */
export function withoutLineNumbers(lines: readonly LaidOutLine[]): LaidOutLine[] {
  const ends = lines
    .filter(({ text }) => /^\d{1,5}$/.test(text))
    .map(({ box }) => box.x + box.width);
  return lines.map((line) => {
    const found = line.pitch === undefined ? null : /^(\d{1,5}) {2,}(?=\S)/.exec(line.text);
    if (!found || line.pitch === undefined) return line;
    const { pitch } = line;
    const end = line.left + found[1]!.length * pitch;
    const inColumn = ends.filter((other) => Math.abs(other - end) < pitch);
    if (inColumn.length < leastNumbers) return line;
    const shift = found[0].length * pitch;
    const left = line.left + shift;
    const width = line.box.x + line.box.width - left;
    const box = { ...line.box, x: left, width };
    const certainties = line.certainties?.slice(found[0].length);
    const after = certainties === undefined ? {} : { certainties };
    return { ...line, box, left, text: line.text.slice(found[0].length), ...after };
  });
}
