/** Text → hashed features, as the retriever and the matcher were trained on them. models/recall/retriever.py is the reference; test/golden/rowFeatures.json binds the two. Pure. */
import { crc32 } from 'node:zlib';
import type { FeaturesManifest } from '../weights/manifest.ts';
import type { DenseTensor } from './ortSession.ts';

/** Parts of identifiers, numbers, every other sign for itself, and gaps. */
const piecePattern = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\sA-Za-z0-9]|\s+/gu;
/** Letters of a word that its other forms share. */
const prefixLength = 5;

interface Piece {
  /** A word in lower case, a number by its length as `#3`, another sign as it is, a gap as a space. */
  readonly token: string;
  /** `a` of a word, `A` of one that begins with a capital, `#` of a number, else the sign itself. */
  readonly form: string;
}

function piecesOf(text: string): Piece[] {
  return (text.trim().match(piecePattern) ?? []).map((piece) => {
    if (/^\s/.test(piece)) return { token: ' ', form: ' ' };
    if (/^[0-9]/.test(piece)) return { token: `#${piece.length}`, form: '#' };
    if (!/^[A-Za-z]/.test(piece)) return { token: piece, form: piece };
    return { token: piece.toLowerCase(), form: /^[A-Z]/.test(piece) ? 'A' : 'a' };
  });
}

/**
 * Where it stands, how long it is, how it begins and ends, which forms follow each other, words, beginnings of words, pairs.
 * @param place region of a row, `guidance`, `question`, or `request`
 * @returns buckets 1 … `buckets - 1`, at most `maxFeatures` of them
 */
export function rowFeatures(
  text: string,
  place: string,
  { buckets, maxFeatures }: FeaturesManifest,
): number[] {
  const pieces = piecesOf(text);
  const tokens = pieces.map(({ token }) => token).filter((token) => token !== ' ');
  const forms = ['^', ...pieces.map(({ form }) => form), '$'];
  const lengthClass = 32 - Math.clz32(tokens.length);
  const names = [`@${place}`, `=${lengthClass}`, `^${tokens[0] ?? ''}`, `$${tokens.at(-1) ?? ''}`];
  for (let i = 0; i + 2 < forms.length; i++) names.push(`~${forms.slice(i, i + 3).join('')}`);
  tokens.forEach((token, index) => {
    names.push(token);
    if (token.length > prefixLength) names.push(`${token.slice(0, prefixLength)}*`);
    names.push(`${tokens[index - 1] ?? ''} ${token}`);
  });
  return names.slice(0, maxFeatures).map((name) => 1 + (crc32(name) % (buckets - 1)));
}

/** Lists of features as one input, shape [lists, longest], 0 where there are no more. */
export function padded(lists: readonly (readonly number[])[]): DenseTensor {
  const width = Math.max(...lists.map(({ length }) => length));
  const data = new Float32Array(lists.length * width);
  lists.forEach((list, row) => {
    data.set(list, row * width);
  });
  return { data, dims: [lists.length, width] };
}
