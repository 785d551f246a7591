/** Many users, one engine: whoever waits gets a turn before anybody gets a second one. Pure. */
import { toError } from '../base/errors.ts';

export interface FairQueueLimits {
  /** Done at the same time. */
  readonly slots: number;
  /** Of one user, waiting. */
  readonly maxWaiting: number;
}

/** One more of this user would wait than may: later there is room again. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

interface Waiting {
  begin(): void;
}

export class FairQueue {
  readonly #limits: FairQueueLimits;
  readonly #waiting = new Map<string, Waiting[]>();
  /** Which turn of all was the last of each user. */
  readonly #served = new Map<string, number>();
  #turns = 0;
  #running = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  /** Works that wait. */
  get depth(): number {
    return [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** @throws QueueFull; the signal's reason, when it was aborted before its turn came */
  async run<Value>(
    user: string,
    work: () => Promise<Value>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Value> {
    await this.#turn(user, signal);
    try {
      return await work();
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #turn(user: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#running < this.#limits.slots) {
      this.#count(user);
      return Promise.resolve();
    }
    const own = this.#waiting.get(user) ?? [];
    if (own.length >= this.#limits.maxWaiting) throw new QueueFull();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        own.splice(own.indexOf(entry), 1);
        if (own.length === 0) this.#waiting.delete(user);
        reject(toError(signal.reason));
      };
      const entry: Waiting = {
        begin: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      own.push(entry);
      this.#waiting.set(user, own);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** The user whose last turn is longest ago. */
  #next(): void {
    if (this.#running >= this.#limits.slots) return;
    const lastTurn = ([user]: readonly [string, unknown]): number => this.#served.get(user) ?? -1;
    const [first] = [...this.#waiting].sort((a, b) => lastTurn(a) - lastTurn(b));
    if (!first) return;
    const [user, own] = first;
    const entry = own.shift()!;
    if (own.length === 0) this.#waiting.delete(user);
    this.#count(user);
    entry.begin();
  }

  #count(user: string): void {
    this.#running++;
    this.#served.set(user, this.#turns++);
  }
}
