import { describe, expect, it } from 'vitest';
import { Watching, type OwnedSession } from '../../../daemon/assistant/watching.ts';
import type { Clock } from '../../../daemon/base/clock.ts';
import { wallMs, type LiveState } from '../../../protocol/index.ts';
import { settle } from './managedSessions.ts';

/** A clock whose only sleep ends when the test says so. */
class HandClock implements Clock {
  readonly #due: (() => void)[] = [];
  now = () => wallMs(0);
  monotonicMs = () => 0;
  sleep(_ms: number, { signal }: { signal: AbortSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#due.push(resolve);
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  }
  pass(): void {
    for (const wake of this.#due.splice(0)) wake();
  }
}

function setUp(lingerMs = 1000) {
  const told: string[] = [];
  const clock = new HandClock();
  const watching = new Watching(
    (_listener, { signal }) =>
      Promise.resolve({
        run: () =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reject(signal.reason as Error);
            });
          }),
        setPaused: (isPaused: boolean) => {
          told.push(isPaused ? 'paused' : 'resumed');
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      } as unknown as OwnedSession),
    () => {
      told.push('ended');
    },
    { lingerMs, clock },
  );
  const follow = (isLost: boolean) => {
    const leaving = new AbortController();
    const heard: LiveState[] = [];
    const following = watching.follow(
      {
        row: () => undefined,
        stats: () => undefined,
        condition: ({ state }) => {
          heard.push(state);
        },
      },
      { signal: leaving.signal, isLost: () => isLost },
    );
    following.catch(() => undefined);
    return {
      leave: () => {
        leaving.abort();
      },
      heard,
    };
  };
  return { watching, told, clock, follow };
}

describe('a live watching', () => {
  it('that its last follower lost waits for another, with nothing captured meanwhile', async () => {
    const { told, follow, clock } = setUp();
    follow(true).leave();
    await settle();
    expect(told).toEqual(['paused']);
    const back = follow(false);
    await settle();
    clock.pass();
    await settle();
    expect(told).toEqual(['paused', 'resumed']);
    back.leave();
    await settle();
    expect(told).toEqual(['paused', 'resumed', 'ended']);
  });

  it('ends when nobody comes back', async () => {
    const { told, follow, clock } = setUp();
    follow(true).leave();
    await settle();
    clock.pass();
    await settle();
    expect(told).toEqual(['paused', 'ended']);
  });

  it('stays paused for those who come back when somebody had paused it', async () => {
    const { watching, told, follow } = setUp();
    const first = follow(true);
    watching.setPaused(true);
    first.leave();
    await settle();
    follow(false);
    await settle();
    expect(told).toEqual(['paused', 'paused', 'paused']);
  });

  it('tells who follows later how the source is', () => {
    const { watching, follow } = setUp();
    const first = follow(false);
    watching.condition({ state: 'silent', sinceMs: wallMs(0) });
    expect([first.heard, follow(false).heard]).toEqual([['silent'], ['silent']]);
  });
});

describe('the watching of a file', () => {
  it('ends with its last follower, lost or not', async () => {
    const { told, follow } = setUp(0);
    follow(true).leave();
    await settle();
    expect(told).toEqual(['ended']);
  });
});
