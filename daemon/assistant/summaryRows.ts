/** The rows that a summary is made of: what is worth a look, and how far the model thinks that it bears on a question. */
import { squeeze } from '../timeline/alignment.ts';
import { toRecallEvidence } from './evidence.ts';
import type { RecallModel } from './recall.ts';
import type { RetrievedRow } from './retrieval.ts';

export interface SummaryRowsConfig {
  /** Rows with fewer letters, or fewer signs in all, tell a reader nothing (`$ ls` does): a line's number, a bracket, a lone sign. */
  readonly minLetters: number;
  readonly minSigns: number;
  /** Lines of the screen that were read with less certainty, 0 … 1, are not quoted. */
  readonly minConfidence: number;
}

export const defaultSummaryRowsConfig: SummaryRowsConfig = {
  ...{ minLetters: 2, minSigns: 3, minConfidence: 0.8 },
};

/** A row, and how likely it bears on what was asked, 0 … 1. */
export interface JudgedRow {
  readonly entry: RetrievedRow;
  readonly share: number;
}

/** Rows that a summary may quote, in the order of their times, each text once. */
export function tellingRows(
  rows: readonly RetrievedRow[],
  { minLetters, minSigns, minConfidence }: SummaryRowsConfig = defaultSummaryRowsConfig,
): RetrievedRow[] {
  const kept = new Map<string, RetrievedRow>();
  for (const entry of inTime(rows)) {
    const { row } = entry;
    const letters = row.text.match(/\p{L}/gu)?.length ?? 0;
    if (letters < minLetters || squeeze(row.text).length < minSigns) continue;
    if (row.kind === 'screenText' && row.confidence < minConfidence) continue;
    const key = squeeze(row.text);
    if (!kept.has(key)) kept.set(key, entry);
  }
  return [...kept.values()];
}

/** Stretches of a video with as many rows each, from which as many are taken. */
const slots = 12;

/** Of too many rows what was said, and the lines that stood longest, from all along the video; in the order of their times. */
export function longestRows(rows: readonly RetrievedRow[], count: number): RetrievedRow[] {
  const sorted = inTime(rows);
  if (rows.length <= count) return sorted;
  const worth = ({ row, window }: RetrievedRow): number =>
    row.kind === 'screenText' ? window[1] - window[0] : Number.MAX_SAFE_INTEGER;
  return Array.from({ length: slots }, (_, i) => {
    const [from, to] = [i, i + 1].map((slot) => Math.round((slot * rows.length) / slots));
    const room = Math.round(((i + 1) * count) / slots) - Math.round((i * count) / slots);
    const slot = sorted.slice(from, to);
    return inTime(slot.sort((a, b) => worth(b) - worth(a)).slice(0, room));
  }).flat();
}

/** Asks the model of all rows, as many at a time as it can hold. @returns one for each row, same order */
export async function judgeRows(
  rows: readonly RetrievedRow[],
  question: string,
  model: RecallModel,
  { signal }: { readonly signal: AbortSignal },
): Promise<JudgedRow[]> {
  const judged: JudgedRow[] = [];
  for (const batch of batchesOf(rows, model.limits.maxRows)) {
    const evidence = toRecallEvidence(batch.map(({ row }) => row));
    const request = { evidence, question, isList: true, isSilent: true };
    const { shares } = await model.recall(request, { signal });
    judged.push(...batch.map((entry, index) => ({ entry, share: shares[index] ?? 0 })));
  }
  return judged;
}

/** The rows in the order in which each adds most: what it is likely worth, times the share of its words that none before it has. */
export function bestRows(judged: readonly JudgedRow[]): JudgedRow[] {
  const left = new Map(
    judged.map((row) => [row, new Set(row.entry.row.text.toLowerCase().match(/[\p{L}\p{N}]+/gu))]),
  );
  const said = new Set<string>();
  const best: JudgedRow[] = [];
  for (;;) {
    let next: JudgedRow | undefined;
    let most = 0;
    for (const [row, words] of left) {
      const news = [...words].filter((word) => !said.has(word)).length;
      const worth = (row.share * news) / words.size;
      if (worth > most) [next, most] = [row, worth];
    }
    if (!next) return best;
    for (const word of left.get(next)!) said.add(word);
    left.delete(next);
    best.push(next);
  }
}

export const inTime = (rows: readonly RetrievedRow[]): RetrievedRow[] =>
  rows.toSorted((a, b) => a.window[0] - b.window[0] || a.row.id - b.row.id);

/** Pieces of nearly equal length, none longer than `size`. */
export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) =>
    items.slice(
      Math.floor((i * items.length) / count),
      Math.floor(((i + 1) * items.length) / count),
    ),
  );
}
