/** What the page gets back when its window is reloaded, or when it was thrown away while hidden. Pure. */
import { mediaMs } from '../protocol/index.ts';
import { initialState, tabs, type SavedState, type State, type TimeRange } from './state.ts';

/** What of the page should come back. */
export function saveState({ path, player, range, ask, view, exchanges }: State): SavedState {
  const { positionMs, furthestMs, isPlaying, rate, volume, isMuted, showsCaptions } = player;
  // A question whose answer goes with the window is there to be asked again.
  const unanswered = exchanges.findLast(({ state }) => state === 'waiting')?.question;
  return {
    ...{ path, positionMs, furthestMs, isPlaying, rate, volume, isMuted, showsCaptions },
    ...(range && { range }),
    draft: ask.draft === '' ? (unanswered ?? '') : ask.draft,
    ...(ask.scope !== undefined && { scope: ask.scope }),
    ...(ask.followUpOf !== undefined && { followUpOf: ask.followUpOf }),
    ...{ tab: view.tab, filter: view.filter, isFollowing: view.isFollowing },
    ...(view.topRowId !== undefined && { topRowId: view.topRowId }),
    ...(view.sidePx !== undefined && { sidePx: view.sidePx }),
  };
}

/** @returns the page as it was; undefined when that was another video */
export function restoreState(
  saved: SavedState,
  video: Pick<State, 'path' | 'name'>,
): State | undefined {
  if (saved.path !== video.path) return undefined;
  const { positionMs, furthestMs, isPlaying, rate, volume, isMuted, showsCaptions } = saved;
  const numbers = { positionMs: mediaMs(positionMs), furthestMs: mediaMs(furthestMs) };
  const { player, ask, view } = initialState;
  return {
    ...initialState,
    ...video,
    player: { ...player, ...numbers, isPlaying, rate, volume, isMuted, showsCaptions },
    range: saved.range,
    ask: { ...ask, draft: saved.draft, scope: saved.scope, followUpOf: saved.followUpOf },
    view: {
      ...view,
      ...{ tab: saved.tab, filter: saved.filter, isFollowing: saved.isFollowing },
      ...{ topRowId: saved.topRowId, sidePx: saved.sidePx },
    },
  };
}

const isTime = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isRange = (value: unknown): boolean => {
  const range = value as Partial<TimeRange> | null;
  return typeof range === 'object' && isTime(range?.fromMs) && isTime(range?.toMs);
};
const isShare = (value: unknown): boolean => isTime(value) && (value as number) <= 1;

/** How each field must look; an optional one may be absent. */
const fields: { readonly [Name in keyof Required<SavedState>]: (value: unknown) => boolean } = {
  path: (value) => typeof value === 'string',
  positionMs: isTime,
  furthestMs: isTime,
  isPlaying: (value) => typeof value === 'boolean',
  rate: (value) => isTime(value) && (value as number) >= 0.25 && (value as number) <= 4,
  volume: isShare,
  isMuted: (value) => typeof value === 'boolean',
  showsCaptions: (value) => typeof value === 'boolean',
  range: (value) => value === undefined || isRange(value),
  draft: (value) => typeof value === 'string',
  scope: (value) => [undefined, 'now', 'range', 'whole'].some((one) => one === value),
  followUpOf: (value) => value === undefined || isTime(value),
  tab: (value) => tabs.some((tab) => tab === value),
  filter: (value) => typeof value === 'string',
  isFollowing: (value) => typeof value === 'boolean',
  topRowId: (value) => value === undefined || isTime(value),
  sidePx: (value) => value === undefined || isTime(value),
};

/** Reads what the editor kept. Never throws: an older version may have written it. @returns undefined when it is not usable */
export function parseSavedState(value: unknown): SavedState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = value as Record<string, unknown>;
  const isWhole = Object.entries(fields).every(([name, isGood]) => isGood(found[name]));
  return isWhole ? (found as unknown as SavedState) : undefined;
}
