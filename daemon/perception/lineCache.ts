/** Remembers readings by what stands in the box, so that still and scrolled lines are not recognised again. */
import type { LumaPicture } from './lineCrop.ts';
import type { PlacedLine } from './lineLayout.ts';
import type { Box } from './perception.ts';
import type { LineCropManifest } from '../weights/manifest.ts';

/** Lines of some twenty full screens: a few hundred bytes each. */
const capacity = 2000;

/** Least recently used entries go first. Readings are kept relative to their box. */
export class LineCache {
  readonly #readings = new Map<string, PlacedLine>();

  /** @returns the reading, moved to this box. */
  find(key: string, box: Box): PlacedLine | undefined {
    const known = this.#readings.get(key);
    if (!known) return undefined;
    this.#readings.delete(key);
    this.#readings.set(key, known);
    const shift = box.x - known.box.x;
    return { ...known, box, positions: known.positions.map((x) => x + shift) };
  }

  add(key: string, reading: PlacedLine): void {
    this.#readings.set(key, reading);
    if (this.#readings.size <= capacity) return;
    const oldest = this.#readings.keys().next();
    if (oldest.done !== true) this.#readings.delete(oldest.value);
  }

  clear(): void {
    this.#readings.clear();
  }
}

/** Equal for boxes with the same size and the same pixels in what the recogniser is shown of them. */
export function contentKey(picture: LumaPicture, box: Box, manifest: LineCropManifest): string {
  const padY = manifest.padY * box.height;
  const left = Math.max(0, Math.floor(box.x - manifest.padX));
  const right = Math.min(picture.width, Math.ceil(box.x + box.width + manifest.padX));
  const top = Math.max(0, Math.floor(box.y - padY));
  const bottom = Math.min(picture.height, Math.ceil(box.y + box.height + padY));
  // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = 0x811c9dc5;
  for (let y = top; y < bottom; y++) {
    for (let i = y * picture.width + left; i < y * picture.width + right; i++) {
      hash = Math.imul(hash ^ picture.data[i]!, 0x01000193);
    }
  }
  const phase = `${(box.x - left).toFixed(3)},${(box.y - top).toFixed(3)}`;
  return `${box.width}x${box.height.toFixed(3)}@${phase}#${hash >>> 0}`;
}
