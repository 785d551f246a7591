/** How many columns a line is indented: measured from its pane's left edge, which is seen now or was seen before. */
import type { LaidOutLine } from './lineLayout.ts';

interface PaneEdge {
  readonly left: number;
  readonly pitch: number;
}

/** Blocks of code end where no line follows within this many line heights. */
const blockGapHeights = 4;
/** A remembered edge further left than this is another pane's. */
const maxRememberedColumns = 24;
/** Edges of one pane agree to this share of a column. */
const phaseTolerance = 0.25;
const mostRemembered = 16;

/** Remembers left edges over frames, because a scrolled view may show indented lines only. */
export class Indentation {
  #edges: PaneEdge[] = [];

  /** @returns columns per line, in the order given; 0 for lines without a pitch. */
  measure(lines: readonly LaidOutLine[]): number[] {
    const columns = lines.map(() => 0);
    for (const block of blocksOf(lines)) {
      const members = block.map((index) => lines[index]!);
      const pitch = members[0]!.pitch!;
      const seen = Math.min(...members.map((line) => line.left));
      const left = this.#leftEdge({ left: seen, pitch });
      for (const index of block) {
        columns[index] = Math.max(0, Math.round((lines[index]!.left - left) / pitch));
      }
    }
    return columns;
  }

  /** The leftmost edge known for the pane that begins here; this sighting is remembered. */
  #leftEdge(seen: PaneEdge): number {
    const same = this.#edges.filter((edge) => isSamePane(edge, seen));
    const left = Math.min(seen.left, ...same.map((edge) => edge.left));
    this.#edges = this.#edges.filter((edge) => !same.includes(edge));
    this.#edges.unshift({ left, pitch: seen.pitch });
    this.#edges.splice(mostRemembered);
    return left;
  }
}

function isSamePane(edge: PaneEdge, seen: PaneEdge): boolean {
  const columns = (seen.left - edge.left) / seen.pitch;
  const isAligned = Math.abs(columns - Math.round(columns)) <= phaseTolerance;
  const isSameFont = Math.abs(edge.pitch / seen.pitch - 1) < 0.03;
  return isSameFont && isAligned && Math.abs(columns) <= maxRememberedColumns;
}

/** Groups monospaced lines that stand below one another; line numbers and other lone numbers belong to no block. */
function blocksOf(lines: readonly LaidOutLine[]): number[][] {
  const order = lines
    .map((_, index) => index)
    .filter((index) => lines[index]!.pitch !== undefined && !/^\d+$/.test(lines[index]!.text))
    .sort((a, b) => lines[a]!.box.y - lines[b]!.box.y);
  const blocks: number[][] = [];
  for (const index of order) {
    const line = lines[index]!;
    const block = blocks.find((members) => {
      const last = lines[members.at(-1)!]!;
      const isNear = line.box.y - last.box.y <= blockGapHeights * line.box.height;
      const isSameFont = Math.abs(line.pitch! / last.pitch! - 1) < 0.06;
      const isBelow = line.box.y - last.box.y > 0.5 * line.box.height;
      const isBeside = line.left > last.box.x + last.box.width + 2 * line.box.height;
      return isNear && isSameFont && (isBelow || !isBeside);
    });
    if (block) block.push(index);
    else blocks.push([index]);
  }
  return blocks;
}
