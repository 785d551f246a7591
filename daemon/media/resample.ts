/** Pictures made smaller or larger with the filters that published vision encoders were trained behind. Pure. */
import type { Picture } from './frameSource.ts';

export type FilterName = 'bicubic' | 'lanczos';

interface Filter {
  /** Beyond this distance a source pixel does not count, in pixels of the smaller of the two pictures. */
  readonly reach: number;
  readonly weight: (distance: number) => number;
}

/** @source src/libImaging/Resample.c of Pillow: Keys' cubic with a = −0.5, and a sinc in a sinc window of three lobes */
const filters: Readonly<Record<FilterName, Filter>> = {
  bicubic: { reach: 2, weight: cubic },
  lanczos: { reach: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Weights are fixed-point numbers with so many bits behind the point, so that sums fit into 32. @source PRECISION_BITS of Pillow for 8-bit channels */
const pointBits = 22;
const one = 1 << pointBits;
const half = one >> 1;

/** For every pixel of a line: where its source pixels begin, and their weights. */
interface Taps {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** `width` numbers a pixel. */
  readonly weights: Int32Array;
  readonly width: number;
}

/**
 * Where the picture shrinks, the filter grows with it, so that nothing is skipped.
 * @returns a new picture; the given one when its size is right already
 * @source `Image.resize(size, filter)` of Pillow, equal in every value: first along the rows, rounded, then along the columns
 */
export function resample(
  picture: Picture,
  { width, height }: { readonly width: number; readonly height: number },
  filter: FilterName,
): Picture {
  const wide =
    picture.width === width ? picture : alongRows(picture, knownTaps(picture.width, width, filter));
  return wide.height === height
    ? wide
    : alongColumns(wide, knownTaps(wide.height, height, filter), height);
}

function alongRows({ width: from, height, data }: Picture, taps: Taps): Picture {
  const { first, counts, weights } = taps;
  const width = first.length;
  const result = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, out = 0; y < height; y++) {
    for (let x = 0; x < width; x++, out += 3) {
      let red = half;
      let green = half;
      let blue = half;
      let at = (y * from + first[x]!) * 3;
      const start = x * taps.width;
      const end = start + counts[x]!;
      for (let i = start; i < end; i++, at += 3) {
        const weight = weights[i]!;
        red = (red + Math.imul(data[at]!, weight)) | 0;
        green = (green + Math.imul(data[at + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[at + 2]!, weight)) | 0;
      }
      result[out] = red >> pointBits;
      result[out + 1] = green >> pointBits;
      result[out + 2] = blue >> pointBits;
    }
  }
  return { width, height, data: new Uint8Array(result.buffer) };
}

function alongColumns({ width, data }: Picture, taps: Taps, height: number): Picture {
  const { first, counts, weights } = taps;
  const row = width * 3;
  const result = new Uint8ClampedArray(row * height);
  const sums = new Int32Array(row);
  for (let y = 0, out = 0; y < height; y++) {
    sums.fill(half);
    for (let i = 0; i < counts[y]!; i++) {
      const weight = weights[y * taps.width + i]!;
      const start = (first[y]! + i) * row;
      for (let x = 0; x < row; x++) {
        sums[x] = (sums[x]! + Math.imul(data[start + x]!, weight)) | 0;
      }
    }
    for (let x = 0; x < row; x++, out++) result[out] = sums[x]! >> pointBits;
  }
  return { width, height, data: new Uint8Array(result.buffer) };
}

/** A video's pictures all have one size: its taps are worked out once. */
const known = new Map<string, Taps>();
const mostKnown = 16;

function knownTaps(from: number, to: number, name: FilterName): Taps {
  const key = `${from} ${to} ${name}`;
  const found = known.get(key);
  if (found) return found;
  if (known.size >= mostKnown) known.clear();
  const taps = tapsOf(from, to, name);
  known.set(key, taps);
  return taps;
}

function tapsOf(from: number, to: number, name: FilterName): Taps {
  const { reach, weight } = filters[name];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const support = reach * stretch;
  const width = Math.ceil(support) * 2 + 1;
  const taps = {
    ...{ first: new Int32Array(to), counts: new Int32Array(to) },
    ...{ weights: new Int32Array(to * width), width },
  };
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(from, Math.trunc(centre + support + 0.5)) - first;
    const exact = Array.from({ length: count }, (_, x) =>
      weight((x + first - centre + 0.5) / stretch),
    );
    const sum = exact.reduce((all, value) => all + value, 0);
    taps.first[i] = first;
    taps.counts[i] = count;
    taps.weights.set(
      exact.map((value) => roundAway((value / sum) * one)),
      i * width,
    );
  }
  return taps;
}

/** Halves away from zero, as the C code does it. */
const roundAway = (value: number): number => Math.trunc(value + (value < 0 ? -0.5 : 0.5));

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function cubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
