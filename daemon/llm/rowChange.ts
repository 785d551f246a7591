/** Which of a frame's embedding rows say something else than what was kept at their places. Pure. */

/**
 * A row has changed when it is at least so far, Euclidean and against the kept one's length, from that one.
 * @param rows shape [n, rowWidth], as `kept`
 * @returns indices of the rows that have changed, in their order
 */
export function changedRows(
  rows: Float32Array,
  kept: Float32Array,
  { rowWidth, rowChange }: { readonly rowWidth: number; readonly rowChange: number },
): number[] {
  const changed: number[] = [];
  for (let index = 0; index < rows.length / rowWidth; index++) {
    let [apart, length] = [0, 0];
    for (let at = index * rowWidth; at < (index + 1) * rowWidth; at++) {
      apart += (rows[at]! - kept[at]!) ** 2;
      length += kept[at]! ** 2;
    }
    const distance = length === 0 ? Infinity : Math.sqrt(apart / length);
    if (distance >= rowChange) changed.push(index);
  }
  return changed;
}

/** What is kept once the changed rows have been taken over; the given arrays stay as they are. */
export function withRows(
  kept: Float32Array,
  rows: Float32Array,
  { changed, rowWidth }: { readonly changed: readonly number[]; readonly rowWidth: number },
): Float32Array {
  if (changed.length === 0) return kept;
  const next = Float32Array.from(kept);
  for (const index of changed) {
    next.set(rows.subarray(index * rowWidth, (index + 1) * rowWidth), index * rowWidth);
  }
  return next;
}
