/**
 * Summarises a stretch of a video: the model judges its rows; the weightiest of them become steps, a few at a time with a sentence,
 * steps become chapters, chapters a whole, and lists stand beside them.
 */
import type { ChapterRow, MediaMs, SummaryRow } from '../../protocol/index.ts';
import { formatMediaTime, mediaMs, plainText } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { squeeze } from '../timeline/alignment.ts';
import { isSearched, searchedKinds } from '../timeline/rows.ts';
import { toRecallEvidence, type EvidenceRow } from './evidence.ts';
import { summaryTexts } from './prompts.ts';
import type { RecallModel, RecallTimeline } from './recall.ts';
import { noParts, windowOf, type RetrievalScope, type RetrievedRow } from './retrieval.ts';
import { listItems, listNames, listRows } from './summaryLists.ts';
import { batchesOf, bestRows, inTime, judgeRows, longestRows, tellingRows } from './summaryRows.ts';
import { quote, SummaryText, wordsFor, type SummaryItem } from './summaryText.ts';

export interface SummaryConfig {
  /** Rows that the model judges for the steps, shared by the chapters; each chapter has at least `minChapterRows`. */
  readonly maxRows: number;
  readonly minChapterRows: number;
  /** A longer chapter is told in parts, and a video in no more than so many, so that all of it is spoken of. */
  readonly partMs: number;
  readonly maxParts: number;
  /** Rows that one sentence tells of: as many as the sentences of the packs do. */
  readonly stepRows: number;
  /** Words that a sentence and the rows it tells of take, about: so many steps have room. */
  readonly stepWords: number;
  /** Sentences of a summary, however long the video is; each costs a run of the model. */
  readonly maxSteps: number;
  /** Rows that the model sees when it says a sentence about some of them. */
  readonly contextRows: number;
  /** The whole text: this many words, and so many more for each minute of the stretch. */
  readonly maxWords: number;
  readonly maxWordsPerMinute: number;
  /** Share of the words that the lists may take together; the steps have the rest. */
  readonly listShare: number;
}

