/** Rounds of a conversation, question and answer, as there is less and less room for them. Pure. */
import type { RecallTurn } from './streamTemplate.ts';

/** "That" and "there" mostly mean what was said last: these rounds lose nothing while an older one is there. */
const untouchedRounds = 2;

/**
 * One step towards less room: the oldest round that is not brief yet becomes brief; once all old ones are, the oldest goes. The newest
 * rounds follow when they are alone.
 * @param turns oldest first
 * @source round-decayed compression of StreamBridge (arXiv 2505.05467): from the earliest round on, the newest untouched
 */
export function decayRounds(turns: readonly RecallTurn[]): readonly RecallTurn[] {
  const newest = turns.length > untouchedRounds ? turns.slice(-untouchedRounds) : [];
  const old = turns.slice(0, turns.length - newest.length);
  const oldest = old.findIndex(({ brief }) => brief);
  const left = oldest < 0 ? old.slice(1) : old.with(oldest, old[oldest]!.brief!);
  return [...left, ...newest];
}
