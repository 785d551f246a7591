/** Decodes the palette PNGs of test/fixtures: 8 bits a pixel, not interlaced. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { Picture } from '../../daemon/media/frameSource.ts';

/** @throws Error for any other kind of PNG. */
export function readPng(file: URL): Picture {
  const bytes = readFileSync(file);
  const chunks = chunksOf(bytes);
  const header = chunks.find(({ type }) => type === 'IHDR')!.data;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (header[8] !== 8 || header[9] !== 3 || header[12] !== 0) throw new Error('not a palette PNG');
  const palette = chunks.find(({ type }) => type === 'PLTE')!.data;
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const indices = unfilter(inflateSync(Buffer.concat(packed)), width, height);
  const data = new Uint8Array(width * height * 3);
  indices.forEach((index, i) => {
    data.set(palette.subarray(index * 3, index * 3 + 3), i * 3);
  });
  return { width, height, data };
}

function chunksOf(bytes: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

/** @source https://www.w3.org/TR/png/#9Filters */
function unfilter(filtered: Buffer, width: number, height: number): Uint8Array {
  const output = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (width + 1)]!;
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? output[y * width + x - 1]! : 0;
      const above = y > 0 ? output[(y - 1) * width + x]! : 0;
      const corner = x > 0 && y > 0 ? output[(y - 1) * width + x - 1]! : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]!;
      output[y * width + x] = filtered[y * (width + 1) + 1 + x]! + guess;
    }
  }
  return output;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  return a! <= b! && a! <= c! ? left : b! <= c! ? above : corner;
}
