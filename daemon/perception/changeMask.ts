/** Which parts of the screen changed since they were last looked at. */
import type { Picture } from '../media/frameSource.ts';
import { toLuma } from '../media/pixels.ts';
import type { LumaPicture } from './lineCrop.ts';
import type { RowRange } from './inkMask.ts';

export interface ChangeThresholds {
  readonly tilePx: number;
  /** A pixel counts when its luma differs by more than this, of 255. */
  readonly lumaDifference: number;
  /** Pixels that must count before a tile does. */
  readonly minPixels: number;
  /** One pixel that differs by more than this is enough: a dot may be all that was typed. */
  readonly strongDifference: number;
}

/** Above the ringing of a recording at constant quality, below the faintest text that the segmenter finds. */
export const defaultChangeThresholds: ChangeThresholds = {
  tilePx: 16,
  lumaDifference: 14,
  minPixels: 3,
  strongDifference: 48,
};

/**
 * Keeps the picture as it was last read, tile by tile: an unchanged tile keeps its old pixels, so that what did not change
 * is identical to the byte and slow fades still add up to a change.
 */
export class KeptScreen {
  readonly #thresholds: ChangeThresholds;
  #luma: LumaPicture = { width: 0, height: 0, data: new Uint8Array(0) };
  #rgb = new Uint8Array(0);
  #incoming: Uint8Array = new Uint8Array(0);
  /** The last picture as it came: most pictures of a recorded screen are equal to the byte. */
  #lastData: Uint8Array = new Uint8Array(0);

  constructor(thresholds: ChangeThresholds = defaultChangeThresholds) {
    this.#thresholds = thresholds;
  }

  get luma(): LumaPicture {
    return this.#luma;
  }

  get picture(): Picture {
    return { width: this.#luma.width, height: this.#luma.height, data: this.#rgb };
  }

  /**
   * Takes over what changed; the picture must not be written to afterwards.
   * @returns strips of changed rows, top to bottom, not touching; the whole picture for a first one.
   */
  update(picture: Picture): RowRange[] {
    const { width, height } = picture;
    if (width !== this.#luma.width || height !== this.#luma.height) return this.#start(picture);
    if (Buffer.compare(this.#lastData, picture.data) === 0) return [];
    this.#lastData = picture.data;
    this.#incoming = toLuma(picture);
    const strips: RowRange[] = [];
    const { tilePx } = this.#thresholds;
    for (let top = 0; top < height; top += tilePx) {
      const bottom = Math.min(height, top + tilePx);
      if (!this.#updateTileRow(picture, top, bottom)) continue;
      const last = strips.at(-1);
      if (last?.bottom === top) strips[strips.length - 1] = { top: last.top, bottom };
      else strips.push({ top, bottom });
    }
    return strips;
  }

  #start(picture: Picture): RowRange[] {
    const { width, height } = picture;
    this.#rgb = Uint8Array.from(picture.data);
    this.#lastData = picture.data;
    this.#luma = { width, height, data: toLuma(picture) };
    return [{ top: 0, bottom: height }];
  }

  #updateTileRow(picture: Picture, top: number, bottom: number): boolean {
    const { width } = picture;
    let hasChanged = false;
    for (let left = 0; left < width; left += this.#thresholds.tilePx) {
      const right = Math.min(width, left + this.#thresholds.tilePx);
      if (!this.#differs(left, right, top, bottom)) continue;
      hasChanged = true;
      for (let y = top; y < bottom; y++) {
        const start = y * width + left;
        const end = y * width + right;
        this.#luma.data.set(this.#incoming.subarray(start, end), start);
        this.#rgb.set(picture.data.subarray(start * 3, end * 3), start * 3);
      }
    }
    return hasChanged;
  }

  #differs(left: number, right: number, top: number, bottom: number): boolean {
    const { lumaDifference, minPixels, strongDifference } = this.#thresholds;
    const { width, data } = this.#luma;
    let count = 0;
    for (let y = top; y < bottom; y++) {
      const offset = y * width;
      for (let x = left; x < right; x++) {
        const difference = Math.abs(this.#incoming[offset + x]! - data[offset + x]!);
        if (difference <= lumaDifference) continue;
        if (difference > strongDifference || ++count >= minPixels) return true;
      }
    }
    return false;
  }
}
