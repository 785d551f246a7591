/** What each engine read of each kind of text, and how that is summed up. Pure. */
import type { Compression } from './screens.ts';
import type { EngineName } from './rivals.ts';
import { addTallies, ratesOf, type LineKind, type Rates, type Tally } from './truth.ts';

/** One engine's reading of one kind of text on one picture. */
export interface Observation {
  readonly engine: EngineName;
  readonly kind: LineKind;
  readonly theme: 'dark' | 'light';
  readonly sizePx: number;
  /** Of the picture, px. */
  readonly height: number;
  readonly compression: Compression;
  readonly wasFontSeen: boolean;
  /** Whether every engine read this picture. */
  readonly isCompared: boolean;
  readonly tally: Tally;
}

/** A row: which observations it is made of. */
export interface Group {
  readonly name: string;
  readonly key: string;
  readonly has: (observation: Observation) => boolean;
}

/** Rows of the table, from the whole to its parts. */
export const groups: readonly Group[] = [
  { key: 'all', name: 'All screens', has: () => true },
  { key: 'code', name: 'Code', has: ({ kind }) => kind === 'code' },
  { key: 'terminal', name: 'Terminal output', has: ({ kind }) => kind === 'terminal' },
  { key: 'interface', name: 'Interface text', has: ({ kind }) => kind === 'interface' },
  { key: '720p', name: '720p', has: ({ height }) => height === 720 },
  { key: '1080p', name: '1080p', has: ({ height }) => height === 1080 },
  { key: 'clean', name: 'Uncompressed', has: ({ compression }) => compression === 'clean' },
  { key: 'h264', name: 'H.264, crf 28', has: ({ compression }) => compression === 'H.264' },
  { key: 'gif', name: 'GIF, 256 colours', has: ({ compression }) => compression === 'GIF' },
  { key: 'dark', name: 'Dark themes', has: ({ theme }) => theme === 'dark' },
  { key: 'light', name: 'Light themes', has: ({ theme }) => theme === 'light' },
  { key: 'small', name: '12 and 13 px', has: ({ sizePx }) => sizePx <= 13 },
  { key: 'medium', name: '14 and 15 px', has: ({ sizePx }) => sizePx > 13 && sizePx <= 15 },
  { key: 'large', name: '16 and 18 px', has: ({ sizePx }) => sizePx > 15 },
  { key: 'unseen', name: 'Fonts held out of training', has: ({ wasFontSeen }) => !wasFontSeen },
  { key: 'seen', name: 'Fonts seen in training', has: ({ wasFontSeen }) => wasFontSeen },
];

/** What one engine made of one group; undefined when it read nothing of it. */
export function ratesIn(
  observations: readonly Observation[],
  { has }: Group,
  choice: { readonly engine: EngineName; readonly onlyCompared: boolean },
): Rates | undefined {
  const chosen = observations.filter(
    (observation) =>
      observation.engine === choice.engine &&
      (observation.isCompared || !choice.onlyCompared) &&
      has(observation),
  );
  const sum = addTallies(chosen.map(({ tally }) => tally));
  return sum.lines === 0 ? undefined : ratesOf(sum);
}
