/** Pure: what X11's own tools tell of a display → the parts of it that can be captured. */
import type { PixelRectangle } from '../../protocol/index.ts';

export interface ListedPart {
  readonly name: string;
  readonly box: PixelRectangle;
}

export interface ListedWindow extends ListedPart {
  /** As ffmpeg takes it, for instance `0x20000c`. */
  readonly id: string;
  /** What its program calls itself; absent when it does not. */
  readonly application?: string;
}

/** Smaller ones are icons, bars and bubbles. */
const smallestWindowPx = 64;

/** Monitors as `xrandr --listmonitors` tells them: ` 0: +*eDP-1 1920/344x1080/194+0+0  eDP-1`. */
export function readMonitors(output: string): ListedPart[] {
  return output.split('\n').flatMap((line) => {
    const found = /^ *\d+: \+?\*?(\S+) (\d+)\/\d+x(\d+)\/\d+\+(-?\d+)\+(-?\d+)/.exec(line);
    if (!found) return [];
    const [width, height, x, y] = found.slice(2).map(Number) as [number, number, number, number];
    return [{ name: found[1]!, box: [x, y, width, height] }];
  });
}

/** A display that a Wayland compositor offers to X11 programs shows these alone: the rest of the screen is black. */
export function isWaylandDisplay(monitors: readonly ListedPart[]): boolean {
  return monitors.some(({ name }) => name.startsWith('XWAYLAND'));
}

/** Size of the display, as `xwininfo -root` tells it. */
export function readRootSize(output: string): PixelRectangle | undefined {
  const width = /^ +Width: (\d+)$/m.exec(output)?.[1];
  const height = /^ +Height: (\d+)$/m.exec(output)?.[1];
  return width === undefined || height === undefined
    ? undefined
    : [0, 0, Number(width), Number(height)];
}

/**
 * Windows with a title, as `xwininfo -root -tree` tells them, outermost first; of a window and its frame with one title the window.
 * A title may hold anything, quotes too: the line is read from both ends.
 */
export function readWindows(output: string): ListedWindow[] {
  const found = output.split('\n').flatMap((line) => {
    const parts =
      /^ +(0x[0-9a-f]+) "(.*)": \((?:"[^"]*" "([^"]*)")?\) +(\d+)x(\d+)[+-]-?\d+[+-]-?\d+ +\+(-?\d+)\+(-?\d+)$/.exec(
        line,
      );
    if (!parts) return [];
    const [width, height, x, y] = parts.slice(4).map(Number) as [number, number, number, number];
    if (width < smallestWindowPx || height < smallestWindowPx) return [];
    const box: PixelRectangle = [x, y, width, height];
    const application = parts[3] ?? '';
    const named = application === '' ? {} : { application };
    return [{ id: parts[1]!, name: parts[2]!.trim(), box, ...named }];
  });
  const named = found.filter(({ name }) => name !== '');
  return named.filter(({ name }, index) => named[index + 1]?.name !== name);
}

/** Where a window stands on its display, and whether it is drawn, as `xwininfo -id` tells it. */
export function readWindowPlace(
  output: string,
): { readonly box: PixelRectangle; readonly isShown: boolean } | undefined {
  const number = (label: string): number =>
    Number(new RegExp(`^ +${label}: +(-?\\d+)$`, 'm').exec(output)?.[1] ?? NaN);
  // The corner that is told is the border's; what can be captured begins inside it. @source xwininfo.c, Display_Stats_Info
  const border = number('Border width');
  const box = [
    number('Absolute upper-left X') + border,
    number('Absolute upper-left Y') + border,
    number('Width'),
    number('Height'),
  ] as const;
  if (box.some(Number.isNaN)) return undefined;
  return { box, isShown: /^ +Map State: IsViewable$/m.test(output) };
}

/**
 * What can be captured of a window: X11 gives nothing at all of one when a part is asked for that lies outside the screen.
 * @param window and `root` in pixels of the display, `wanted` in those of the window
 * @returns in pixels of the window; undefined when nothing is left
 */
export function visiblePart(
  [windowX, windowY, windowWidth, windowHeight]: PixelRectangle,
  [, , rootWidth, rootHeight]: PixelRectangle,
  wanted: PixelRectangle = [0, 0, windowWidth, windowHeight],
): PixelRectangle | undefined {
  const left = Math.max(0, -windowX, wanted[0]);
  const top = Math.max(0, -windowY, wanted[1]);
  const right = Math.min(windowWidth, rootWidth - windowX, wanted[0] + wanted[2]);
  const bottom = Math.min(windowHeight, rootHeight - windowY, wanted[1] + wanted[3]);
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : undefined;
}

/** Screens as the report of avfoundation lists them among cameras. @source ffmpeg-devices, avfoundation, `-list_devices` */
export function readMacScreens(
  report: string,
): { readonly display: string; readonly name: string }[] {
  return [...report.matchAll(/\] \[\d+\] (Capture screen (\d+))/g)].map((found) => ({
    display: found[2]!,
    name: found[1]!,
  }));
}
