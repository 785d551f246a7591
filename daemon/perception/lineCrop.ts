/** From a line's box to the recogniser's input. Mirrors models/reader/line_crop.py; test/golden/readerCrop.json keeps both equal. */
import type { Box } from './perception.ts';
import type { LineCropManifest } from '../weights/manifest.ts';

/** Luma of a picture, one byte a pixel. */
export interface LumaPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The recogniser's input for one line: paper near 0, ink positive, −1 … 1. */
export interface LineCrop {
  /** Shape [manifest.height, width], row-major; width is a multiple of the stride. */
  readonly data: Float32Array;
  readonly width: number;
  /** Picture column of the crop's left edge. */
  readonly left: number;
  /** Crop columns per picture pixel. */
  readonly scale: number;
}

/** Cuts out, resizes and normalises one line. */
export function cropLine(picture: LumaPicture, box: Box, manifest: LineCropManifest): LineCrop {
  const paddedHeight = box.height * (1 + 2 * manifest.padY);
  const scale = (manifest.height / paddedHeight) * manifest.widthFactor;
  const columns = (box.width + 2 * manifest.padX) * scale;
  const wholeFrames = Math.ceil(columns / manifest.stride) * manifest.stride;
  const width = Math.max(manifest.minimumWidth, wholeFrames);
  const left = box.x - manifest.padX;
  const top = box.y - manifest.padY * box.height;
  const area = { x: left, y: top, width: width / scale, height: paddedHeight };
  const data = resampleArea(picture, area, { width, height: manifest.height });
  normalise(data, manifest);
  return { data, width, left, scale };
}

/**
 * Resizes a part of a plane with a triangle filter; outside, the plane's edge repeats.
 * @param area in pixels of the plane, may be fractional and reach outside
 * @returns shape [height, width], row-major, on the plane's scale 0 … 255
 */
export function resampleArea(
  plane: LumaPicture,
  area: Box,
  { width, height }: { readonly width: number; readonly height: number },
): Float32Array {
  return resample(plane, {
    x: triangleTaps(area.x, area.width, width, plane.width),
    y: triangleTaps(area.y, area.height, height, plane.height),
  });
}

/** For each output sample the source samples it is a weighted mean of, all behind one another. */
interface Taps {
  /** Entry i … entry i + 1 are the taps of output i. */
  readonly first: Int32Array;
  readonly sources: Int32Array;
  readonly weights: Float32Array;
}

/** A triangle filter as wide as the step between outputs, at least one source sample; outside, the edge repeats. */
function triangleTaps(start: number, length: number, outputs: number, limit: number): Taps {
  const step = length / outputs;
  const reach = Math.max(1, step);
  const capacity = outputs * (Math.ceil(2 * reach) + 1);
  const first = new Int32Array(outputs + 1);
  const sources = new Int32Array(capacity);
  const weights = new Float32Array(capacity);
  let count = 0;
  for (let output = 0; output < outputs; output++) {
    const centre = start + (output + 0.5) * step - 0.5;
    let sum = 0;
    for (let source = Math.ceil(centre - reach); source <= centre + reach; source++) {
      const weight = 1 - Math.abs(source - centre) / reach;
      if (weight <= 0) continue;
      sources[count] = Math.max(0, Math.min(limit - 1, source));
      weights[count++] = weight;
      sum += weight;
    }
    for (let tap = first[output]!; tap < count; tap++) weights[tap]! /= sum;
    first[output + 1] = count;
  }
  return { first, sources, weights };
}

function resample(
  picture: LumaPicture,
  taps: { readonly x: Taps; readonly y: Taps },
): Float32Array {
  const width = taps.x.first.length - 1;
  const height = taps.y.first.length - 1;
  const output = new Float32Array(width * height);
  const row = new Float32Array(picture.width);
  // Only the columns that some output needs.
  const from = taps.x.sources[0]!;
  const to = taps.x.sources[taps.x.first[width]! - 1]!;
  for (let y = 0; y < height; y++) {
    row.fill(0, from, to + 1);
    for (let tap = taps.y.first[y]!; tap < taps.y.first[y + 1]!; tap++) {
      const offset = taps.y.sources[tap]! * picture.width;
      const weight = taps.y.weights[tap]!;
      for (let x = from; x <= to; x++) row[x]! += picture.data[offset + x]! * weight;
    }
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = taps.x.first[x]!; tap < taps.x.first[x + 1]!; tap++) {
        sum += row[taps.x.sources[tap]!]! * taps.x.weights[tap]!;
      }
      output[y * width + x] = sum;
    }
  }
  return output;
}

/** In place: the median becomes 0 and the stronger of the two extremes 1. */
function normalise(data: Float32Array, manifest: LineCropManifest): void {
  const histogram = new Uint32Array(256);
  for (const value of data) histogram[Math.max(0, Math.min(255, Math.floor(value)))]!++;
  const percentile = (share: number): number => {
    let sum = 0;
    for (let value = 0; value < 256; value++) {
      sum += histogram[value]!;
      if (sum >= share * data.length) return value;
    }
    return 255;
  };
  const paper = percentile(0.5);
  const above = percentile(manifest.highPercentile) - paper;
  const below = paper - percentile(manifest.lowPercentile);
  const factor = (below > above ? -1 : 1) / Math.max(above, below, manifest.minimumContrast);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.max(-1, Math.min(1, (data[i]! - paper) * factor));
  }
}
