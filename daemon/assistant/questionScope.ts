/** Pure: what a question is about, and how much of its video must have been seen for it. */
import { mediaMs, type AskParams, type MediaMs } from '../../protocol/index.ts';
import type { AskedQuestion } from './questionAnswering.ts';

/** What a question is about; empty for the whole video. */
type Scope = Pick<AskedQuestion, 'atMs' | 'fromMs' | 'toMs' | 'box' | 'followUpOf'>;

/** Its fields of a request. */
export function scopeOf({ atMs, fromMs, toMs, box, followUpOf }: AskParams): Scope {
  return {
    ...(atMs === undefined ? {} : { atMs }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(box === undefined ? {} : { box }),
    ...(followUpOf === undefined ? {} : { followUpOf }),
  };
}

/** Up to where a video must have been seen before a question is answered; to its end when undefined. */
export function neededUntil(
  { atMs, fromMs, toMs, followUpOf }: Scope,
  { isWatched }: { readonly isWatched: boolean },
): MediaMs | undefined {
  if (toMs !== undefined || atMs !== undefined) {
    return mediaMs(Math.min(toMs ?? Infinity, atMs ?? Infinity));
  }
  // A thread is about what was seen when it began, and there is no end yet of what is being watched.
  if (followUpOf !== undefined) return fromMs ?? mediaMs(0);
  return isWatched ? (fromMs ?? mediaMs(0)) : undefined;
}
