/** Pictures of screens for tests: plain colours, rectangles and strokes that look like text to a segmenter. */
import type { Picture } from '../../daemon/media/frameSource.ts';

export type Rgb = readonly [number, number, number];

/** Stroke columns and bars of a made-up letter in a cell of 6 columns; every letter differs a little. */
function hasInk(letter: number, column: number, row: number, height: number): boolean {
  const isStem = column === 1 || (column === 4 && (letter + row) % 5 !== 0);
  const isBar = column < 5 && row === (letter % 3) * Math.floor(height / 3);
  return isStem || isBar;
}

/** A picture to draw on. */
export class ScreenPicture implements Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;

  constructor(width: number, height: number, paper: Rgb = [30, 30, 30]) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
    this.fill({ x: 0, y: 0, width, height }, paper);
  }

  fill(
    box: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    },
    colour: Rgb,
  ): this {
    for (let y = box.y; y < box.y + box.height; y++) {
      for (let x = box.x; x < box.x + box.width; x++)
        this.data.set(colour, (y * this.width + x) * 3);
    }
    return this;
  }

  /** Draws letters 8 pixels apart, 12 high; a space leaves a cell empty. `x`, `y` is the top left corner. */
  write(text: string, x: number, y: number, colour: Rgb = [212, 212, 212]): this {
    const height = 12;
    Array.from(text, (sign, index) => {
      if (sign === ' ') return;
      const letter = sign.codePointAt(0)!;
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < 6; column++) {
          if (!hasInk(letter, column, row, height)) continue;
          this.data.set(colour, ((y + row) * this.width + x + index * 8 + column) * 3);
        }
      }
    });
    return this;
  }
}
