/** Pure: the Range header of a request → which bytes of a file are wanted. */

/** Both ends count. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * @param header as it came, or undefined
 * @returns the range; `whole` when there is none, more than one, or none that can be read; `unsatisfiable` when the file has no
 * such bytes
 * @source RFC 9110, section 14: a server may ignore any Range header
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const range = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '');
  if (!range) return 'whole';
  const [first, last] = [range[1]!, range[2]!];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Number(last);
  if (last !== '' && end < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(end, size - 1) };
}
