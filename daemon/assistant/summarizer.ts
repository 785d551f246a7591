/** Summarises a stretch of a video: the model's words in chunks that it can hold, then the steps with their times. */
import type { Citation, GuidanceRow, MediaMs, SummaryRow } from '../../protocol/index.ts';
import { formatMediaTime, mediaMs } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { inTurns } from '../base/turns.ts';
import { isSearched, searchedKinds } from '../timeline/rows.ts';
import { isShown, RowTerms, type EvidenceRow } from './evidence.ts';
import { summaryTexts } from './prompts.ts';
import { toRecallEvidence } from './questionAnswering.ts';
import type { RecallModel, RecallTimeline } from './recall.ts';
import { weighTerms } from './questionWords.ts';

export interface SummaryConfig {
  /** Sentences of guidance that the model summarises at once. The packs are trained on up to fourteen. */
  readonly chunkRows: number;
  /** The whole text: this many words, and so many more for each minute of the stretch. */
  readonly maxWords: number;
  readonly maxWordsPerMinute: number;
  /** Lines of the screen that are quoted at most. */
  readonly maxLines: number;
  /** Share of the words that those lines may take from the steps. */
  readonly lineShare: number;
}

const defaultSummaryConfig: SummaryConfig = {
  chunkRows: 12,
  maxWords: 120,
  maxWordsPerMinute: 40,
  maxLines: 8,
  lineShare: 0.25,
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
  /** The pack's question that asks for a summary. */
  readonly summaryPrompt: string;
  /** Whether the pack calls itself a demonstration: the summary then says so. */
  readonly isDemonstration: boolean;
  readonly config?: SummaryConfig;
}

export interface SummaryWork {
  readonly signal: AbortSignal;
  /** Hears how many of the blocks of work are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Summarises a stretch and stores the summary. Sentences that name what stands nowhere in the stretch are left out.
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
  const rows = timeline
    .read({ kinds: searchedKinds, fromMs, ...(toMs === undefined ? {} : { toMs, untilMs: toMs }) })
    .filter(isSearched);
  const lastMs = timeline.durationMs ?? rows.reduce((end, row) => Math.max(end, row.endMs), 0);
  const endMs = mediaMs(Math.min(toMs ?? lastMs, timeline.durationMs ?? Infinity));
  if (fromMs > endMs) {
    throw new AppError(
      'request.invalid',
      `The stretch begins at ${formatMediaTime(fromMs)}, after its end at ${formatMediaTime(endMs)}.`,
    );
  }
  const said = rows.filter((row) => row.kind === 'guidance').sort((a, b) => a.atMs - b.atMs);

  const paragraphs: string[] = [];
  const chunks = chunksOf(said, config.chunkRows);
  // The last block is choosing what is quoted from the screen.
  const total = chunks.length + 1;
  for (const [index, chunk] of chunks.entries()) {
    options.onProgress?.(index, total);
    const evidence = toRecallEvidence(chunk, Number.MAX_SAFE_INTEGER);
    const request = { evidence, question: parts.summaryPrompt };
    const { text } = await model.recall(request, { signal });
    const isUsable = text.trim() !== '' && text.trim() !== model.notSeenReply;
    if (isUsable && isGrounded(text, chunk)) paragraphs.push(text.trim());
  }
  signal.throwIfAborted();
  options.onProgress?.(chunks.length, total);

  const text = new WordBudget(
    config.maxWords + (config.maxWordsPerMinute * (endMs - fromMs)) / 60_000,
  );
  text.add(summaryTexts.title(formatMediaTime(fromMs), formatMediaTime(endMs)));
  if (parts.isDemonstration) text.add('', `_${summaryTexts.demonstration}_`);
  if (rows.length === 0) text.add('', summaryTexts.nothingSeen);
  else if (said.length === 0) text.add('', summaryTexts.nothingSaid);
  for (const paragraph of paragraphs) text.add('', paragraph);

  // The lines name what the sentences are about, so some room is kept for them; without sentences they have it all.
  const lineWords = text.room * (said.length === 0 ? 1 : config.lineShare);
  const lines = await tellingLines(rows, { limit: config.maxLines, words: lineWords }, { signal });
  const lineItems = lines.map((row) => lineItem(row));
  const steps = chooseSteps(
    said,
    text.room - countWords([summaryTexts.onScreen, ...lineItems].join(' ')),
  );
  const listed: EvidenceRow[] = [];
  const list = (row: EvidenceRow, item: string): void => {
    if (text.add(item)) listed.push(row);
  };
  if (steps.length > 0) text.add('');
  for (const row of steps) list(row, listItem(row.startMs, row.text));
  if (lines.length > 0) text.add('', summaryTexts.onScreen, '');
  for (const row of lines) list(row, lineItem(row));
  signal.throwIfAborted();
  const summary = timeline.append<SummaryRow>({
    kind: 'summary',
    startMs: fromMs,
    endMs,
    markdown: `${text.toString()}\n`,
    citations: listed.map(toCitation),
    model: model.name,
  });
  options.onProgress?.(total, total);
  return summary;
}

/** Pieces of nearly equal length, none longer than `size`. */
function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) =>
    items.slice(
      Math.floor((i * items.length) / count),
      Math.floor(((i + 1) * items.length) / count),
    ),
  );
}

