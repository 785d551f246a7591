/** Answers questions from the stored timeline: finds rows, asks the model, and cites what supports it. */
import type {
  AnswerRow,
  Citation,
  MediaMs,
  NewRow,
  QueryRow,
  TimelineKind,
  TimelineRow,
} from '../../protocol/index.ts';
import { formatMediaTime, mediaMs } from '../../protocol/index.ts';
import type { RecallEvidence } from '../llm/streamTemplate.ts';
import { isSearched, knownAt, searchedKinds } from '../timeline/rows.ts';
import type { SearchHit } from '../timeline/searchIndex.ts';
import { citeAnswer, citeMoment, defaultCitationConfig, type CitationConfig } from './citations.ts';
import {
  chooseEvidence,
  defaultEvidenceConfig,
  isWorthAsking,
  RowTerms,
  type EvidenceConfig,
  type EvidenceRow,
} from './evidence.ts';
import { analyseQuestion } from './questionWords.ts';

export interface RecallOptions {
  readonly signal: AbortSignal;
  /** Called with every new piece of text. */
  readonly onText?: (text: string) => void;
}

/** A model that speaks from stored rows instead of pictures. */
export interface RecallModel {
  /** Name and version, as shown wherever the model speaks. */
  readonly name: string;
  /** What it says, word for word, when the evidence holds no answer. */
  readonly notSeenReply: string;
  /** @param evidence in time order. @throws AppError question.tooLong */
  recall(
    evidence: readonly RecallEvidence[],
    question: string,
    options: RecallOptions,
  ): Promise<{ readonly text: string }>;
}

/** What answers and summaries need of a stored timeline. */
export interface RecallTimeline {
  readonly durationMs: MediaMs | undefined;
  read(range: {
    readonly kinds?: readonly TimelineKind[];
    readonly fromMs?: MediaMs;
    readonly toMs?: MediaMs;
    readonly untilMs?: MediaMs;
  }): readonly TimelineRow[];
  search(request: {
    readonly query: string;
    readonly untilMs?: MediaMs;
    readonly limit: number;
  }): readonly SearchHit[];
  append<Row extends TimelineRow>(row: NewRow<Row>): Row;
}

export interface AskedQuestion {
  readonly text: string;
  /** Nothing seen after this moment may be used; the end of what was seen when left out. */
  readonly atMs?: MediaMs;
  /** Words that the model has already found inside the running stream: only the citations are looked up then. */
  readonly liveText?: string;
}

export interface AnsweringParts {
  readonly timeline: RecallTimeline;
  readonly model: RecallModel;
  readonly evidence?: EvidenceConfig;
  readonly citations?: CitationConfig;
}

/** Rows that the search index proposes. */
const searchLimit = 60;

interface Answer {
  readonly text: string;
  readonly citations: readonly Citation[];
}

/**
 * Answers a question and stores both. The answer abstains when the video knows too little of what is asked about, when
 * the model finds nothing, and when no row supports what the model said; its text is then the model's "not seen" reply.
 * A question for a time is answered by the row that tells it: the model knows no clock and is not asked.
 * @throws AppError question.tooLong, store.unavailable
 */
export async function answerQuestion(
  asked: AskedQuestion,
  parts: AnsweringParts,
  options: RecallOptions,
): Promise<AnswerRow> {
  options.signal.throwIfAborted();
  const { timeline, model } = parts;
  const rows = timeline
    .read({ kinds: searchedKinds, ...(asked.atMs === undefined ? {} : { untilMs: asked.atMs }) })
    .filter(isSearched);
  const lastMs = rows.reduce((last, row) => Math.max(last, row.endMs, knownAt(row)), 0);
  const atMs = asked.atMs ?? timeline.durationMs ?? mediaMs(lastMs);
  const answer = await findAnswer(asked, { ...parts, rows, atMs }, options);
  options.signal.throwIfAborted();

  const moment = { startMs: atMs, endMs: atMs, atMs };
  const query = timeline.append<QueryRow>({ kind: 'query', ...moment, text: asked.text });
  return timeline.append<AnswerRow>({
    kind: 'answer',
    ...moment,
    queryId: query.id,
    text: answer?.text ?? model.notSeenReply,
    citations: answer?.citations ?? [],
    abstained: answer === undefined,
    model: model.name,
  });
}

/** @returns undefined when there is none. */
async function findAnswer(
  asked: AskedQuestion,
  parts: AnsweringParts & { readonly rows: readonly EvidenceRow[]; readonly atMs: MediaMs },
  options: RecallOptions,
): Promise<Answer | undefined> {
  const { rows, atMs, model, timeline } = parts;
  const config = parts.evidence ?? defaultEvidenceConfig;
  const question = analyseQuestion(asked.text);
  const terms = await RowTerms.of(rows, options);
  const request = {
    question,
    terms,
    untilMs: atMs,
    durationMs: timeline.durationMs ?? atMs,
    config: parts.citations ?? defaultCitationConfig,
  };
  if (asked.liveText === undefined && !isWorthAsking(question, rows, { terms, config })) return;
  if (question.time === 'when') {
    const citations = citeMoment(rows, request);
    const [best] = citations;
    if (!best) return;
    const text = `${tell(best, rows)} (${formatMediaTime(best.startMs)})`;
    if (asked.liveText === undefined) options.onText?.(text);
    return { text, citations };
  }
  const text = (asked.liveText ?? (await ask())).trim();
  if (text === '' || text === model.notSeenReply) return;
  const citations = citeAnswer(text, rows, request);
  return citations.length === 0 ? undefined : { text, citations };

  async function ask(): Promise<string> {
    const hits = timeline.search({ query: asked.text, untilMs: atMs, limit: searchLimit });
    const found = new Map(hits.map((hit) => [hit.row.id, hit.score]));
    const chosen = chooseEvidence(rows, { question, found, terms, config, untilMs: atMs });
    const evidence = toRecallEvidence(chosen, config.maxLineChars);
    return (await model.recall(evidence, asked.text, options)).text;
  }
}

/** A row in its own words: what the model said of it, or what stood on screen. */
function tell(citation: Citation, rows: readonly EvidenceRow[]): string {
  const isSaid = rows.some((row) => row.id === citation.rowId && row.kind === 'guidance');
  return isSaid ? citation.text : `“${citation.text}”`;
}

/** Rows in the form that packs are trained on. Captions enter as text on screen, which is where captions stand. */
export function toRecallEvidence(
  rows: readonly EvidenceRow[],
  maxLineChars: number,
): RecallEvidence[] {
  return rows.map(({ kind, text }) => ({
    kind: kind === 'guidance' ? 'guidance' : 'screen',
    text: kind === 'guidance' ? text : Array.from(text).slice(0, maxLineChars).join(''),
  }));
}
