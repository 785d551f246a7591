/** Pure arithmetic on pictures: smaller, padded, as a tensor, as grey. */
import type { Picture } from './frameSource.ts';
import { resample, type FilterName } from './resample.ts';

/** Red, green, blue, each 0 … 255. */
export type Colour = readonly [number, number, number];

/** Mean and standard deviation of each channel, on the scale 0 … 255. */
export interface Normalisation {
  readonly mean: Colour;
  readonly std: Colour;
}

/** How a picture is brought to the size that a network takes. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly padColour: readonly number[];
  /** area when left out. */
  readonly resize?: 'area' | FilterName;
  /** Aspect kept and what is left padded, which is meant when left out; or stretched over the whole canvas. */
  readonly fit?: 'contain' | 'stretch';
  /** Between bars its sides are multiples of this, pixels; 1 when left out. */
  readonly sideMultiple?: number;
}

/**
 * Shrinks by area: each output pixel is the mean of the source pixels whose centres lie in its box, so nothing is skipped and
 * nothing is counted twice. Enlarging repeats the nearest pixel.
 * @returns a new picture; the given one when its size is right already.
 * @throws RangeError for sizes that are not positive integers.
 * @source `Image.resize(size, Image.Resampling.BOX)` of Pillow, equal within 1/255 (it rounds between its two passes).
 */
export function resizeArea(picture: Picture, width: number, height: number): Picture {
  assertSize(width, height);
  if (picture.width === width && picture.height === height) return picture;
  const rowLength = picture.width * 3;
  const columns = boxes(picture.width, width);
  const rows = boxes(picture.height, height);
  const data = new Uint8Array(width * height * 3);
  const sums = new Uint32Array(rowLength);
  for (let y = 0; y < height; y++) {
    sumRows(picture.data, sums, { first: rows[2 * y]!, end: rows[2 * y + 1]! });
    const rowCount = rows[2 * y + 1]! - rows[2 * y]!;
    for (let x = 0, out = y * width * 3; x < width; x++, out += 3) {
      const end = columns[2 * x + 1]! * 3;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let at = columns[2 * x]! * 3; at < end; at += 3) {
        red += sums[at]!;
        green += sums[at + 1]!;
        blue += sums[at + 2]!;
      }
      const count = rowCount * (columns[2 * x + 1]! - columns[2 * x]!);
      data[out] = red / count + 0.5;
      data[out + 1] = green / count + 0.5;
      data[out + 2] = blue / count + 0.5;
    }
  }
  return { width, height, data };
}

/**
 * Shrinks or enlarges a picture to fit a canvas: inside it, centred and padded, unless it is to be stretched. One that has its size
 * already is given back as it is.
 * @source `picture_of` in models/vision/encoder.py; sides that are multiples of two: `scale=384:-2` of ffmpeg.
 */
export function fitCanvas(picture: Picture, canvas: Canvas): Picture {
  const { width, height, padColour, resize = 'area' } = canvas;
  assertSize(width, height);
  const size = innerSize(picture, canvas);
  const inner =
    resize === 'area'
      ? resizeArea(picture, size.width, size.height)
      : resample(picture, size, resize);
  if (inner.width === width && inner.height === height) return inner;
  const data = new Uint8Array(width * height * 3);
  if (padColour.some((value) => value !== 0)) {
    for (let at = 0; at < data.length; at += 3) data.set(padColour, at);
  }
  const left = (width - inner.width) >> 1;
  const top = (height - inner.height) >> 1;
  const innerRow = inner.width * 3;
  for (let y = 0; y < inner.height; y++) {
    const row = inner.data.subarray(y * innerRow, (y + 1) * innerRow);
    data.set(row, ((top + y) * width + left) * 3);
  }
  return { width, height, data };
}

function innerSize(
  picture: Picture,
  { width, height, fit = 'contain', sideMultiple = 1 }: Canvas,
): { readonly width: number; readonly height: number } {
  if (fit === 'stretch') return { width, height };
  const scale = Math.min(width / picture.width, height / picture.height);
  const side = (length: number, most: number): number => {
    const rounded = roundHalfToEven((length * scale) / sideMultiple) * sideMultiple;
    return Math.min(most, Math.max(sideMultiple, rounded));
  };
  return { width: side(picture.width, width), height: side(picture.height, height) };
}

/**
 * Turns a picture into network input: (value − mean) / std.
 * @param target where to write, length 3 × height × width; give a part of a batch's array to fill a batch.
 * @returns the target, shape [3, height, width], row-major.
 * @throws RangeError when the target has another length.
 */
export function normalizeToTensor(
  picture: Picture,
  { mean, std }: Normalisation,
  target: Float32Array = new Float32Array(picture.width * picture.height * 3),
): Float32Array {
  const plane = picture.width * picture.height;
  if (target.length !== plane * 3) {
    throw new RangeError(`a tensor of ${plane * 3} values does not fit into ${target.length}`);
  }
  const { data } = picture;
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / std[channel]!;
    const shift = -mean[channel]! * scale;
    const start = channel * plane;
    for (let i = 0, at = channel; i < plane; i++, at += 3) {
      target[start + i] = data[at]! * scale + shift;
    }
  }
  return target;
}

/**
 * Grey values as eyes weigh colours (ITU-R 601).
 * @param luma where to write, length width × height.
 * @returns it, one byte a pixel, row-major.
 * @source `Image.convert('L')` of Pillow, equal in every value.
 */
export function toLuma(
  { width, height, data }: Picture,
  luma: Uint8Array = new Uint8Array(width * height),
): Uint8Array {
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    luma[i] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return luma;
}

/** First and end index of the source pixels that make each output pixel, two numbers an output pixel. */
function boxes(from: number, to: number): Int32Array {
  const scale = from / to;
  const reach = Math.max(1, scale);
  const bounds = new Int32Array(to * 2);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    let first = Math.max(0, Math.trunc(centre - reach / 2 + 0.5));
    let end = Math.min(from, Math.trunc(centre + reach / 2 + 0.5));
    // A centre exactly on the left edge belongs to the neighbour, on the right edge to this box.
    while (first < end - 1 && (first - centre + 0.5) / reach <= -0.5) first++;
    while (end - 1 > first && (end - 1 - centre + 0.5) / reach > 0.5) end--;
    bounds[2 * i] = first;
    bounds[2 * i + 1] = end;
  }
  return bounds;
}

/** Adds rows `first` … `end` − 1 of the picture up, column by column. */
function sumRows(
  data: Uint8Array,
  sums: Uint32Array,
  { first, end }: { readonly first: number; readonly end: number },
): void {
  const length = sums.length;
  sums.set(data.subarray(first * length, (first + 1) * length));
  for (let y = first + 1; y < end; y++) {
    const start = y * length;
    for (let i = 0; i < length; i++) sums[i]! += data[start + i]!;
  }
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function assertSize(width: number, height: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`not a size of a picture: ${width} × ${height}`);
  }
}
