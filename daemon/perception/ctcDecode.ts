/** Connectionist temporal classification: from class probabilities per frame to text. */

/** A line as the network reads it. */
export interface ReadCharacters {
  /** One code point a character, so that `characters[i]` stands at `frames[i]`. */
  readonly characters: readonly string[];
  /** The frame where each character is most probable. */
  readonly frames: readonly number[];
  /** The probability of each character there. */
  readonly certainties: readonly number[];
  /** Mean probability of the characters, 0 when there are none. */
  readonly confidence: number;
}

export interface CtcInput {
  /** Shape [frames, classes], row-major; may be longer than `frames`. */
  readonly probabilities: Float32Array;
  readonly frames: number;
  /** Class n is `alphabet[n - 1]`; class 0 is the blank. */
  readonly alphabet: readonly string[];
}

/** Best path: repeats collapse, blanks separate. @source https://www.cs.toronto.edu/~graves/icml_2006.pdf §3.2 */
export function decodeBestPath({ probabilities, frames, alphabet }: CtcInput): ReadCharacters {
  const classes = alphabet.length + 1;
  const characters: string[] = [];
  const positions: number[] = [];
  const peaks: number[] = [];
  let confidence = 0;
  let previous = 0;
  for (let frame = 0; frame < frames; frame++) {
    const offset = frame * classes;
    let best = 0;
    for (let n = 1; n < classes; n++) {
      if (probabilities[offset + n]! > probabilities[offset + best]!) best = n;
    }
    const probability = probabilities[offset + best]!;
    if (best !== 0 && best !== previous) {
      characters.push(alphabet[best - 1]!);
      positions.push(frame);
      peaks.push(probability);
      confidence += probability;
    } else if (best !== 0 && probability > peaks.at(-1)!) {
      positions[positions.length - 1] = frame;
      peaks[peaks.length - 1] = probability;
    }
    previous = best;
  }
  const count = characters.length;
  return {
    characters,
    frames: positions,
    certainties: peaks,
    confidence: count > 0 ? confidence / count : 0,
  };
}
