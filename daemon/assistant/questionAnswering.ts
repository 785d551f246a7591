/** Answers questions from the stored timeline: finds rows, asks the model, and cites what supports it. */
import type { AnswerRow, Citation, MediaMs, QueryRow, TimelineRow } from '../../protocol/index.ts';
import { formatMediaTime, mediaMs } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import type { RecallEvidence } from '../llm/streamTemplate.ts';
import { isSearched, knownAt, searchedKinds } from '../timeline/rows.ts';
import { citeAnswer, citeMoment, defaultCitationConfig, type CitationConfig } from './citations.ts';
import {
  chooseEvidence,
  defaultEvidenceConfig,
  isWorthAsking,
  RowTerms,
  type EvidenceConfig,
  type EvidenceRow,
} from './evidence.ts';
import type { RecallModel, RecallOptions, RecallTimeline } from './recall.ts';
import { followUp, hasSubject, readThread, toRecallTurns, type Turn } from './thread.ts';
import { analyseQuestion } from './questionWords.ts';

export interface AskedQuestion {
  readonly text: string;
  /** Nothing seen after this moment may be used; the end of what was seen when left out. */
  readonly atMs?: MediaMs;
  /** Only rows that reach into this stretch may be used; all when left out. */
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
  /** Id of the answer that it follows up. */
  readonly followUpOf?: number;
  /** Words that the model has already found inside the running stream: only the citations are looked up then. */
  readonly liveText?: string;
}

export interface AnsweringParts {
  readonly timeline: RecallTimeline;
  readonly model: RecallModel;
  readonly evidence?: EvidenceConfig;
  readonly citations?: CitationConfig;
  /** Hears of the rows that are stored: the question and its answer. */
  readonly onRow?: (row: TimelineRow) => void;
}

/** Rows that the search index proposes. */
const searchLimit = 60;
/** What a row that the last answer cites is worth for a question that follows it up; the best find of the index has 3. */
const citedScore = 2;

interface Answer {
  readonly text: string;
  readonly citations: readonly Citation[];
}

/**
 * Answers a question and stores both. The answer abstains when the video knows too little of what is asked about, when
 * the model finds nothing, and when no row supports what the model said; its text is then the model's "not seen" reply.
 * A question for a time is answered by the row that tells it: the model knows no clock and is not asked.
 * @throws AppError question.tooLong, store.unavailable; request.invalid for a stretch behind the end of what was seen, and when
 *   the answer that is followed up is not there
 */
export async function answerQuestion(
  asked: AskedQuestion,
  parts: AnsweringParts,
  options: RecallOptions,
): Promise<AnswerRow> {
  options.signal.throwIfAborted();
  const { timeline, model, onRow } = parts;
  const { fromMs = mediaMs(0), toMs, followUpOf } = asked;
  const thread = followUpOf === undefined ? [] : readThread(timeline, followUpOf);
  const range = {
    ...{ kinds: searchedKinds, fromMs },
    ...(toMs === undefined ? {} : { toMs }),
    ...(asked.atMs === undefined ? {} : { untilMs: asked.atMs }),
  };
  const rows = timeline.read(range).filter(isSearched);
  const lastMs = rows.reduce(
    (last, row) => Math.max(last, row.endMs, knownAt(row)),
    Number(fromMs),
  );
  // Of an unfinished video, what is asked about was seen.
  const endMs = asked.atMs ?? timeline.durationMs ?? toMs ?? mediaMs(lastMs);
  const atMs = mediaMs(Math.min(endMs, toMs ?? Infinity));
  if (fromMs > atMs) throw stretchBehindEnd(fromMs, atMs);
  const answer = await findAnswer(asked, { ...parts, rows, thread, fromMs, atMs }, options);
  options.signal.throwIfAborted();

  const isWhole = asked.fromMs === undefined && toMs === undefined;
  const scope = { startMs: isWhole ? atMs : fromMs, endMs: atMs, atMs };
  const query = timeline.append<QueryRow>({
    ...{ kind: 'query', ...scope, text: asked.text },
    ...(followUpOf === undefined ? {} : { followUpOf }),
  });
  const stored = timeline.append<AnswerRow>({
    ...{ kind: 'answer', ...scope, queryId: query.id },
    text: answer?.text ?? model.notSeenReply,
    citations: answer?.citations ?? [],
    abstained: answer === undefined,
    model: model.name,
  });
  onRow?.(query);
  onRow?.(stored);
  return stored;
}

interface FindingParts extends AnsweringParts {
  readonly rows: readonly EvidenceRow[];
  readonly thread: readonly Turn[];
  readonly fromMs: MediaMs;
  readonly atMs: MediaMs;
}

/** @returns undefined when there is none. */
async function findAnswer(
  asked: AskedQuestion,
  parts: FindingParts,
  options: RecallOptions,
): Promise<Answer | undefined> {
  const { thread, fromMs, atMs, model, timeline } = parts;
  const config = parts.evidence ?? defaultEvidenceConfig;
  const question = followUp(asked.text, thread);
  // An event is told with the time at which it began; of everything else only the part inside the stretch is meant.
  const rows = question.time === 'when' ? parts.rows : parts.rows.map((row) => clip(row, asked));
  const terms = await RowTerms.of(rows, options);
  const request = {
    ...{ question, terms, fromMs },
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
    const found = search(asked.text, parts);
    const chosen = chooseEvidence(rows, { question, found, terms, config, untilMs: atMs });
    const evidence = toRecallEvidence(chosen, config.maxLineChars);
    const earlier = toRecallTurns(thread);
    return (await model.recall({ evidence, earlier, question: asked.text }, options)).text;
  }
}

/** What the index finds, by row. A question that leaves its subject to the one before is looked up with it. */
function search(text: string, { timeline, thread, atMs }: FindingParts): Map<number, number> {
  const last = thread.at(-1);
  const isAlone = !last || hasSubject(analyseQuestion(text));
  const query = isAlone ? text : `${last.question} ${text}`;
  const hits = timeline.search({ query, untilMs: atMs, limit: searchLimit });
  const found = new Map(hits.map((hit) => [hit.row.id, hit.score]));
  if (isAlone) return found;
  // "That" is what the last answer rests on.
  for (const { rowId } of last.answer.citations) {
    found.set(rowId, Math.max(found.get(rowId) ?? 0, citedScore));
  }
  return found;
}

/** The part of a row that lies in the stretch. */
function clip(row: EvidenceRow, { fromMs, toMs }: AskedQuestion): EvidenceRow {
  const startMs = mediaMs(Math.max(row.startMs, fromMs ?? 0));
  const endMs = mediaMs(Math.max(startMs, Math.min(row.endMs, toMs ?? Infinity)));
  return { ...row, startMs, endMs };
}

const stretchBehindEnd = (fromMs: MediaMs, endMs: MediaMs): AppError =>
  new AppError(
    'request.invalid',
    `The stretch begins at ${formatMediaTime(fromMs)}, after its end at ${formatMediaTime(endMs)}.`,
  );

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
  return rows.map((row) => {
    if (row.kind === 'guidance') return { kind: 'guidance', text: row.text };
    const text = Array.from(row.text).slice(0, maxLineChars).join('');
    return { kind: 'screen', text, region: row.kind === 'screenText' ? row.region : 'other' };
  });
}
