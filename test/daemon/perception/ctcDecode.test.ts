import { describe, expect, it } from 'vitest';
import { decodeBestPath, type ReadCharacters } from '../../../daemon/perception/ctcDecode.ts';

const alphabet = ['a', 'b', ' '];

/** One `class:probability` a frame; what is left goes to the blank. */
function decode(path: readonly (readonly [number, number])[]): ReadCharacters {
  const probabilities = new Float32Array(path.length * 4);
  path.forEach(([best, probability], frame) => {
    probabilities[frame * 4] = 1 - probability;
    probabilities[frame * 4 + best] = probability;
  });
  return decodeBestPath({ probabilities, frames: path.length, alphabet });
}

describe('decodeBestPath', () => {
  it('joins repeats and keeps letters that a blank divides', () => {
    const read = decode([
      [1, 0.9],
      [1, 0.8],
      [0, 0.9],
      [1, 0.7],
      [2, 0.6],
    ]);
    expect(read.characters.join('')).toBe('aab');
    expect(read.confidence).toBeCloseTo((0.9 + 0.7 + 0.6) / 3, 6);
  });

  it('places a letter where it is most probable', () => {
    const read = decode([
      [0, 0.9],
      [2, 0.6],
      [2, 0.95],
      [2, 0.7],
    ]);
    expect(read.frames).toEqual([2]);
  });

  it('reads nothing from blanks', () => {
    const read = decode([
      [0, 1],
      [0, 1],
    ]);
    expect(read).toEqual({ characters: [], frames: [], certainties: [], confidence: 0 });
  });

  it('ignores what lies behind the last frame', () => {
    const probabilities = Float32Array.from([0, 1, 0, 0, 0, 0, 1, 0]);
    expect(decodeBestPath({ probabilities, frames: 1, alphabet }).characters).toEqual(['a']);
  });
});
