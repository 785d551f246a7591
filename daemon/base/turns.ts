/** Long calculations in one thread with everything else. */
import { setImmediate } from 'node:timers/promises';

/** At a few hundredths of a millisecond each, a turn of this many is shorter than a frame. */
const itemsInATurn = 500;

/**
 * Does something with each of many items, and lets everything else that waits for the event loop go first now and then.
 * @throws the signal's reason when it was aborted
 */
export async function inTurns<Item>(
  items: Iterable<Item>,
  work: (item: Item) => void,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  let done = 0;
  for (const item of items) {
    if (++done % itemsInATurn === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
    work(item);
  }
}
