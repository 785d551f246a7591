/** What several readings of one line agree on. */
import type { TextProvenance } from '../../protocol/index.ts';
import { alignTexts } from './alignment.ts';
import { areLookAlikes } from './lookAlikes.ts';
import type { ScreenLine } from './perception.ts';

/** What is known of one reading. */
export type Reading = Pick<ScreenLine, 'text' | 'confidence' | 'certainties'>;

/** A character that is less probable may have been read otherwise. @source right characters are above 0.9 in 97 of 100 cases */
const doubtBelow = 0.8;
/** Below this many readings the surest one stands: two cannot outvote each other. */
const fewestVotes = 3;
/** What only some readings have weighs more than its absence: letters are lost more often than invented. */
const absenceWeight = 0.7;
/** Readings of one line differ in no larger share of their characters. */
const mostDoubtful = 0.2;

/**
 * Whether two texts at one place are one line read twice, and not a line that was edited: they differ only where the reader was in
 * doubt or in signs that look alike.
 */
export function isSameLine(a: Reading, b: Reading): boolean {
  const left = Array.from(a.text);
  const right = Array.from(b.text);
  const longer = Math.max(left.length, right.length);
  if (Math.abs(left.length - right.length) > Math.max(1, mostDoubtful * longer)) return false;
  let differences = 0;
  for (const { left: i, right: j } of alignTexts(left, right)) {
    const [one, other] = [i === undefined ? '' : left[i]!, j === undefined ? '' : right[j]!];
    if (one === other) continue;
    if (one.trim() === '' && other.trim() === '') continue;
    const isDoubtful = isUnsure(a, i) || isUnsure(b, j) || areLookAlikes(one, other);
    if (!isDoubtful) return false;
    differences++;
  }
  return differences <= Math.max(1, mostDoubtful * longer);
}

function isUnsure({ certainties }: Reading, index: number | undefined): boolean {
  return index !== undefined && (certainties?.[index] ?? 1) < doubtBelow;
}

interface Candidate {
  readonly reading: Reading;
  /** Independent readings: a picture that stands still is one, however long. */
  votes: number;
}

/** Counts the readings of one line and settles on a text. */
export class ReadingVotes {
  readonly #candidates = new Map<string, Candidate>();
  #sightings = 0;
  #last: Reading | undefined;

  /** One frame in which the line was read. @param isElsewhere it has moved, so its pixels were read anew */
  add(reading: Reading, isElsewhere: boolean): void {
    this.#sightings++;
    // Recognising the same pixels again gives the same number to the last digit.
    const isSamePicture =
      !isElsewhere &&
      this.#last?.text === reading.text &&
      this.#last.confidence === reading.confidence;
    this.#last = reading;
    if (isSamePicture) return;
    const known = this.#candidates.get(reading.text);
    if (!known) this.#candidates.set(reading.text, { reading, votes: 1 });
    else if (reading.confidence > known.reading.confidence) {
      this.#candidates.set(reading.text, { reading, votes: known.votes + 1 });
    } else known.votes++;
  }

  /** Seen where it was, as part of a longer or in several shorter lines: no reading of its own. */
  addSighting(): void {
    this.#sightings++;
  }

  /** Independent readings. */
  get count(): number {
    return [...this.#candidates.values()].reduce((sum, { votes }) => sum + votes, 0);
  }

  /** Every reading, the surest of each text. */
  get readings(): Reading[] {
    return [...this.#candidates.values()].map(({ reading }) => reading);
  }

  /** Every text that it was read as. */
  get texts(): string[] {
    return [...this.#candidates.keys()];
  }

  /** The text that the readings agree on, character by character, each weighted with its probability. */
  settle(): Reading & { readonly provenance: TextProvenance } {
    const candidates = [...this.#candidates.values()].sort((a, b) => weight(b) - weight(a));
    const most = candidates[0]!.reading;
    const counted = { sightings: this.#sightings, readings: candidates.length };
    if (candidates.length === 1 || this.count < fewestVotes)
      return { ...most, provenance: counted };
    const voted = vote(candidates);
    if (voted.text === most.text) return { ...most, provenance: counted };
    const corrected = { from: most.text, by: 'votes' } as const;
    return { ...voted, provenance: { ...counted, corrected } };
  }
}

function weight({ reading, votes }: Candidate): number {
  return votes * reading.confidence;
}

interface Ballot {
  /** Character → weight; the empty one: nothing stands here. */
  readonly signs: Map<string, number>;
}

/** Aligns all to the first, and takes at each of its places, and between them, what has most weight. */
function vote(candidates: readonly Candidate[]): Reading {
  const pivot = Array.from(candidates[0]!.reading.text);
  // Odd: a place of the pivot; even: what may stand before, between and behind.
  const ballots = Array.from({ length: 2 * pivot.length + 1 }, (): Ballot => ({
    signs: new Map(),
  }));
  let total = 0;
  for (const { reading, votes } of candidates) {
    const signs = Array.from(reading.text);
    const places = new Map<number, { sign: string; certainty: number }>();
    const absent = absenceWeight * reading.confidence;
    let at = 0;
    for (const { left, right } of alignTexts(pivot, signs)) {
      at = left === undefined ? at : 2 * left + 1;
      const place = left === undefined ? at + (at % 2) : at;
      const sign = right === undefined ? '' : signs[right]!;
      const certainty =
        right === undefined ? absent : (reading.certainties?.[right] ?? reading.confidence);
      const known = places.get(place);
      places.set(place, { sign: (known?.sign ?? '') + sign, certainty });
    }
    ballots.forEach(({ signs: weights }, place) => {
      const { sign, certainty } = places.get(place) ?? { sign: '', certainty: absent };
      weights.set(sign, (weights.get(sign) ?? 0) + votes * certainty);
    });
    total += votes;
  }
  const chosen = ballots.map(({ signs }) => [...signs].reduce((a, b) => (b[1] > a[1] ? b : a)));
  const kept = chosen.filter(([sign]) => sign !== '');
  const certainties = kept.flatMap(([sign, sum]) =>
    Array.from(sign, () => Math.min(1, sum / total)),
  );
  const confidence = certainties.reduce((sum, c) => sum + c, 0) / Math.max(1, certainties.length);
  return { text: kept.map(([sign]) => sign).join(''), confidence, certainties };
}
