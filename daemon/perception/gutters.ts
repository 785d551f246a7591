/** Line numbers: found by the column that they stand in, so that those that were misread go, too. They are no text of the screen,
 * but they tell which rows are a text of its own. */
import type { LaidOutLine } from './lineLayout.ts';
import type { PixelBox } from './runs.ts';

/** A column of line numbers, in pixels: from the widest number's left to the common right edge, first to last row. */
export interface Gutter extends PixelBox {
  /** Height of its numbers. */
  readonly height: number;
}

/** Lengths in heights of the numbers; chosen on drawn editors in six themes, looked at on real recordings. */
const column = {
  /** Fewer numbers below one another may be anything. */
  leastNumbers: 3,
  /** Right edges of a column agree to this: a 1 is narrower than other digits. */
  sameEdge: 0.5,
  /** Of neighbours, this share grows downwards … */
  growing: 2 / 3,
  /** … and this share counts the rows between them, or counts by one over wrapped rows and hints: sorted numbers of a table do not. */
  counting: 0.5,
  /** Above the first and below the last number that was read there may be some that were not. */
  beyond: 7,
  /** Marks of breakpoints and changes stand this far outside of a column. */
  marks: 3,
  /** The longest number, marks around it and misread signs included. */
  mostSigns: 6,
  /** Gutters that are remembered: some are covered for a while, or show less than three numbers. */
  remembered: 8,
} as const;

const loneNumber = /^\d{1,6}$/;

export interface WithoutGutters {
  readonly lines: LaidOutLine[];
  readonly gutters: readonly Gutter[];
  /** Those that were taken off whole and are numbers as they were read. */
  readonly numbers: readonly LaidOutLine[];
}

/** Takes line numbers off one stream's screens. */
export class Gutters {
  #known: readonly Gutter[] = [];

  /** @returns the lines without those that are line numbers, and without the numbers that others begin with */
  takeOff(lines: readonly LaidOutLine[]): WithoutGutters {
    const found = findGutters(lines);
    const known = this.#known.filter((gutter) => !found.some((other) => isOver(gutter, other)));
    this.#known = [...found, ...known].slice(0, column.remembered);
    const isNumber = (line: LaidOutLine): boolean =>
      found.some((gutter) => isMember(line, gutter)) ||
      known.some((gutter) => loneNumber.test(line.text) && isMember(line, gutter));
    const [numbers, rest] = [lines.filter(isNumber), lines.filter((line) => !isNumber(line))];
    return {
      lines: rest.map((line) => withoutPrefix(line, found)),
      gutters: found,
      numbers: numbers.filter(({ text }) => loneNumber.test(text)),
    };
  }
}

/** Columns of lone numbers that count the rows of what stands to their right. */
export function findGutters(lines: readonly LaidOutLine[]): Gutter[] {
  const numbers = lines.filter(({ text }) => loneNumber.test(text));
  const columns: LaidOutLine[][] = [];
  for (const line of numbers.sort((a, b) => rightOf(a) - rightOf(b))) {
    const last = columns.at(-1);
    const reach = column.sameEdge * line.box.height;
    if (last && rightOf(line) - rightOf(last[0]!) < reach) last.push(line);
    else columns.push([line]);
  }
  return columns
    .map((members) => members.sort((a, b) => a.box.y - b.box.y))
    .filter((members) => members.length >= column.leastNumbers && isCounting(members))
    .map(gutterOf)
    .filter((gutter) => lines.some((line) => isBeside(line, gutter)));
}

function isCounting(members: readonly LaidOutLine[]): boolean {
  const pairs = members.slice(1).map(({ text, box }, index) => ({
    step: Number(text) - Number(members[index]!.text),
    way: box.y - members[index]!.box.y,
  }));
  const pitch = Math.min(...pairs.map(({ way }) => way).filter((way) => way > 0));
  const growing = pairs.filter(({ step }) => step > 0).length;
  // Those of some editors count the distance to the cursor's row.
  const counting = pairs.filter(
    ({ step, way }) => Math.abs(step) === Math.max(1, Math.round(way / pitch)) || step === 1,
  ).length;
  const isRelative = counting === pairs.length;
  return (
    (growing >= column.growing * pairs.length || isRelative) &&
    counting >= column.counting * pairs.length
  );
}

function gutterOf(members: readonly LaidOutLine[]): Gutter {
  const boxes = members.map(({ box }) => box);
  const heights = boxes.map(({ height }) => height).sort((a, b) => a - b);
  return {
    left: Math.min(...boxes.map(({ x }) => x)),
    right: Math.max(...members.map(rightOf)),
    top: boxes[0]!.y,
    bottom: boxes.at(-1)!.y + boxes.at(-1)!.height,
    height: heights[heights.length >> 1]!,
  };
}

function isBeside({ box }: LaidOutLine, gutter: Gutter): boolean {
  const middle = box.y + box.height / 2;
  return box.x > gutter.right && middle > gutter.top && middle < gutter.bottom;
}

/** Whether a line is a number of the gutter, well read or not, with or without a mark beside it. */
function isMember(line: LaidOutLine, gutter: Gutter): boolean {
  const { text, box } = line;
  const length = Array.from(text).length;
  if (length > column.mostSigns || !isInRows(box, gutter)) return false;
  const reach = column.sameEdge * gutter.height;
  const marks = column.marks * gutter.height;
  const isInColumn = box.x > gutter.left - reach && rightOf(line) < gutter.right + reach;
  // A mark makes the box wider, to one side.
  const isMarkedBefore =
    /\d$/.test(text) &&
    Math.abs(rightOf(line) - gutter.right) < reach &&
    box.x > gutter.left - marks;
  const isMarkedAfter =
    /^\d{1,6}\s*[^\p{L}\p{N}\s]+$/u.test(text) &&
    Math.abs(box.x - gutter.left) < marks &&
    rightOf(line) < gutter.right + marks;
  return isInColumn || isMarkedBefore || isMarkedAfter;
}

function isInRows({ y, height }: LaidOutLine['box'], gutter: Gutter): boolean {
  const beyond = column.beyond * gutter.height;
  const middle = y + height / 2;
  return middle > gutter.top - beyond && middle < gutter.bottom + beyond;
}

/** A number and the code beside it may be one line. What stands in the gutter's columns goes, whatever it was read as. */
function withoutPrefix(line: LaidOutLine, gutters: readonly Gutter[]): LaidOutLine {
  const { pitch, left, box } = line;
  const found = /^(\S{1,6}) +(?=\S)/.exec(line.text);
  if (!found || pitch === undefined) return line;
  const end = left + Array.from(found[1]!).length * pitch;
  const isPrefix = gutters.some(
    (gutter) =>
      isInRows(box, gutter) &&
      left > gutter.left - pitch &&
      Math.abs(end - gutter.right) < Math.max(pitch, column.sameEdge * gutter.height),
  );
  if (!isPrefix) return line;
  const length = Array.from(found[0]).length;
  const start = left + length * pitch;
  const certainties = line.certainties?.slice(length);
  return {
    ...line,
    box: { ...box, x: start, width: box.x + box.width - start },
    left: start,
    text: line.text.slice(found[0].length),
    ...(certainties === undefined ? {} : { certainties }),
  };
}

function isOver(a: Gutter, b: Gutter): boolean {
  return Math.min(a.right, b.right) > Math.max(a.left, b.left);
}

const rightOf = ({ box }: LaidOutLine): number => box.x + box.width;
