/** Tells whether a picture shows anything that the one before did not: what is live is looked at only then. */
import { type MediaMs } from '../../protocol/index.ts';
import type { Frame } from '../media/frameSource.ts';
import { ChangeMask, type ChangedTile } from './changeMask.ts';
import type { LumaPicture } from './lineCrop.ts';

export interface StillnessConfig {
  /** A caret lies in so many tiles at most; what is larger is no caret. */
  readonly caretTiles: number;
  /** A caret comes and goes within this time: the slowest known ones stay for 1.2 s. */
  readonly blinkMs: number;
  /** So often in a row a part of the picture must have gone back to what it was before it counts as blinking. */
  readonly blinks: number;
}

/** @source carets of VS Code, xterm and browsers stay and go for 0.5 to 0.6 s, and cover one to six tiles of 16 pixels */
export const defaultStillness: StillnessConfig = { caretTiles: 6, blinkMs: 2000, blinks: 2 };

/** What a part of the picture has shown last. */
interface TileHistory {
  readonly before: number | undefined;
  readonly now: number;
  readonly changedMs: MediaMs;
  /** How often in a row it went back to what it was before. */
  readonly returns: number;
}

export class Stillness {
  readonly #config: StillnessConfig;
  readonly #mask = new ChangeMask();
  #tiles = new Map<string, TileHistory>();

  constructor(config: StillnessConfig = defaultStillness) {
    this.#config = config;
  }

  /**
   * Takes the next picture, which must not be written to afterwards.
   * @returns false when nothing has changed since the last picture of which this was not false, but for noise and a blinking caret
   */
  hasChanged(frame: Frame): boolean {
    const changed = this.#mask.compare(frame);
    if (changed.length > this.#config.caretTiles) {
      this.#tiles.clear();
      return true;
    }
    // Each has its history, so all are looked at.
    return changed.filter((tile) => !this.#isBlinking(tile, frame.ptsMs)).length > 0;
  }

  #isBlinking(tile: ChangedTile, ptsMs: MediaMs): boolean {
    const { blinkMs, blinks } = this.#config;
    const key = `${tile.left} ${tile.top}`;
    const known = this.#tiles.get(key);
    const now = contentOf(this.#mask.luma, tile);
    const isBack = known?.before === now && ptsMs - known.changedMs <= blinkMs;
    const returns = isBack ? known.returns + 1 : 0;
    this.#tiles.set(key, { before: known?.now, now, changedMs: ptsMs, returns });
    return returns >= blinks;
  }
}

/** A number for what a tile shows: FNV-1a. */
function contentOf(
  { width, data }: LumaPicture,
  { left, top, right, bottom }: ChangedTile,
): number {
  let hash = 0x811c9dc5;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      hash = Math.imul(hash ^ data[y * width + x]!, 0x01000193);
    }
  }
  return hash;
}