const defaultSummaryConfig: SummaryConfig = {
  ...{
    maxRows: 240,
    minChapterRows: 24,
    partMs: 120_000,
    maxParts: 12,
    stepRows: 3,
    stepWords: 24,
    maxSteps: 24,
    contextRows: 8,
  },
  ...{ maxWords: 120, maxWordsPerMinute: 40, listShare: 0.4 },
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

/** Sentences that the one on the whole tells of. */
const wholeRows = 3;

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
  const rows = tellingRows(stored.flatMap((row) => inStretch(row, { fromMs, untilMs: endMs })));
  const chapters = partsOf(chaptersOf(timeline, fromMs, endMs), config);

  const total = chapters.length + listNames.length + 2;
  let done = 0;
  const step = (): void => options.onProgress?.(done++, total);
  const words = wordsFor(endMs - fromMs, config);
  const told: Told[] = [];
  for (const chapter of chapters) {
    step();
    const inside = rows.filter((entry) => isIn(entry, chapter));
    const share = (chapter.endMs - chapter.startMs) / (endMs + 1 - fromMs);
    told.push(await tellChapter(inside, { share, words }, model, { signal, config }));
  }
  step();
  const whole = await sumUp(
    told.flatMap(({ sentences }) => sentences),
    model,
    signal,
  );
  const lists = await listRows(rows, model, { signal, onList: step });

  step();
  const title = summaryTexts.title(formatMediaTime(fromMs), formatMediaTime(endMs));
  const text = new SummaryText([title], words);
  if (parts.isDemonstration) text.say(`_${summaryTexts.demonstration}_`);
  if (stored.length === 0) text.say(summaryTexts.nothingSeen);
  if (whole) text.add({ items: [whole] }, text.room);
  const said = rows.filter(({ row }) => row.kind === 'guidance');
  const listed = new SummaryText([], text.room * config.listShare);
  const sections = listNames
    .map((name) => {
      const items = listItems(name, lists.get(name) ?? [], said, endMs);
      return { heading: summaryTexts.lists[name], items };
    })
    .filter(({ items }) => items.length > 0);
  for (const [index, section] of sections.entries()) {
    listed.add(section, listed.room / (sections.length - index));
  }
  const forLists = text.room * config.listShare - listed.room;
  // What a list says need not be said twice.
  const isListed = new Set(listed.items.map(({ from }) => from));
  for (const [index, { title: heading }] of chapters.entries()) {
    const { sentences, steps } = told[index]!;
    const items = [...sentences, ...steps.filter(({ from }) => !isListed.has(from))];
    const room = (text.room - forLists) / (chapters.length - index);
    text.add({ ...(heading === undefined ? {} : { heading }), items }, room);
  }
  text.append(listed);
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

/** Long chapters in several parts, of which the first bears the title. */
function partsOf(chapters: readonly Part[], { partMs, maxParts }: SummaryConfig): Part[] {
  const [first, last] = [chapters[0]!, chapters.at(-1)!];
  const longest = Math.max(partMs, (last.endMs - first.startMs) / maxParts);
  return chapters.flatMap(({ startMs, endMs, title }): Part[] => {
    const count = Math.max(1, Math.ceil((endMs - startMs) / longest));
    const at = (index: number): MediaMs =>
      mediaMs(startMs + Math.round((index * (endMs - startMs)) / count));
    return Array.from({ length: count }, (_, index) => ({
      ...{ startMs: at(index), endMs: at(index + 1) },
      ...(title === undefined || index > 0 ? {} : { title }),
    }));
  });
}

/** What the model makes of the rows of a chapter. */
interface Told {
  /** Each with the time of the first row that it tells of; in the order of the times. */
  readonly sentences: readonly SummaryItem[];
  /** The rows themselves, the weightiest first. */
  readonly steps: readonly SummaryItem[];
}

/** The rows of a chapter that the model finds weightiest, and a sentence on each few of them. */
async function tellChapter(
  rows: readonly RetrievedRow[],
  of: { readonly share: number; readonly words: number },
  model: RecallModel,
  { signal, config }: { readonly signal: AbortSignal; readonly config: SummaryConfig },
): Promise<Told> {
  const { maxRows, minChapterRows, stepRows, stepWords, maxSteps, contextRows } = config;
  const looked = longestRows(rows, Math.max(minChapterRows, Math.round(maxRows * of.share)));
  const judged = await judgeRows(looked, model.prompts.summary, model, { signal });
  const weighty = bestRows(judged).filter(({ share }) => share > 0);
  const stepCount = Math.ceil(Math.min(of.words / stepWords, maxSteps) * of.share);
  const chosen = weighty.slice(0, stepCount * stepRows).map(({ entry }) => entry);
  const beside = weighty.slice(chosen.length).map(({ entry }) => entry);
  const sentences: SummaryItem[] = [];
  for (const batch of batchesOf(inTime(chosen), stepRows)) {
    const context = inTime([...batch, ...beside.slice(0, contextRows - batch.length)]);
    const about = batch.map((entry) => context.indexOf(entry));
    const text = await say(context, about, model, signal);
    if (text !== '') sentences.push({ text, from: batch[0]! });
  }
  const isSaid = ({ row }: RetrievedRow): boolean =>
    sentences.some(({ text }) => squeeze(text).includes(squeeze(plainText(row))));
  const steps = weighty.map(({ entry }) => entry).filter((entry) => !isSaid(entry));
  return { sentences, steps: steps.map(quote) };
}

/** A sentence about some of the rows. */
async function say(
  rows: readonly RetrievedRow[],
  about: readonly number[],
  model: RecallModel,
  signal: AbortSignal,
): Promise<string> {
  const evidence = toRecallEvidence(rows.map(({ row }) => row));
  const request = { evidence, question: model.prompts.summary, isList: true, about };
  return (await model.recall(request, { signal })).text;
}

/** One sentence on several; with the time of the first one that it tells of. */
async function sumUp(
  sentences: readonly SummaryItem[],
  model: RecallModel,
  signal: AbortSignal,
): Promise<SummaryItem | undefined> {
  if (sentences.length < 2) return undefined;
  const told = new Map(
    sentences.map(({ text, from }): [RetrievedRow, RetrievedRow] => [
      { ...from, row: { ...from.row, kind: 'guidance', text } as EvidenceRow },
      from,
    ]),
  );
  const judged = await judgeRows([...told.keys()], model.prompts.summary, model, { signal });
  const weighty = bestRows(judged).map(({ entry }) => entry);
  const context = inTime(weighty.slice(0, model.limits.maxRows));
  const about = inTime(weighty.slice(0, wholeRows)).map((entry) => context.indexOf(entry));
  const from = told.get(context[about[0] ?? -1]!);
  const text = from ? await say(context, about, model, signal) : '';
  return from && text !== '' ? { text, from } : undefined;
}
