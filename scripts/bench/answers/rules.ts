/** The rules by which searches, answers and summaries of annotated recordings count. Pure. @source the scorer that came with the recordings */
import type { AnswerRow, SearchHit } from '../../../protocol/index.ts';
import { isFoundIn } from '../reading/edits.ts';

/** From … to, seconds. */
export type Stretch = readonly [from: number, to: number];

/** A question about a recording with what a right answer holds. */
export interface ClipQuestion {
  readonly text: string;
  /** Asked at this moment, ms; of the whole recording when left out. */
  readonly atMs?: number;
  /** Words that the answer must hold, lower case. */
  readonly keywords: readonly string[];
  /** Where the recording shows it. */
  readonly evidence: Stretch;
  /** Questions for a time are answered by the start of the first citation, seconds. */
  readonly timeSeconds?: number;
}

/** Hits that are looked at. */
const mostHits = 5;
/** A hit lasts no longer than its window and so much, seconds: one that lasts for ever finds nothing. */
const longestBeyond = 5;
const hitTolerance = 1;
const evidenceTolerance = 1.5;
const mostAnswerCharacters = 240;
const mostCitations = 3;

/** Citations together span no more than this, seconds. */
const widestCitations = (durationSeconds: number): number => Math.max(6, 0.2 * durationSeconds);

/** Whether one of the first hits is the text in one of its windows. */
export function isHit(
  { text, windows }: { readonly text: string; readonly windows: readonly Stretch[] },
  hits: readonly Pick<SearchHit, 'text' | 'startMs' | 'endMs'>[],
): boolean {
  return hits.slice(0, mostHits).some((hit) => {
    const [start, end] = [hit.startMs / 1000, hit.endMs / 1000];
    const isThere = windows.some(
      ([from, to]) =>
        start <= to + hitTolerance &&
        end >= from - hitTolerance &&
        end - start <= to - from + longestBeyond,
    );
    return isThere && isFoundIn(text, hit.text);
  });
}

/** How an answer fares. */
export interface AnswerScore {
  readonly isRight: boolean;
  /** A citation shows it. */
  readonly isGrounded: boolean;
}

export function scoreAnswer(
  question: ClipQuestion,
  { text, citations }: Pick<AnswerRow, 'text'> & { readonly citations: readonly Cited[] },
  { durationSeconds }: { readonly durationSeconds: number },
): AnswerScore {
  const most = widestCitations(durationSeconds);
  const all = citations
    .slice(0, mostCitations)
    .map(({ startMs, endMs }): Stretch => [startMs / 1000, endMs / 1000]);
  const lengthOf = (stretches: readonly Stretch[]): number =>
    stretches.reduce((sum, [from, to]) => sum + to - from, 0);
  const first = all.slice(0, 1);
  const cited = lengthOf(all) <= most ? all : lengthOf(first) <= most ? first : [];
  const { keywords, timeSeconds, evidence } = question;
  const said = plain(text).slice(0, mostAnswerCharacters);
  const isRight =
    timeSeconds === undefined
      ? keywords.every((word) => said.includes(plain(word)))
      : cited[0] !== undefined && Math.abs(cited[0][0] - timeSeconds) <= evidenceTolerance;
  const isGrounded = cited.some(
    ([from, to]) =>
      from <= evidence[1] + evidenceTolerance && to >= evidence[0] - evidenceTolerance,
  );
  return { isRight, isGrounded };
}

interface Cited {
  readonly startMs: number;
  readonly endMs: number;
}

/** Share of the keywords in as many words of a summary as one may use. */
export function keywordsIn(
  markdown: string,
  keywords: readonly string[],
  { durationSeconds }: { readonly durationSeconds: number },
): number {
  const mostWords = 120 + Math.round((40 * durationSeconds) / 60);
  const said = plain(markdown).split(' ').slice(0, mostWords).join(' ');
  return keywords.filter((word) => said.includes(plain(word))).length / keywords.length;
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();
