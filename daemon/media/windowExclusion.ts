/** Pure: which of the windows on a screen are left out, and what of the picture that takes away. */
import type { ExcludedWindows, PixelRectangle } from '../../protocol/index.ts';

/** A window that stands on the screen itself, with what stands in it. */
export interface SeenWindow {
  /** What it covers, in pixels of the display. */
  readonly places: readonly PixelRectangle[];
  /** Nothing behind it shines through. */
  readonly isOpaque: boolean;
  /** A menu or a tooltip, which often has no name of its own. */
  readonly isPopup: boolean;
  /** It and the windows in it that have a name: a window manager puts a frame around those of programs. */
  readonly parts: readonly NamedWindow[];
}

export interface NamedWindow {
  /** What its program calls itself. */
  readonly applications: readonly string[];
  readonly titles: readonly string[];
  /** The same for all windows of one program's connection. */
  readonly owner: number;
  readonly processId?: number;
}

/**
 * What of a display must not be seen: windows that are excluded, their menus too, as far as nothing opaque covers them.
 * @param windows lowest first
 */
export function hiddenPlaces(
  windows: readonly SeenWindow[],
  excluded: ExcludedWindows,
): PixelRectangle[] {
  const isOwn = ownWindow(windows, excluded.own);
  const isExcluded = (part: NamedWindow): boolean => fitsName(part, excluded.names) || isOwn(part);
  const owners = new Set(
    windows.flatMap(({ parts }) => parts.filter(isExcluded).map(({ owner }) => owner)),
  );
  const isHidden = ({ parts, isPopup }: SeenWindow): boolean =>
    parts.some((part) => isExcluded(part) || (isPopup && owners.has(part.owner)));
  return windows.reduce<PixelRectangle[]>((hidden, window) => {
    if (isHidden(window)) return [...hidden, ...window.places];
    return window.isOpaque ? without(hidden, window.places) : hidden;
  }, []);
}

/** Whether a window is meant by one of the names: its program's, or a part of its title. */
export function fitsName(
  { applications, titles }: Pick<NamedWindow, 'applications' | 'titles'>,
  names: readonly string[],
): boolean {
  const wanted = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  const isApplication = (name: string): boolean =>
    applications.some((one) => one.toLowerCase() === name);
  const isInTitle = (name: string): boolean =>
    titles.some((one) => one.toLowerCase().includes(name));
  return wanted.some((name) => isApplication(name) || isInTitle(name));
}

/** The editor's own window by its title; all windows of the editor when no title tells. */
function ownWindow(
  windows: readonly SeenWindow[],
  own: ExcludedWindows['own'],
): (part: NamedWindow) => boolean {
  if (!own) return () => false;
  const { titleParts, processId } = own;
  const fitsTitle = ({ titles }: NamedWindow): boolean =>
    titles.some((title) => titleParts.every((part) => title.includes(part)));
  if (windows.some(({ parts }) => parts.some(fitsTitle))) return fitsTitle;
  return (part) => processId !== undefined && part.processId === processId;
}

/** What is left of rectangles behind others. */
export function without(
  rectangles: readonly PixelRectangle[],
  covers: readonly PixelRectangle[],
): PixelRectangle[] {
  return covers.reduce<PixelRectangle[]>(
    (left, cover) => left.flatMap((one) => cutOut(one, cover)),
    [...rectangles],
  );
}

function cutOut(box: PixelRectangle, cover: PixelRectangle): PixelRectangle[] {
  const [left, top, width, height] = box;
  const [right, bottom] = [left + width, top + height];
  const cutLeft = Math.max(left, cover[0]);
  const cutTop = Math.max(top, cover[1]);
  const cutRight = Math.min(right, cover[0] + cover[2]);
  const cutBottom = Math.min(bottom, cover[1] + cover[3]);
  if (cutLeft >= cutRight || cutTop >= cutBottom) return [box];
  const parts: PixelRectangle[] = [
    [left, top, width, cutTop - top],
    [left, cutBottom, width, bottom - cutBottom],
    [left, cutTop, cutLeft - left, cutBottom - cutTop],
    [cutRight, cutTop, right - cutRight, cutBottom - cutTop],
  ];
  return parts.filter(([, , partWidth, partHeight]) => partWidth > 0 && partHeight > 0);
}

/** A picture of four bytes a pixel, and where its corner is on the display. */
export interface CapturedPicture {
  readonly pixels: Buffer;
  readonly box: PixelRectangle;
}

/** Paints rectangles of the display black. */
export function blacken({ pixels, box }: CapturedPicture, places: readonly PixelRectangle[]): void {
  const [originX, originY, width, height] = box;
  for (const [x, y, placeWidth, placeHeight] of places) {
    const left = Math.min(width, Math.max(0, x - originX));
    const right = Math.min(width, Math.max(0, x - originX + placeWidth));
    const top = Math.max(0, y - originY);
    const bottom = Math.min(height, y - originY + placeHeight);
    for (let row = top; row < bottom; row++) {
      pixels.fill(0, (row * width + left) * 4, (row * width + right) * 4);
    }
  }
}
