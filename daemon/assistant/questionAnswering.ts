/** Answers questions from the stored timeline: proposes rows, lets the model choose among them and phrase, and cites what it chose. */
import type {
  AnswerRow,
  Citation,
  MediaMs,
  PixelRectangle,
  QueryRow,
  TimelineRow,
} from '../../protocol/index.ts';
import { formatMediaTime, mediaMs } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { isSearched, knownAt, searchedKinds } from '../timeline/rows.ts';
import { answerText, citationsOf } from './citations.ts';
import { toPlacedText, toRecallEvidence, type EvidenceRow } from './evidence.ts';
import { contentWords } from './functionWords.ts';
import { pastStretches } from './pastFrames.ts';
import type { MomentPicture, RecallModel, RecallOptions, RecallTimeline } from './recall.ts';
import {
  byRank,
  retrieve,
  supportOf,
  type RetrievalRequest,
  type RetrievedRow,
} from './retrieval.ts';
import { citedIn, readThread, toRecallTurns, type Turn } from './thread.ts';
import { visualLinesOf } from './visualLines.ts';

export interface AskedQuestion {
  readonly text: string;
  /** Nothing seen after this moment may be used, and what is visible then comes first; the end of what was seen when left out. */
  readonly atMs?: MediaMs;
  /** Only rows that reach into this stretch may be used; all when left out. */
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
  /** Only lines that stand in this part of the picture at `atMs` may be used. */
  readonly box?: PixelRectangle;
  /** Id of the answer that it follows up. */
  readonly followUpOf?: number;
}

export interface AnsweringParts {
  readonly timeline: RecallTimeline;
  readonly model: RecallModel;
  /** What was on screen at a moment; undefined where that cannot be shown again. */
  readonly pictureAt?: (
    atMs: MediaMs,
    options: { readonly signal: AbortSignal },
  ) => Promise<Buffer | undefined>;
  /** Hears of the rows that are stored: the question and its answer. */
  readonly onRow?: (row: TimelineRow) => void;
  /** Hears which rows were proposed to the model, and why. */
  readonly onProposal?: (proposal: Proposal) => void;
}

/** What the model was given, and what it made of it. */
export interface Proposal {
  readonly rows: readonly RetrievedRow[];
  /** Indices of the rows that the model has named, best first. */
  readonly named: readonly number[];
  /** Probability that the rows hold no answer, 0 … 1. */
  readonly notSeen: number;
}

/** Rows that the search index finds at most; beyond them nothing is left of a question's words. */
const searchLimit = 200;
/** Rows that the retriever is asked about at most: about 30 µs each. */
const maxJudgedRows = 20_000;
/** Moments nearer than this show the same. */
const pictureDistanceMs = 1000;
/** A line in the box may just have come or gone at the moment that was drawn on. */
const boxSlackMs = 1000;

/**
 * Answers a question and stores both. The answer abstains when the model finds nothing in the rows; its text is then the model's
 * "not seen" reply. The model names rows and says a sentence; the time behind it is that of the first row named.
 * @throws AppError question.tooLong, store.unavailable; request.invalid for a stretch behind the end of what was seen, for a box without
 *   a moment, and when the answer that is followed up is not there
 */
