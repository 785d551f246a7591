/** The lists of a summary: the model is shown all rows, a few at a time, and names those that belong. */
import type { MediaMs, ScreenRegion } from '../../protocol/index.ts';
import { squeeze } from '../timeline/alignment.ts';
import { toRecallEvidence } from './questionAnswering.ts';
import type { RecallModel, RecallPrompts } from './recall.ts';
import type { RetrievedRow } from './retrieval.ts';
import type { SummaryItem } from './summaryText.ts';
import { goneAt, wordsOf } from './summaryText.ts';

export type ListName = keyof RecallPrompts['lists'];

export interface ListConfig {
  /** Parts of the screen in which things of a list stand; `other`, where nobody knows, is always looked at. */
  readonly regions: Readonly<Record<ListName, readonly ScreenRegion[]>>;
  /** Rows of which a list is made at most, the longest visible ones: each twenty or so cost a run of the model. */
  readonly maxRows: number;
  readonly maxItems: number;
  /** What is said this long after an error was gone may be what made it go. */
  readonly mendedWithinMs: number;
}

export const defaultListConfig: ListConfig = {
  regions: {
    commands: ['terminal'],
    files: ['tabs', 'breadcrumbs', 'tree', 'terminal', 'editor'],
    errors: ['terminal', 'editor', 'dialog', 'popup', 'statusBar', 'browser'],
  },
  maxRows: 360,
  maxItems: 8,
  mendedWithinMs: 30_000,
};

/** @returns the rows that the model names, in the order of their times, each text once */
export async function listRows(
  name: ListName,
  rows: readonly RetrievedRow[],
  model: RecallModel,
  options: { readonly signal: AbortSignal; readonly config?: ListConfig },
): Promise<RetrievedRow[]> {
  const { signal, config = defaultListConfig } = options;
  const regions = new Set<ScreenRegion>([...config.regions[name], 'other']);
  const candidates = rows.filter(
    ({ row }) => row.kind !== 'cue' && (row.kind === 'guidance' || regions.has(row.region)),
  );
  const visible = ({ window }: RetrievedRow): number => window[1] - window[0];
  let chosen = inTime(
    candidates.toSorted((a, b) => visible(b) - visible(a)).slice(0, config.maxRows),
  );
  // What is left of each batch meets again, until all of it was seen together.
  for (let left = Infinity; ; left = chosen.length) {
    const batches = batchesOf(chosen, model.limits.maxRows);
    const named: RetrievedRow[] = [];
    for (const batch of batches) {
      const evidence = toRecallEvidence(batch.map(({ row }) => row));
      const question = model.prompts.lists[name];
      const request = { evidence, question, isList: true, isSilent: true };
      const { rows: indices } = await model.recall(request, { signal });
      named.push(...indices.flatMap((index) => batch[index] ?? []));
    }
    chosen = inTime(distinct(named));
    if (batches.length <= 1 || chosen.length >= left) break;
  }
  return chosen.slice(0, config.maxItems);
}

/** The rows of a list as they stand in a summary. */
export function listItems(
  name: ListName,
  rows: readonly RetrievedRow[],
  said: readonly RetrievedRow[],
  endMs: MediaMs,
  { mendedWithinMs }: ListConfig = defaultListConfig,
): SummaryItem[] {
  return rows.flatMap((from): SummaryItem[] => {
    const { row, window } = from;
    const text = wordsOf(from);
    const isGone = name === 'errors' && row.kind === 'screenText' && window[1] < endMs;
    if (!isGone) return [{ text, from }];
    const after = said.find(
      ({ window: [startMs] }) => startMs >= window[1] && startMs - window[1] <= mendedWithinMs,
    );
    return [
      { text: goneAt(text, window[1]), from },
      ...(after ? [{ text: after.row.text, from: after }] : []),
    ];
  });
}

const inTime = (rows: readonly RetrievedRow[]): RetrievedRow[] =>
  rows.toSorted((a, b) => a.window[0] - b.window[0] || a.row.id - b.row.id);

function distinct(rows: readonly RetrievedRow[]): RetrievedRow[] {
  const kept = new Map<string, RetrievedRow>();
  for (const entry of rows) {
    const key = squeeze(entry.row.text);
    if (!kept.has(key)) kept.set(key, entry);
  }
  return [...kept.values()];
}

/** Pieces of nearly equal length, none longer than `size`. */
export function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) =>
    items.slice(
      Math.floor((i * items.length) / count),
      Math.floor(((i + 1) * items.length) / count),
    ),
  );
}
