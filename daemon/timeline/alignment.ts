/** How well one text stands inside another when single characters may have been misread. Pure. */

/** Case and spaces carry nothing here: readers lose spaces first. */
export const squeeze = (text: string): string => text.toLowerCase().replace(/\s+/gu, '');

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
 * How many of the needle's trigrams a text lacks; undefined only for texts in which the needle surely reaches less than `least`.
 */
export function lackedTrigrams(needle: string, least: number): (hay: string) => number | undefined {
  const wanted = squeeze(needle);
  const trigrams = trigramsOf(wanted);
  // Every edit destroys at most three of them, so most must be left in a text that resembles the needle.
  const mostLost = 3 * mostEdits(wanted, least);
  return (hay) => {
    const shown = squeeze(hay);
    let lost = 0;
    for (const trigram of trigrams) {
      if (!shown.includes(trigram) && ++lost > mostLost) return undefined;
    }
    return lost;
  };
}

/** A quick test to run before `containment`: false only for texts in which the needle surely reaches less than `least`. */
export function resemblanceFilter(needle: string, least: number): (hay: string) => boolean {
  const lacks = lackedTrigrams(needle, least);
  return (hay) => lacks(hay) !== undefined;
}

/**
 * Cuts a squeezed needle into as many pieces as leave one of them whole in every text in which it reaches `least`, each as trigrams
 * that cover it. Pieces of fewer than three signs have none and are left out; a text that keeps no other is missed.
 * @param mostPieces more are not made: then texts with many misread signs are missed
 */
export function intactPieces(squeezed: string, least: number, mostPieces: number): string[][] {
  const count = Math.min(mostEdits(squeezed, least) + 1, mostPieces);
  const cut = (n: number): number => Math.round((n * squeezed.length) / count);
  return Array.from({ length: count }, (_, n) => squeezed.slice(cut(n), cut(n + 1)))
    .filter((piece) => piece.length >= 3)
    .map((piece) => {
      const starts = Array.from({ length: Math.ceil(piece.length / 3) }, (_, i) =>
        Math.min(3 * i, piece.length - 3),
      );
      return starts.map((start) => piece.slice(start, start + 3));
    });
}

const mostEdits = (squeezed: string, least: number): number =>
  Math.floor((1 - least) * squeezed.length + 1e-9);

const trigramsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 2) }, (_, i) => text.slice(i, i + 3));
