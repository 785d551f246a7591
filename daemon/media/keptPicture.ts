/** Pure: a picture of the screen that is kept up to date part by part: what is left out is black in it, and the pointer lies on top. */
import type { PixelRectangle } from '../../protocol/index.ts';
import { blacken } from './windowExclusion.ts';
import type { X11Cursor } from './x11Wire.ts';

const bytesPerPixel = 4;

/** A part of what is captured. */
export interface CapturedPart {
  /** Rows of four bytes a pixel, without anything between them. */
  readonly pixels: Buffer;
  /** Px of what is captured. */
  readonly box: PixelRectangle;
}

export class KeptPicture {
  /** Four bytes a pixel, row by row. Goes on changing with each update. */
  readonly pixels: Buffer;
  readonly #width: number;
  readonly #height: number;
  #cursor: X11Cursor | undefined;
  /** What the pointer lies on. */
  #under: CapturedPart | undefined;

  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#width = width;
    this.#height = height;
    this.pixels = Buffer.alloc(width * height * bytesPerPixel);
  }

  /**
   * Nothing of what is left out is ever to be seen in it.
   * @param update.corner where its corner is on the display, `hidden` px of the display; without `cursor` there is none
   * @returns whether it looks otherwise than before as far as that can be known without looking at every pixel
   */
  update({
    parts,
    corner,
    hidden,
    cursor,
  }: {
    readonly parts: readonly CapturedPart[];
    readonly corner: readonly [x: number, y: number];
    readonly hidden: readonly PixelRectangle[];
    readonly cursor: X11Cursor | undefined;
  }): boolean {
    const isMoved = !sameLook(this.#cursor, cursor);
    if (parts.length === 0 && !isMoved) return false;
    if (this.#under) this.#put(this.#under);
    for (const part of parts) this.#put(part);
    this.#under = undefined;
    this.#cursor = cursor;
    const picture = { pixels: this.pixels, box: [...corner, this.#width, this.#height] } as const;
    blacken(picture, hidden);
    if (cursor) {
      this.#draw(cursor, corner);
      // The pointer tells what it is over.
      blacken(picture, hidden);
    }
    return true;
  }

  #put({ pixels, box: [left, top, width, height] }: CapturedPart): void {
    for (let row = 0; row < height; row++) {
      const from = row * width * bytesPerPixel;
      const to = ((top + row) * this.#width + left) * bytesPerPixel;
      pixels.copy(this.pixels, to, from, from + width * bytesPerPixel);
    }
  }

  #draw(cursor: X11Cursor, [cornerX, cornerY]: readonly [x: number, y: number]): void {
    const [cursorX, cursorY, width, height] = cursor.box;
    const box = within(
      [cursorX - cornerX, cursorY - cornerY, width, height],
      [...([0, 0] as const), ...([this.#width, this.#height] as const)],
    );
    if (!box) return;
    const [left, top, seenWidth, seenHeight] = box;
    const under = Buffer.alloc(seenWidth * seenHeight * bytesPerPixel);
    for (let row = 0; row < seenHeight; row++) {
      const start = ((top + row) * this.#width + left) * bytesPerPixel;
      const end = start + seenWidth * bytesPerPixel;
      this.pixels.copy(under, row * seenWidth * bytesPerPixel, start, end);
      const cursorRow = top + row - (cursorY - cornerY);
      const cursorStart = (cursorRow * width + left - (cursorX - cornerX)) * bytesPerPixel;
      for (let at = 0; at < end - start; at += bytesPerPixel) {
        const see = 255 - cursor.pixels[cursorStart + at + 3]!;
        for (let part = 0; part < 3; part++) {
          const behind = Math.round((this.pixels[start + at + part]! * see) / 255);
          const drawn = cursor.pixels[cursorStart + at + part]! + behind;
          this.pixels[start + at + part] = Math.min(255, drawn);
        }
      }
    }
    this.#under = { pixels: under, box };
  }
}

function sameLook(one: X11Cursor | undefined, other: X11Cursor | undefined): boolean {
  return one && other ? one.look.equals(other.look) : one === other;
}

/** @returns the part of a rectangle that lies in another one; undefined when none does */
export function within(
  [x, y, width, height]: PixelRectangle,
  [outerX, outerY, outerWidth, outerHeight]: PixelRectangle,
): PixelRectangle | undefined {
  const [left, top] = [Math.max(x, outerX), Math.max(y, outerY)];
  const right = Math.min(x + width, outerX + outerWidth);
  const bottom = Math.min(y + height, outerY + outerHeight);
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : undefined;
}