export async function answerQuestion(
  asked: AskedQuestion,
  parts: AnsweringParts,
  options: RecallOptions,
): Promise<AnswerRow> {
  options.signal.throwIfAborted();
  const { timeline, model, onRow } = parts;
  const { fromMs = mediaMs(0), toMs, followUpOf, box } = asked;
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
  const usable = box === undefined ? rows : rowsInBox(rows, box, asked.atMs, timeline);
  const answer = await findAnswer(asked, { ...parts, rows: usable, thread, fromMs, atMs }, options);
  options.signal.throwIfAborted();

  const isWhole = asked.fromMs === undefined && toMs === undefined;
  const scope = { startMs: isWhole ? atMs : fromMs, endMs: atMs, atMs };
  const query = timeline.append<QueryRow>({
    ...{ kind: 'query', ...scope, text: asked.text },
    ...(followUpOf === undefined ? {} : { followUpOf }),
    ...(box === undefined ? {} : { box }),
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
): Promise<{ readonly text: string; readonly citations: readonly Citation[] } | undefined> {
  const { thread, model, timeline, onProposal, fromMs, atMs } = parts;
  const { past } = model.limits;
  const proposed = await propose(asked, parts, options);
  const rows = model.limits.order === 'rank' ? proposed.toSorted(byRank) : proposed;
  const request = {
    evidence: toRecallEvidence(rows.map(({ row }) => row)),
    ...(model.limits.pictures !== undefined && {
      times: rows.map(({ window: [startMs] }) => startMs),
      pictures: await picturesFor(rows, model.limits.pictures, asked, parts, options),
    }),
    ...(past && {
      past: pastStretches(rows, timeline, { ...past, scope: { fromMs, untilMs: atMs } }),
    }),
    earlier: toRecallTurns(thread),
    question: asked.text,
    ...(model.relevance && { relevance: Math.max(...rows.map(({ parts }) => supportOf(parts))) }),
  };
  const reply = await model.recall(request, options);
  onProposal?.({ rows, named: reply.rows, notSeen: reply.notSeen });
  const named = reply.rows.flatMap((index) => rows[index] ?? []);
  if (named.length === 0) return;
  const citations = citationsOf(named, {
    durationMs: timeline.durationMs ?? parts.atMs,
    ...(asked.atMs === undefined ? {} : { atMs: asked.atMs }),
  });
  return { text: answerText(reply.text, citations), citations };
}

/** What was on screen at the moment that is asked about, and when the best rows came. */
async function picturesFor(
  rows: readonly RetrievedRow[],
  most: number,
  { atMs }: AskedQuestion,
  { pictureAt }: FindingParts,
  { signal }: RecallOptions,
): Promise<readonly MomentPicture[]> {
  const moments: MediaMs[] = [];
  const best = rows.toSorted(byRank).map(({ window: [startMs] }) => startMs);
  for (const moment of [...(atMs === undefined ? [] : [atMs]), ...best]) {
    const isNew = moments.every((other) => Math.abs(other - moment) >= pictureDistanceMs);
    if (isNew && moments.length < most) moments.push(moment);
  }
  const pictures: MomentPicture[] = [];
  for (const moment of moments.sort((a, b) => a - b)) {
    const jpeg = await pictureAt?.(moment, { signal });
    if (jpeg) pictures.push({ atMs: moment, jpeg });
  }
  return pictures;
}

async function propose(
  asked: AskedQuestion,
  { timeline, model, thread, rows, fromMs, atMs }: FindingParts,
  options: RecallOptions,
): Promise<RetrievedRow[]> {
  const find = (text: string) =>
    timeline.search({ query: contentWords(text), untilMs: atMs, limit: searchLimit });
  const lines = await visualLinesOf(rows, options);
  const texts = lines.map(({ row }) => row);
  const last = thread.at(-1);
  const said = last?.answer.abstained === false ? last.answer.text : '';
  const request = {
    scope: {
      ...{ fromMs, untilMs: atMs },
      ...(asked.atMs === undefined ? {} : { atMs: asked.atMs }),
    },
    hits: find(asked.text),
    hitsBefore: last ? find(`${last.question} ${said}`) : [],
    cited: citedIn(thread),
    beside: new Map(lines.map(({ row, beside }) => [row.id, beside])),
    maxRows: model.limits.maxRows,
    ...(await relevanceOf(asked.text, texts, model, options)),
  };
  return retrieve(texts, request, options);
}

/** What the model's retriever says of the rows, the newest of them when there are very many. */
async function relevanceOf(
  question: string,
  rows: readonly EvidenceRow[],
  { relevance }: RecallModel,
  options: RecallOptions,
): Promise<Pick<RetrievalRequest, 'relevance'>> {
  if (!relevance) return {};
  const judged = rows.slice(-maxJudgedRows);
  const scores = await relevance(question, judged.map(toPlacedText), options);
  return { relevance: new Map(judged.map(({ id }, index) => [id, scores[index] ?? 0])) };
}

/** Lines that stand in a part of the picture at a moment, or did just before. */
function rowsInBox(
  rows: readonly EvidenceRow[],
  box: PixelRectangle,
  atMs: MediaMs | undefined,
  timeline: RecallTimeline,
): EvidenceRow[] {
  if (atMs === undefined) {
    throw new AppError('request.invalid', 'A question about a part of the picture needs a moment.');
  }
  const moments = [atMs, mediaMs(Math.max(0, atMs - boxSlackMs))];
  const inside = new Set(
    moments
      .flatMap((moment) => timeline.linesAt(moment))
      .filter((line) => overlaps(line.box, box))
      .map(({ row }) => row.id),
  );
  return rows.filter(({ id }) => inside.has(id));
}

const overlaps = (a: PixelRectangle, b: PixelRectangle): boolean =>
  a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];

const stretchBehindEnd = (fromMs: MediaMs, endMs: MediaMs): AppError =>
  new AppError(
    'request.invalid',
    `The stretch begins at ${formatMediaTime(fromMs)}, after its end at ${formatMediaTime(endMs)}.`,
  );
