/** The Markdown of a summary: items with their times, within a number of words. Pure. */
import type { Citation, MediaMs } from '../../protocol/index.ts';
import { formatMediaTime } from '../../protocol/index.ts';
import { summaryTexts } from './prompts.ts';
import type { RetrievedRow } from './retrieval.ts';

/** Something that a summary lists, and the row that it rests on. */
export interface SummaryItem {
  readonly text: string;
  readonly from: RetrievedRow;
}

/** A heading with its items, the more important first. */
export interface SummarySection {
  /** Absent for the beginning, which speaks of everything. */
  readonly heading?: string;
  readonly items: readonly SummaryItem[];
}

/** Each item as the client's `linkMoments` finds it again. */
const lineOf = ({ text, from }: SummaryItem): string =>
  `- **${formatMediaTime(from.window[0])}** ${text}`;

const countWords = (text: string): number => text.split(/\s+/).filter(Boolean).length;

/** As many items as there are words for; a section of which nothing fits has no heading either. */
export class SummaryText {
  readonly #lines: string[];
  readonly #citations: Citation[] = [];
  #room: number;

  constructor(head: readonly string[], words: number) {
    this.#lines = [...head];
    this.#room = words - countWords(head.join(' '));
  }

  /** Words left. */
  get room(): number {
    return this.#room;
  }

  /**
   * Adds what fits, in the order of time; each text once.
   * @param words that the section may have
   */
  add({ heading, items }: SummarySection, words: number): void {
    const title = heading === undefined ? undefined : `## ${heading}`;
    let room = words - countWords(title ?? '');
    const chosen = new Map<string, SummaryItem>();
    for (const item of items) {
      const words = countWords(lineOf(item));
      if (words > room || chosen.has(item.text)) continue;
      room -= words;
      chosen.set(item.text, item);
    }
    if (chosen.size === 0) return;
    const inOrder = [...chosen.values()].sort((a, b) => a.from.window[0] - b.from.window[0]);
    this.#citations.push(...inOrder.map(({ from }) => toCitation(from)));
    const added = [...(title === undefined ? [] : ['', title]), '', ...inOrder.map(lineOf)];
    this.#room -= countWords(added.join(' '));
    this.#lines.push(...added);
  }

  /** A paragraph that is not cut. */
  say(sentence: string): void {
    this.#lines.push('', sentence);
    this.#room -= countWords(sentence);
  }

  get markdown(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** One for each item, in the order of the text. */
  get citations(): readonly Citation[] {
    return this.#citations;
  }
}

function toCitation({ row, window: [startMs, endMs] }: RetrievedRow): Citation {
  return { rowId: row.id, startMs, endMs, text: row.text };
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

/** A sentence as it was said, a line of the screen as code. */
export const wordsOf = ({ row }: RetrievedRow): string =>
  row.kind === 'screenText' ? asCode(row.text) : row.text;

/** The same, behind the part of the screen where it stood, unless that is the editor or not known. */
export function placedWordsOf(from: RetrievedRow): string {
  const { row } = from;
  const place = row.kind === 'screenText' ? summaryTexts.places[row.region] : undefined;
  return place === undefined ? wordsOf(from) : `${place}: ${wordsOf(from)}`;
}

const asCode = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

/** @param endMs when it was seen last */
export const goneAt = (text: string, endMs: MediaMs): string =>
  `${text} (until ${formatMediaTime(endMs)})`;
