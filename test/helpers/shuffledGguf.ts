/** A decoder that knows nothing: the shape, the tokens and the spread of another one's weights, and none of their order. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generator } from '../../scripts/lib/dice.mjs';

/** Bytes of a number by its type in GGUF; strings (8) and arrays (9) say their own length. */
const sizes: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 },
};
const bytesOfType: Readonly<Record<number, 2 | 4>> = { 0: 4, 1: 2, 30: 2 };
/** What GGUF aligns its data to where the file does not say otherwise. */
const alignment = 32;

/** Copies a GGUF file with every matrix's numbers in another order. @throws Error for quantised files */
export function writeShuffledModel(from: string, to: string, seed = 1): void {
  const bytes = Buffer.from(readFileSync(from));
  let at = 0;
  const u32 = (): number => bytes.readUInt32LE((at += 4) - 4);
  const u64 = (): number => Number(bytes.readBigUInt64LE((at += 8) - 8));
  const text = (): string => {
    const length = u64();
    return bytes.toString('utf8', at, (at += length));
  };
  const skip = (type: number): void => {
    if (type === 8) text();
    else if (type === 9) {
      const inner = u32();
      for (let left = u64(); left > 0; left--) skip(inner);
    } else at += sizes[type]!;
  };
  if (bytes.toString('latin1', 0, 4) !== 'GGUF') throw new Error(`${from} is no GGUF file`);
  at = 8;
  const [tensors, values] = [u64(), u64()];
  for (let i = 0; i < values; i++) {
    text();
    skip(u32());
  }
  const matrices: { start: number; count: number; size: 2 | 4 }[] = [];
  for (let i = 0; i < tensors; i++) {
    const name = text();
    const shape = Array.from({ length: u32() }, u64);
    const size = bytesOfType[u32()];
    if (!size) throw new Error(`${name} of ${from} is quantised`);
    const start = u64();
    const count = shape.reduce((product, length) => product * length, 1);
    if (shape.length > 1) matrices.push({ start, count, size });
  }
  const data = Math.ceil(at / alignment) * alignment;
  const random = generator(seed);
  for (const { start, count, size } of matrices) {
    const stretch = bytes.subarray(data + start, data + start + count * size);
    const copy = new Uint8Array(stretch).buffer;
    const numbers = size === 2 ? new Uint16Array(copy) : new Uint32Array(copy);
    for (let last = count - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [numbers[last], numbers[other]] = [numbers[other]!, numbers[last]!];
    }
    stretch.set(new Uint8Array(copy));
  }
  writeFileSync(to, bytes);
}
