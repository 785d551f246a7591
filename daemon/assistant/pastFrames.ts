/** Stretches of what was watched that a question brings back: those of the best rows of the search, as the decoder was given them. */
import type { GuidanceRow, MediaMs } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import type { PastEvent, PastStretch } from '../llm/pastStretches.ts';
import type { RecallTimeline } from './recall.ts';
import { byRank, type RetrievalScope, type RetrievedRow } from './retrieval.ts';

export interface PastRequest {
  readonly stretches: number;
  readonly lengthMs: number;
  /** Nothing outside of it comes back. */
  readonly scope: Pick<RetrievalScope, 'fromMs' | 'untilMs'>;
}

/** @returns the likeliest first; none where no row was found, or where the timeline keeps no frames */
export function pastStretches(
  rows: readonly RetrievedRow[],
  timeline: Pick<RecallTimeline, 'framesIn' | 'read'>,
  { stretches, lengthMs, scope }: PastRequest,
): PastStretch[] {
  const found = rows.filter(({ score }) => score > 0).toSorted(byRank);
  const starts = new Set(found.map(({ window: [at] }) => Math.floor(at / lengthMs) * lengthMs));
  return [...starts].slice(0, stretches).flatMap((startMs) => {
    const fromMs = mediaMs(Math.max(startMs, scope.fromMs));
    const toMs = mediaMs(Math.min(startMs + lengthMs - 1, scope.untilMs));
    const events = eventsIn(timeline, fromMs, toMs);
    return events.length === 0 ? [] : { startMs, events };
  });
}

function eventsIn(
  timeline: Pick<RecallTimeline, 'framesIn' | 'read'>,
  fromMs: MediaMs,
  toMs: MediaMs,
): PastEvent[] {
  const frames = timeline.framesIn?.(fromMs, toMs) ?? [];
  const said = timeline.read({ kinds: ['guidance'], fromMs, toMs }).filter(isSaidUnasked);
  const events = [
    ...frames.map(({ ptsMs, lines, rows }) => {
      return { atMs: ptsMs, event: { kind: 'frame' as const, lines, rows } };
    }),
    ...said.map(({ atMs, text }) => ({ atMs, event: { kind: 'reply' as const, text } })),
  ];
  // A sentence stands behind its frame.
  return events.sort((a, b) => a.atMs - b.atMs).map(({ event }) => event);
}

/** What answers a request of the user's own was said on a sequence beside the stream. */
const isSaidUnasked = (row: { readonly kind: string }): row is GuidanceRow =>
  row.kind === 'guidance' && !('request' in row);
