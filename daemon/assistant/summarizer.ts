/** Summarises a stretch of a video: steps into sentences, sentences into chapters, chapters into a whole, and lists beside them. */
import type { ChapterRow, MediaMs, SummaryRow } from '../../protocol/index.ts';
import { formatMediaTime, mediaMs } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { isSearched, searchedKinds } from '../timeline/rows.ts';
import { summaryTexts } from './prompts.ts';
import { toRecallEvidence } from './questionAnswering.ts';
import type { RecallModel, RecallTimeline } from './recall.ts';
import {
  noParts,
  retrieve,
  windowOf,
  type EvidenceRow,
  type RetrievalScope,
  type RetrievedRow,
} from './retrieval.ts';
import { batchesOf, listItems, listRows, type ListName } from './summaryLists.ts';
import { SummaryText, wordsFor, wordsOf, type SummaryItem } from './summaryText.ts';

export interface SummaryConfig {
  /** Sentences of guidance that the model sums up in one; the rest of its rows are lines of the screen. */
  readonly chunkRows: number;
  /** The whole text: this many words, and so many more for each minute of the stretch. */
  readonly maxWords: number;
  readonly maxWordsPerMinute: number;
  /** Share of the words that the lists may take together; the steps have the rest. */
  readonly listShare: number;
}

const defaultSummaryConfig: SummaryConfig = {
  chunkRows: 8,
  maxWords: 120,
  maxWordsPerMinute: 40,
  listShare: 0.5,
};

export interface SummaryRange {
  /** The beginning when left out. */
  readonly fromMs?: MediaMs;
  /** The end of what was seen when left out. */
  readonly toMs?: MediaMs;
}

export interface SummaryParts {
  readonly timeline: RecallTimeline;
  readonly model: RecallModel;
  /** Whether the pack calls itself a demonstration: the summary then says so. */
  readonly isDemonstration: boolean;
  readonly config?: SummaryConfig;
}

