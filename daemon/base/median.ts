/** The value in the middle; the higher of the two in the middle of an even count (`median_high` of Python's statistics); undefined for none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
