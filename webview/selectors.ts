/** What the parts of the page show, computed from its state. Pure; lists are computed once for the same state. */
import {
  isTypedOnScreen,
  silenceThresholdOf,
  withoutQuotes,
  type Chapter,
  type GuidanceRow,
  type QuestionScope,
  type SessionStats,
} from '../protocol/index.ts';
import type { Exchange } from './conversation.ts';
import { firstAfter, saidAt } from './rows.ts';
import type { State } from './state.ts';

/** Length of the video in milliseconds; 0 as long as nobody knows it. */
export function durationOf(state: State): number {
  const { media, watch, player, feed } = state;
  if (!state.isLive) return media?.durationMs ?? watch.stats?.durationMs ?? player.durationMs ?? 0;
  // It grows as long as the session runs.
  return Math.max(feed?.endMs ?? 0, feed?.liveMs ?? 0, watch.stats?.positionMs ?? 0);
}

/** Address of what the player is to load; undefined where there is nothing. */
export const addressOf = ({ media }: Pick<State, 'media'>): string | undefined =>
  media?.liveUrl ?? media?.videoUrl;

/** Up to where the video has been watched by the model. */
export const indexedTo = (state: State): number =>
  state.watch.state === 'finished' ? durationOf(state) : (state.watch.stats?.positionMs ?? 0);

/** How much of the video the model has watched, 0 … 1; undefined when that cannot be told. */
export function indexedShare(state: State): number | undefined {
  // What is live has no end that could be come nearer to.
  const durationMs = state.isLive ? 0 : durationOf(state);
  return durationMs > 0 ? Math.min(1, indexedTo(state) / durationMs) : undefined;
}

/** Computes anew only when one of the inputs is another value. */
export function memoised<Inputs extends readonly unknown[], Result>(
  compute: (...inputs: Inputs) => Result,
): (...inputs: Inputs) => Result {
  let last: { readonly inputs: Inputs; readonly result: Result } | undefined;
  return (...inputs) => {
    if (!last?.inputs.every((input, index) => Object.is(input, inputs[index]))) {
      last = { inputs, result: compute(...inputs) };
    }
    return last.result;
  };
}

const cut = memoised((rows: readonly GuidanceRow[], count: number) =>
  count === rows.length ? rows : rows.slice(0, count),
);
const filtered = memoised((rows: readonly GuidanceRow[], words: string) => {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter(({ text }) => {
    const shown = withoutQuotes(text).toLowerCase();
    return wanted.every((word) => shown.includes(word));
  });
});

/** Guidance with less silence about it than this is listed; all of it where nothing says otherwise, or as much as possible is wanted. */
function shownBelow({ manner: { silenceThreshold }, settings: { chattiness } }: State): number {
  if (silenceThreshold === undefined || chattiness === 'chattiest') return Infinity;
  return silenceThresholdOf(silenceThreshold, chattiness);
}

const said = memoised((rows: readonly GuidanceRow[], below: number) => {
  const isShown = ({ silenceProbability, request }: GuidanceRow): boolean =>
    request !== undefined || silenceProbability < below;
  return rows.every(isShown) ? rows : rows.filter(isShown);
});

/** What would be said at the chattiness that is set, of all that was said at any. */
const saidNow = (state: State): readonly GuidanceRow[] =>
  said(state.rows.guidance, shownBelow(state));

/** How much is kept and not listed, because it was said when more was wanted. */
export const hiddenCount = (state: State): number =>
  state.rows.guidance.length - saidNow(state).length;

/** Whether somebody is in the middle of typing, here or on the screen that is watched while it happens. */
export const isSomebodyTyping = ({ attention, isLive, watch }: State): boolean =>
  attention.isTyping || (isLive && watch.state === 'watching' && isTypedOnScreen(watch.stats));

