/** Proposes the stored rows among which the model chooses: found by words and meaning, near in time, cited before, and a sample of all the rest. Pure. */
import type { MediaMs, VisibleWindow } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import { inTurns } from '../base/turns.ts';
import type { ScoreParts, SearchHit } from '../timeline/searchIndex.ts';
import type { SearchedRow } from '../timeline/rows.ts';
import { bestWindow } from '../timeline/windows.ts';
import { placeOf, type EvidenceRow } from './evidence.ts';

export interface RetrievalConfig {
  /** Share of the rows that may be there for their score; the others are a sample of what else was seen. */
  readonly rankedShare: number;
  /** What a row gains by being visible at the moment of the question. A row that has all of a question's words has 2 or more. */
  readonly visibleScore: number;
  /** The gain halves with each such distance from the moment. */
  readonly nearHalfMs: number;
  /** What a row gains because the answer that is followed up cites it; of turns before that one, `beforeShare` for each step back. */
  readonly citedScore: number;
  /** What the turn before counts for a question that follows it up, against its own words. */
  readonly beforeShare: number;
  /** What the sample prefers beside distance in time, each against the whole stretch: sentences of guidance, and regions not chosen yet. */
  readonly guidanceBonus: number;
  readonly regionBonus: number;
}

export const defaultRetrievalConfig: RetrievalConfig = {
  rankedShare: 2 / 3,
  visibleScore: 0.75,
  nearHalfMs: 4000,
  citedScore: 1,
  beforeShare: 0.5,
  guidanceBonus: 0.25,
  regionBonus: 0.25,
};

/** Where evidence may come from. */
export interface RetrievalScope {
  readonly fromMs: MediaMs;
  readonly untilMs: MediaMs;
  /** The moment that the question is about; rows that are visible then are preferred. */
  readonly atMs?: MediaMs;
}

export interface RetrievalRequest {
  readonly scope: RetrievalScope;
  /** What the index finds for the question. */
  readonly hits: readonly SearchHit<SearchedRow>[];
  /** Ids of the rows that stand beside a row and are part of its text: what is found for them is found for it. */
  readonly beside?: ReadonlyMap<number, readonly number[]>;
  /** What the index finds for the turn before, of a question that follows it up. */
  readonly hitsBefore?: readonly SearchHit<SearchedRow>[];
  /** How likely each row answers the question, by its id, in units of the other parts. */
  readonly relevance?: ReadonlyMap<number, number>;
  /** Ids of rows that answers before cite, each with how many turns lie between. */
  readonly cited?: ReadonlyMap<number, number>;
  /** Rows that the model can hold. */
  readonly maxRows: number;
  readonly config?: RetrievalConfig;
}

/** Why a row was proposed. */
export interface RetrievalParts extends ScoreParts {
  /** What the retriever gives it; below 0 speaks against it. */
  readonly relevance: number;
  /** For being visible at, or near, the moment of the question. */
  readonly near: number;
  /** For what was asked and answered before. */
  readonly before: number;
}

/** Two letters or three figures: rows with less, such as `}` or a lone `7`, are proposed only when they were looked for. */
const saysSomething = /\p{L}.*\p{L}|\p{N}.*\p{N}.*\p{N}/u;

/** Of a row that nobody looked for. */
export const noParts: RetrievalParts = {
  ...{ words: 0, coverage: 0, literal: 0, relevance: 0, near: 0, before: 0 },
};

export interface RetrievedRow {
  readonly row: EvidenceRow;
  /** The window of the row that fits, inside the stretch. */
  readonly window: VisibleWindow;
  /** Sum of the parts. */
  readonly score: number;
  readonly parts: RetrievalParts;
}

/** @returns at most `maxRows` rows in the order in which their windows began; each text once */
export async function retrieve(
  rows: readonly EvidenceRow[],
  request: RetrievalRequest,
  options: { readonly signal: AbortSignal },
): Promise<RetrievedRow[]> {
  const { maxRows, config = defaultRetrievalConfig } = request;
  const judge = judgeOf(request, config);
  const byText = new Map<string, RetrievedRow>();
  const consider = (row: EvidenceRow): void => {
    const judged = judge(row);
    const known = byText.get(row.text);
    if (judged && (!known || judged.score > known.score)) byText.set(row.text, judged);
  };
  await inTurns(rows, consider, options);
  const ranked = [...byText.values()].sort(byRank);
  const mostRanked = Math.ceil(maxRows * config.rankedShare);
  const found = ranked.filter(({ score }) => score > 0).slice(0, mostRanked);
  const isChosen = new Set(found);
  const others = ranked.filter((row) => !isChosen.has(row));
  const sample = await sampleOf(others, found, request, options);
  return [...found, ...sample].sort((a, b) => a.window[0] - b.window[0] || a.row.id - b.row.id);
}

/** The better first; of equals the earlier. */
export const byRank = (a: RetrievedRow, b: RetrievedRow): number =>
  b.score - a.score || a.window[0] - b.window[0] || a.row.id - b.row.id;

