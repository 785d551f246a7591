/** Clocks, counters and spinners: lines that say the same with other digits and marks. */

/** The text without what ticks. */
function withoutTicks(text: string): string {
  return text.replace(/\p{N}+/gu, '0').replace(/[^\p{L}0]+/gu, '');
}

/** Whether two texts at one place differ in digits and marks alone. */
export function isTick(before: string, after: string): boolean {
  const length = Math.abs(before.length - after.length);
  return before !== after && length <= 2 && withoutTicks(before) === withoutTicks(after);
}
