/** The lists of a summary: of all rows that stand where such things stand, those that the model says belong. */
import type { MediaMs, ScreenRegion } from '../../protocol/index.ts';
import type { RecallModel, RecallPrompts } from './recall.ts';
import type { RetrievedRow } from './retrieval.ts';
import { bestRows, inTime, judgeRows, longestRows, type JudgedRow } from './summaryRows.ts';
import { goneAt, wordsOf, type SummaryItem } from './summaryText.ts';

export type ListName = keyof RecallPrompts['lists'];

export const listNames = ['commands', 'files', 'errors'] as const satisfies readonly ListName[];

export interface ListConfig {
  /** Parts of the screen in which things of a list stand; `other`, where nobody knows, is always looked at. */
  readonly regions: Readonly<Record<ListName, readonly ScreenRegion[]>>;
  /** Rows that are looked at for one list, the longest visible ones: each twenty or so cost a run of the model. */
  readonly maxRows: number;
  readonly maxItems: number;
  /** A row that is likelier in than out is in. */
  readonly minShare: number;
  /** What is said this long after an error was gone may be what made it go. */
  readonly mendedWithinMs: number;
}

export const defaultListConfig: ListConfig = {
  regions: {
    commands: ['terminal'],
    files: ['tabs', 'breadcrumbs', 'tree', 'terminal', 'editor'],
    errors: ['terminal', 'editor', 'dialog', 'popup', 'statusBar', 'browser'],
  },
  maxRows: 240,
  maxItems: 6,
  minShare: 0.5,
  mendedWithinMs: 30_000,
};

interface ListOptions {
  readonly signal: AbortSignal;
  /** Called before each list. */
  readonly onList: () => void;
  readonly config?: ListConfig;
}

/** @returns for each list its rows in the order of their times; a row stands in the list that it fits best, and in no other */
export async function listRows(
  rows: readonly RetrievedRow[],
  model: RecallModel,
  { signal, onList, config = defaultListConfig }: ListOptions,
): Promise<ReadonlyMap<ListName, readonly RetrievedRow[]>> {
  const best = new Map<RetrievedRow, { readonly name: ListName; readonly share: number }>();
  for (const name of listNames) {
    onList();
    const regions = new Set<ScreenRegion>([...config.regions[name], 'other']);
    const candidates = rows.filter(
      ({ row }) =>
        row.kind === 'guidance' || (row.kind === 'screenText' && regions.has(row.region)),
    );
    const looked = longestRows(candidates, config.maxRows);
    for (const { entry, share } of await judgeRows(looked, model.prompts.lists[name], model, {
      signal,
    })) {
      if (share >= config.minShare && share > (best.get(entry)?.share ?? 0)) {
        best.set(entry, { name, share });
      }
    }
  }
  const judged = Array.from(best, ([entry, { name, share }]) => ({ entry, name, share }));
  const listOf = (wanted: ListName): RetrievedRow[] => {
    const own: JudgedRow[] = judged.filter(({ name }) => name === wanted);
    return inTime(
      bestRows(own)
        .slice(0, config.maxItems)
        .map(({ entry }) => entry),
    );
  };
  return new Map(listNames.map((name) => [name, listOf(name)]));
}

/** The rows of a list as they stand in a summary; behind an error when it was gone, and what was said then. */
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
    if (!isGone) return [{ text, from, place: '' }];
    const after = said.find(
      ({ window: [startMs] }) => startMs >= window[1] && startMs - window[1] <= mendedWithinMs,
    );
    return [
      { text: goneAt(text, window[1]), from },
      ...(after ? [{ text: after.row.text, from: after }] : []),
    ];
  });
}
