/** Time comes from the media or from a Clock, never from `Date.now()` in a room. */
import { wallMs, type WallMs } from '../../protocol/index.ts';

export interface Clock {
  /** The user's clock, for what is shown and stored. */
  now(): WallMs;
  /** Milliseconds that only ever grow, for durations. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, options: { signal: AbortSignal }): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => wallMs(Date.now()),
  monotonicMs: () => performance.now(),
  sleep: (ms, { signal }) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal.addEventListener('abort', onAbort, { once: true });
    }),
};
