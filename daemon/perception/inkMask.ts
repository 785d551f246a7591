/** Where a picture has strokes: steep horizontal gradients, without the long vertical ones of rules and cursors. */
import type { Picture } from '../media/frameSource.ts';
import type { InkMask } from './runs.ts';

/** Rows of a picture: `top` inclusive, `bottom` exclusive. */
export interface RowRange {
  readonly top: number;
  readonly bottom: number;
}

/** Marks pixels whose left and right neighbours differ by more than `threshold` in some channel. Works on any theme. */
export function markGradients(picture: Picture, rows: RowRange, threshold: number): InkMask {
  const { width, data } = picture;
  const height = rows.bottom - rows.top;
  const ink = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const target = y * width;
    let left = (rows.top + y) * width * 3;
    for (let x = 1; x < width - 1; x++, left += 3) {
      const red = Math.abs(data[left]! - data[left + 6]!);
      const green = Math.abs(data[left + 1]! - data[left + 7]!);
      const blue = Math.abs(data[left + 2]! - data[left + 8]!);
      if (red > threshold || green > threshold || blue > threshold) ink[target + x] = 1;
    }
  }
  return { width, height, top: rows.top, data: ink };
}

/** Ink, and what was taken from it. */
export interface Strokes extends InkMask {
  /** Vertical runs that were too long: indent guides, borders, edges of panes, scroll bars, cursors. One byte a pixel. */
  readonly rules: Uint8Array;
}

/** A copy without vertical runs of more than `longest` pixels. */
export function withoutLongStrokes(mask: InkMask, longest: number): Strokes {
  const { width, height } = mask;
  const data = Uint8Array.from(mask.data);
  const rules = new Uint8Array(data.length);
  const running = new Uint32Array(width);
  for (let y = 0; y <= height; y++) {
    const offset = y * width;
    for (let x = 0; x < width; x++) {
      if (y < height && mask.data[offset + x] !== 0) running[x]!++;
      else if (running[x] !== 0) {
        const length = running[x]!;
        running[x] = 0;
        if (length <= longest) continue;
        for (let k = 1; k <= length; k++) {
          data[offset + x - k * width] = 0;
          rules[offset + x - k * width] = 1;
        }
      }
    }
  }
  return { ...mask, data, rules };
}
