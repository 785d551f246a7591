/** No more often than a person can see. */
import type { Clock } from './base/clock.ts';

export interface Pace<Value> {
  readonly intervalMs: number;
  /** Makes one value of one that waits and one that came. */
  readonly join: (before: Value, next: Value) => Value;
}

/** The first value goes at once, later ones joined, one for each interval. */
export class Throttle<Value> {
  readonly #send: (value: Value) => void;
  readonly #pace: Pace<Value>;
  readonly #options: { readonly clock: Clock; readonly signal: AbortSignal };
  #waiting: { readonly value: Value } | undefined;
  #isPausing = false;

  constructor(
    send: (value: Value) => void,
    pace: Pace<Value>,
    options: { readonly clock: Clock; readonly signal: AbortSignal },
  ) {
    this.#send = send;
    this.#pace = pace;
    this.#options = options;
  }

  push(value: Value): void {
    const before = this.#waiting;
    this.#waiting = { value: before ? this.#pace.join(before.value, value) : value };
    if (!this.#isPausing) this.#sendAndPause();
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) this.#send(waiting.value);
  }

  #sendAndPause(): void {
    this.flush();
    this.#isPausing = true;
    const { clock, signal } = this.#options;
    clock.sleep(this.#pace.intervalMs, { signal }).then(
      () => {
        this.#isPausing = false;
        if (this.#waiting) this.#sendAndPause();
      },
      () => undefined,
    );
  }
}
