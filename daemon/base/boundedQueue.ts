/** The one queue of the house: bounded, with a named policy, and every drop is counted. */

/**
 * What happens to a new item when the queue is full. `block`: the producer waits. `dropOldest`: the oldest droppable item goes.
 * `thin`: every second droppable item goes. When nothing is droppable the producer waits.
 */
export type QueuePolicy = 'block' | 'dropOldest' | 'thin';

export interface BoundedQueueOptions<Item> {
  readonly capacity: number;
  readonly policy: QueuePolicy;
  /** Whether an item may go. Default: every item may. */
  readonly isDroppable?: (item: Item) => boolean;
}

/** Single consumer, many producers. Iterate it to consume; it ends after `close`, or throws what `fail` was given. */
export class BoundedQueue<Item extends object> implements AsyncIterable<Item> {
  readonly #options: BoundedQueueOptions<Item>;
  #items: Item[] = [];
  #dropped = 0;
  #isClosed = false;
  #failure: Error | undefined;
  #wakeConsumer: (() => void) | undefined;
  readonly #waitingProducers: (() => void)[] = [];

  constructor(options: BoundedQueueOptions<Item>) {
    if (options.capacity < 1) throw new RangeError('a queue needs a capacity of at least 1');
    this.#options = options;
  }

  get depth(): number {
    return this.#items.length;
  }

  /** How many items were thrown away since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds an item according to the policy. @returns false when the queue is closed and the item was not taken. */
  async push(item: Item, { signal }: { signal: AbortSignal }): Promise<boolean> {
    while (!this.#isClosed && this.#items.length >= this.#options.capacity) {
      if (this.#makeRoom()) break;
      await this.#roomOrAbort(signal);
    }
    signal.throwIfAborted();
    if (this.#isClosed) return false;
    this.#items.push(item);
    this.#wakeConsumer?.();
    return true;
  }

  /** No more items will come; the consumer drains what is there and ends. */
  close(): void {
    this.#isClosed = true;
    this.#wakeEveryone();
  }

  /** Like `close`, but the consumer throws `error` after draining. */
  fail(error: Error): void {
    this.#failure = error;
    this.close();
  }

  /** Puts an item in front of all others, whatever the capacity: for the few things that must not wait behind frames. */
  pushFirst(item: Item): boolean {
    if (this.#isClosed) return false;
    this.#items.unshift(item);
    this.#wakeConsumer?.();
    return true;
  }

  /** Waits for at least one item and takes up to `max`. @returns an empty list once the queue is closed and drained. */
  async take(max: number): Promise<Item[]> {
    while (this.#items.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve;
      });
      this.#wakeConsumer = undefined;
    }
    const taken = this.#items.splice(0, max);
    for (const wake of this.#waitingProducers.splice(0, taken.length)) wake();
    if (taken.length === 0 && this.#failure) throw this.#failure;
    return taken;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Item> {
    for (;;) {
      const [item] = await this.take(1);
      if (item === undefined) return;
      yield item;
    }
  }

  #makeRoom(): boolean {
    const { policy, isDroppable = () => true } = this.#options;
    if (policy === 'block') return false;
    const before = this.#items.length;
    if (policy === 'dropOldest') {
      const oldest = this.#items.findIndex(isDroppable);
      if (oldest >= 0) this.#items.splice(oldest, 1);
    } else {
      let isOdd = false;
      this.#items = this.#items.filter((item) => {
        if (!isDroppable(item)) return true;
        isOdd = !isOdd;
        return !isOdd;
      });
    }
    this.#dropped += before - this.#items.length;
    return this.#items.length < before;
  }

  #roomOrAbort(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waitingProducers.splice(this.#waitingProducers.indexOf(onRoom), 1);
        reject(signal.reason as Error);
      };
      const onRoom = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.throwIfAborted();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waitingProducers.push(onRoom);
    });
  }

  #wakeEveryone(): void {
    this.#wakeConsumer?.();
    for (const wake of this.#waitingProducers.splice(0)) wake();
  }
}
