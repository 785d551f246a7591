/** Work that several wait for, and work that has to wait its turn. */
import { untilAborted } from '../base/lifetime.ts';

/** One piece of work for all who want its result: it is aborted when the last of them has gone. */
export class SharedWork<Result> {
  readonly #controller = new AbortController();
  readonly #result: Promise<Result>;
  #waiting = 0;

  constructor(work: (options: { signal: AbortSignal }) => Promise<Result>) {
    this.#result = work({ signal: this.#controller.signal });
    // Those who wait hear of it.
    this.#result.catch(() => undefined);
  }

  /** Nobody waits any more: who comes now needs another. */
  get isAbandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** The result of the work. @throws what the work throws, or the signal's reason */
  async join({ signal }: { signal: AbortSignal }): Promise<Result> {
    this.#waiting++;
    try {
      return await untilAborted(this.#result, { signal });
    } finally {
      if (--this.#waiting === 0) this.#controller.abort();
    }
  }
}

/** A few things at a time, the others in the order they came. */
export class WorkSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  /** How many wait for a slot. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws the signal's reason when it is aborted before a slot is free, and what the work throws */
  async run<Result>(
    work: () => Promise<Result>,
    { signal }: { signal: AbortSignal },
  ): Promise<Result> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onTurn = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(onTurn), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(onTurn);
    });
  }
}