/** Whether every name in a text stands in one of the rows. */
function isGrounded(text: string, rows: readonly EvidenceRow[]): boolean {
  return [...weighTerms(text).names].every((name) => isShown(name, rows));
}

/** The steps that fit, told in their order: those that name what no other step named come first. */
function chooseSteps(said: readonly GuidanceRow[], words: number): GuidanceRow[] {
  const named = new Set<string>();
  const ranked = said
    .map((row, order) => {
      const { names, subjects } = weighTerms(row.text);
      const fresh = [...names, ...subjects].filter((term) => !named.has(term));
      for (const term of fresh) named.add(term);
      return { row, order, fresh: fresh.length };
    })
    .sort((a, b) => b.fresh - a.fresh || a.order - b.order);
  let room = words;
  const chosen = ranked.filter(({ row }) => {
    const cost = countWords(listItem(row.startMs, row.text));
    if (cost > room) return false;
    room -= cost;
    return true;
  });
  return chosen.sort((a, b) => a.order - b.order).map(({ row }) => row);
}

/**
 * The lines that say most about a screen: each rare word or name that no line before has counts, and the longer a line
 * stood, the more. In the order of their appearance.
 */
async function tellingLines(
  rows: readonly EvidenceRow[],
  { limit, words }: { readonly limit: number; readonly words: number },
  options: { readonly signal: AbortSignal },
): Promise<EvidenceRow[]> {
  const shown = rows.filter((row) => row.kind !== 'guidance' && /\p{L}{2}/u.test(row.text));
  const terms = await RowTerms.of(shown, options);
  const candidates: Candidate[] = [];
  const weigh = (row: EvidenceRow): void => {
    const { names, subjects } = weighTerms(row.text);
    const seconds = (row.endMs - row.startMs) / 1000;
    const weight = Math.log2(2 + seconds) / Math.sqrt(1 + names.size + subjects.size);
    candidates.push({ row, names, subjects, weight, cost: countWords(lineItem(row)) });
  };
  await inTurns(shown, weigh, options);
  const told = new Set<string>();
  const chosen: EvidenceRow[] = [];
  let room = words;
  while (chosen.length < limit) {
    let best: Candidate | undefined;
    let bestScore = 0;
    const compare = (candidate: Candidate): void => {
      if (candidate.cost > room) return;
      let score = 0;
      for (const name of candidate.names) if (!told.has(name)) score += 2 * terms.rarity(name);
      for (const word of candidate.subjects) if (!told.has(word)) score += terms.rarity(word);
      score *= candidate.weight;
      if (score <= bestScore) return;
      best = candidate;
      bestScore = score;
    };
    await inTurns(candidates, compare, options);
    if (!best) break;
    for (const term of [...best.names, ...best.subjects]) told.add(term);
    room -= best.cost;
    chosen.push(best.row);
  }
  return chosen.sort((a, b) => a.startMs - b.startMs);
}

interface Candidate {
  readonly row: EvidenceRow;
  readonly names: ReadonlySet<string>;
  readonly subjects: ReadonlySet<string>;
  /** Of its words: more for a line that stood long, less for one that has many. */
  readonly weight: number;
  /** In words. */
  readonly cost: number;
}

const listItem = (atMs: MediaMs, text: string): string => `- **${formatMediaTime(atMs)}** ${text}`;

const lineItem = ({ startMs, text }: EvidenceRow): string =>
  listItem(startMs, `\`${text.replaceAll('`', "'")}\``);

const toCitation = ({ id, startMs, endMs, text }: EvidenceRow): Citation => ({
  rowId: id,
  startMs,
  endMs,
  text,
});

const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** Lines of text that together stay within a number of words. */
class WordBudget {
  readonly #lines: string[] = [];
  /** Words left. */
  room: number;

  constructor(words: number) {
    this.room = words;
  }

  /** Adds lines that fit, passing over those that do not. @returns whether all did */
  add(...lines: readonly string[]): boolean {
    const before = this.#lines.length;
    for (const line of lines) {
      const words = countWords(line);
      if (words > this.room) continue;
      this.room -= words;
      this.#lines.push(line);
    }
    return this.#lines.length - before === lines.length;
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