function judgeOf(
  { scope, hits, hitsBefore = [], beside, cited, relevance }: RetrievalRequest,
  config: RetrievalConfig,
): (row: EvidenceRow) => RetrievedRow | undefined {
  const found = new Map(hits.map((hit) => [hit.row.id, hit.parts]));
  const bestOf = ({ id }: EvidenceRow): ScoreParts | undefined => {
    const all = [id, ...(beside?.get(id) ?? [])].flatMap((one) => found.get(one) ?? []);
    return all.reduce<ScoreParts | undefined>(
      (best, parts) => (best && sumOf(best) >= sumOf(parts) ? best : parts),
      undefined,
    );
  };
  const before = new Map(hitsBefore.map((hit) => [hit.row.id, hit.score]));
  return (row) => {
    const window = windowOf(row, scope);
    if (!window) return;
    const { words = 0, coverage = 0, literal = 0 } = bestOf(row) ?? {};
    if (words + literal === 0 && !saysSomething.test(row.text)) return;
    const age = cited?.get(row.id);
    const parts: RetrievalParts = {
      ...{ words, coverage, literal, relevance: relevance?.get(row.id) ?? 0 },
      ...{ near: nearness(window, scope.atMs, config) },
      before:
        config.beforeShare * (before.get(row.id) ?? 0) +
        (age === undefined ? 0 : config.citedScore * config.beforeShare ** age),
    };
    return { row, window, score: supportOf(parts) + parts.near + parts.before, parts };
  };
}

const sumOf = ({ words, coverage, literal }: ScoreParts): number => words + coverage + literal;

/** What speaks for a row whatever the moment of the question: its words, and the retriever. */
export const supportOf = (parts: RetrievalParts): number => sumOf(parts) + parts.relevance;

/** The window of a row that a question about this stretch means: the one at its moment or nearest to it, else the first. */
export function windowOf(
  row: EvidenceRow,
  { fromMs, untilMs, atMs }: RetrievalScope,
): VisibleWindow | undefined {
  const all: readonly VisibleWindow[] =
    row.kind === 'screenText' ? row.windows : [[row.startMs, row.endMs]];
  const windows = all
    .filter(([startMs, endMs]) => startMs <= untilMs && endMs >= fromMs)
    .map(([startMs, endMs]): VisibleWindow => [
      mediaMs(Math.max(startMs, fromMs)),
      mediaMs(Math.min(endMs, untilMs)),
    ]);
  return atMs === undefined || windows.length < 2 ? windows[0] : bestWindow(windows, atMs);
}

function nearness(
  [startMs, endMs]: VisibleWindow,
  atMs: MediaMs | undefined,
  { visibleScore, nearHalfMs }: RetrievalConfig,
): number {
  if (atMs === undefined) return 0;
  const distance = Math.max(startMs - atMs, atMs - endMs, 0);
  // What was visible a minute ago has nothing of it left.
  return distance > 8 * nearHalfMs ? 0 : visibleScore * 2 ** (-distance / nearHalfMs);
}

/**
 * A sample of what no word has found: a question may share none with its answer. Each further row is far in time from those chosen
 * already, with a preference for what was said and for parts of the screen that are not there yet.
 */
async function sampleOf(
  others: readonly RetrievedRow[],
  chosen: readonly RetrievedRow[],
  { maxRows, scope, config = defaultRetrievalConfig }: RetrievalRequest,
  options: { readonly signal: AbortSignal },
): Promise<RetrievedRow[]> {
  const length = Math.max(1, scope.untilMs - scope.fromMs);
  const places = new Set(chosen.map(({ row }) => placeOf(row)));
  const candidates = others.map((entry) => ({ entry, distance: 1 }));
  const sample: RetrievedRow[] = [];
  const approach = (near: RetrievedRow, candidate: (typeof candidates)[number]): void => {
    const distance = Math.abs(near.window[0] - candidate.entry.window[0]) / length;
    candidate.distance = Math.min(candidate.distance, distance);
  };
  for (const near of chosen) {
    await inTurns(
      candidates,
      (candidate) => {
        approach(near, candidate);
      },
      options,
    );
  }
  const left = new Set(candidates);
  while (left.size > 0 && chosen.length + sample.length < maxRows) {
    let best: (typeof candidates)[number] | undefined;
    let bestWorth = -1;
    const compare = (candidate: (typeof candidates)[number]): void => {
      const { entry, distance } = candidate;
      const worth =
        distance +
        (entry.row.kind === 'guidance' ? config.guidanceBonus : 0) +
        (places.has(placeOf(entry.row)) ? 0 : config.regionBonus);
      if (worth <= bestWorth) return;
      best = candidate;
      bestWorth = worth;
    };
    await inTurns(left, compare, options);
    if (!best) break;
    const { entry } = best;
    left.delete(best);
    sample.push(entry);
    places.add(placeOf(entry.row));
    await inTurns(
      left,
      (candidate) => {
        approach(entry, candidate);
      },
      options,
    );
  }
  return sample;
}