export interface SummaryWork {
  readonly signal: AbortSignal;
  /** Hears how many of the blocks of work are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

const lists = ['commands', 'files', 'errors'] as const satisfies readonly ListName[];

/**
 * Summarises a stretch and stores the summary. Every sentence and every item of a list was chosen by the model from the rows, and
 * bears the time of the row that it rests on.
 * @throws AppError request.invalid when the stretch begins after the end of the video; store.unavailable
 */
export async function summarize(
  { fromMs = mediaMs(0), toMs }: SummaryRange,
  parts: SummaryParts,
  options: SummaryWork,
): Promise<SummaryRow> {
  const { signal } = options;
  signal.throwIfAborted();
  const { timeline, model, config = defaultSummaryConfig } = parts;
  const upTo = toMs === undefined ? {} : { toMs, untilMs: toMs };
  const stored = timeline.read({ kinds: searchedKinds, fromMs, ...upTo }).filter(isSearched);
  const lastMs = timeline.durationMs ?? stored.reduce((end, row) => Math.max(end, row.endMs), 0);
  const endMs = mediaMs(Math.min(toMs ?? lastMs, timeline.durationMs ?? Infinity));
  if (fromMs > endMs) throw stretchBehindEnd(fromMs, endMs);
  const rows = stored.flatMap((row) => inStretch(row, { fromMs, untilMs: endMs }));
  const chapters = chaptersOf(timeline, fromMs, endMs);
  const chunks = chapters.flatMap((chapter) => chunksOf(chapter, rows, config));

  const total = chunks.length + lists.length + 2;
  let done = 0;
  const step = (): void => options.onProgress?.(done++, total);
  const told: Told[] = [];
  for (const chunk of chunks) {
    step();
    told.push(await tell(await evidenceOf(chunk, model, signal), model, signal));
  }
  step();
  const sentences = told.flatMap(({ sentence }) => sentence ?? []);
  const whole = sentences.length > 1 ? await tell(retold(sentences), model, signal) : undefined;
  const said = rows.filter(({ row }) => row.kind === 'guidance');
  const listed = new Map<ListName, SummaryItem[]>();
  for (const name of lists) {
    step();
    listed.set(name, listItems(name, await listRows(name, rows, model, { signal }), said, endMs));
  }

  step();
  const title = summaryTexts.title(formatMediaTime(fromMs), formatMediaTime(endMs));
  const text = new SummaryText([title], wordsFor(endMs - fromMs, config));
  if (parts.isDemonstration) text.say(`_${summaryTexts.demonstration}_`);
  if (rows.length === 0) text.say(summaryTexts.nothingSeen);
  if (whole?.sentence) text.add({ items: [whole.sentence] }, text.room);
  const forLists = text.room * config.listShare;
  const steps = [...sentences, ...told.flatMap(({ steps: named }) => named)];
  for (const [index, chapter] of chapters.entries()) {
    const items = steps.filter(({ from }) => isIn(from, chapter));
    const heading = chapter.title === undefined ? {} : { heading: chapter.title };
    text.add({ ...heading, items }, (text.room - forLists) / (chapters.length - index));
  }
  for (const [index, name] of lists.entries()) {
    const heading = summaryTexts.lists[name];
    text.add({ heading, items: listed.get(name) ?? [] }, text.room / (lists.length - index));
  }
  signal.throwIfAborted();
  const summary = timeline.append<SummaryRow>({
    ...{ kind: 'summary', startMs: fromMs, endMs },
    ...{ markdown: text.markdown, citations: text.citations, model: model.name },
  });
  options.onProgress?.(total, total);
  return summary;
}

/** A part of the stretch; without chapters all of it, which has no title. */
interface Part {
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  readonly title?: string;
}

/** What the model sums up in one sentence. */
interface Chunk {
  readonly scope: RetrievalScope;
  readonly said: readonly RetrievedRow[];
  /** Lines and captions that were there meanwhile. */
  readonly shown: readonly RetrievedRow[];
}

const stretchBehindEnd = (fromMs: MediaMs, endMs: MediaMs): AppError =>
  new AppError(
    'request.invalid',
    `The stretch begins at ${formatMediaTime(fromMs)}, after its end at ${formatMediaTime(endMs)}.`,
  );

function inStretch(row: EvidenceRow, scope: RetrievalScope): RetrievedRow[] {
  const window = windowOf(row, scope);
  return window ? [{ row, window, score: 0, parts: noParts }] : [];
}

const isIn = ({ window: [startMs] }: RetrievedRow, part: Part): boolean =>
  part.startMs <= startMs && startMs < part.endMs;

/** The chapters that the file names, or else those that were found, cut to the stretch and without gaps between them. */
function chaptersOf(timeline: RecallTimeline, fromMs: MediaMs, endMs: MediaMs): Part[] {
  const all = timeline
    .read({ kinds: ['chapter'], fromMs, toMs: endMs })
    .filter((row): row is ChapterRow => row.kind === 'chapter');
  const named = all.filter(({ origin }) => origin === 'container');
  const chapters = named.length > 0 ? named : all;
  // The last part takes its end along.
  const behind = mediaMs(endMs + 1);
  const parts = chapters.map(({ title, startMs }, index): Part => ({
    title,
    startMs: index === 0 ? fromMs : mediaMs(Math.max(startMs, fromMs)),
    endMs: mediaMs(Math.min(chapters[index + 1]?.startMs ?? behind, behind)),
  }));
  return parts.length > 0 ? parts : [{ startMs: fromMs, endMs: behind }];
}

function chunksOf(
  part: Part,
  rows: readonly RetrievedRow[],
  { chunkRows }: SummaryConfig,
): Chunk[] {
  const inside = rows.filter((entry) => isIn(entry, part));
  const said = inTime(inside.filter(({ row }) => row.kind === 'guidance'));
  const shown = inside.filter(({ row }) => row.kind !== 'guidance');
  if (inside.length === 0) return [];
  const batches = said.length === 0 ? [[]] : batchesOf(said, chunkRows);
  return batches.map((batch, index): Chunk => {
    const fromMs = index === 0 ? part.startMs : batch[0]!.window[0];
    const untilMs = mediaMs((batches[index + 1]?.[0]?.window[0] ?? part.endMs) - 1);
    const isMeanwhile = ({ window: [startMs] }: RetrievedRow): boolean =>
      fromMs <= startMs && startMs <= untilMs;
    return { scope: { fromMs, untilMs }, said: batch, shown: shown.filter(isMeanwhile) };
  });
}

/** All that was said, and a sample of what was shown. */
async function evidenceOf(
  { scope, said, shown }: Chunk,
  { limits }: RecallModel,
  signal: AbortSignal,
): Promise<RetrievedRow[]> {
  const rows = shown.map(({ row }) => row);
  const maxRows = Math.max(0, limits.maxRows - said.length);
  return inTime([...said, ...(await retrieve(rows, { scope, hits: [], maxRows }, { signal }))]);
}

/** What the model makes of some rows. */
interface Told {
  /** With the time of the row that it names first. */
  readonly sentence?: SummaryItem;
  /** The rows that it names, best first. */
  readonly steps: readonly SummaryItem[];
}

async function tell(
  rows: readonly RetrievedRow[],
  model: RecallModel,
  signal: AbortSignal,
): Promise<Told> {
  const evidence = toRecallEvidence(rows.map(({ row }) => row));
  const request = { evidence, question: model.prompts.summary, isList: true };
  const reply = await model.recall(request, { signal });
  const named = reply.rows.flatMap((index) => rows[index] ?? []);
  const [first] = named;
  return {
    ...(first && reply.text !== '' ? { sentence: { text: reply.text, from: first } } : {}),
    steps: named.map((from) => ({ text: wordsOf(from), from })),
  };
}

/** Sentences as rows, so that they can be summed up in turn. */
const retold = (sentences: readonly SummaryItem[]): RetrievedRow[] =>
  sentences.map(({ text, from }) => ({
    ...from,
    row: { ...from.row, kind: 'guidance', text } as EvidenceRow,
  }));

const inTime = (rows: readonly RetrievedRow[]): RetrievedRow[] =>
  rows.toSorted((a, b) => a.window[0] - b.window[0] || a.row.id - b.row.id);
