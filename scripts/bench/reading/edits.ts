/** How far a reading is from the truth. Pure. */

/** The least number of characters to insert, delete or replace. */
export function editDistance(from: string, to: string): number {
  return alignmentCost(from, to, 'whole');
}

/** Smallest edit distance between `needle` and any part of `hay`. */
export function nearestPart(needle: string, hay: string): number {
  return alignmentCost(needle, hay, 'part');
}

function alignmentCost(needle: string, hay: string, scope: 'whole' | 'part'): number {
  const width = hay.length + 1;
  let above = new Uint32Array(width);
  let row = new Uint32Array(width);
  if (scope === 'whole') for (let column = 0; column < width; column++) above[column] = column;
  for (let i = 1; i <= needle.length; i++) {
    const sign = needle.charCodeAt(i - 1);
    row[0] = i;
    for (let j = 1; j < width; j++) {
      const replaced = above[j - 1]! + (sign === hay.charCodeAt(j - 1) ? 0 : 1);
      row[j] = Math.min(replaced, above[j]! + 1, row[j - 1]! + 1);
    }
    [above, row] = [row, above];
  }
  return scope === 'whole'
    ? above[width - 1]!
    : above.reduce((least, cost) => Math.min(least, cost));
}

/** 1 for equal texts, 0 for texts that have nothing in common: 1 − edits ÷ length of the longer one. */
export function editSimilarity(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  return longer === 0 ? 1 : 1 - editDistance(a, b) / longer;
}

/** Typographic forms as their plain ones, which is what code and queries have: NFKC, quotes, dashes, the ellipsis. */
export function foldSigns(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‘’‚′]/g, "'")
    .replace(/[“”„″]/g, '"')
    .replace(/[‐‑‒–—−]/g, '-')
    .replaceAll('。', '.')
    .replaceAll('、', ',');
}

/** Without any space. */
export const withoutSpaces = (text: string): string => text.replace(/\s+/g, '');

/** Without indentation, runs of spaces as one. */
export const singleSpaced = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Below so many characters a text must be there to the letter. */
const leastApproximate = 6;
/** Wrong characters per character of the text that is looked for. */
const mostEdits = 0.1;

/**
 * Whether a text can be found in what was read: spaces and case do not count, one wrong character in ten is forgiven.
 * @source the rule by which text recall on the annotated recordings is scored.
 */
export function isFoundIn(text: string, read: string): boolean {
  const needle = withoutSpaces(text.toLowerCase());
  const hay = withoutSpaces(read.toLowerCase());
  if (hay.includes(needle)) return true;
  if (needle.length < leastApproximate || hay.length === 0) return false;
  return nearestPart(needle, hay) <= mostEdits * needle.length;
}
