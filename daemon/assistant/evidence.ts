/** Which stored rows are put before the model for a question, and whether there is anything to ask about. Pure. */
import type { MediaMs } from '../../protocol/index.ts';
import { inTurns } from '../base/turns.ts';
import { containment, resemblanceFilter } from '../timeline/alignment.ts';
import { knownAt, type SearchedRow } from '../timeline/rows.ts';
import { wordsOf } from '../timeline/terms.ts';
import type { QuestionWords, WeighedTerms } from './questionWords.ts';

/** Rows that an answer can rest on. */
export type EvidenceRow = SearchedRow;

export interface EvidenceConfig {
  /** Sentences of guidance at most. The packs are trained on up to eight events before a question. */
  readonly maxGuidance: number;
  /** Lines of screen text and captions at most. Further lines only distract a small decoder. */
  readonly maxLines: number;
  /** Longer lines are cut, as they are in the stream. */
  readonly maxLineChars: number;
  /** All rows together: about two characters a token at worst, in a window of 2048 with room for question and answer. */
  readonly maxChars: number;
  /** With a smaller share of the question's subject anywhere in the video, nothing is asked. */
  readonly minSubjectShare: number;
}

export const defaultEvidenceConfig: EvidenceConfig = {
  maxGuidance: 10,
  maxLines: 14,
  maxLineChars: 64,
  maxChars: 2600,
  minSubjectShare: 0.5,
};

/** What a row adds for the kinds of words it shares with a text: a name says most, a word of the scene least. */
const weights = { names: 4, subjects: 2, scene: 0.5 } as const;
/** What a row adds by looking like the thing that is asked for: less than a shared subject, more than a word of the scene. */
const shapeWeight = 1.5;
/** Words shorter than this must match exactly. */
const minPrefixChars = 5;

/** The terms of rows, split once, and how rare each is among them. */
export class RowTerms {
  readonly #terms = new Map<EvidenceRow, ReadonlySet<string>>();
  readonly #rowsWith = new Map<string, number>();
  readonly #texts = new Map<string, ReadonlySet<string>>();

  private constructor() {
    // Made by `of` alone.
  }

  /** Thousands of rows take longer than others should wait, hence the turns. */
  static async of(
    rows: readonly EvidenceRow[],
    options: { readonly signal: AbortSignal },
  ): Promise<RowTerms> {
    const all = new RowTerms();
    await inTurns(
      rows,
      (row) => {
        all.#add(row);
      },
      options,
    );
    return all;
  }

  has(row: EvidenceRow, term: string): boolean {
    const terms = this.#terms.get(row);
    if (terms?.has(term)) return true;
    if (!terms || term.length < minPrefixChars) return false;
    for (const other of terms) if (isSameWord(term, other)) return true;
    return false;
  }