/** Guidance that may be shown now, in time order, before the filter. */
export function revealedRows(state: State): readonly GuidanceRow[] {
  const { settings, player } = state;
  const guidance = saidNow(state);
  if (settings.revealGuidance === 'asIndexed') return guidance;
  return cut(guidance, firstAfter(guidance, player.furthestMs, saidAt));
}

/** Guidance that is listed: revealed, and with every word of the filter. */
export const visibleRows = (state: State): readonly GuidanceRow[] =>
  filtered(revealedRows(state), state.view.filter);

/** Index of the listed row that was said last at the player's position; -1 before the first. */
export const currentIndex = (state: State): number =>
  firstAfter(visibleRows(state), state.player.positionMs, saidAt) - 1;

/** Seconds that the model has worked in this watching. */
export const secondsOfWork = (stats: SessionStats): number =>
  stats.framesPerSecond > 0 ? stats.framesSeen / stats.framesPerSecond : 0;

/** How many milliseconds of the video are watched in a millisecond; undefined until that can be told. */
export function watchPace({ watch, watchedFrom }: State): number | undefined {
  if (!watch.stats || !watchedFrom) return undefined;
  const workMs = (secondsOfWork(watch.stats) - watchedFrom.seconds) * 1000;
  const doneMs = watch.stats.positionMs - watchedFrom.positionMs;
  return workMs >= 2000 && doneMs >= 5000 ? doneMs / workMs : undefined;
}

/** Address of what is on screen at a moment; undefined where there are no pictures. @param query such as `?width=480` */
export function pictureAt({ media }: State, atMs: number, query = ''): string | undefined {
  if (!media?.frameUrl) return undefined;
  return `${media.frameUrl}/${Math.max(0, Math.round(atMs))}.jpg${query}`;
}

const noChapters: readonly Chapter[] = [];

/** Chapters of the video: those of the timeline, and until it has any those that the file names. */
export const chaptersOf = ({ rows, media }: State): readonly Chapter[] =>
  rows.chapters.length > 0 ? rows.chapters : (media?.chapters ?? noChapters);

/** The chapter that plays; undefined where there is none. */
export const currentChapter = (state: State): Chapter | undefined =>
  chaptersOf(state).find(
    ({ startMs, endMs }) => startMs <= state.player.positionMs && state.player.positionMs < endMs,
  );

/** The caption that is spoken now; undefined in silence. */
export function currentCue({ rows, player }: State): string | undefined {
  const index = firstAfter(rows.cues, player.positionMs, ({ startMs }) => startMs) - 1;
  const cue = rows.cues[index];
  return cue && player.positionMs < cue.endMs ? cue.text : undefined;
}

/** What the next question is about: without a choice, what was seen so far, or all of it before anything was played. */
export function scopeKindOf({ ask, range, player }: State): QuestionScope['kind'] {
  if (ask.scope !== undefined && (ask.scope !== 'range' || range)) return ask.scope;
  return player.positionMs > 0 ? 'now' : 'whole';
}

/** The same with its moments. */
export function scopeOf(state: State): QuestionScope {
  if (state.ask.box) return { kind: 'now', atMs: state.ask.box.atMs };
  const kind = scopeKindOf(state);
  if (kind === 'now') return { kind, atMs: state.player.positionMs };
  return kind === 'range' && state.range ? { kind, ...state.range } : { kind: 'whole' };
}

/** The exchange that the next question follows up: only one that is to be seen, so that it can be left. */
export const followedExchange = ({ exchanges, ask }: State): Exchange | undefined =>
  ask.followUpOf === undefined
    ? undefined
    : exchanges.find(({ answer }) => answer?.id === ask.followUpOf);

/** Whether an answer has to wait until its part of the video has been watched. */
export function waitsForWatching(state: State, { scope }: Exchange): boolean {
  if (state.watch.state !== 'watching') return false;
  const neededMs =
    scope?.kind === 'now' ? scope.atMs : scope?.kind === 'range' ? scope.toMs : Infinity;
  return indexedTo(state) < neededMs;
}
