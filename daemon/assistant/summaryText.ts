/** The Markdown of a summary: items with their times, within a number of words. Pure. */
import type { Citation, MediaMs } from '../../protocol/index.ts';
import { formatMediaTime, plainText } from '../../protocol/index.ts';
import { originOf } from './citations.ts';
import { summaryTexts } from './prompts.ts';
import type { RetrievedRow } from './retrieval.ts';

/** Something that a summary lists, and the row that it rests on. */
export interface SummaryItem {
  readonly text: string;
  readonly from: RetrievedRow;
  /** Of a quoted row: where on the screen it stood, or nothing. Quotations of one time and place share a line. */
  readonly place?: string;
}

/** A heading with its items, the more important first. */
export interface SummarySection {
  /** Absent for the beginning, which speaks of everything. */
  readonly heading?: string;
  readonly items: readonly SummaryItem[];
}

const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** As many items as there are words for; a section of which nothing fits has no heading either. */
export class SummaryText {
  readonly #lines: string[];
  readonly #items: SummaryItem[] = [];
  #room: number;

  constructor(head: readonly string[], words: number) {
    this.#lines = [...head];
    this.#room = words - countWords(head.join(' '));
  }

  /** Words left. */
  get room(): number {
    return this.#room;
  }

  /** In the order of the text. */
  get items(): readonly SummaryItem[] {
    return this.#items;
  }

  /**
   * Adds what fits, in the order of time; each text once.
   * @param words that the section may have
   */
  add({ heading, items }: SummarySection, words: number): void {
    const title = heading === undefined ? '' : `## ${heading}`;
    let room = words - countWords(title);
    const chosen = new Map<string, SummaryItem>();
    const lines = new Set<string>();
    for (const item of items) {
      const line = lineKey(item);
      const cost = countWords(item.text) + (lines.has(line) ? 0 : countWords(beginOf(item)));
      if (cost > room || chosen.has(item.text)) continue;
      room -= cost;
      lines.add(line);
      chosen.set(item.text, item);
    }
    if (chosen.size === 0) return;
    const inOrder = [...chosen.values()].sort((a, b) => a.from.window[0] - b.from.window[0]);
    const grouped = [...Map.groupBy(inOrder, lineKey).values()];
    this.#items.push(...grouped.flat());
    const texts = grouped.map(
      (group) => beginOf(group[0]!) + group.map(({ text }) => text).join(', '),
    );
    this.#put([...(title === '' ? [] : ['', title]), '', ...texts]);
  }

  /** A paragraph that is not cut. */
  say(sentence: string): void {
    this.#put(['', sentence]);
  }

  /** Puts another text behind this one. */
  append(other: SummaryText): void {
    this.#items.push(...other.#items);
    this.#put(other.#lines);
  }

  get markdown(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** One for each item, in the order of the text. */
  get citations(): readonly Citation[] {
    return this.#items.map(({ from }) => toCitation(from));
  }

  #put(lines: readonly string[]): void {
    this.#lines.push(...lines);
    this.#room -= countWords(lines.join(' '));
  }
}

/** Items with the same one share a line. */
const lineKey = (item: SummaryItem): string =>
  item.place === undefined ? `${item.from.row.id} ${item.text}` : beginOf(item);

/** Each line as the client's `linkMoments` finds it again. */
const beginOf = ({ from, place = '' }: SummaryItem): string =>
  `- **${formatMediaTime(from.window[0])}** ${place === '' ? '' : `${place}: `}`;

function toCitation({ row, window: [startMs, endMs] }: RetrievedRow): Citation {
  return { rowId: row.id, startMs, endMs, text: plainText(row), ...originOf(row) };
}

/** Words that a summary of a stretch may have. */
export function wordsFor(
  durationMs: number,
  {
    maxWords,
    maxWordsPerMinute,
  }: { readonly maxWords: number; readonly maxWordsPerMinute: number },
): number {
  return maxWords + (maxWordsPerMinute * durationMs) / 60_000;
}

/** A sentence as it was said, what it quotes as code; a line of the screen as code. */
export const wordsOf = ({ row }: RetrievedRow): string =>
  row.kind === 'screenText' ? asCode(row.text) : row.text;

/** A row as it is quoted, with the part of the screen where it stood unless that is where one looks for it. */
export function quote(from: RetrievedRow): SummaryItem {
  const { row } = from;
  const text = wordsOf(from);
  return row.kind === 'screenText'
    ? { text, from, place: summaryTexts.places[row.region] ?? '' }
    : { text, from };
}

const asCode = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

/** @param endMs when it was seen last */
export const goneAt = (text: string, endMs: MediaMs): string =>
  `${text} (until ${formatMediaTime(endMs)})`;
