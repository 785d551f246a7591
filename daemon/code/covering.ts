/** What a popup hides of a text: lines seen just before it came take the hidden ones' places, and are marked as less sure. */
import type { CodeConfig } from './codeConfig.ts';
import type { Piece } from './pieces.ts';

/** What lies over a text, px. */
export interface Cover {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** When it came. */
  readonly startMs: number;
}

/** Lines of popups that stand below one another are one popup. */
export function findCovers(popups: readonly Piece[]): Cover[] {
  const covers: Cover[] = [];
  for (const { left, right, middle, height, line } of [...popups].sort(
    (a, b) => a.middle - b.middle,
  )) {
    const [top, bottom] = [middle - height, middle + height];
    const found = covers.findIndex(
      (cover) => top <= cover.bottom + height && left <= cover.right && right >= cover.left,
    );
    const known = covers[found];
    const joined = {
      left: Math.min(left, known?.left ?? left),
      right: Math.max(right, known?.right ?? right),
      top: Math.min(top, known?.top ?? top),
      bottom: Math.max(bottom, known?.bottom ?? bottom),
      startMs: Math.min(line.startMs, known?.startMs ?? line.startMs),
    };
    if (known) covers[found] = joined;
    else covers.push(joined);
  }
  return covers;
}

/** The cover over a row, or undefined. */
export function coverOf(middle: number, covers: readonly Cover[]): Cover | undefined {
  return covers.find(({ top, bottom }) => middle > top && middle < bottom);
}

/**
 * The line that stood in this place when the cover came.
 * @param visible what can still be seen of the row
 */
export function hiddenLine(
  place: { readonly middle: number; readonly visible: readonly Piece[]; readonly cover: Cover },
  earlier: readonly Piece[],
  config: CodeConfig,
): Piece | undefined {
  const { middle, visible, cover } = place;
  const seen = visible.map(({ text }) => text).join(' ');
  return earlier
    .filter(
      (piece) =>
        Math.abs(piece.middle - middle) < config.sameRowHeights * piece.height &&
        piece.right > cover.left &&
        piece.left < cover.right &&
        piece.line.endMs >= cover.startMs - config.coveredPauseMs &&
        (seen === '' || isPart(seen, piece.text)),
    )
    .sort((a, b) => b.line.endMs - a.line.endMs)[0];
}

/** Compares without spaces: what a popup cuts leaves odd ones. */
function isPart(part: string, whole: string): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, '');
  return plain(whole).includes(plain(part));
}
