/** Which video a file is, by its content: another name or place makes no other video. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { statSourceFile } from './sourceFile.ts';

const mebibyte = 1024 * 1024;
/** Up to here the whole file counts: about 50 ms. */
const wholeBytes = 64 * mebibyte;
/** Of a larger file so many blocks count: the first, the last, and others evenly between, where video data lies. */
const blockCount = 16;
const blockBytes = mebibyte;

/**
 * SHA-256 over the size and the content, or over samples of the content when the file is large. Two large files of one size
 * that differ between the samples alone would count as one; encoders do not write such files.
 * @returns 64 hexadecimal digits.
 * @throws AppError source.notFound, source.unreadable; AbortError
 */
export async function identifyVideo(
  path: string,
  { signal }: { signal: AbortSignal },
): Promise<string> {
  signal.throwIfAborted();
  const { size } = await statSourceFile(path);
  await using file = await open(path);
  const hash = createHash('sha256').update(`${size}\n`);
  const buffer = new Uint8Array(blockBytes);
  for (const position of blockPositions(size)) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, blockBytes, position);
    hash.update(buffer.subarray(0, bytesRead));
  }
  signal.throwIfAborted();
  return hash.digest('hex');
}

/** Where the blocks begin that count for a file of this size. */
export function blockPositions(size: number): number[] {
  if (size <= wholeBytes) {
    return Array.from({ length: Math.ceil(size / blockBytes) }, (_, index) => index * blockBytes);
  }
  const last = size - blockBytes;
  return Array.from({ length: blockCount }, (_, index) =>
    Math.floor((index * last) / (blockCount - 1)),
  );
}
