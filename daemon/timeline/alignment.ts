/** How well one text stands inside another when single characters may have been misread. Pure. */

/** Case and spaces carry nothing here: readers lose spaces first. */
const squeeze = (text: string): string => text.toLowerCase().replace(/\s+/gu, '');

/**
 * Similarity of `needle` to the stretch of `hay` that resembles it most: 1 is contained, 0 is nothing in common.
 * Edit distance over the needle's length (semi-global alignment), so cost grows with both lengths.
 */
export function containment(needle: string, hay: string): number {
  const wanted = squeeze(needle);
  const shown = squeeze(hay);
  if (wanted === '' || shown === '') return 0;
  if (shown.includes(wanted)) return 1;
  let above = new Uint16Array(shown.length + 1);
  let current = new Uint16Array(shown.length + 1);
  for (let i = 1; i <= wanted.length; i++) {
    current[0] = i;
    for (let j = 1; j <= shown.length; j++) {
      const swap = above[j - 1]! + (wanted[i - 1] === shown[j - 1] ? 0 : 1);
      current[j] = Math.min(swap, above[j]! + 1, current[j - 1]! + 1);
    }
    [above, current] = [current, above];
  }
  return Math.max(0, 1 - Math.min(...above) / wanted.length);
}

/**
 * A quick test to run before `containment`: false only for texts in which the needle surely reaches less than `least`.
 * Every edit destroys at most three of the needle's trigrams, so most of them must be left in a text that resembles it.
 */
export function resemblanceFilter(needle: string, least: number): (hay: string) => boolean {
  const wanted = squeeze(needle);
  const trigrams = Array.from({ length: Math.max(0, wanted.length - 2) }, (_, i) =>
    wanted.slice(i, i + 3),
  );
  const mostLost = 3 * Math.floor((1 - least) * wanted.length + 1e-9);
  return (hay) => {
    const shown = squeeze(hay);
    let lost = 0;
    for (const trigram of trigrams) {
      if (!shown.includes(trigram) && ++lost > mostLost) return false;
    }
    return true;
  };
}
