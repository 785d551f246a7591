/** Neighbours that are one line in one frame and several in the next are still the lines that they were. */
import { foldLookAlikes } from './lookAlikes.ts';
import type { ScreenLine } from './perception.ts';
import { isInRowOf } from './places.ts';

/** A line joins those that it covers when it says what they say together, spaces aside. @returns those; none when it does not */
export function partsOf<Part extends { readonly line: ScreenLine }>(
  whole: ScreenLine,
  candidates: readonly Part[],
): Part[] {
  const margin = whole.box.height;
  const inside = candidates
    .filter(({ line: { box } }) => {
      const isAcross =
        box.x >= whole.box.x - margin &&
        box.x + box.width <= whole.box.x + whole.box.width + margin;
      return isAcross && isInRowOf(box, whole.box);
    })
    .sort((a, b) => a.line.box.x - b.line.box.x);
  const joined = inside.map(({ line }) => squeeze(line.text)).join('');
  return inside.length > 1 && joined === squeeze(whole.text) ? inside : [];
}

function squeeze(text: string): string {
  return foldLookAlikes(text.replace(/\s+/g, ''));
}
