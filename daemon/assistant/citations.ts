/** Which rows an answer rests on, as short stretches of the video. Pure. */
import type { Citation, MediaMs } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import { knownAt } from '../timeline/rows.ts';
import { isShown, type EvidenceRow, type RowTerms } from './evidence.ts';
import { weighTerms, type QuestionWords } from './questionWords.ts';

export interface CitationConfig {
  readonly maxCitations: number;
  /** A line may stand on screen for minutes; its first seconds are what is worth looking at. */
  readonly maxSpanMs: number;
  /** All citations together: this long, or this share of the video, whichever is more. */
  readonly maxTotalMs: number;
  readonly maxTotalShare: number;
  /** A further row is cited when it supports at least this share of what the best one does. */
  readonly minShareOfBest: number;
  /** Rows that stand shorter are menus and suggestions passing by, rarely the event that "when" asks for. */
  readonly passingMs: number;
  /** What a row gains for "when" by looking like the thing that is asked for; a shared word of the subject is worth 2. */
  readonly shapeScore: number;
}

export const defaultCitationConfig: CitationConfig = {
  maxCitations: 3,
  maxSpanMs: 3000,
  maxTotalMs: 6000,
  maxTotalShare: 0.2,
  minShareOfBest: 0.5,
  passingMs: 1500,
  shapeScore: 1.5,
};

export interface CitationRequest {
  readonly question: QuestionWords;
  readonly terms: RowTerms;
  /** Where the stretch begins that is asked about. */
  readonly fromMs: MediaMs;
  /** The moment of the question. */
  readonly untilMs: MediaMs;
  /** Of the whole video. */
  readonly durationMs: MediaMs;
  readonly config: CitationConfig;
}

interface Support {
  readonly row: EvidenceRow;
  readonly score: number;
}

/** The rows whose words support an answer, best first; empty when none does. */
export function citeAnswer(
  answer: string,
  rows: readonly EvidenceRow[],
  request: CitationRequest,
): Citation[] {
  const { terms, question } = request;
  const said = weighTerms(answer);
  // A name that stands nowhere was made up, whatever else the sentence gets right.
  const shownNames = [...said.names].filter((name) => isShown(name, rows));
  if (shownNames.length * 2 < said.names.size) return [];
  const isPlain = said.names.size + said.subjects.size === 0;
  const supports = rows.map((row) => {
    const byAnswer = terms.shared(row, said) + literalNames(shownNames, row, terms);
    const byQuestion = terms.shared(row, question);
    // "Yes." has no words of its own: then the rows that the question is about must do.
    const score = byAnswer > 0 || isPlain ? byAnswer + byQuestion / 2 : 0;
    return { row, score };
  });
  return cite(supports, request);
}

/** The rows that "when" asks for: the best one's start is the answer. */
export function citeMoment(rows: readonly EvidenceRow[], request: CitationRequest): Citation[] {
  const { terms, question, config } = request;
  const first = rows.reduce((earliest, row) => Math.min(earliest, row.startMs), Infinity);
  const beginning = Math.max(first, request.fromMs);
  const hasSubject = question.names.size + question.subjects.size > 0;
  const subject = { names: question.names, subjects: question.subjects, scene: new Set<string>() };
  const supports = rows.map((row) => {
    const isShape = question.shapes.some((shape) => shape.test(row.text));
    let score = terms.shared(row, question) + (isShape ? config.shapeScore : 0);
    // An event is not told by words of the scene alone when the question names its subject.
    if (hasSubject && !isShape && terms.shared(row, subject) === 0) score = 0;
    if (row.kind === 'screenText') {
      // What stood there from the beginning did not happen; what passes by is rarely meant.
      if (row.startMs <= beginning) score *= 0.4;
      const isPassing = row.endMs - row.startMs < config.passingMs && row.endMs < request.untilMs;
      if (isPassing) score *= 0.7;
    }
    return { row, score };
  });
  return cite(supports, request);
}

/** Names that a row has with a misread character, so that the terms do not match. */
function literalNames(names: readonly string[], row: EvidenceRow, terms: RowTerms): number {
  return names.filter((name) => !terms.has(row, name) && isShown(name, [row])).length * 3;
}

function cite(supports: readonly Support[], request: CitationRequest): Citation[] {
  const { config, durationMs } = request;
  const ranked = supports
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || compareTies(a.row, b.row, request));
  const best = ranked[0]?.score ?? 0;
  let room = Math.max(config.maxTotalMs, config.maxTotalShare * durationMs);
  const citations: Citation[] = [];
  for (const { row, score } of ranked) {
    if (citations.length === config.maxCitations || score < best * config.minShareOfBest) break;
    if (citations.some((other) => other.text === row.text)) continue;
    const citation = span(row, request, Math.min(config.maxSpanMs, room));
    room -= citation.endMs - citation.startMs;
    citations.push(citation);
  }
  return citations;
}

/** Among equals: what was said before what was shown, then the oldest, or the newest when the question asks for that. */
function compareTies(a: EvidenceRow, b: EvidenceRow, { question }: CitationRequest): number {
  const kinds = Number(b.kind === 'guidance') - Number(a.kind === 'guidance');
  const isNewest = question.time === 'now' || question.time === 'last';
  const order = knownAt(a) - knownAt(b) || a.id - b.id;
  return kinds || (isNewest ? -order : order);
}

/** The first seconds of a row; its last ones when the question is about now. */
function span(row: EvidenceRow, { question }: CitationRequest, longest: number): Citation {
  const isNow = question.time === 'now' && row.kind !== 'guidance';
  const startMs = isNow ? Math.max(row.startMs, row.endMs - longest) : row.startMs;
  const endMs = Math.min(row.endMs, startMs + longest);
  return {
    rowId: row.id,
    startMs: mediaMs(startMs),
    endMs: mediaMs(Math.max(startMs, endMs)),
    text: row.text,
  };
}
