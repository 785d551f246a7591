/** The rows that the model has named, as short stretches of the video, and what is shown beside its sentence. Pure. */
import type { Citation, MediaMs } from '../../protocol/index.ts';
import { formatMediaTime, mediaMs, plainText } from '../../protocol/index.ts';
import { squeeze } from '../timeline/alignment.ts';
import type { RetrievedRow } from './retrieval.ts';

export interface CitationConfig {
  readonly maxCitations: number;
  /** All citations together: this long, or this share of the video, whichever is more. More would point at nothing in particular. */
  readonly maxTotalMs: number;
  readonly maxTotalShare: number;
  /** Characters of an answer; further quotations are left out. */
  readonly maxAnswerChars: number;
  /** Characters of one quotation. */
  readonly maxQuoteChars: number;
}

/** @source the limits of the project's measure: three citations, 6 s or a fifth of the clip, 240 characters */
export const defaultCitationConfig: CitationConfig = {
  maxCitations: 3,
  maxTotalMs: 6000,
  maxTotalShare: 0.2,
  maxAnswerChars: 240,
  maxQuoteChars: 96,
};

export interface CitationRequest {
  /** Of the whole video. */
  readonly durationMs: MediaMs;
  /** The moment that the question is about. */
  readonly atMs?: MediaMs;
  readonly config?: CitationConfig;
}

/**
 * Each row with the beginning of its window, as long as there is room for all. A row that is still visible at the moment of the
 * question, long after it appeared, is cited there as well.
 */
export function citationsOf(
  rows: readonly RetrievedRow[],
  { durationMs, atMs, config = defaultCitationConfig }: CitationRequest,
): Citation[] {
  const cited = rows.slice(0, config.maxCitations);
  const total = Math.max(config.maxTotalMs, config.maxTotalShare * durationMs);
  const stillThere =
    cited.length < config.maxCitations && atMs !== undefined
      ? cited.find(({ window }) => window[1] >= atMs && atMs - window[0] > total)
      : undefined;
  const room = Math.floor(total / (cited.length + (stillThere ? 1 : 0)));
  const citations = cited.map(({ row, window: [startMs, endMs] }) => ({
    ...{ rowId: row.id, startMs, text: plainText(row), ...originOf(row) },
    endMs: mediaMs(Math.min(endMs, startMs + room)),
  }));
  if (!stillThere || atMs === undefined) return citations;
  const { row } = stillThere;
  const now = { rowId: row.id, startMs: mediaMs(atMs - room), endMs: atMs, text: plainText(row) };
  return [...citations, { ...now, ...originOf(row) }];
}

/** What was heard may have been misheard, and says so. */
export function originOf(row: RetrievedRow['row']): Pick<Citation, 'origin'> {
  return row.kind === 'cue' && row.origin ? { origin: row.origin } : {};
}

/**
 * The model's sentence, the cited rows that it does not contain as quotations, as far as there is room, and the time of the first one.
 * Nothing else: what the model has not named is not shown.
 */
export function answerText(
  sentence: string,
  citations: readonly Citation[],
  { maxAnswerChars, maxQuoteChars }: CitationConfig = defaultCitationConfig,
): string {
  const [first] = citations;
  if (!first) return sentence;
  const time = ` (${formatMediaTime(first.startMs)})`;
  let text = sentence;
  for (const { text: line } of citations) {
    if (squeeze(text).includes(squeeze(line))) continue;
    const quote = `“${shortened(line, maxQuoteChars)}”`;
    const longer = text === '' ? quote : `${text} ${quote}`;
    if (text !== '' && longer.length + time.length > maxAnswerChars) continue;
    text = longer;
  }
  return text + time;
}

/** A line with an ellipsis in the place of what is too long. */
export const shortened = (line: string, maxChars: number): string => {
  const signs = Array.from(line);
  return signs.length <= maxChars ? line : `${signs.slice(0, maxChars - 1).join('')}…`;
};

/** What of an answer is the model's own sentence, without times and quotations; an answer that only quotes is its quotation. */
export function sentenceIn(answer: string): string {
  const withoutTime = answer.replace(/\s*\(\d+:\d\d(?::\d\d)?\)$/, '').trim();
  const sentence = withoutTime.replace(/\s*“[^”]*”/g, '').trim();
  return sentence === '' ? withoutTime.replace(/[“”]/g, '') : sentence;
}
