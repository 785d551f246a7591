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

/** A part of the picture that changed, in pixels; right and bottom are behind its last ones. */
export interface ChangedTile {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Keeps the luma of the picture as it was last looked at, tile by tile: an unchanged tile keeps its old pixels, so that slow fades
 * still add up to a change, and a slow typist to a word.
 */
export class ChangeMask {
  readonly #thresholds: ChangeThresholds;
  #luma: LumaPicture = { width: 0, height: 0, data: new Uint8Array(0) };
  /** The picture that came last, changed or not: what equals it to the byte needs no look. */
  #last: Picture | undefined;
  #incoming = new Uint8Array(0);

  constructor(thresholds: ChangeThresholds = defaultChangeThresholds) {
    this.#thresholds = thresholds;
  }

  /** As last looked at. */
  get luma(): LumaPicture {
    return this.#luma;
  }

  /**
   * Compares a picture, which must not be written to afterwards.
   * @returns the tiles that changed, row by row; one tile of the whole size for a first picture and behind another size
   */
  compare(picture: Picture): ChangedTile[] {
    const { width, height } = picture;
    const last = this.#last;
    this.#last = picture;
    if (width !== this.#luma.width || height !== this.#luma.height) {
      this.#luma = { width, height, data: toLuma(picture) };
      return [{ left: 0, top: 0, right: width, bottom: height }];
    }
    if (last?.data === picture.data) return [];
    const { tilePx } = this.#thresholds;
    const changed: ChangedTile[] = [];
    for (let top = 0; top < height; top += tilePx) {
      const bottom = Math.min(height, top + tilePx);
      const bytes = picture.data.subarray(top * width * 3, bottom * width * 3);
      // Most strips of a recorded screen are equal to the byte.
      const before = last?.data.subarray(top * width * 3, bottom * width * 3);
      if (before && Buffer.compare(before, bytes) === 0) continue;
      const size = { width, height: bottom - top };
      if (this.#incoming.length !== size.width * size.height) {
        this.#incoming = new Uint8Array(size.width * size.height);
      }
      toLuma({ ...size, data: bytes }, this.#incoming);
      for (let left = 0; left < width; left += tilePx) {
        const tile = { left, top, right: Math.min(width, left + tilePx), bottom };
        if (!this.#differs(tile)) continue;
        this.#take(tile);
        changed.push(tile);
      }
    }
    return changed;
  }

  #take({ left, top, right, bottom }: ChangedTile): void {
    const { width, data } = this.#luma;
    for (let y = top; y < bottom; y++) {
      const from = (y - top) * width;
      data.set(this.#incoming.subarray(from + left, from + right), y * width + left);
    }
  }

  /** @param tile of the strip that came in last */
  #differs({ left, top, right, bottom }: ChangedTile): boolean {
    const { lumaDifference, minPixels, strongDifference } = this.#thresholds;
    const { width, data } = this.#luma;
    const incoming = this.#incoming;
    let count = 0;
    for (let y = top; y < bottom; y++) {
      const from = (y - top) * width;
      for (let x = left; x < right; x++) {
        const difference = Math.abs(incoming[from + x]! - data[y * width + x]!);
        if (difference <= lumaDifference) continue;
        if (difference > strongDifference || ++count >= minPixels) return true;
      }
    }
    return false;
  }
}

/** Keeps the picture as it was last read: what did not change is identical to the byte. */
export class KeptScreen {
  readonly #mask: ChangeMask;
  #rgb = new Uint8Array(0);

  constructor(thresholds: ChangeThresholds = defaultChangeThresholds) {
    this.#mask = new ChangeMask(thresholds);
  }

  get luma(): LumaPicture {
    return this.#mask.luma;
  }

  get picture(): Picture {
    const { width, height } = this.#mask.luma;
    return { width, height, data: this.#rgb };
  }

  /**
   * Takes over what changed; the picture must not be written to afterwards.
   * @returns strips of changed rows, top to bottom, not touching; the whole picture for a first one.
   */
  update(picture: Picture): RowRange[] {
    const tiles = this.#mask.compare(picture);
    if (this.#rgb.length !== picture.data.length) this.#rgb = new Uint8Array(picture.data.length);
    const strips: RowRange[] = [];
    for (const { left, top, right, bottom } of tiles) {
      for (let y = top; y < bottom; y++) {
        const start = (y * picture.width + left) * 3;
        const end = (y * picture.width + right) * 3;
        this.#rgb.set(picture.data.subarray(start, end), start);
      }
      const last = strips.at(-1);
      if (last && last.bottom >= top) strips[strips.length - 1] = { top: last.top, bottom };
      else strips.push({ top, bottom });
    }
    return strips;
  }
}
