/** Two readings of one line, character by character. */

/** One step from the first text to the second: both sides for a pair, one for what only that text has. */
export interface AlignedPair {
  /** Index in the first text, undefined where only the second has a character. */
  readonly left: number | undefined;
  /** Index in the second text, undefined where only the first has a character. */
  readonly right: number | undefined;
}

/** The cheapest way from one text to the other, by Levenshtein distance; both as code points. */
export function alignTexts(left: readonly string[], right: readonly string[]): AlignedPair[] {
  const width = right.length + 1;
  const costs = new Uint16Array((left.length + 1) * width);
  for (let j = 1; j < width; j++) costs[j] = j;
  for (let i = 1; i <= left.length; i++) {
    costs[i * width] = i;
    for (let j = 1; j < width; j++) {
      const paired = costs[(i - 1) * width + j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      const alone = Math.min(costs[(i - 1) * width + j]!, costs[i * width + j - 1]!) + 1;
      costs[i * width + j] = Math.min(paired, alone);
    }
  }
  const pairs: AlignedPair[] = [];
  let i = left.length;
  let j = right.length;
  while (i > 0 || j > 0) {
    const cost = costs[i * width + j]!;
    const isPair =
      i > 0 &&
      j > 0 &&
      cost === costs[(i - 1) * width + j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
    if (isPair) pairs.push({ left: --i, right: --j });
    else if (i > 0 && cost === costs[(i - 1) * width + j]! + 1)
      pairs.push({ left: --i, right: undefined });
    else pairs.push({ left: undefined, right: --j });
  }
  return pairs.reverse();
}
