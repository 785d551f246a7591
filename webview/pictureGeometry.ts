/** Places in the picture, in pixels of the video, wherever and however large the player shows it. Pure. */
import type { PixelRectangle } from '../protocol/index.ts';
import { memoised } from './selectors.ts';
import type { State } from './state.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

const sizeOf = memoised((width: number, height: number): Size => ({ width, height }));

/** Of the picture; what it is as long as nobody knows is never drawn on. */
export const pictureSize = ({ media }: State): Size =>
  sizeOf(media?.width ?? 16, media?.height ?? 9);

const within = (value: number, most: number): number => Math.min(Math.max(0, value), most);

/** A place on screen as a place in the picture, which fills the player in one direction and is centred in the other. */
export function toPicture(
  { x, y }: Point,
  player: Size & { readonly left: number; readonly top: number },
  picture: Size,
): Point {
  const scale = Math.min(player.width / picture.width, player.height / picture.height);
  if (!(scale > 0)) return { x: 0, y: 0 };
  const left = player.left + (player.width - picture.width * scale) / 2;
  const top = player.top + (player.height - picture.height * scale) / 2;
  return {
    x: Math.round(within((x - left) / scale, picture.width)),
    y: Math.round(within((y - top) / scale, picture.height)),
  };
}

/** Less is a click, px of the video. */
const smallestPx = 8;

/** @returns undefined for what is too small to be meant */
export function boxBetween(one: Point, other: Point): PixelRectangle | undefined {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  const [width, height] = [Math.abs(one.x - other.x), Math.abs(one.y - other.y)];
  return width < smallestPx || height < smallestPx ? undefined : [x, y, width, height];
}

/** Steps that a key moves a box over the picture. */
const steps = 40;

/** What an arrow key makes of a box; the first one puts a box into the middle. @returns undefined for other keys */
export function moveBox(
  box: PixelRectangle | undefined,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  { width: right, height: bottom }: Size,
): PixelRectangle | undefined {
  const directions: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const direction = directions[key];
  if (!direction) return undefined;
  const round = (values: readonly number[]) =>
    values.map(Math.round) as [number, number, number, number];
  if (!box) return round([right / 4, bottom / 4, right / 2, bottom / 2]);
  const [dx, dy] = [(direction[0] * right) / steps, (direction[1] * bottom) / steps];
  const [x, y, width, height] = box;
  if (!shiftKey) {
    return round([within(x + dx, right - width), within(y + dy, bottom - height), width, height]);
  }
  const grown = (length: number, by: number, most: number): number =>
    Math.max(smallestPx, within(length + by, most));
  return round([x, y, grown(width, dx, right - x), grown(height, dy, bottom - y)]);
}
