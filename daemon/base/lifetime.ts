/** Who frees what, and when: stacks of owners, guards for native work in flight, signals that end together. */
import { toError } from './errors.ts';

/**
 * Frees several things in reverse order of their registration, goes on after a failure and throws the first one.
 * Registering on a disposed stack frees the thing at once.
 */
export class DisposalStack implements AsyncDisposable {
  readonly #owned: (() => void | PromiseLike<void>)[] = [];
  #disposal: Promise<void> | undefined;

  /** Takes ownership and gives the thing back. */
  use<Thing extends AsyncDisposable | Disposable>(thing: Thing): Thing {
    this.defer(async () => {
      if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
      else thing[Symbol.dispose]();
    });
    return thing;
  }

  defer(free: () => void | PromiseLike<void>): void {
    if (this.#disposal) {
      void Promise.resolve(free()).catch(() => undefined);
      return;
    }
    this.#owned.push(free);
  }

  /** Hands everything over to a new stack: how a constructor that may fail half-way keeps what it has built. */
  move(): DisposalStack {
    const heir = new DisposalStack();
    for (const free of this.#owned.splice(0)) heir.defer(free);
    return heir;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#freeAll();
    return this.#disposal;
  }

  async #freeAll(): Promise<void> {
    let first: unknown;
    let hasFailed = false;
    for (const free of this.#owned.splice(0).reverse()) {
      try {
        await free();
      } catch (error) {
        if (!hasFailed) first = error;
        hasFailed = true;
      }
    }
    if (hasFailed) throw first instanceof Error ? first : new Error('disposal', { cause: first });
  }
}

/** Keeps a native object alive while work is in flight: freeing waits, new work is refused once freeing was asked for. */
export class InFlightGuard {
  #inFlight = 0;
  #isClosing = false;
  #onIdle: (() => void) | undefined;

  /** Runs work on the guarded object. @throws Error when it is being freed. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isClosing) throw new Error('the object is being freed');
    this.#inFlight++;
    try {
      return await work();
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#onIdle?.();
    }
  }

  /** Refuses new work and resolves when the last piece in flight has ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }
}

/** Runs pieces of work one after the other, in the order they came; one failure does not stop the next. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

/** A controller that is aborted with `parent`, and can be aborted alone. Dispose it to let go of the parent. */
export function childController(parent: AbortSignal): AbortController & Disposable {
  const controller = new AbortController();
  const onAbort = (): void => {
    controller.abort(parent.reason);
  };
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  return Object.assign(controller, {
    [Symbol.dispose]: () => {
      parent.removeEventListener('abort', onAbort);
    },
  });
}

/**
 * Waits for something that others may wait for too, and leaves alone.
 * @throws what the work throws, or the signal's reason as soon as it is aborted
 */
export function untilAborted<Result>(
  work: Promise<Result>,
  { signal }: { signal: AbortSignal },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(toError(signal.reason));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