  /** Whether any row has the term. */
  knows(term: string): boolean {
    if (this.#rowsWith.has(term)) return true;
    for (const other of this.#rowsWith.keys()) if (isSameWord(term, other)) return true;
    return false;
  }

  /** 1 for a term of a single row, towards 0 for one that every row has. */
  rarity(term: string): number {
    const distinct = Math.max(1, this.#texts.size);
    const share = Math.max(1, this.#rowsWith.get(term) ?? 1) / distinct;
    return 1 / (1 + 4 * (share - 1 / distinct));
  }

  /** How much of the given words a row has. @returns the weighed sum, 0 when nothing is shared. */
  shared(row: EvidenceRow, words: WeighedTerms): number {
    let sum = 0;
    for (const kind of ['names', 'subjects', 'scene'] as const) {
      for (const term of words[kind]) {
        if (this.has(row, term)) sum += weights[kind] * this.rarity(term);
      }
    }
    return sum;
  }

  #add(row: EvidenceRow): void {
    let terms = this.#texts.get(row.text);
    if (!terms) {
      terms = new Set(wordsOf(row.text).flatMap((word) => word.terms));
      this.#texts.set(row.text, terms);
      for (const term of terms) this.#rowsWith.set(term, (this.#rowsWith.get(term) ?? 0) + 1);
    }
    this.#terms.set(row, terms);
  }
}

/** "permission" and "permissions" that the stemmer left apart, "authentication" and "authenticate". */
function isSameWord(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < minPrefixChars) return false;
  return a.startsWith(b) || b.startsWith(a);
}

/**
 * Whether it is worth asking: the video knows enough of what the question is about. A question of nothing but words
 * of the scene and kinds of things ("which entry is chosen?") is always worth asking.
 */
export function isWorthAsking(
  question: QuestionWords,
  rows: readonly EvidenceRow[],
  { terms, config }: { readonly terms: RowTerms; readonly config: EvidenceConfig },
): boolean {
  if (rows.length === 0) return false;
  const subject = [...question.names, ...question.subjects].filter(
    (term) => !question.kinds.has(term),
  );
  if (subject.length === 0) return true;
  const known = subject.filter(
    (term) => terms.knows(term) || (question.names.has(term) && isShown(term, rows)),
  ).length;
  return known / subject.length >= config.minSubjectShare;
}

/** Whether a name stands in any row, one character in five misread. */
export function isShown(name: string, rows: readonly EvidenceRow[]): boolean {
  const least = name.length < 5 ? 1 : 0.8;
  const mayResemble = resemblanceFilter(name, least);
  return rows.some(({ text }) => mayResemble(text) && containment(name, text) >= least);
}

export interface EvidenceRequest {
  readonly question: QuestionWords;
  /** Rank of rows that the search index found, 0 … 3. */
  readonly found: ReadonlyMap<number, number>;
  readonly terms: RowTerms;
  readonly config: EvidenceConfig;
  /** The moment of the question. */
  readonly untilMs: MediaMs;
}

/** Chooses the rows that bear most on the question. @returns them in the order in which they became known. */
export function chooseEvidence(
  rows: readonly EvidenceRow[],
  request: EvidenceRequest,
): EvidenceRow[] {
  const { config } = request;
  const ranked = distinct(rows, request)
    .map((row) => ({ row, rank: relevance(row, request) }))
    .sort((a, b) => b.rank - a.rank || knownAt(b.row) - knownAt(a.row));
  const said = ranked.filter(({ row }) => row.kind === 'guidance').slice(0, config.maxGuidance);
  const shown = ranked
    .filter(({ row, rank }) => row.kind !== 'guidance' && rank > 0)
    .slice(0, config.maxLines);
  let room = config.maxChars;
  const chosen: EvidenceRow[] = [];
  for (const { row } of [...said, ...shown].sort((a, b) => b.rank - a.rank)) {
    const cost = Math.min(row.text.length, config.maxLineChars) + 2;
    if (cost > room) continue;
    room -= cost;
    chosen.push(row);
  }
  return chosen.sort((a, b) => knownAt(a) - knownAt(b) || a.id - b.id);
}

/** Each line once: its first sighting, or its last when the question is about now. Guidance stays as it was said. */
function distinct(
  rows: readonly EvidenceRow[],
  { question }: EvidenceRequest,
): readonly EvidenceRow[] {
  const kept = new Map<string, EvidenceRow>();
  for (const row of rows) {
    const key = row.kind === 'guidance' ? `said ${row.id}` : row.text;
    if (!kept.has(key) || question.time === 'now' || question.time === 'last') kept.set(key, row);
  }
  return [...kept.values()];
}

function relevance(row: EvidenceRow, { question, found, terms, untilMs }: EvidenceRequest): number {
  let rank = (found.get(row.id) ?? 0) + terms.shared(row, question);
  if (question.shapes.some((shape) => shape.test(row.text))) rank += shapeWeight;
  if (question.time === 'now' && row.kind !== 'guidance') {
    // Only what stands on screen at the moment of the question can be the state of that moment.
    rank *= row.endMs >= untilMs ? 1.5 : 0.5;
  }
  const age = untilMs <= 0 ? 0 : 1 - knownAt(row) / untilMs;
  if (question.time === 'now' || question.time === 'last') rank += 1 - age;
  if (question.time === 'first') rank += age;
  return rank;
}
